package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often which duration occurred, to within 6 %, from nothing to {@link #MAX_NANOS}; longer ones count as that.
 *
 * <p>Each power of two is cut into {@value #STEPS} steps, as in HdrHistogram. A reader that looks twice learns what
 * came in between with {@link Snapshot#since}.
 */
@OwnedBy("ping-send")
public final class DurationHistogram {

    private static final int STEP_BITS = 4;
    private static final int STEPS = 1 << STEP_BITS;
    /** About nine minutes. */
    public static final long MAX_NANOS = (1L << 39) - 1;

    private static final int BUCKETS = bucket(MAX_NANOS) + 1;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    /** @param nanos negative ones count as 0 */
    public void record(long nanos) {
        int bucket = bucket(Math.min(MAX_NANOS, Math.max(0, nanos)));
        counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
    }

    /** The counts as of now, give or take those being recorded. */
    @AnyThread
    public Snapshot snapshot() {
        long[] copy = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.getOpaque(i);
        }
        return new Snapshot(copy);
    }

    private static int bucket(long nanos) {
        if (nanos < STEPS) {
            return (int) nanos;
        }
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        int shift = power - STEP_BITS;
        return (shift + 1 << STEP_BITS) + (int) (nanos >>> shift) - STEPS;
    }

    /** The largest duration that falls into a bucket. */
    private static long upperNanos(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = (bucket >>> STEP_BITS) - 1;
        return ((long) (bucket & STEPS - 1) + STEPS + 1 << shift) - 1;
    }

    /** Counts at one moment, or between two. Immutable. */
    @AnyThread
    public static final class Snapshot {

        private final long[] counts;

        private Snapshot(long[] counts) {
            this.counts = counts;
        }

        /** What was recorded between an earlier snapshot of the same histogram and this one. */
        public Snapshot since(Snapshot earlier) {
            long[] difference = counts.clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= earlier.counts[i];
            }
            return new Snapshot(difference);
        }

        /** How many durations. */
        public long count() {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            return sum;
        }

        /**
         * The duration that this share of all does not exceed, 0 if there are none.
         *
         * @param quantile 0 to 1; 1 is the longest
         */
        public long quantileNanos(double quantile) {
            long wanted = Math.max(1, (long) Math.ceil(quantile * count()));
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (seen >= wanted) {
                    return upperNanos(i);
                }
            }
            return 0;
        }
    }
}
