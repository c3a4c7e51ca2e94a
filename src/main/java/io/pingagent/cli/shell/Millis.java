package io.pingagent.cli.shell;

import java.util.Locale;

/** Milliseconds with as many digits as fping gives: three significant ones, more below a millisecond. */
public final class Millis {

    private static final long MILLISECOND = 1_000_000;

    private Millis() {}

    /** @param nanos 0 or more */
    public static String format(long nanos) {
        if (nanos < MILLISECOND) {
            return decimal((nanos + 500) / 1_000, 3);
        }
        if (nanos < 10 * MILLISECOND) {
            return decimal((nanos + 5_000) / 10_000, 2);
        }
        if (nanos < 100 * MILLISECOND) {
            return decimal((nanos + 50_000) / 100_000, 1);
        }
        if (nanos < 1_000_000 * MILLISECOND) {
            return Long.toString((nanos + MILLISECOND / 2) / MILLISECOND);
        }
        return String.format(Locale.ROOT, "%.3e", nanos / 1e6);
    }

    private static String decimal(long scaled, int digits) {
        String text = Long.toString(scaled);
        String padded = "0".repeat(Math.max(0, digits + 1 - text.length())) + text;
        int point = padded.length() - digits;
        return padded.substring(0, point) + "." + padded.substring(point);
    }
}
