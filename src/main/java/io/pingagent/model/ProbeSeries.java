package io.pingagent.model;

import java.util.Arrays;

/**
 * What became of the probes of one address, the oldest first. Immutable.
 *
 * <p>A probe is at the moment at which it was settled: its reply came, or its timeout was over.
 */
public final class ProbeSeries {

    /** In place of a round-trip time: the probe was lost. */
    public static final long LOST = -1;

    /** In place of a round-trip time: the probe does not count, as this machine may have lost the reply itself. */
    public static final long UNKNOWN = -2;

    private final long[] wallMillis;
    private final long[] rttNanos;

    private ProbeSeries(long[] wallMillis, long[] rttNanos) {
        this.wallMillis = wallMillis;
        this.rttNanos = rttNanos;
    }

    /**
     * Copies the first {@code size} of both.
     *
     * @param wallMillis Unix time of each, ascending
     * @param rttNanos round-trip times, {@link #LOST} or {@link #UNKNOWN}
     */
    public static ProbeSeries of(long[] wallMillis, long[] rttNanos, int size) {
        return new ProbeSeries(Arrays.copyOf(wallMillis, size), Arrays.copyOf(rttNanos, size));
    }

    public int size() {
        return wallMillis.length;
    }

    /** Unix time in milliseconds. */
    public long wallMillis(int index) {
        return wallMillis[index];
    }

    /** Round-trip time in nanoseconds, {@link #LOST} or {@link #UNKNOWN}. */
    public long rttNanos(int index) {
        return rttNanos[index];
    }

    /** Those of {@code fromMillis} or later and before {@code toMillis}. */
    public ProbeSeries between(long fromMillis, long toMillis) {
        int from = firstAt(fromMillis);
        int to = Math.max(from, firstAt(toMillis));
        return new ProbeSeries(Arrays.copyOfRange(wallMillis, from, to), Arrays.copyOfRange(rttNanos, from, to));
    }

    private int firstAt(long millis) {
        int index = 0;
        while (index < wallMillis.length && wallMillis[index] < millis) {
            index++;
        }
        return index;
    }

    /** The round-trip times, ascending. */
    public long[] sortedRtts() {
        long[] sorted = new long[rttNanos.length];
        int count = 0;
        for (long rtt : rttNanos) {
            if (rtt >= 0) {
                sorted[count++] = rtt;
            }
        }
        long[] found = Arrays.copyOf(sorted, count);
        Arrays.sort(found);
        return found;
    }

    public int lost() {
        int lost = 0;
        for (long rtt : rttNanos) {
            lost += rtt == LOST ? 1 : 0;
        }
        return lost;
    }

    /** The last round-trip time, or -1 without one. */
    public long lastRttNanos() {
        for (int i = rttNanos.length - 1; i >= 0; i--) {
            if (rttNanos[i] >= 0) {
                return rttNanos[i];
            }
        }
        return -1;
    }
}
