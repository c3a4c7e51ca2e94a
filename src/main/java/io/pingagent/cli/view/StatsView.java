package io.pingagent.cli.view;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.model.Problem;
import io.pingagent.model.PublishedCounter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a running agent says about itself in {@code agent-stats_$agent}. Fields that are missing read as -1, empty or
 * unknown, so that agents of other versions can be shown too.
 *
 * <pre>{@code
 * {"version":"0.1.0", "startedAt":"2026-11-22T06:00:00Z", "writtenAt":"2026-11-22T07:00:00Z", "statusIntervalSeconds":10,
 *  "process":{"pid":4711, "host":"probe1", "user":"ping-agent", "uid":998, "capNetRaw":true, "capNetAdmin":false, "v4":true, "v6":true,
 *   "receiveBufferBytes":8388608, "receiveBufferWantedBytes":8388608},
 *  "targets":220, "errList":3, "probesPerSecond":110.0,
 *  "sent":1000, "received":990, "lost":8, "invalidated":1, "late":1, "duplicates":0, "sendErrors":{"ENETUNREACH":2}, "sendDeferred":0, "sendOmitted":0, "sendHeld":0,
 *  "refused":{"TAG":2}, "kernelDrops":0,
 *  "overruns":0, "sentLate":0, "sendLatenessMillis":{"p50":0.4, "p99":1.1, "max":3.0}, "receiverStalls":0,
 *  "lately":{"seconds":600, "sent":900, "received":890, "sendErrors":2, "sendDeferred":0, "sendOmitted":0, "sendHeld":0, "sentLate":0,
 *   "overruns":0, "invalidated":0, "kernelDrops":0, "receiverStalls":0},
 *  "lastMinute":{"seconds":60, "sent":900, "received":890, "lost":10, "sendErrors":0, "lastReplySecondsAgo":0},
 *  "isolation":{"isolated":true, "since":"2026-11-22T06:59:00Z", "asked":256, "silent":250},
 *  "redis":{"connected":true, "notifications":"SUBSCRIBED", "written":900, "coalesced":3, "pending":0, "reconnects":1},
 *  "problems":[{"source":"catalogue", "where":"job_core", "what":"...", "remedy":"...", "since":"2026-11-22T06:10:00Z", "times":3}]}
 * }</pre>
 */
public final class StatsView {

    /**
     * A problem as the agent reports it.
     *
     * @param source {@code network}, {@code interfaces}, {@code redis}, {@code state}, {@code catalogue}, {@code control},
     *     {@code zabbix}; empty from an agent of an earlier version
     * @param since ISO 8601, or empty
     * @param times how many times it happened, or -1
     */
    public record Reported(String source, Problem problem, String since, long times) {

        /** Where and what, with since when and how many times, where these are known. */
        public String found() {
            List<String> history = new ArrayList<>();
            if (!since.isEmpty()) {
                history.add("since " + since);
            }
            if (times > 1) {
                history.add(Numbers.grouped(times) + " times");
            }
            return problem.where() + ": " + problem.what()
                    + (history.isEmpty() ? "" : " (" + String.join(", ", history) + ")");
        }

        /** The same with the remedy. */
        public String line() {
            return found() + "; " + problem.remedy();
        }
    }

    private static final long MINUTE_SECONDS = 60;

    private static final StatsView NONE = new StatsView(new JsonObject());

    private final JsonObject json;

    private StatsView(JsonObject json) {
        this.json = json;
    }

    public static StatsView of(@Nullable String text) {
        JsonElement parsed = text == null ? null : Json.parse(text);
        return parsed != null && parsed.isJsonObject() ? new StatsView(parsed.getAsJsonObject()) : NONE;
    }

    public boolean isEmpty() {
        return json.size() == 0;
    }

    public String version() {
        return text(json, "version");
    }

    /** Seconds since the agent started, or -1. */
    public long ageSeconds(Instant now) {
        try {
            return Duration.between(Instant.parse(text(json, "startedAt")), now).toSeconds();
        } catch (DateTimeException e) {
            return -1;
        }
    }

    /** ISO 8601, or empty. */
    String startedAt() {
        return text(json, "startedAt");
    }

    /** Seconds since the agent wrote this, by the clocks of both machines, or -1. */
    public long reportAgeSeconds(Instant now) {
        try {
            return Math.max(
                    0,
                    Duration.between(Instant.parse(text(json, "writtenAt")), now)
                            .toSeconds());
        } catch (DateTimeException e) {
            return -1;
        }
    }

    /** How often the agent writes the state of its addresses, in seconds, or -1. */
    public long statusIntervalSeconds() {
        return count("statusIntervalSeconds");
    }

    /** Whether the agent reports its process and what the kernel has granted it. */
    public boolean hasProcess() {
        return json.get("process") instanceof JsonObject;
    }

