package io.pingagent.agent;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.icmp.Rejection;
import io.pingagent.icmp.SendErrors;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Counters;
import io.pingagent.probe.DurationHistogram;
import io.pingagent.probe.Engine;
import io.pingagent.probe.Isolation;
import io.pingagent.probe.SendErrorCounts;
import io.pingagent.redis.events.ExpirySubscriber;
import io.pingagent.redis.writer.StateWriter;
import io.pingagent.zabbix.ZabbixBridge;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the agent tells about itself in {@code agent-stats_$agent}. Called on {@code ping-redis}. */
final class StatsJson implements Supplier<String> {

    private final Engine engine;
    private final StateWriter writer;
    private final ExpirySubscriber subscriber;
    private final AgentProblems problems;
    private final SendTroubles sendTroubles;
    private final OwnProcess process;
    private final long statusIntervalSeconds;
    private final @Nullable ZabbixBridge bridge;
    private final String startedAt =
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

    private final LimitCounts.Lately lately = new LimitCounts.Lately();
    private DurationHistogram.Snapshot latenessBefore;
    private long sentBefore;
    private long atNanos = System.nanoTime();

    StatsJson(
            Engine engine,
            StateWriter writer,
            ExpirySubscriber subscriber,
            AgentProblems problems,
            SendTroubles sendTroubles,
            OwnProcess process,
            long statusIntervalSeconds,
            @Nullable ZabbixBridge bridge) {
        this.engine = engine;
        this.writer = writer;
        this.subscriber = subscriber;
        this.problems = problems;
        this.sendTroubles = sendTroubles;
        this.process = process;
        this.statusIntervalSeconds = statusIntervalSeconds;
        this.bridge = bridge;
        latenessBefore = engine.sendLateness().snapshot();
        lately.until(LimitCounts.of(engine, atNanos));
    }

    @Override
    public String get() {
        Counters counters = engine.counters();
        JsonObject json = new JsonObject();
        json.addProperty("version", AgentVersion.text());
        json.addProperty("startedAt", startedAt);
        json.addProperty(
                "writtenAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.addProperty("statusIntervalSeconds", statusIntervalSeconds);
        json.add("process", process.json());
        json.addProperty("targets", engine.targetCount());
        json.addProperty("errList", engine.errListSize());
        json.addProperty("errListCutOff", engine.cutOffSize());
        json.addProperty("probesPerSecond", probesPerSecond(counters.get(Counter.SENT)));
        json.addProperty("sent", counters.get(Counter.SENT));
        json.addProperty("received", counters.get(Counter.RECEIVED));
        json.addProperty("lost", counters.get(Counter.LOST));
        json.addProperty("invalidated", counters.get(Counter.INVALIDATED));
        json.addProperty("cutOff", counters.get(Counter.CUT_OFF));
        json.addProperty("late", counters.get(Counter.LATE));
        json.addProperty("duplicates", counters.get(Counter.DUPLICATE));
        json.addProperty("unreachable", counters.get(Counter.UNREACHABLE));
        json.addProperty("unprovenErrors", counters.get(Counter.UNPROVEN_ERROR));
        json.addProperty("sendRefused", counters.get(Counter.SEND_ERROR));
        json.add("sendErrors", sendErrors());
        json.addProperty("sendDeferred", counters.get(Counter.SEND_DEFERRED));
        json.addProperty("sendOmitted", counters.get(Counter.SEND_OMITTED));
        json.addProperty("sendHeld", counters.get(Counter.SEND_HELD));
        json.add("refused", refused(counters));
        json.addProperty("kernelDrops", engine.kernelDrops());
        json.addProperty("overruns", counters.get(Counter.OVERRUN));
        json.addProperty("sentLate", counters.get(Counter.SENT_LATE));
        json.add("sendLatenessMillis", sendLateness());
        json.addProperty("clockSteps", counters.get(Counter.CLOCK_STEP));
        json.addProperty("receiverStalls", counters.get(Counter.RECEIVER_STALL));
        json.addProperty("machineSleeps", counters.get(Counter.MACHINE_SLEEP));
        json.add(
                "lately",
                lately.until(LimitCounts.of(engine, System.nanoTime())).json());
        json.add("lastMinute", lastMinute(sendTroubles.advance()));
        json.add("isolation", isolation(engine.isolation()));
        json.add("redis", redis());
        if (bridge != null) {
            json.add("zabbix", zabbix(bridge));
        }
        json.add("problems", problems());
        return json.toString();
    }

    private double probesPerSecond(long sent) {
        long nowNanos = System.nanoTime();
        double seconds = Math.max(1, nowNanos - atNanos) / 1e9;
        double rate = Math.round((sent - sentBefore) / seconds * 10) / 10.0;
        sentBefore = sent;
        atNanos = nowNanos;
        return rate;
    }

    /** Of the probes sent since the last call. */
    private JsonObject sendLateness() {
        DurationHistogram.Snapshot now = engine.sendLateness().snapshot();
        DurationHistogram.Snapshot interval = now.since(latenessBefore);
        latenessBefore = now;
        JsonObject lateness = new JsonObject();
        lateness.addProperty("p50", millis(interval.quantileNanos(0.5)));
        lateness.addProperty("p99", millis(interval.quantileNanos(0.99)));
        lateness.addProperty("max", millis(interval.quantileNanos(1)));
        return lateness;
    }

    private static JsonObject isolation(Isolation isolation) {
        JsonObject json = new JsonObject();
        json.addProperty("isolated", isolation.isIsolated());
        if (isolation.isIsolated()) {
            json.addProperty("since", IsolationLog.since(isolation));
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
        recent.addProperty("sent", minute.sent());
        recent.addProperty("received", minute.received());
        recent.addProperty("lost", minute.lost());
        recent.addProperty("sendErrors", minute.refused());
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

    private JsonObject refused(Counters counters) {
        JsonObject byReason = new JsonObject();
        for (Rejection reason : Rejection.values()) {
            if (engine.rejected(reason) > 0) {
                byReason.addProperty(reason.name().toLowerCase(Locale.ROOT), engine.rejected(reason));
            }
        }
        if (counters.get(Counter.FOREIGN_SOURCE) > 0) {
            byReason.addProperty("foreign_source", counters.get(Counter.FOREIGN_SOURCE));
        }
        return byReason;
    }

    private JsonObject redis() {
        JsonObject redis = new JsonObject();
        redis.addProperty("connected", writer.connected());
        redis.addProperty("notifications", subscriber.state().name());
        redis.addProperty("written", writer.written());
        redis.addProperty("coalesced", writer.coalesced());
        redis.addProperty("pending", writer.pending());
        redis.addProperty("reconnects", writer.reconnects());
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

    private JsonArray problems() {
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
