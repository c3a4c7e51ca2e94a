package io.pingagent.zabbix;

import java.util.Arrays;

/**
 * Round-trip times of one interval as counted steps of a logarithmic scale. Their quantiles come of it within 2 % while
 * the longest is at most 22,000 times the shortest. It is a window of an array of ints that somebody else keeps; nothing
 * is allocated.
 *
 * <pre>
 * [ bins and level ] [ code 12 bits | count 20 bits ] ... at most {@link #BINS}, sorted by code
 * </pre>
 *
 * <p>A step of the scale is 0.49 % wide, from 100 ns up to 52 s. If there are more different steps than places, all
 * steps are made twice as wide, up to three times: 3.92 %. A value is off by half of a step at most: 0.25 % for up to
 * {@link #BINS} samples, then 0.5, 1.0 and 1.98 %. {@link #BINS} of the widest steps span a factor of 22,800. This is the
 * uniform collapse of UDDSketch: Epicoco et al., "UDDSketch: Accurate Tracking of Quantiles in Data Streams", 2020.
 *
 * <p>Only more than {@link #BINS} different steps of 3.92 % need more, and then there is no bound. The
 * two lowest bins become one while they hold a quarter of the samples at most: no quantile above that is in them. This
 * is the collapse of DDSketch: Masson, Rim and Lee, "DDSketch", 2019, section 2.2. Otherwise the bin that costs least, by samples and distance, joins its neighbour.
 *
 * <p>A count stays at 1,048,575 when it is reached.
 */
final class RttSketch {

    static final int BINS = 256;
    /** Length of the window. */
    static final int INTS = 1 + BINS;

    private static final double STEP = 0.0049;
    private static final double LOWEST_NANOS = 100;

    private static final int COUNT_BITS = 20;
    private static final int MAX_COUNT = (1 << COUNT_BITS) - 1;
    private static final int MAX_CODE = 4_095;

    private static final int LEVEL_BITS = 2;
    private static final int LEVEL_MASK = (1 << LEVEL_BITS) - 1;
    private static final int LAST_LEVEL = 3;

    private RttSketch() {}

    static void clear(int[] ints, int at) {
        ints[at] = 0;
    }

    /**
     * Counts a round-trip time. As long as it takes to search 256 places, and to move them where a step is new.
     *
     * @param at where the window begins
     * @param rttNanos at least 0
     * @param received samples counted before this one
     */
    static void add(int[] ints, int at, long rttNanos, long received) {
        int exact = code(rttNanos);
        int level = ints[at] & LEVEL_MASK;
        int bins = ints[at] >>> LEVEL_BITS;
        int code = exact >>> level << level;
        int index = search(ints, at, bins, code);
        while (index < 0 && bins == BINS) {
            if (level < LAST_LEVEL) {
                level++;
                bins = widen(ints, at, bins, level);
            } else {
                bins = join(ints, at, bins, received);
            }
            code = exact >>> level << level;
            index = search(ints, at, bins, code);
        }
        if (index >= 0) {
            int bin = at + 1 + index;
            if (count(ints[bin]) < MAX_COUNT) {
                ints[bin]++;
            }
        } else {
            int bin = at + 1 + ~index;
            System.arraycopy(ints, bin, ints, bin + 1, bins - ~index);
            ints[bin] = code << COUNT_BITS | 1;
            bins++;
        }
        ints[at] = bins << LEVEL_BITS | level;
    }

    /**
     * The smallest sample that is not exceeded by a share of all: nearest rank. Of {@code n} samples in ascending order
     * it is that of number {@code ceil(share * n)}, counted from 1.
     *
     * @param percent above 0, at most 100
     * @return nanoseconds, or -1 without a sample
     */
    static long quantile(int[] ints, int at, int percent) {
        int level = ints[at] & LEVEL_MASK;
        int bins = ints[at] >>> LEVEL_BITS;
        long total = 0;
        for (int bin = at + 1; bin <= at + bins; bin++) {
            total += count(ints[bin]);
        }
        long rank = (total * percent + 99) / 100;
        for (int bin = at + 1; bin <= at + bins; bin++) {
            rank -= count(ints[bin]);
            if (rank <= 0) {
                return nanos(codeOf(ints[bin]), level);
            }
        }
        return -1;
    }

    private static int code(long rttNanos) {
        return rttNanos <= LOWEST_NANOS ? 0 : (int) Math.min(MAX_CODE, Math.log(rttNanos / LOWEST_NANOS) / STEP);
    }

    /** The middle of a step. */
    private static long nanos(int code, int level) {
        return Math.round(LOWEST_NANOS * Math.exp((code + (1 << level) / 2.0) * STEP));
    }

    private static int codeOf(int bin) {
        return bin >>> COUNT_BITS;
    }

    private static int count(int bin) {
        return bin & MAX_COUNT;
    }

    /** As {@link Arrays#binarySearch}: the index of a bin, or the complement of where it belongs. */
    private static int search(int[] ints, int at, int bins, int code) {
        int low = 0;
        int high = bins - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = codeOf(ints[at + 1 + middle]);
            if (found < code) {
                low = middle + 1;
            } else if (found > code) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return ~low;
    }

    /** Steps of twice the width. */
    private static int widen(int[] ints, int at, int bins, int level) {
        int kept = 0;
        for (int bin = at + 1; bin <= at + bins; bin++) {
            int code = codeOf(ints[bin]) >>> level << level;
            if (kept > 0 && codeOf(ints[at + kept]) == code) {
                ints[at + kept] = bin(code, count(ints[at + kept]) + count(ints[bin]));
            } else {
                kept++;
                ints[at + kept] = bin(code, count(ints[bin]));
            }
        }
        return kept;
    }

    private static int bin(int code, int count) {
        return code << COUNT_BITS | Math.min(MAX_COUNT, count);
    }

    /** Two bins become one, which stays where most of its samples are. */
    private static int join(int[] ints, int at, int bins, long received) {
        int first = at + 1;
        if ((count(ints[first]) + count(ints[first + 1])) * 4L > received) {
            long least = Long.MAX_VALUE;
            for (int bin = at + 1; bin < at + bins; bin++) {
                long cost = (long) Math.min(count(ints[bin]), count(ints[bin + 1]))
                        * (codeOf(ints[bin + 1]) - codeOf(ints[bin]));
                if (cost < least) {
                    least = cost;
                    first = bin;
                }
            }
        }
        int heavier = count(ints[first]) > count(ints[first + 1]) ? ints[first] : ints[first + 1];
        ints[first] = bin(codeOf(heavier), count(ints[first]) + count(ints[first + 1]));
        System.arraycopy(ints, first + 2, ints, first + 1, at + bins - first - 1);
        return bins - 1;
    }
}
