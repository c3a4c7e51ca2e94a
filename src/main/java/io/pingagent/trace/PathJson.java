package io.pingagent.trace;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PathRecord} as it is in Redis:
 *
 * <pre>{@code
 * {"address":"192.0.2.7",
 *  "down":{"time":"2026-11-30T20:14:05Z","reached":false,"hops":[
 *   {"hop":1,"address":"10.0.0.1","rttMs":0.412},{"hop":2},{"hop":3,"address":"10.0.2.1","rttMs":1.9,"note":"host unreachable"}]},
 *  "good":{...},
 *  "firstDifference":3}
 * }</pre>
 *
 * A part that is not known is missing.
 */
public final class PathJson {

    private static final int MICRO_DIGITS = 3;
    private static final int MILLI_DIGITS = 6;
    /** More than any TTL. */
    private static final int MOST_HOPS = 255;

    private PathJson() {}

    /** On one line. */
    public static String write(PathRecord paths) {
        JsonObject json = new JsonObject();
        json.addProperty("address", paths.address().toString());
        add(json, "down", paths.down());
        add(json, "good", paths.good());
        int firstDifference = paths.firstDifference();
        if (firstDifference > 0) {
            json.addProperty("firstDifference", firstDifference);
        }
        return json.toString();
    }

    private static void add(JsonObject json, String name, @Nullable TracedPath path) {
        if (path == null) {
            return;
        }
        JsonArray hops = new JsonArray();
        for (int ttl = path.firstHop(); ttl <= path.lastHop(); ttl++) {
            hops.add(hop(ttl, path.hop(ttl)));
        }
        JsonObject object = new JsonObject();
        object.addProperty("time", Instant.ofEpochMilli(path.wallMillis()).toString());
        object.addProperty("reached", path.reached());
        object.add("hops", hops);
        json.add(name, object);
    }

    private static JsonObject hop(int ttl, Hop hop) {
        JsonObject json = new JsonObject();
        json.addProperty("hop", ttl);
        IpAddress address = hop.address();
        if (address != null) {
            json.addProperty("address", address.toString());
            json.addProperty("rttMs", millis(hop.rttNanos()));
        }
        if (!hop.note().isEmpty()) {
            json.addProperty("note", hop.note());
        }
        return json;
    }

    /** Milliseconds with three decimals at most. */
    public static BigDecimal millis(long nanos) {
        BigDecimal millis = BigDecimal.valueOf(nanos, MILLI_DIGITS)
                .setScale(MICRO_DIGITS, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return millis.scale() < 0 ? millis.setScale(0) : millis;
    }

    /** @throws IllegalArgumentException if it is no such record */
    public static PathRecord read(String text) {
        try {
            JsonObject json = JsonParser.parseString(text).getAsJsonObject();
            return new PathRecord(
                    Addresses.parse(field(json, "address").getAsString()),
                    path(json.get("down")),
                    path(json.get("good")));
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | ClassCastException
                | DateTimeException
                | ArithmeticException e) {
            throw new IllegalArgumentException("not the record of a path: " + e.getMessage(), e);
        }
    }

    private static @Nullable TracedPath path(@Nullable JsonElement element) {
        if (element == null || element.isJsonNull()) {
            return null;
        }
        JsonObject json = element.getAsJsonObject();
        JsonArray array = field(json, "hops").getAsJsonArray();
        if (array.size() > MOST_HOPS) {
            throw new IllegalArgumentException("not the record of a path: " + array.size() + " hops");
        }
        int firstHop = array.isEmpty()
                ? 1
                : field(array.get(0).getAsJsonObject(), "hop").getAsInt();
        List<Hop> hops = new ArrayList<>();
        for (JsonElement each : array) {
            hops.add(hop(each.getAsJsonObject()));
        }
        long wallMillis = Instant.parse(field(json, "time").getAsString()).toEpochMilli();
        return new TracedPath(wallMillis, field(json, "reached").getAsBoolean(), firstHop, hops);
    }

    private static JsonElement field(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new JsonParseException("no field " + name);
        }
        return value;
    }

    private static Hop hop(JsonObject json) {
        JsonElement address = json.get("address");
        JsonElement note = json.get("note");
        String noteText = note == null ? "" : note.getAsString();
        if (address == null) {
            return new Hop(null, 0, noteText);
        }
        long rttNanos = field(json, "rttMs")
                .getAsBigDecimal()
                .movePointRight(MILLI_DIGITS)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        return new Hop(Addresses.parse(address.getAsString()), rttNanos, noteText);
    }
}
