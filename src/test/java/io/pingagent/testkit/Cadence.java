package io.pingagent.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;

/**
 * How regularly addresses were probed.
 *
 * @param addresses how many were probed at all
 * @param requests of all of them
 * @param shortestGapNanos between two requests for one address; 0 if no address has two
 * @param medianGapNanos likewise
 * @param longestGapNanos likewise
 * @param largestShare requests of all addresses in the fullest tenth of the cadence, wherever it begins, per address: 0.1
 *     if a round is spread evenly, 1 if it is one burst
 */
public record Cadence(
        int addresses,
        int requests,
        long shortestGapNanos,
        long medianGapNanos,
        long longestGapNanos,
        double largestShare) {

    /**
     * Whether no two requests for an address were closer together or further apart than three tenths of the cadence allow.
     *
     * @param slackNanos what this machine's stalls allow beside, see {@link MachineWatch#slackNanos}
     */
    public boolean isKept(Duration every, long slackNanos) {
        return shortestGapNanos >= 0.7 * every.toNanos() - slackNanos
                && longestGapNanos <= 1.3 * every.toNanos() + slackNanos;
    }

    /**
     * @param timesPerAddress ascending, see {@link TunResponder#requestTimes()}
     * @param cadence what it should be
     */
    public static Cadence of(Collection<long[]> timesPerAddress, Duration cadence) {
        int requests = timesPerAddress.stream().mapToInt(times -> times.length).sum();
        long[] all = new long[requests];
        long[] gaps = new long[requests];
        int allCount = 0;
        int gapCount = 0;
        for (long[] times : timesPerAddress) {
            System.arraycopy(times, 0, all, allCount, times.length);
            allCount += times.length;
            for (int i = 1; i < times.length; i++) {
                gaps[gapCount++] = times[i] - times[i - 1];
            }
        }
        Arrays.sort(all);
        Arrays.sort(gaps, 0, gapCount);
        long tenthNanos = cadence.toNanos() / 10;
        int fullest = 0;
        int first = 0;
        for (int last = 0; last < requests; last++) {
            while (all[last] - all[first] >= tenthNanos) {
                first++;
            }
            fullest = Math.max(fullest, last - first + 1);
        }
        int addresses = timesPerAddress.size();
        return new Cadence(
                addresses,
                requests,
                gapCount == 0 ? 0 : gaps[0],
                gapCount == 0 ? 0 : gaps[gapCount / 2],
                gapCount == 0 ? 0 : gaps[gapCount - 1],
                addresses == 0 ? 0 : (double) fullest / addresses);
    }
}
