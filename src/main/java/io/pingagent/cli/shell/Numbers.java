package io.pingagent.cli.shell;

import java.math.BigDecimal;
import java.util.Locale;

/** How numbers are shown to users, the same everywhere and in every locale. */
public final class Numbers {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private Numbers() {}

    /** {@code 1,234,567}. */
    public static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** As users write it: {@code 86400000}, {@code 0.001}; never {@code 8.64E7}. */
    public static String plain(Number value) {
        String text = new BigDecimal(value.toString()).toPlainString();
        return text.indexOf('.') < 0 ? text : text.replaceAll("\\.?0+$", "");
    }

    /** {@code 0%}, {@code 0.4%}, {@code 12%}, {@code 100%}; never rounds a loss away or up to everything. */
    public static String percent(double ratio) {
        double percent = ratio * 100;
        if (percent <= 0) {
            return "0%";
        }
        if (percent < 0.1) {
            return "<0.1%";
        }
        if (percent >= 100) {
            return "100%";
        }
        if (percent > 99.9) {
            return "99.9%";
        }
        if (percent < 10 || percent > 99) {
            String text = String.format(Locale.ROOT, "%.1f", percent);
            return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + "%";
        }
        return Math.round(percent) + "%";
    }

    /** A ratio of counts, {@code -} while there are none. */
    public static String loss(long sent, long received) {
        return sent <= 0 ? "-" : percent(1 - (double) received / sent);
    }

    /** {@code 0.041 ms}; {@code -} for a negative value. */
    public static String millis(long nanos) {
        return nanos < 0 ? "-" : Millis.format(nanos) + " ms";
    }

    /**
     * A round-trip time as it stands in Redis, where one below a millisecond and a half is {@code 1} unless
     * {@code redis.last-ms-format} is {@code decimal}: {@code <= 1 ms}, {@code 11 ms}, {@code 11.2 ms}.
     */
    public static String storedMillis(long nanos) {
        if (nanos <= 0 || nanos % NANOS_PER_MILLI != 0) {
            return millis(nanos);
        }
        return nanos == NANOS_PER_MILLI ? "<= 1 ms" : nanos / NANOS_PER_MILLI + " ms";
    }

    /** {@code 3 addresses}, {@code 1 address}. */
    public static String count(long count, String one, String many) {
        return grouped(count) + " " + (count == 1 ? one : many);
    }

    /** {@code 42 s}, {@code 5 min}, {@code 3 h}, {@code 12 d}. */
    public static String age(long seconds) {
        if (seconds < 120) {
            return Math.max(0, seconds) + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }
}
