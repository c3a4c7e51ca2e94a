package io.pingagent.probe.validity;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpSocket;
import java.util.Arrays;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many replies one socket may have lost for want of buffer space, and of probes sent until when.
 *
 * <p>The kernel says how many packets it dropped, not which. They are like those that were read. If A of the R packets
 * read in the last seconds were replies, so were D x A / R of D dropped ones. Each is a credit that invalidates one
 * unanswered probe, if that was sent before the drops were seen. Chance varies, so there are twice as many credits, but
 * never more than packets dropped, nor more than probes open.
 *
 * <p>Of an IPv6 socket the kernel's count also grows by packets with a wrong checksum, which anybody may send. There,
 * drops are believed only if so much was waiting that the buffer may have been full.
 */
@OwnedBy("ping-recv")
public final class DropCredit {

    /**
     * Most buffer space that a reply may have taken, eight times as much as on loopback. Some network cards lend a
     * whole page to each packet.
     */
    private static final long MOST_BYTES_PER_PACKET = 6_656;

    private static final double MARGIN = 2;

    private static final int SLOTS = 64;
    private static final IcmpSocket[] NONE = {};

    /** What was read counts half as much after this time. */
    private static final long HALVING_NANOS = 1_000_000_000L;

    private final @Nullable IcmpSocket socket;
    private final Supplier<IcmpSocket[]> more;
    private long dropsSeen;
    /** Read since the last look. */
    private long packets;

    private long replies;
    /** The same of the last seconds. */
    private double recentPackets;

    private double recentReplies;
    private long halvedNanos;

    /** A ring: when drops were seen, and what is left of their credit. */
    private final long[] seenNanos = new long[SLOTS];

    private final long[] credits = new long[SLOTS];
    private int newest;
    private long newestSinceNanos;
    /** What the whole credits granted are ahead of the proportion, negative. */
    private double fraction;

    public DropCredit(@Nullable IcmpSocket socket, long nowNanos) {
        this(socket, () -> NONE, nowNanos);
    }

    /** @param more sockets of the same IP version that may come and go; all count as one */
    public DropCredit(@Nullable IcmpSocket socket, Supplier<IcmpSocket[]> more, long nowNanos) {
        this.socket = socket;
        this.more = more;
        this.dropsSeen = socket == null ? 0 : socket.kernelDrops();
        this.halvedNanos = nowNanos;
        Arrays.fill(seenNanos, nowNanos - Long.MAX_VALUE / 2);
        newestSinceNanos = seenNanos[0];
    }

    public void received(int newPackets) {
        packets += newPackets;
    }

    public void replied() {
        replies++;
    }

    /**
     * Looks for drops.
     *
     * @param openProbes how many wait for their reply, those of the other family included. It is asked after the drops
     *     were read, so that the probe of each dropped reply is among them
     * @param longestTimeoutNanos after which a credit is of use to nobody
     */
    public void look(NanoClock clock, IntSupplier openProbes, long longestTimeoutNanos) {
        if (socket == null) {
            return;
        }
        long drops = drops(socket);
        // Now and not before: probes sent until here may have been hit.
        long nowNanos = clock.monotonicNanos();
        recentPackets += packets;
        recentReplies += Math.min(packets, replies);
        if (drops != dropsSeen) {
            // Fewer when a socket was closed.
            long dropped = drops - dropsSeen;
            dropsSeen = drops;
            if (dropped > 0 && (!socket.isV6() || packets * MOST_BYTES_PER_PACKET >= socket.receiveBufferBytes())) {
                grant(dropped, openProbes.getAsInt(), nowNanos, longestTimeoutNanos);
            }
        }
        packets = 0;
        replies = 0;
        if (nowNanos - halvedNanos >= HALVING_NANOS) {
            halvedNanos = nowNanos;
            recentPackets /= 2;
            recentReplies /= 2;
        }
    }

    private long drops(IcmpSocket main) {
        main.refreshKernelDrops();
        long drops = main.kernelDrops();
        for (IcmpSocket one : more.get()) {
            one.refreshKernelDrops();
            drops += one.kernelDrops();
        }
        return drops;
    }

    private void grant(long dropped, int open, long nowNanos, long longestTimeoutNanos) {
        double share = recentPackets < 1 ? 1 : recentReplies / recentPackets;
        fraction += Math.min((double) Math.min(dropped, open), dropped * share * MARGIN);
        // Rounded up, for the only drop of a day may have been a reply; what is ahead of the proportion comes off
        // later.
        long whole = (long) Math.ceil(fraction);
        fraction -= whole;
        if (nowNanos - newestSinceNanos > longestTimeoutNanos / (SLOTS / 2)) {
            newest = (newest + 1) % SLOTS;
            newestSinceNanos = nowNanos;
            credits[newest] = 0;
        }
        credits[newest] = Math.min(open, credits[newest] + whole);
        seenNanos[newest] = nowNanos;
    }

    /** Uses up the oldest credit that is good for a probe sent then. Returns false if there is none. */
    public boolean use(long sentNanos) {
        if (seenNanos[newest] - sentNanos < 0) {
            return false;
        }
        for (int i = 1; i <= SLOTS; i++) {
            int slot = (newest + i) % SLOTS;
            if (credits[slot] > 0 && seenNanos[slot] - sentNanos >= 0) {
                credits[slot]--;
                return true;
            }
        }
        return false;
    }
}
