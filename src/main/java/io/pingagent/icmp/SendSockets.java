package io.pingagent.icmp;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.sys.Errno;
import io.pingagent.sys.OutgoingMessages;
import io.pingagent.sys.RawSocket;
import java.util.Arrays;

/**
 * Send-only sockets of one family and one group of addresses.
 *
 * <p>The kernel counts a packet against its socket until the packet has left the machine. That takes 3 s for a
 * neighbour that does not resolve, and on a slow interface as long as its queue. A socket is full with about 500 such
 * packets, and refuses every other packet as well, wherever that goes. So there are several sockets, opened as they are
 * needed: while one is full the next one sends. Addresses that are silent have a group of their own, so the packets the
 * kernel holds for them never fill the sockets of the others.
 */
@OwnedBy("ping-send")
final class SendSockets implements AutoCloseable {

    /** About 8,000 packets to neighbours that do not resolve, with the smallest usual send buffer. */
    static final int MAX_SOCKETS = 16;

    /** After a refusal to open one more socket. */
    private static final long REOPEN_INTERVAL_NANOS = 1_000_000_000L;

    /** Opens one more socket. */
    @FunctionalInterface
    interface Opener {
        /** @throws IcmpSocketException if the kernel refuses */
        RawSocket open();
    }

    private final Opener opener;
    /** Whether ENOBUFS says "the socket is full" as well as "a queue on the way out is full". */
    private final boolean isFullnessAmbiguous;

    /** Replaced, never changed: {@code ping-recv} reads stamps from all of them. */
    private volatile RawSocket[] sockets;

    private int current;
    private long openRefusedNanos;
    private boolean wasOpenRefused;
    /** Written by the thread that closes, when {@code ping-send} has ended. */
    private volatile boolean closed;

    /**
     * @param first open and ready
     * @param isFullnessAmbiguous true for all but sockets that take whole IPv4 packets, which say EAGAIN when they are
     *     full
     */
    SendSockets(RawSocket first, Opener opener, boolean isFullnessAmbiguous) {
        this.sockets = new RawSocket[] {first};
        this.opener = opener;
        this.isFullnessAmbiguous = isFullnessAmbiguous;
    }

    /**
     * Sends one packet: 0, EAGAIN when all sockets are full, ENOBUFS when a queue on the way out is full, or another
     * errno.
     */
    int send(OutgoingMessages messages, int index) {
        int errno = sockets[current].send(messages, index);
        return isFull(errno) ? sendByAnother(messages, index, errno) : errno;
    }

    /**
     * Sends a run of packets: how many were taken, or the negative errno of the first, as
     * {@link #send(OutgoingMessages, int)}.
     */
    int send(OutgoingMessages messages, int from, int to) {
        int result = sockets[current].send(messages, from, to);
        if (result > 0 || !isFull(-result)) {
            return result;
        }
        int errno = sendByAnother(messages, from, -result);
        return errno == 0 ? 1 : -errno;
    }

    private int sendByAnother(OutgoingMessages messages, int index, int firstErrno) {
        int errno = firstErrno;
        for (int tried = 1; tried < MAX_SOCKETS; tried++) {
            if (tried >= sockets.length && !openOneMore()) {
                break;
            }
            current = (current + 1) % sockets.length;
            errno = sockets[current].send(messages, index);
            if (!isFull(errno)) {
                return errno;
            }
        }
        return errno == Errno.ENOBUFS ? Errno.EAGAIN : errno;
    }

    private boolean isFull(int errno) {
        if (errno == Errno.EAGAIN) {
            return true;
        }
        if (errno != Errno.ENOBUFS || !isFullnessAmbiguous) {
            return false;
        }
        // ip_append_data takes packets up to twice the size of the buffer.
        RawSocket socket = sockets[current];
        return socket.sendBytesHeld() > 2L * socket.sendBufferBytes() / 8 * 7;
    }

    /** Makes {@link #current} the socket before the new one, so that the new one is next. */
    private boolean openOneMore() {
        long nowNanos = System.nanoTime();
        if (closed || wasOpenRefused && nowNanos - openRefusedNanos < REOPEN_INTERVAL_NANOS) {
            return false;
        }
        try {
            RawSocket[] more = Arrays.copyOf(sockets, sockets.length + 1);
            more[sockets.length] = opener.open();
            current = sockets.length - 1;
            sockets = more;
            wasOpenRefused = false;
            return true;
        } catch (IcmpSocketException e) {
            wasOpenRefused = true;
            openRefusedNanos = nowNanos;
            return false;
        }
    }

    /** All that are open. */
    @AnyThread
    RawSocket[] open() {
        return sockets;
    }

    @Override
    @OwnedBy("caller")
    public void close() {
        closed = true;
        for (RawSocket socket : sockets) {
            socket.close();
        }
    }
}
