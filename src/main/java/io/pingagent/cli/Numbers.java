package io.pingagent.cli;

import java.util.Locale;

/** How numbers are shown to people, the same everywhere and in every locale. */
final class Numbers {

    private Numbers() {}

    /** {@code 1,234,567}. */
    static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@code 0%}, {@code 0.4%}, {@code 12%}, {@code 100%}; never rounds a loss away or up to everything. */
    static String percent(double ratio) {
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
    static String loss(long sent, long received) {
        return sent <= 0 ? "-" : percent(1 - (double) received / sent);
    }

    /** {@code 0.041 ms}; {@code -} for a negative value. */
    static String millis(long nanos) {
        return nanos < 0 ? "-" : FpingTime.format(nanos) + " ms";
    }

    /** {@code 3 addresses}, {@code 1 address}. */
    static String count(long count, String one, String many) {
        return grouped(count) + " " + (count == 1 ? one : many);
    }

    /** {@code 42 s}, {@code 5 min}, {@code 3 h}, {@code 12 d}. */
    static String age(long seconds) {
        if (seconds < 120) {
            return Math.max(0, seconds) + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }
}
