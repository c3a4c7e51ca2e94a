package io.pingagent.jobs;

import com.google.gson.stream.JsonReader;
import io.pingagent.model.Burst;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields {@code count} and {@code gap} of a definition. One instance for one definition. */
final class BurstFields {

    private static final Pattern GAP = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) ?(ms|s)");
    private static final String GAP_RANGE = "\"1ms\" to \"60s\"";
    private static final long MOST_GAP_NANOS = 60_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final FieldReader fields;
    private @Nullable Integer count;
    private @Nullable Long gapNanos;
    private @Nullable String gapWhere;

    BurstFields(FieldReader fields) {
        this.fields = fields;
    }

    void readCount(JsonReader reader, String where) throws IOException {
        count = fields.readInteger(reader, where, 1, Burst.MOST_PROBES, "probes");
    }

    void readGap(JsonReader reader, String where) throws IOException {
        gapWhere = where;
        String text = fields.readText(reader, where, "\"200ms\"");
        if (text == null) {
            return;
        }
        Matcher matcher = GAP.matcher(text);
        if (!matcher.matches()) {
            fields.error(where, "'" + FieldReader.shorten(text) + "' is no time in ms or s", "write " + GAP_RANGE);
            return;
        }
        long unitNanos = matcher.group(2).equals("s") ? NANOS_PER_SECOND : NANOS_PER_MILLI;
        long nanos = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unitNanos))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        if (nanos < Burst.LEAST_GAP_NANOS || nanos > MOST_GAP_NANOS) {
            fields.error(where, "'" + FieldReader.shorten(text) + "' is not allowed", "write " + GAP_RANGE);
        } else {
            gapNanos = nanos;
        }
    }

    /**
     * What both fields come to.
     *
     * @param key of the definition
     * @param intervalNanos shortest time between two firings
     * @param timeoutNanos of the job's probes
     * @return null if the probes do not fit into the interval, or too many would wait for their replies
     */
    @Nullable
    Burst check(String key, long intervalNanos, long timeoutNanos) {
        int probes = count == null ? 1 : count;
        if (probes == 1) {
            if (gapWhere != null) {
                fields.warn(
                        gapWhere, "it has no effect without a count of 2 or more", "add \"count\":5, or leave it out");
            }
            return Burst.ONE;
        }
        Burst burst = new Burst(probes, gapNanos == null ? Burst.DEFAULT_GAP_NANOS : gapNanos);
        if (burst.lengthNanos() >= intervalNanos) {
            long mostMillis = Math.floorDiv(intervalNanos - 1, (probes - 1) * NANOS_PER_MILLI);
            fields.error(
                    gapWhere == null ? key + ": count" : gapWhere,
                    probes + " probes with a gap of " + millis(burst.gapNanos()) + " take "
                            + millis(burst.lengthNanos()) + ", but the job fires again after " + millis(intervalNanos),
                    "write \"gap\":\"" + mostMillis + "ms\" or less, a smaller count or a longer interval");
            return null;
        }
        int inFlight = burst.mostInFlight(intervalNanos, timeoutNanos);
        if (inFlight > Burst.MOST_IN_FLIGHT) {
            fields.error(
                    key + ": count",
                    "up to " + inFlight + " probes of an address would wait for their replies at once, with a timeout"
                            + " of " + millis(timeoutNanos) + "; the agent remembers " + Burst.MOST_IN_FLIGHT,
                    "write a smaller count, a longer gap or a shorter timeout");
            return null;
        }
        return burst;
    }

    private static String millis(long nanos) {
        BigDecimal millis = BigDecimal.valueOf(nanos).movePointLeft(6).stripTrailingZeros();
        return (millis.scale() < 0 ? millis.setScale(0) : millis).toPlainString() + " ms";
    }
}
