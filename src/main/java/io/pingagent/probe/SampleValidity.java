package io.pingagent.probe;

import io.pingagent.icmp.IcmpSocket;
import io.pingagent.probe.TargetTable.Page;
import org.jspecify.annotations.Nullable;

/**
 * Tells losses from replies that this machine may have lost itself. Owned by {@code ping-recv}.
 *
 * <p>An unanswered probe is in doubt if, between its sending and the verdict, the kernel dropped packets of its socket, or
 * this process stood still. A pause alone loses nothing, because replies wait in the socket with the kernel's stamps; but
 * where a whole virtual machine stood still they may have been lost before they came so far.
 *
 * <p>Of an IPv6 socket the kernel's count also grows by packets with a wrong checksum, which anybody may send. There, drops
 * are believed only if so much was waiting that the buffer may have been full.
 *
 * <p>Drops that never end must not hide an outage for ever: after {@value #MOST_IN_A_ROW} probes in a row that were excused
 * for them, and as many seconds of silence, further ones count as lost. Up to then the chance that a live address is unlucky
 * every time is one in a million even if the buffer swallows four replies of ten.
 */
final class SampleValidity {

    /** Four bits of a target's flags. */
    static final int MOST_IN_A_ROW = 15;

    /** Pauses longer than this are stalls. */
    static final long STALL_NANOS = 1_000_000_000L;

    /** How exactly the time of a drop is known, at about 1 µs a look. */
    private static final long LOOK_INTERVAL_NANOS = 10_000_000L;

    private static final long SHORTEST_SILENCE_NANOS = MOST_IN_A_ROW * 1_000_000_000L;

    /** After a longer pause the events of sending may push out probes whose replies are about to be read. */
    private static final long HELD_UP_NANOS = 100_000_000L;

    /**
     * Most buffer space that a reply may have taken, eight times as much as on loopback: there are network cards that lend a
     * whole page to each packet.
     */
    private static final long MOST_BYTES_PER_PACKET = 6_656;

    private static final int IN_A_ROW_SHIFT = 4;
    private static final int IN_A_ROW_MASK = MOST_IN_A_ROW << IN_A_ROW_SHIFT;

    private final NanoClock clock;
    private final Doubt v4;
    private final Doubt v6;
    private long lastLookNanos;
    private long nowNanos;
    private long pauseNanos;
    private long stallEndNanos;

    SampleValidity(@Nullable IcmpSocket v4, @Nullable IcmpSocket v6, NanoClock clock) {
        this.clock = clock;
        nowNanos = clock.monotonicNanos();
        stallEndNanos = nowNanos - Long.MAX_VALUE / 2;
        this.v4 = new Doubt(v4, nowNanos);
        this.v6 = new Doubt(v6, nowNanos);
        lastLookNanos = nowNanos;
    }

    /** A cycle begins. Returns whether the process stood still before. */
    boolean cycleBegins(long newNowNanos, long newPauseNanos) {
        nowNanos = newNowNanos;
        pauseNanos = newPauseNanos;
        boolean hasStalled = pauseNanos > STALL_NANOS;
        if (hasStalled) {
            stallEndNanos = nowNanos;
        }
        return hasStalled;
    }

    /** Looks for drops; to be called after the sockets were read and before anything is declared lost. */
    void look(boolean isVerdictDue) {
        if (isVerdictDue || nowNanos - lastLookNanos >= LOOK_INTERVAL_NANOS) {
            lastLookNanos = nowNanos;
            v4.look(clock);
            v6.look(clock);
        }
    }

    /** Whether a reply without the kernel's stamp may have arrived in time and waited for this process. */
    boolean mayHaveWaited(long rttNanos, long timeoutNanos) {
        return rttNanos - pauseNanos <= timeoutNanos;
    }

    /**
     * Whether an unanswered probe does not count.
     *
     * @param sentNanos when it was sent, or earlier
     */
    boolean excuses(Page page, int index, long sentNanos) {
        Doubt doubt = TargetTable.isV6(page, index) ? v6 : v4;
        return stallEndNanos - sentNanos > 0 || doubt.untilNanos - sentNanos >= 0 && excuseForDrops(page, index);
    }

    /** The same for a probe that is forgotten before its time because so many came after it. */
    boolean excusesForgotten(Page page, int index, long sentNanos) {
        return pauseNanos > HELD_UP_NANOS || excuses(page, index, sentNanos);
    }

    /** Packets that a cycle has read. */
    void received(int v4Packets, int v6Packets) {
        v4.packets += v4Packets;
        v6.packets += v6Packets;
    }

    private boolean excuseForDrops(Page page, int index) {
        int inARow = excusedInARow(page, index);
        if (inARow == MOST_IN_A_ROW) {
            return TargetTable.silentNanos(page, index, nowNanos) < SHORTEST_SILENCE_NANOS;
        }
        TargetTable.clear(page, index, (byte) IN_A_ROW_MASK);
        TargetTable.set(page, index, (byte) (inARow + 1 << IN_A_ROW_SHIFT));
        return true;
    }

    /** The target has answered. */
    static void answered(Page page, int index) {
        if ((page.flags[index] & IN_A_ROW_MASK) != 0) {
            TargetTable.clear(page, index, (byte) IN_A_ROW_MASK);
        }
    }

    /** Probes excused for drops since the last reply, up to {@link #MOST_IN_A_ROW}. */
    static int excusedInARow(Page page, int index) {
        return (page.flags[index] & IN_A_ROW_MASK) >> IN_A_ROW_SHIFT;
    }

    /** What is known of one socket. */
    private static final class Doubt {

        private final @Nullable IcmpSocket socket;
        private long dropsSeen;
        /** Read since the last look. */
        private long packets;
        /** Replies to probes sent until then may have been lost here. */
        private long untilNanos;

        Doubt(@Nullable IcmpSocket socket, long nowNanos) {
            this.socket = socket;
            this.dropsSeen = socket == null ? 0 : socket.kernelDrops();
            this.untilNanos = nowNanos - Long.MAX_VALUE / 2;
        }

        void look(NanoClock clock) {
            if (socket == null) {
                return;
            }
            socket.refreshKernelDrops();
            long drops = socket.kernelDrops();
            if (drops != dropsSeen) {
                dropsSeen = drops;
                if (!socket.isV6() || packets * MOST_BYTES_PER_PACKET >= socket.receiveBufferBytes()) {
                    untilNanos = clock.monotonicNanos();
                }
            }
            packets = 0;
        }
    }
}
