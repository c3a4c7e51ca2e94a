package io.pingagent.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.model.Problem;
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
 * {"version":"0.1.0", "startedAt":"2026-11-22T06:00:00Z", "targets":220, "errList":3, "probesPerSecond":110.0,
 *  "sent":1000, "received":990, "lost":8, "invalidated":1, "late":1, "duplicates":0, "sendErrors":{"ENETUNREACH":2}, "sendDeferred":0, "sendOmitted":0, "sendHeld":0,
 *  "refused":{"TAG":2}, "kernelDrops":0,
 *  "overruns":0, "sentLate":0, "sendLatenessMillis":{"p50":0.4, "p99":1.1, "max":3.0}, "receiverStalls":0,
 *  "lately":{"seconds":600, "sent":900, "received":890, "sendErrors":2, "sendDeferred":0, "sendOmitted":0, "sendHeld":0, "sentLate":0,
 *   "overruns":0, "invalidated":0, "kernelDrops":0, "receiverStalls":0},
 *  "redis":{"connected":true, "notifications":"SUBSCRIBED", "written":900, "coalesced":3, "pending":0, "reconnects":1},
 *  "problems":[{"where":"job_core", "what":"...", "remedy":"..."}]}
 * }</pre>
 */
final class AgentStats {

    private static final AgentStats NONE = new AgentStats(new JsonObject());

    private final JsonObject json;

    private AgentStats(JsonObject json) {
        this.json = json;
    }

    static AgentStats of(@Nullable String text) {
        JsonElement parsed = text == null ? null : Json.parse(text);
        return parsed != null && parsed.isJsonObject() ? new AgentStats(parsed.getAsJsonObject()) : NONE;
    }

    boolean isEmpty() {
        return json.size() == 0;
    }

    String version() {
        return text(json, "version");
    }

    /** Seconds since the agent started, or -1. */
    long ageSeconds(Instant now) {
        try {
            return Duration.between(Instant.parse(text(json, "startedAt")), now).toSeconds();
        } catch (DateTimeException e) {
            return -1;
        }
    }

    /** A counter at the top level, or -1. */
    long count(String name) {
        return number(json.get(name));
    }

    double probesPerSecond() {
        return decimal(json.get("probesPerSecond"));
    }

    /** A counter of the last ten minutes, or -1. */
    long lately(String name) {
        return json.get("lately") instanceof JsonObject lately ? number(lately.get(name)) : -1;
    }

    /** By how much the probes of jobs went out late in the last status interval, in milliseconds, or -1. */
    double latenessMillis(String quantile) {
        return json.get("sendLatenessMillis") instanceof JsonObject lateness ? decimal(lateness.get(quantile)) : -1;
    }

    /** A counter of the Redis side, or -1. */
    long redisCount(String name) {
        return json.get("redis") instanceof JsonObject redis ? number(redis.get(name)) : -1;
    }

    /** State of the expiry subscription, or empty. */
    String notifications() {
        return json.get("redis") instanceof JsonObject redis ? text(redis, "notifications") : "";
    }

    /** Packets refused, by reason. */
    Map<String, Long> refused() {
        return counts("refused");
    }

    /** Probes that the kernel refused to send, by the name of the error. */
    Map<String, Long> sendErrors() {
        return counts("sendErrors");
    }

    private Map<String, Long> counts(String field) {
        Map<String, Long> byName = new TreeMap<>();
        if (json.get(field) instanceof JsonObject counts) {
            counts.entrySet().forEach(entry -> byName.put(entry.getKey(), number(entry.getValue())));
        }
        return byName;
    }

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (json.get("problems") instanceof JsonArray array) {
            for (JsonElement element : array) {
                if (element instanceof JsonObject problem) {
                    problems.add(new Problem(text(problem, "where"), text(problem, "what"), text(problem, "remedy")));
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
