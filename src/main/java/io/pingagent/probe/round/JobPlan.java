package io.pingagent.probe.round;

import java.util.Arrays;

/**
 * The order of a job's probes within a round. Immutable; built on the registry's thread, used by {@code ping-send}.
 *
 * <p>Each target has a slot number in its job, kept for as long as it stays in the job. Its phase, the part of the
 * round after which it is probed, is slot times the golden ratio, modulo 1. However many slots are taken, the phases
 * lie evenly (Knuth, The Art of Computer Programming 6.4, theorem S). A target that comes or goes moves no other.
 *
 * <p>The phases of each job start at one of its own. Otherwise all jobs of one interval would probe their first target
 * in the same instant. A thousand small jobs would make a burst. An address that all of them name would have more
 * probes in flight than the receiver remembers of a target.
 */
public final class JobPlan {

    /** 2^32 divided by the golden ratio, odd, so that slot and phase determine each other. */
    private static final int GOLDEN = 0x9e3779b9;

    private static final int GOLDEN_INVERSE = inverse(GOLDEN);

    /** 2^32 times the fractional part of the square root of 2: jobs lie evenly too, and not where slots do. */
    private static final int JOB_PHASE = 0x6a09e667;

    /** Phase of slot 0. */
    private final int firstPhase;

    private final int[] targetIds;
    /** Ascending as unsigned numbers, in units of 2^-32 of the round. */
    private final int[] phases;

    private JobPlan(int firstPhase, int[] targetIds, int[] phases) {
        this.firstPhase = firstPhase;
        this.targetIds = targetIds;
        this.phases = phases;
    }

    public static JobPlan empty() {
        return empty(0);
    }

    /** Without targets, from which {@link #with} makes the plans of this job. */
    public static JobPlan empty(int jobId) {
        return new JobPlan(jobId * JOB_PHASE, new int[0], new int[0]);
    }

    /** Evenly in the order given, as the user who typed the addresses expects. */
    public static JobPlan inOrder(int[] targetIds) {
        int[] phases = new int[targetIds.length];
        for (int i = 0; i < phases.length; i++) {
            phases[i] = (int) (((long) i << 32) / targetIds.length);
        }
        return new JobPlan(0, targetIds.clone(), phases);
    }

    /**
     * A plan for {@code wanted} (any order, no repetitions) in which the targets of this plan keep their phases. Of the
     * others the one with the smaller id comes first. What the engine knows of neighbours in time then lies side by
     * side in memory. That saves most of the cache misses of a million targets.
     */
    public JobPlan with(int[] wanted) {
        int[] wantedSorted = wanted.clone();
        Arrays.sort(wantedSorted);
        if (targetIds.length == 0) {
            // What follows would come to the same, but for a million targets it takes another 20 MB for a moment.
            return new JobPlan(firstPhase, wantedSorted, firstPhases(wantedSorted.length));
        }
        boolean[] placed = new boolean[wantedSorted.length];
        boolean[] slotTaken = new boolean[wantedSorted.length];
        long[] phaseAndId = new long[wantedSorted.length];
        int count = 0;
        for (int i = 0; i < targetIds.length; i++) {
            int at = Arrays.binarySearch(wantedSorted, targetIds[i]);
            if (at >= 0) {
                placed[at] = true;
                int slot = (phases[i] - firstPhase) * GOLDEN_INVERSE;
                if (slot >= 0 && slot < slotTaken.length) {
                    slotTaken[slot] = true;
                }
                phaseAndId[count++] = sortable(phases[i], targetIds[i]);
            }
        }
        int[] freshPhases = lowestFreePhases(slotTaken, wantedSorted.length - count);
        for (int i = 0, fresh = 0; i < wantedSorted.length; i++) {
            if (!placed[i]) {
                phaseAndId[count++] = sortable(freshPhases[fresh++] ^ Integer.MIN_VALUE, wantedSorted[i]);
            }
        }
        Arrays.sort(phaseAndId);
        int[] ids = new int[count];
        int[] sortedPhases = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) phaseAndId[i];
            sortedPhases[i] = (int) (phaseAndId[i] >>> 32) ^ Integer.MIN_VALUE;
        }
        return new JobPlan(firstPhase, ids, sortedPhases);
    }

    private int[] firstPhases(int count) {
        int[] phases = lowestFreePhases(new boolean[count], count);
        for (int i = 0; i < count; i++) {
            phases[i] ^= Integer.MIN_VALUE;
        }
        return phases;
    }

    /** Phases of the lowest free slots, in the order of time, with the sign flipped. */
    private int[] lowestFreePhases(boolean[] slotTaken, int count) {
        int[] phases = new int[count];
        int slot = 0;
        for (int i = 0; i < count; i++) {
            while (slotTaken[slot]) {
                slot++;
            }
            phases[i] = slot++ * GOLDEN + firstPhase ^ Integer.MIN_VALUE;
        }
        Arrays.sort(phases);
        return phases;
    }

    public int size() {
        return targetIds.length;
    }

    public int targetId(int position) {
        return targetIds[position];
    }

    /**
     * When the probe at this position is due, in nanoseconds after the start of a round that lasts {@code spreadNanos}.
     */
    public long offsetNanos(int position, long spreadNanos) {
        return Math.multiplyHigh((phases[position] & 0xffff_ffffL) << 31, spreadNanos << 1);
    }

    /**
     * The first position whose probe is not yet due so long after the start of a round that lasts {@code spreadNanos}.
     */
    int positionFrom(long elapsedNanos, long spreadNanos) {
        int from = 0;
        int to = phases.length;
        while (from < to) {
            int middle = from + to >>> 1;
            if (offsetNanos(middle, spreadNanos) < elapsedNanos) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Whether what {@code other} probes at this position has the same place in this plan. */
    boolean hasSame(JobPlan other, int position) {
        int i = firstAfter(other.phases[position] ^ Integer.MIN_VALUE) - 1;
        return i >= 0 && phases[i] == other.phases[position] && targetIds[i] == other.targetIds[position];
    }

    /**
     * Where to continue after {@code position} probes of {@code other}: the first with a larger phase than the last of
     * them.
     */
    int positionAfter(JobPlan other, int position) {
        if (position == 0) {
            return 0;
        }
        return firstAfter(other.phases[position - 1] ^ Integer.MIN_VALUE);
    }

    /** The first position with a larger phase than this, whose sign is flipped. */
    private int firstAfter(int flipped) {
        int from = 0;
        int to = phases.length;
        while (from < to) {
            int middle = from + to >>> 1;
            if ((phases[middle] ^ Integer.MIN_VALUE) <= flipped) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static long sortable(int phase, int targetId) {
        return (long) (phase ^ Integer.MIN_VALUE) << 32 | targetId;
    }

    private static int inverse(int odd) {
        int inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
