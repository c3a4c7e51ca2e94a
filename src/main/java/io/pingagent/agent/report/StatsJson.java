package io.pingagent.agent.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.Version;
import io.pingagent.icmp.SendErrors;
import io.pingagent.model.PublishedCounter;
import io.pingagent.probe.DurationHistogram;
import io.pingagent.probe.Engine;
import io.pingagent.probe.Isolation;
import io.pingagent.probe.SendErrorCounts;
import io.pingagent.zabbix.ZabbixBridge;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the agent says of itself in {@code agent-stats_$agent}. */
@OwnedBy("ping-redis")
public final class StatsJson implements Supplier<String> {

    private final Engine engine;
    private final Connections connections;
    private final AgentProblems problems;
    private final SendTroubles sendTroubles;
    private final OwnProcess process;
    private final long statusIntervalSeconds;
    private final String startedAt =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

    private final RecentCounts lately = new RecentCounts();
    private final IntervalFigures interval;

    public StatsJson(
            Engine engine,
            Connections connections,
            AgentProblems problems,
            SendTroubles sendTroubles,
            OwnProcess process,
            long statusIntervalSeconds) {
        this.engine = engine;
        this.connections = connections;
        this.problems = problems;
        this.sendTroubles = sendTroubles;
        this.process = process;
        this.statusIntervalSeconds = statusIntervalSeconds;
        this.interval = new IntervalFigures(engine);
        lately.until(CounterReadings.of(engine, System.nanoTime()));
    }

    @Override
    public String get() {
        ZabbixBridge bridge = connections.bridge();
        CounterReadings counts = CounterReadings.of(engine, System.nanoTime());
        JsonObject json = new JsonObject();
        json.addProperty("version", Version.text());
        json.addProperty("startedAt", startedAt);
        json.addProperty(
                "writtenAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.addProperty("statusIntervalSeconds", statusIntervalSeconds);
        json.add("process", process.json());
        json.addProperty("targets", engine.targetCount());
        json.addProperty("errList", engine.errListSize());
        json.addProperty("errListCutOff", engine.cutOffSize());
        json.addProperty("probesPerSecond", Math.round(interval.probesPerSecond() * 10) / 10.0);
        for (PublishedCounter counter : PublishedCounter.values()) {
            json.addProperty(counter.total(), counts.get(counter));
        }
        json.add("sendErrors", sendErrors());
        json.add("refused", countsByName(RejectedPackets.byReason(engine)));
        json.add("sendLatenessMillis", sendLateness(interval.lateness()));
        json.add("lately", RecentCounts.json(lately.until(counts)));
        json.add("lastMinute", lastMinute(sendTroubles.advance()));
        json.add("isolation", isolation(engine.isolation()));
        json.add("redis", redis());
        if (bridge != null) {
            json.add("zabbix", zabbix(bridge));
        }
        json.add("problems", problems(bridge));
        return json.toString();
    }

    private static JsonObject sendLateness(DurationHistogram.Snapshot snapshot) {
        JsonObject lateness = new JsonObject();
        lateness.addProperty("p50", millis(snapshot.quantileNanos(0.5)));
        lateness.addProperty("p99", millis(snapshot.quantileNanos(0.99)));
        lateness.addProperty("max", millis(snapshot.quantileNanos(1)));
        return lateness;
    }

    private static JsonObject isolation(Isolation isolation) {
        JsonObject json = new JsonObject();
        json.addProperty("isolated", isolation.isIsolated());
        if (isolation.isIsolated()) {
            json.addProperty("since", IsolationProblem.since(isolation));
            json.addProperty("asked", isolation.asked());
            json.addProperty("silent", isolation.silent());
        }
        return json;
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }

    private static JsonObject lastMinute(SendTroubles.LastMinute minute) {
        JsonObject recent = new JsonObject();
        recent.addProperty("seconds", Math.round(minute.atNanos() / 1e9));
        recent.addProperty(PublishedCounter.SENT.recent(), minute.sent());
        recent.addProperty(PublishedCounter.RECEIVED.recent(), minute.received());
        recent.addProperty(PublishedCounter.LOST.recent(), minute.lost());
        recent.addProperty(PublishedCounter.SEND_ERRORS.recent(), minute.sendErrors());
        recent.addProperty("lastReplySecondsAgo", Math.round(minute.silentNanos() / 1e9));
        return recent;
    }

    /** Probes that the kernel refused to send, by the name of the error. */
    private JsonObject sendErrors() {
        JsonObject byName = new JsonObject();
        SendErrorCounts errors = engine.sendErrors();
        for (int errno = 0; errno < errors.limit(); errno++) {
            if (errors.get(errno) > 0) {
                byName.addProperty(SendErrors.name(errno), errors.get(errno));
            }
        }
        return byName;
    }

    private static JsonObject countsByName(Map<String, Long> counts) {
        JsonObject byName = new JsonObject();
        counts.forEach(byName::addProperty);
        return byName;
    }

    private JsonObject redis() {
        JsonObject redis = new JsonObject();
        redis.addProperty("connected", connections.writer().connected());
        redis.addProperty("notifications", connections.subscriber().state().name());
        redis.addProperty("written", connections.writer().written());
        redis.addProperty("coalesced", connections.writer().coalesced());
        redis.addProperty("pending", connections.writer().pending());
        redis.addProperty("reconnects", connections.writer().reconnects());
        return redis;
    }

    private static JsonObject zabbix(ZabbixBridge bridge) {
        JsonObject zabbix = new JsonObject();
        zabbix.addProperty("connected", bridge.connected());
        zabbix.addProperty("lastError", bridge.lastError());
        zabbix.addProperty("accepted", bridge.acceptedValues());
        zabbix.addProperty("buffered", bridge.bufferedValues());
        zabbix.addProperty("dropped", bridge.droppedValues());
        zabbix.addProperty("givenUpItems", bridge.givenUpItems());
        return zabbix;
    }

    private JsonArray problems(@Nullable ZabbixBridge bridge) {
        ProblemsJson json = new ProblemsJson();
        sendTroubles.problems().forEach(problem -> json.add("network", problem));
        problems.ofInterfaces().forEach(problem -> json.add("interfaces", problem));
        problems.onBoard().forEach(json::add);
        if (bridge != null) {
            bridge.problems().forEach(problem -> json.add("zabbix", problem));
        }
        return json.array();
    }
}
