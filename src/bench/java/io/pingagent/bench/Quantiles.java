package io.pingagent.bench;

import java.util.Arrays;

/** Measured values, sorted. Immutable. */
final class Quantiles {

    private final double[] sorted;

    /** @param count how many of {@code values}, from the start, are taken */
    Quantiles(double[] values, int count) {
        sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
    }

    int count() {
        return sorted.length;
    }

    /** The value that this share of all does not exceed, 0 for the least and 1 for the most; NaN if there is none. */
    double quantile(double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(0, Math.min(sorted.length - 1, rank))];
    }

    /** The value in the middle, of an even number the mean of the middle two; NaN if there is none. */
    double median() {
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
