package io.pingagent.probe.round;

import java.util.Arrays;

/**
 * The order of a job's probes within a round. Immutable; built on the registry's thread, used by {@code ping-send}.
 *
 * <p>Each target has a slot number in its job, kept for as long as it stays in the job. The slot's multiple of the golden
 * ratio, modulo 1, is the fraction of the round at which the target is probed: however many slots are taken, the fractions
 * lie evenly (Knuth, The Art of Computer Programming 6.4, theorem S), and a target that comes or goes moves no other.
 *
 * <p>Each job turns its fractions by an amount of its own. Otherwise all jobs of one cadence would probe their first target
 * in the same instant: a burst if there are a thousand small jobs, and more probes in flight to an address that all of
 * them name than the receiver remembers of a target.
 */
public final class JobPlan {

    /** 2^32 divided by the golden ratio, odd, so that slot and fraction determine each other. */
    private static final int GOLDEN = 0x9e3779b9;

    private static final int GOLDEN_INVERSE = inverse(GOLDEN);

    /** 2^32 times the fraction of the square root of 2: jobs lie evenly too, and not where slots do. */
    private static final int JOB_TURN = 0x6a09e667;

    /** Fraction of slot 0. */
    private final int turn;

    private final int[] targetIds;
    /** Ascending as unsigned numbers, in units of 2^-32 of the round. */
    private final int[] fractions;

    private JobPlan(int turn, int[] targetIds, int[] fractions) {
        this.turn = turn;
        this.targetIds = targetIds;
        this.fractions = fractions;
    }

    public static JobPlan empty() {
        return empty(0);
    }

    /** Without targets, from which {@link #with} makes the plans of this job. */
    public static JobPlan empty(int jobId) {
        return new JobPlan(jobId * JOB_TURN, new int[0], new int[0]);
    }

    /** Evenly in the order given, as a person who typed the addresses expects. */
    public static JobPlan inOrder(int[] targetIds) {
        int[] fractions = new int[targetIds.length];
        for (int i = 0; i < fractions.length; i++) {
            fractions[i] = (int) (((long) i << 32) / targetIds.length);
        }
        return new JobPlan(0, targetIds.clone(), fractions);
    }

    /**
     * A plan for {@code wanted} (any order, no repetitions) in which the targets of this plan keep their fractions. Of the
     * others the one with the smaller id comes first: what the engine knows of neighbours in time then lies side by side in
     * memory, and a million targets cost a fraction of the cache misses.
     */
    public JobPlan with(int[] wanted) {
        int[] wantedSorted = wanted.clone();
        Arrays.sort(wantedSorted);
        if (targetIds.length == 0) {
            // What follows would come to the same, but for a million targets it takes another 20 MB for a moment.
            return new JobPlan(turn, wantedSorted, firstFractions(wantedSorted.length));
        }
        boolean[] placed = new boolean[wantedSorted.length];
        boolean[] slotTaken = new boolean[wantedSorted.length];
        long[] fractionAndId = new long[wantedSorted.length];
        int count = 0;
        for (int i = 0; i < targetIds.length; i++) {
            int at = Arrays.binarySearch(wantedSorted, targetIds[i]);
            if (at >= 0) {
                placed[at] = true;
                int slot = (fractions[i] - turn) * GOLDEN_INVERSE;
                if (slot >= 0 && slot < slotTaken.length) {
                    slotTaken[slot] = true;
                }
                fractionAndId[count++] = sortable(fractions[i], targetIds[i]);
            }
        }
        int[] freshFractions = lowestFreeFractions(slotTaken, wantedSorted.length - count);
        for (int i = 0, fresh = 0; i < wantedSorted.length; i++) {
            if (!placed[i]) {
                fractionAndId[count++] = sortable(freshFractions[fresh++] ^ Integer.MIN_VALUE, wantedSorted[i]);
            }
        }
        Arrays.sort(fractionAndId);
        int[] ids = new int[count];
        int[] sortedFractions = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) fractionAndId[i];
            sortedFractions[i] = (int) (fractionAndId[i] >>> 32) ^ Integer.MIN_VALUE;
        }
        return new JobPlan(turn, ids, sortedFractions);
    }

    private int[] firstFractions(int count) {
        int[] fractions = lowestFreeFractions(new boolean[count], count);
        for (int i = 0; i < count; i++) {
            fractions[i] ^= Integer.MIN_VALUE;
        }
        return fractions;
    }

    /** Fractions of the lowest free slots, in the order of time, with the sign flipped. */
    private int[] lowestFreeFractions(boolean[] slotTaken, int count) {
        int[] fractions = new int[count];
        int slot = 0;
        for (int i = 0; i < count; i++) {
            while (slotTaken[slot]) {
                slot++;
            }
            fractions[i] = slot++ * GOLDEN + turn ^ Integer.MIN_VALUE;
        }
        Arrays.sort(fractions);
        return fractions;
    }

    public int size() {
        return targetIds.length;
    }

    public int targetId(int position) {
        return targetIds[position];
    }

    /** When the probe at this position is due, in nanoseconds after the start of a round that lasts {@code spreadNanos}. */
    public long offsetNanos(int position, long spreadNanos) {
        return Math.multiplyHigh((fractions[position] & 0xffff_ffffL) << 31, spreadNanos << 1);
    }

    /** The first position whose probe is not yet due so long after the start of a round that lasts {@code spreadNanos}. */
    int positionFrom(long elapsedNanos, long spreadNanos) {
        int from = 0;
        int to = fractions.length;
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
        int i = firstAfter(other.fractions[position] ^ Integer.MIN_VALUE) - 1;
        return i >= 0 && fractions[i] == other.fractions[position] && targetIds[i] == other.targetIds[position];
    }

    /** Where to go on after {@code position} probes of {@code other}: the first with a larger fraction than the last of them. */
    int positionAfter(JobPlan other, int position) {
        if (position == 0) {
            return 0;
        }
        return firstAfter(other.fractions[position - 1] ^ Integer.MIN_VALUE);
    }

    /** The first position with a larger fraction than this, whose sign is flipped. */
    private int firstAfter(int flipped) {
        int from = 0;
        int to = fractions.length;
        while (from < to) {
            int middle = from + to >>> 1;
            if ((fractions[middle] ^ Integer.MIN_VALUE) <= flipped) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static long sortable(int fraction, int targetId) {
        return (long) (fraction ^ Integer.MIN_VALUE) << 32 | targetId;
    }

    private static int inverse(int odd) {
        int inverse = odd;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
