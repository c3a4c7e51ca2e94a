package io.pingagent.icmp;

import org.jspecify.annotations.Nullable;

/**
 * Echo requests of one IP version and what comes back, by raw sockets.
 *
 * <p>Threads: the send side belongs to one thread ({@code ping-send}), the receive side to one other
 * ({@code ping-recv}); each side has its own memory, so neither waits for the other. Nothing here allocates once the
 * socket is open.
 *
 * <p>{@link #close()} is for after both threads have ended: it frees the descriptor number, which the kernel may give to
 * somebody else at once. A second close does nothing. A call that merely comes after close does no harm either: sending
 * returns EBADF and {@link #receive} returns 0.
 */
public interface IcmpSocket extends AutoCloseable {

    boolean isV6();

    /**
     * Encodes and sends one echo request without waiting. Thread {@code ping-send}.
     *
     * @param high upper 64 bits of the IPv6 destination, 0 for IPv4
     * @param low lower 64 bits of the IPv6 destination, or the 32 bits of an IPv4 one
     * @param scopeId present interface index of a link-local IPv6 destination, see {@link #interfaceIndex}, else 0
     * @param targetId 0 or more
     * @param sequence all 32 bits travel in the payload, the low 16 also in the ICMP header
     * @param wallNanos Unix time of sending in nanoseconds, the first payload bytes
     * @param stamp 64 bits that come back as they are, for the caller's own use
     * @param isSilent whether the address is not known to answer: such packets, which the kernel may hold for seconds, have
     *     sockets of their own
     * @return 0 when sent; {@link SendErrors#EAGAIN} when the kernel holds so many packets of this group that no socket has
     *     room; {@link SendErrors#ENOBUFS} when a queue on the way to this address is full, of which others need know
     *     nothing; else the positive errno (EPERM, ENETUNREACH, EMSGSIZE…), see {@link SendErrors}
     */
    int sendEcho(
            long high, long low, int scopeId, int targetId, int sequence, long wallNanos, long stamp, boolean isSilent);

    /** The same to an address that is known to answer. */
    default int sendEcho(long high, long low, int scopeId, int targetId, int sequence, long wallNanos, long stamp) {
        return sendEcho(high, low, scopeId, targetId, sequence, wallNanos, stamp, false);
    }

    /**
     * Puts one echo request, to an address that is known to answer, into the send batch. Thread {@code ping-send};
     * parameters as for {@link #sendEcho}.
     *
     * @return false when the batch is full and the request was not taken: {@link #flush} first
     */
    boolean queueEcho(long high, long low, int scopeId, int targetId, int sequence, long wallNanos, long stamp);

    /**
     * Sends what is queued, with as few system calls as possible, and empties the batch. Thread {@code ping-send}.
     *
     * @param failures told of each packet that the kernel refused; the rest is sent all the same
     * @return how many were sent
     */
    int flush(SendFailures failures);

    /**
     * Sends with another ICMP identifier from now on; replies to the one used until now stay accepted, those to
     * identifiers before it no longer are. What is queued already goes out with the one it was queued under. Thread
     * {@code ping-send}.
     *
     * @param newIdentifier 1 to 65,535
     */
    void changeIdentifier(int newIdentifier);

    /**
     * The index that an interface has now, where this socket sends: it has another one when it is made again. Some
     * microseconds. For IPv6 sockets only. Thread {@code ping-send}.
     *
     * @param name an interface's name, or its index in decimal, which counts if no interface has that name
     * @return 1 or more, -1 if there is no such interface
     */
    default int interfaceIndex(String name) {
        return -1;
    }

    /**
     * Binds again to the interface and the source address of the options: the kernel knows both by an interface index, which
     * ends with the interface. Some microseconds, throws nothing. Thread {@code ping-send}, every few seconds and after an
     * errno of which {@link SendErrors#mayBeInterface} is true.
     */
    default void refreshBinding() {}

    /**
     * Why nothing can be sent as the options ask for, like {@code probe.interface 'ppp0': there is no such interface}; null
     * while all is well. As of the last {@link #refreshBinding}. Any thread.
     */
    default @Nullable String bindingProblem() {
        return null;
    }

    /**
     * From now on the kernel is asked when it transmits a packet: one in so many, whether sent singly or in a batch. Does
     * nothing where {@link #canStampTransmits} is false. Thread {@code ping-send}.
     *
     * @param every 0 for none, 1 for each
     */
    void transmitStamps(int every);

    /**
     * The kernel is asked about the next request, sent singly or put into the batch, when it enters the queue of its device
     * and when it leaves it. Does nothing where {@link #canStampTransmits} is false. Thread {@code ping-send}.
     */
    default void stampQueueing() {}

    /** False once kernel or sandbox have refused to stamp packets as they are transmitted. Any thread. */
    boolean canStampTransmits();

    /**
     * Hands over stamps of packets transmitted, at most one batch, without waiting. They take room in the receive buffer, so
     * they must be read as long as {@link #transmitStamps} asks for them, and once more after that. Thread
     * {@code ping-recv}.
     *
     * @return number of stamps read, unusable ones included; 0 when there was nothing
     * @throws IcmpSocketException when the descriptor itself no longer works
     */
    int receiveTransmitStamps(IcmpHandler handler);

    /**
     * Hands over what has arrived, at most one batch, without waiting. Thread {@code ping-recv}.
     *
     * @return number of packets read, refused ones included; 0 when there was nothing
     * @throws IcmpSocketException when the descriptor itself no longer works; never because of a packet
     */
    int receive(IcmpHandler handler);

    /** The receive buffer that the kernel granted, in bytes as read back. Any thread. */
    int receiveBufferBytes();

    /**
     * Packets that the kernel dropped for want of buffer space, and ICMPv6 packets with a wrong checksum; 0 where it does not
     * tell. Learnt with the next packet received or by {@link #refreshKernelDrops}. Not each of them need be a reply (on
     * loopback the requests come by as well): an alarm rather than a number. Any thread.
     */
    long kernelDrops();

    /** Brings {@link #kernelDrops} up to date, also when nothing comes in any more. Thread {@code ping-recv}. */
    void refreshKernelDrops();

    @Override
    void close();
}
