package io.pingagent.cli.ping;

import java.util.Arrays;

/**
 * What has become of the probes of a ping so far: counts of settled probes, and with {@code -C} each round-trip time. Not
 * thread-safe.
 */
final class PingResults {

    private static final long LOST = -1;
    private static final long[] NONE = {};

    private final int rows;
    private final PingCounts counts;

    /** By row: whether the next lost probe was never sent, as the kernel reported a send error. */
    private final boolean[] hasSendError;

    /** With {@code -C}: round-trip time by row and probe, or {@link #LOST}. */
    private final long[][] times;

    private int alive;
    private long timeouts;
    private long duplicates;
    private long otherIcmp;

    /** @param areListed whether each round-trip time is kept */
    PingResults(int rows, boolean areListed) {
        this.rows = rows;
        counts = new PingCounts(rows);
        hasSendError = new boolean[rows];
        times = areListed ? new long[rows][] : new long[0][];
        Arrays.fill(times, NONE);
    }

    /** Returns whether it is the first reply of this row. */
    boolean replied(int row, int probe, long rttNanos) {
        counts.replied(row, rttNanos);
        keep(row, probe, rttNanos);
        boolean isFirst = counts.received(row) == 1;
        alive += isFirst ? 1 : 0;
        return isFirst;
    }

    /** Returns whether the probe had been sent. */
    boolean lost(int row, int probe) {
        counts.lost(row);
        keep(row, probe, LOST);
        boolean wasSent = !hasSendError[row];
        hasSendError[row] = false;
        timeouts += wasSent ? 1 : 0;
        return wasSent;
    }

    void sendFailed(int row) {
        hasSendError[row] = true;
    }

    void duplicate() {
        duplicates++;
    }

    void icmpError() {
        otherIcmp++;
    }

    PingCounts counts() {
        return counts;
    }

    /** Rows with a reply. */
    int alive() {
        return alive;
    }

    /** With {@code -C}: round-trip time of a settled probe in nanoseconds, -1 if it was lost. */
    long rttNanos(int row, int probe) {
        return probe < times[row].length ? times[row][probe] : LOST;
    }

    private void keep(int row, int probe, long rttNanos) {
        if (times.length == 0) {
            return;
        }
        long[] known = times[row];
        if (probe >= known.length) {
            int before = known.length;
            known = Arrays.copyOf(known, Math.max(probe + 1, Math.min(1024, before * 2)));
            Arrays.fill(known, before, known.length, LOST);
            times[row] = known;
        }
        known[probe] = rttNanos;
    }

    /**
     * Sums up all rows.
     *
     * @param unknownNames names that were not found
     * @param elapsedNanos duration of the whole ping
     */
    Statistics statistics(int unknownNames, long elapsedNanos) {
        long sent = 0;
        long back = 0;
        long total = 0;
        long min = Long.MAX_VALUE;
        long max = 0;
        for (int row = 0; row < rows; row++) {
            sent += counts.settled(row);
            back += counts.received(row);
            total += counts.totalNanos(row);
            max = Math.max(max, counts.maxNanos(row));
            if (counts.received(row) > 0) {
                min = Math.min(min, counts.minNanos(row));
            }
        }
        return new Statistics(
                rows,
                alive,
                unknownNames,
                new Packets(timeouts, sent, back + duplicates, otherIcmp),
                new RoundTrips(back == 0 ? 0 : min, back == 0 ? 0 : total / back, max),
                elapsedNanos);
    }

    /** What {@code -s} prints. */
    record Statistics(
            int targets, int alive, int unknownNames, Packets packets, RoundTrips roundTrips, long elapsedNanos) {}

    /**
     * How many packets.
     *
     * @param timeouts probes that were sent and got no reply
     * @param replies duplicates included, as fping counts
     * @param otherIcmp ICMP errors
     */
    record Packets(long timeouts, long sent, long replies, long otherIcmp) {}

    /** All 0 if nothing came back. */
    record RoundTrips(long minNanos, long averageNanos, long maxNanos) {}
}
