package io.pingagent.zabbix;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.PagedTable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What only some items need of each watched target, beside the sums of {@link ValueCollector} and by its places, two
 * sets each. Columns exist only for items that are sent. The collector calls it where it writes and reads its own sums,
 * so the turns of its counter order these, too.
 *
 * <p>A target takes 2,056 bytes for quantiles, 32 for the standard deviation and 2 for the hop limit.
 */
final class OptionalSums {

    /** The first sample of an interval, and the sum of the squares of the differences to it. */
    private static final int SHIFT = 0;

    private static final int SQUARES = 1;
    private static final int DEVIATION_DOUBLES = 2;

    private static final byte NO_HOP_LIMIT = 0;
    private static final int BYTE_MASK = 0xFF;

    /** By twice the place, plus the set. A column that nobody wants has no length. */
    private static final class Page {
        final int[] sketches;
        final double[] deviations;
        final byte[] hopLimits;

        Page(int sketches, int deviations, int hopLimits) {
            this.sketches = new int[sketches * RttSketch.INTS];
            this.deviations = new double[deviations * DEVIATION_DOUBLES];
            this.hopLimits = new byte[hopLimits];
        }
    }

    private final Set<AddressItem> items;
    private final boolean hasQuantiles;
    private final boolean hasDeviation;
    private final boolean hasHopLimit;
    private final int placeMask;
    private final PagedTable<Page> pages;

    private OptionalSums(Set<AddressItem> items, int pageBits) {
        this.items = items;
        this.hasQuantiles = items.stream().anyMatch(item -> item.percent() > 0);
        this.hasDeviation = items.contains(AddressItem.RTT_STDDEV);
        this.hasHopLimit = items.contains(AddressItem.TTL);
        this.placeMask = (1 << pageBits) - 1;
        int sets = 2 << pageBits;
        this.pages = new PagedTable<>(
                pageBits, () -> new Page(hasQuantiles ? sets : 0, hasDeviation ? sets : 0, hasHopLimit ? sets : 0));
    }

    /** Null if none of the items needs it. */
    static @Nullable OptionalSums of(Set<AddressItem> items, int pageBits) {
        OptionalSums sums = new OptionalSums(items, pageBits);
        return sums.hasQuantiles || sums.hasDeviation || sums.hasHopLimit ? sums : null;
    }

    /**
     * Counts a reply.
     *
     * @param set 0 or 1
     * @param received replies of the interval before this one
     * @param hopLimit of the reply, -1 if unknown
     */
    @OwnedBy("ping-recv")
    void replied(int place, int set, long rttNanos, long received, int hopLimit) {
        Page page = pages.get(place);
        int index = index(place, set);
        if (hasQuantiles) {
            RttSketch.add(page.sketches, index * RttSketch.INTS, rttNanos, received);
        }
        if (hasDeviation) {
            int at = index * DEVIATION_DOUBLES;
            if (received == 0) {
                page.deviations[at + SHIFT] = rttNanos;
            }
            double difference = rttNanos - page.deviations[at + SHIFT];
            page.deviations[at + SQUARES] += difference * difference;
        }
        if (hasHopLimit && hopLimit >= 0) {
            page.hopLimits[index] = (byte) hopLimit;
        }
    }

    /** Makes room for the place, and empties it. */
    @OwnedBy("ping-zabbix")
    void watch(int place) {
        Page page = pages.make(place);
        clear(page, index(place, 0));
        clear(page, index(place, 1));
    }

    /** Takes what the set has, and empties it. */
    @OwnedBy("ping-zabbix")
    void take(int place, int set, IntervalRow row) {
        Page page = pages.get(place);
        int index = index(place, set);
        row.forgetOptional();
        if (row.received > 0) {
            for (AddressItem item : items) {
                if (item.percent() > 0) {
                    row.quantile(item, RttSketch.quantile(page.sketches, index * RttSketch.INTS, item.percent()));
                }
            }
            if (hasDeviation) {
                row.stddevNanos = deviation(page, index, row);
            }
            if (hasHopLimit && page.hopLimits[index] != NO_HOP_LIMIT) {
                row.hopLimit = page.hopLimits[index] & BYTE_MASK;
            }
        }
        clear(page, index);
    }

    /**
     * Population standard deviation by sums of differences to a sample: Chan, Golub and LeVeque, "Algorithms for
     * Computing the Sample Variance", 1983. The sample is one of the interval itself. So the squares are at most
     * {@code n} times what is left after the subtraction, which costs 6 of 16 digits for 600,000 samples.
     */
    private static long deviation(Page page, int index, IntervalRow row) {
        int at = index * DEVIATION_DOUBLES;
        double sum = row.rttSumNanos - row.received * page.deviations[at + SHIFT];
        double squares = page.deviations[at + SQUARES] - sum * sum / row.received;
        return Math.round(Math.sqrt(Math.max(0, squares) / row.received));
    }

    private void clear(Page page, int index) {
        if (hasQuantiles) {
            RttSketch.clear(page.sketches, index * RttSketch.INTS);
        }
        if (hasDeviation) {
            page.deviations[index * DEVIATION_DOUBLES + SQUARES] = 0;
        }
        if (hasHopLimit) {
            page.hopLimits[index] = NO_HOP_LIMIT;
        }
    }

    private int index(int place, int set) {
        return 2 * (place & placeMask) + set;
    }
}
