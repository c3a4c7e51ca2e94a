package io.pingagent.cli.ping;

import io.pingagent.cli.shell.Millis;
import java.util.Arrays;

/** Settled probes and round-trip times of each row of a ping. Not thread-safe. */
final class PingCounts {

    private final int[] settled;
    private final int[] received;
    private final long[] minNanos;
    private final long[] maxNanos;
    private final long[] totalNanos;

    PingCounts(int rows) {
        settled = new int[rows];
        received = new int[rows];
        minNanos = new long[rows];
        maxNanos = new long[rows];
        totalNanos = new long[rows];
    }

    void replied(int row, long rttNanos) {
        minNanos[row] = received[row] == 0 ? rttNanos : Math.min(minNanos[row], rttNanos);
        maxNanos[row] = Math.max(maxNanos[row], rttNanos);
        totalNanos[row] += rttNanos;
        settled[row]++;
        received[row]++;
    }

    void lost(int row) {
        settled[row]++;
    }

    void reset() {
        Arrays.fill(settled, 0);
        Arrays.fill(received, 0);
        Arrays.fill(minNanos, 0);
        Arrays.fill(maxNanos, 0);
        Arrays.fill(totalNanos, 0);
    }

    int settled(int row) {
        return settled[row];
    }

    int received(int row) {
        return received[row];
    }

    /** The shortest, 0 if none came back. */
    long minNanos(int row) {
        return minNanos[row];
    }

    long maxNanos(int row) {
        return maxNanos[row];
    }

    /** The sum of all. */
    long totalNanos(int row) {
        return totalNanos[row];
    }

    /** The mean, 0 if none came back. */
    long averageNanos(int row) {
        return received[row] == 0 ? 0 : totalNanos[row] / received[row];
    }

    /** As fping rounds it: down. */
    long lossPercent(int row) {
        return settled[row] == 0 ? 0 : (settled[row] - received[row]) * 100L / settled[row];
    }

    /** @param periodNanos what a lost probe adds */
    long outageMillis(int row, long periodNanos) {
        return (settled[row] - received[row]) * periodNanos / 1_000_000;
    }

    /**
     * {@code xmt/rcv/%loss = 2/1/50%, min/avg/max = 0.184/0.184/0.184}
     *
     * @param outagePeriodNanos what a lost probe adds to the outage that is shown, -1 for none shown
     */
    void appendSummary(StringBuilder line, int row, long outagePeriodNanos) {
        line.append("xmt/rcv/%loss = ")
                .append(settled[row])
                .append('/')
                .append(received[row])
                .append('/')
                .append(lossPercent(row))
                .append('%');
        if (outagePeriodNanos >= 0) {
            line.append(", outage(ms) = ").append(outageMillis(row, outagePeriodNanos));
        }
        if (received[row] > 0) {
            line.append(", min/avg/max = ")
                    .append(Millis.format(minNanos[row]))
                    .append('/')
                    .append(Millis.format(averageNanos(row)))
                    .append('/')
                    .append(Millis.format(maxNanos[row]));
        }
    }
}
