package io.pingagent.probe.stamp;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.PagedTable;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetWord;

/**
 * How much later than the stamp in the packet a probe was handed to the driver. This part of the measured time is not
 * the network's.
 *
 * <p>A probe with a transmit stamp of its own has its own delay. Any other has the median of the recent delays of its
 * kind. There are two kinds: the first probe after a rest takes two or three times as long as those behind it. Neither
 * code nor data of the kernel is in the caches then.
 *
 * <p>Each target's newest delay is kept in one int, and only where there are stamps of each probe:
 *
 * <pre>
 * low 8 bits of the sequence number (upper 8 bits) | 1 + (delay + shift) / 64 ns (lower 24 bits; 0: none)
 * </pre>
 *
 * <p>Allocates nothing but a page at the first stamp of one of its targets.
 */
@OwnedBy("ping-recv")
public final class TransmitDelays {

    /** A stamp in a batch's packet is predicted and may lie a little behind the transmission. */
    static final long MIN_NANOS = -5_000_000L;
    /** Longer ones are not believed. */
    static final long MAX_NANOS = 1_000_000_000L;
    /** A probe is the first after a rest if nothing was sent for so long, half of the sender's shortest nap. */
    public static final long RESTED_NANOS = 500_000L;
    /** With fewer recent delays their median is not used. */
    public static final int FEW = 8;

    private static final int WINDOW = 63;
    private static final int MAX_BATCHES = 1_024;

    private static final int UNIT_SHIFT = 6;
    private static final int UNIT_BITS = 24;
    private static final int UNIT_MASK = (1 << UNIT_BITS) - 1;

    private final TransmitStamping stamping;
    private final NanoClock clock;
    private final Recent v4Recent = new Recent();
    private final Recent v6Recent = new Recent();
    private final PagedTable<int[]> pages =
            new PagedTable<>(TargetTable.PAGE_SHIFT, () -> new int[TargetTable.PAGE_SIZE]);

    private Recent recent = v4Recent;
    private long readNanos;
    private boolean areAllStamped;

    /** Delays of one IP version, by kind. */
    private static final class Recent {

        final RunningMedian rested = new RunningMedian(WINDOW);
        final RunningMedian busy = new RunningMedian(WINDOW);

        RunningMedian of(int targetWord) {
            return TargetWord.isRested(targetWord) ? rested : busy;
        }

        /** 0 until there are enough of either kind. */
        long usualNanos(int targetWord) {
            RunningMedian own = of(targetWord);
            RunningMedian best = own.count() < FEW ? (own == busy ? rested : busy) : own;
            return best.count() < FEW ? 0 : best.median();
        }
    }

    public TransmitDelays(TransmitStamping stamping, NanoClock clock) {
        this.stamping = stamping;
        this.clock = clock;
    }

    /** Reads the stamps that wait at this socket; until the next call everything here is about its probes. */
    public void read(IcmpSocket socket, IcmpHandler handler) {
        recent = socket.isV6() ? v6Recent : v4Recent;
        int every = stamping.every();
        areAllStamped = every == 1;
        if (!areAllStamped && pages.limit() > 0) {
            pages.clear();
        }
        readNanos = clock.monotonicNanos();
        for (int i = 0; every > 0 && i < MAX_BATCHES; i++) {
            if (socket.receiveTransmitStamps(handler) == 0) {
                return;
            }
        }
    }

    /** A transmit stamp: that of the target's newest probe, or an old or wrong one. */
    public void add(int targetWord, int sequence, long delayNanos) {
        if (delayNanos < MIN_NANOS || delayNanos > MAX_NANOS) {
            return;
        }
        recent.of(targetWord).add((int) delayNanos);
        if (areAllStamped) {
            int targetId = TargetWord.targetId(targetWord);
            int units = (int) (delayNanos - MIN_NANOS >> UNIT_SHIFT) + 1;
            pages.make(targetId)[targetId & TargetTable.PAGE_MASK] = sequence << UNIT_BITS | units;
        }
    }

    /** The next probe of this id is another target's. */
    public void forget(int targetId) {
        int[] page = pages.find(targetId);
        if (page != null) {
            page[targetId & TargetTable.PAGE_MASK] = 0;
        }
    }

    /**
     * What to take off the time between the stamp in the packet and the arrival of its reply, in nanoseconds.
     *
     * @param arrivedMonotonicNanos when the reply came in; if that was since the last look for stamps, there is
     *     another. The stamp in the packet would not do: a sender that was paused between writing it and sending needs
     *     its own delay most
     * @param mostNanos a longer delay of its own is not believed
     */
    public long nanos(
            int targetWord,
            int sequence,
            long arrivedMonotonicNanos,
            long mostNanos,
            IcmpSocket socket,
            IcmpHandler handler) {
        if (!areAllStamped) {
            return usualNanos(targetWord);
        }
        int targetId = TargetWord.targetId(targetWord);
        int word = word(targetId);
        if (!isOf(word, sequence) && arrivedMonotonicNanos - readNanos > 0) {
            read(socket, handler);
            word = word(targetId);
        }
        return isOf(word, sequence) && delayNanos(word) <= mostNanos ? delayNanos(word) : usualNanos(targetWord);
    }

    /** The median of recent delays of this probe's kind, of the other kind if there are too few; 0 if of both. */
    public long usualNanos(int targetWord) {
        return recent.usualNanos(targetWord);
    }

    private static boolean isOf(int word, int sequence) {
        return (word & UNIT_MASK) != 0 && word >>> UNIT_BITS == (sequence & 0xff);
    }

    private static long delayNanos(int word) {
        // The middle of the 64 ns that the number stands for.
        return ((long) (word & UNIT_MASK) - 1 << UNIT_SHIFT) + (1 << UNIT_SHIFT - 1) + MIN_NANOS;
    }

    private int word(int targetId) {
        int[] page = pages.find(targetId);
        return page == null ? 0 : page[targetId & TargetTable.PAGE_MASK];
    }
}
