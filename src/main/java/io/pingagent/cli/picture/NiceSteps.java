package io.pingagent.cli.picture;

/** Steps of scales that people read easily. Stateless. */
final class NiceSteps {

    private static final double[] DIGITS = {1, 2, 5, 10};
    private static final double SLACK = 1e-9;

    /** Seconds, up to a day. */
    private static final int[] SECONDS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400
    };

    private NiceSteps() {}

    /** 1, 2 or 5 times a power of ten, and no less than this. */
    static double atLeast(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double digit : DIGITS) {
            if (digit * power >= value * (1 - SLACK)) {
                return digit * power;
            }
        }
        return 10 * power;
    }

    /** A round number of seconds, and no less than this, a day at most. */
    static int secondsAtLeast(double seconds) {
        for (int candidate : SECONDS) {
            if (candidate >= seconds) {
                return candidate;
            }
        }
        return SECONDS[SECONDS.length - 1];
    }
}
