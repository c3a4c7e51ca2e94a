package io.pingagent.cli.picture;

import io.pingagent.model.ProbeSeries;
import java.util.ArrayList;
import java.util.List;

/**
 * The probes of a picture in slots of equal length. A slot has five probes or more where the address is probed regularly,
 * so that there is a spread to be drawn. Immutable.
 *
 * @param seconds length of a slot
 * @param slots only those in which a probe was settled, in order
 */
record SmokeSlots(int seconds, List<Slot> slots) {

    private static final int MOST_SLOTS = 150;
    private static final int PROBES_A_SLOT = 5;
    private static final double MILLIS_PER_SECOND = 1e3;

    /**
     * One slot.
     *
     * @param fromMillis Unix time
     * @param sortedRtts round-trip times in nanoseconds, ascending
     * @param lost probes without a reply
     */
    record Slot(long fromMillis, List<Long> sortedRtts, int lost) {

        int settled() {
            return sortedRtts.size() + lost;
        }

        LossClass lossClass() {
            return LossClass.of(lost, settled());
        }

        /** As with {@link io.pingagent.model.RttSummary}, that of the nearest rank. */
        long median() {
            return sortedRtts.get((sortedRtts.size() - 1) / 2);
        }

        /** @param share 0 to 1 */
        long rtt(double share) {
            return sortedRtts.get((int) Math.round(share * (sortedRtts.size() - 1)));
        }
    }

    /** @param series all of {@code fromMillis} to {@code toMillis} */
    static SmokeSlots of(ProbeSeries series, long fromMillis, long toMillis) {
        double spanSeconds = (toMillis - fromMillis) / MILLIS_PER_SECOND;
        double coveredSeconds = series.size() < 2
                ? spanSeconds
                : (series.wallMillis(series.size() - 1) - series.wallMillis(0)) / MILLIS_PER_SECOND;
        double gapSeconds = coveredSeconds / Math.max(1, series.size() - 1);
        int seconds = NiceSteps.secondsAtLeast(
                Math.max(1, Math.max(spanSeconds / MOST_SLOTS, Math.min(spanSeconds, gapSeconds * PROBES_A_SLOT))));
        long slotMillis = seconds * 1_000L;
        List<Slot> slots = new ArrayList<>();
        for (long start = Math.floorDiv(fromMillis, slotMillis) * slotMillis; start < toMillis; start += slotMillis) {
            ProbeSeries part = series.between(start, start + slotMillis);
            List<Long> sorted = new ArrayList<>();
            for (long rtt : part.sortedRtts()) {
                sorted.add(rtt);
            }
            Slot slot = new Slot(start, List.copyOf(sorted), part.lost());
            if (slot.settled() > 0) {
                slots.add(slot);
            }
        }
        return new SmokeSlots(seconds, List.copyOf(slots));
    }
}