    /** A number about the agent's process, or -1. */
    public long process(String field) {
        return json.get("process") instanceof JsonObject process ? number(process.get(field)) : -1;
    }

    /** A text about the agent's process, or empty. */
    String processText(String field) {
        return json.get("process") instanceof JsonObject process ? text(process, field) : "";
    }

    /** {@code pid 4711 of user ping-agent on probe1, since 2026-11-22T06:00:00Z}, if {@link #hasProcess}. */
    public String processLine() {
        return "pid " + process("pid") + " of user " + processText("user") + " on " + processText("host") + ", since "
                + startedAt();
    }

    /** Whether a field about the agent's process is true. */
    public boolean processHas(String field) {
        return processText(field).equals("true");
    }

    /** A figure of the last minute, or -1. */
    public long lastMinute(String name) {
        return json.get("lastMinute") instanceof JsonObject minute ? number(minute.get(name)) : -1;
    }

    /** A counter of the last minute, or -1. */
    public long lastMinute(PublishedCounter counter) {
        return lastMinute(counter.recent());
    }

    /** Whether the agent itself is cut off from its network. */
    public boolean isIsolated() {
        return isolationText("isolated").equals("true");
    }

    /** A field of the agent's isolation, or empty. */
    public String isolationText(String field) {
        return json.get("isolation") instanceof JsonObject isolation ? text(isolation, field) : "";
    }

    /** Whether the kernel has refused every probe of the last minute. */
    public boolean cannotSend() {
        return lastMinute(PublishedCounter.SEND_ERRORS) > 0 && lastMinute(PublishedCounter.SENT) == 0;
    }

    /** Whether probes were lost and none was answered for a minute. */
    public boolean isSilent() {
        return lastMinute(PublishedCounter.LOST) > 0
                && lastMinute(PublishedCounter.RECEIVED) == 0
                && lastMinute("lastReplySecondsAgo") >= MINUTE_SECONDS;
    }

    /** A counter at the top level, or -1. */
    public long count(String name) {
        return number(json.get(name));
    }

    /** A counter since the agent's start, or -1. */
    public long count(PublishedCounter counter) {
        return count(counter.total());
    }

    public double probesPerSecond() {
        return decimal(json.get("probesPerSecond"));
    }

    /** A figure of the last ten minutes, or -1. */
    public long lately(String name) {
        return json.get("lately") instanceof JsonObject lately ? number(lately.get(name)) : -1;
    }

    /** A counter of the last ten minutes, or -1. */
    public long lately(PublishedCounter counter) {
        return lately(counter.recent());
    }

    /** By how much the probes of jobs went out late in the last status interval, in milliseconds, or -1. */
    public double latenessMillis(String quantile) {
        return json.get("sendLatenessMillis") instanceof JsonObject lateness ? decimal(lateness.get(quantile)) : -1;
    }

    /** A counter of the Redis side, or -1. */
    public long redisCount(String name) {
        return json.get("redis") instanceof JsonObject redis ? number(redis.get(name)) : -1;
    }

    /** State of the expiry subscription, or empty. */
    public String notifications() {
        return json.get("redis") instanceof JsonObject redis ? text(redis, "notifications") : "";
    }

    /** Packets refused, by reason. */
    public Map<String, Long> refused() {
        return counts("refused");
    }

    /** Probes that the kernel refused to send, by the name of the error. */
    public Map<String, Long> sendErrors() {
        return counts("sendErrors");
    }

    private Map<String, Long> counts(String field) {
        Map<String, Long> byName = new TreeMap<>();
        if (json.get(field) instanceof JsonObject counts) {
            counts.entrySet().forEach(entry -> byName.put(entry.getKey(), number(entry.getValue())));
        }
        return byName;
    }

    /** What has to be fixed. */
    public List<Reported> problems() {
        List<Reported> problems = new ArrayList<>();
        if (json.get("problems") instanceof JsonArray array) {
            for (JsonElement element : array) {
                if (element instanceof JsonObject problem) {
                    problems.add(new Reported(
                            text(problem, "source"),
                            new Problem(text(problem, "where"), text(problem, "what"), text(problem, "remedy")),
                            text(problem, "since"),
                            number(problem.get("times"))));
                }
            }
        }
        return problems;
    }

    private static String text(JsonObject object, String field) {
        JsonElement value = object.get(field);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    private static long number(@Nullable JsonElement value) {
        try {
            return value != null && isNumber(value) ? value.getAsLong() : -1;
        } catch (NumberFormatException e) {
            // An exponent of five digits.
            return -1;
        }
    }

    private static double decimal(@Nullable JsonElement value) {
        double number = value != null && isNumber(value) ? value.getAsDouble() : -1;
        return Double.isFinite(number) ? number : -1;
    }

    private static boolean isNumber(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }
}
