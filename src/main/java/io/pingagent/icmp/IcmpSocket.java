package io.pingagent.icmp;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import org.jspecify.annotations.Nullable;

/**
 * Echo requests of one IP version and what comes back, by raw sockets.
 *
 * <p>Sending and receiving belong to two threads. Each side has its own memory, so neither waits for the other. Nothing
 * here allocates once the socket is open.
 *
 * <p>{@link #close()} is for after both threads have ended: it frees the descriptor number, which the kernel may give
 * to somebody else at once. A second close does nothing. A call that merely comes after close does no harm either:
 * sending returns EBADF and {@link #receive} returns 0.
 */
public interface IcmpSocket extends AutoCloseable {

    @AnyThread
    boolean isV6();

    /**
     * Encodes and sends one echo request without waiting.
     *
     * @param high upper 64 bits of the IPv6 destination, 0 for IPv4
     * @param low lower 64 bits of the IPv6 destination, or the 32 bits of an IPv4 one
     * @param scopeId present interface index of a link-local IPv6 destination, see {@link #interfaceIndex}, else 0
     * @param cookie 0 or more; comes back as it is, for the caller's own use
     * @param sequence all 32 bits travel in the payload, the low 16 also in the ICMP header
     * @param wallNanos Unix time of sending in nanoseconds, the first payload bytes
     * @param stamp 64 bits that come back as they are, for the caller's own use
     * @param isSilent whether the address is not known to answer: such packets, which the kernel may hold for seconds,
     *     have sockets of their own
     * @return 0 when sent, else a positive errno (EPERM, ENETUNREACH, EMSGSIZE…), see {@link SendErrors}.
     *     {@link SendErrors#EAGAIN}: the kernel holds so many packets of this group that no socket has room.
     *     {@link SendErrors#ENOBUFS}: a queue on the way to this address is full, which does not concern others
     */
    @OwnedBy("ping-send")
    int sendEcho(
            long high, long low, int scopeId, int cookie, int sequence, long wallNanos, long stamp, boolean isSilent);

    /** The same to an address that is known to answer. */
    @OwnedBy("ping-send")
    default int sendEcho(long high, long low, int scopeId, int cookie, int sequence, long wallNanos, long stamp) {
        return sendEcho(high, low, scopeId, cookie, sequence, wallNanos, stamp, false);
    }

    /**
     * Puts one echo request, to an address that is known to answer, into the send batch;
     * parameters as for {@link #sendEcho}.
     *
     * @return false when the batch is full and the request was not taken: {@link #flush} first
     */
    @OwnedBy("ping-send")
    boolean queueEcho(long high, long low, int scopeId, int cookie, int sequence, long wallNanos, long stamp);

    /**
     * Sends what is queued, with as few system calls as possible, and empties the batch.
     *
     * @param failures takes each packet that the kernel could not send; the others are sent
     * @return how many were sent
     */
    @OwnedBy("ping-send")
    int flush(SendFailures failures);

    /**
     * Sends with another ICMP identifier from now on; replies to the one used until now stay accepted, those to
     * identifiers before it no longer are. What is queued already goes out with the one it was queued under.
     *
     * @param newIdentifier 1 to 65,535
     */
    @OwnedBy("ping-send")
    void changeIdentifier(int newIdentifier);

    /** Whether replies to this identifier are accepted, so that no other socket may use it. */
    @AnyThread
    default boolean accepts(int identifier) {
        return false;
    }

    /**
     * The index that an interface has now, where this socket sends: it has another one when it is made again. Some
     * microseconds. For IPv6 sockets only.
     *
     * @param name an interface's name, or its index in decimal, which counts if no interface has that name
     * @return 1 or more, -1 if there is no such interface
     */
    @OwnedBy("ping-send")
    default int interfaceIndex(String name) {
        return -1;
    }

    /**
     * Binds again to the interface and the source address of the options: the kernel knows both by an interface index,
     * which ends with the interface. Some microseconds, throws nothing. To be called every few seconds and after an
     * errno of which {@link SendErrors#mayBeInterface} is true.
     */
    @OwnedBy("ping-send")
    default void refreshBinding() {}

    /**
     * Why nothing can be sent as the options ask for, like {@code probe.interface 'ppp0': there is no such interface};
     * null while all is well. As of the last {@link #refreshBinding}.
     */
    @AnyThread
    default @Nullable String bindingProblem() {
        return null;
    }

    /**
     * From now on the kernel is asked when it transmits a packet: one in so many, whether sent singly or in a batch.
     * Does nothing where {@link #canStampTransmits} is false.
     *
     * @param every 0 for none, 1 for each
     */
    @OwnedBy("ping-send")
    void transmitStamps(int every);

    /**
     * The kernel is asked when the next request, sent singly or in a batch, enters the queue of its device and leaves
     * it. Does nothing where {@link #canStampTransmits} is false.
     */
    @OwnedBy("ping-send")
    default void stampQueueing() {}

    /** False once kernel or sandbox have refused to stamp packets as they are transmitted. */
    @AnyThread
    boolean canStampTransmits();

    /**
     * Hands over stamps of packets transmitted, at most one batch, without waiting. They take room in the receive
     * buffer, so they must be read as long as {@link #transmitStamps} asks for them, and once more after that.
     *
     * @return number of stamps read, unusable ones included; 0 when there was nothing
     * @throws IcmpSocketException when the descriptor itself no longer works
     */
    @OwnedBy("ping-recv")
    int receiveTransmitStamps(IcmpHandler handler);

    /**
     * Hands over what has arrived, at most one batch, without waiting.
     *
     * @return number of packets read, rejected ones included; 0 when there was nothing
     * @throws IcmpSocketException when the descriptor itself no longer works; never because of a packet
     */
    @OwnedBy("ping-recv")
    int receive(IcmpHandler handler);

    /**
     * From now on packets bring their traffic class along, see {@link #trafficClass}. Costs something per packet, so
     * only for those who show it; before the first {@link #receive}.
     *
     * @throws IcmpSocketException if the kernel refuses
     */
    @OwnedBy("caller")
    default void reportTrafficClass() {}

    /**
     * The IPv4 type of service or IPv6 traffic class, 0 to 255, of the packet that {@link #receive} is handing over. For
     * use within {@link IcmpHandler#echoReply}. It is -1 if unknown, as over IPv6 without {@link #reportTrafficClass}.
     */
    @OwnedBy("ping-recv")
    default int trafficClass() {
        return -1;
    }

    /** The receive buffer that the kernel granted, in bytes as read back. */
    @AnyThread
    int receiveBufferBytes();

    /**
     * Packets that the kernel dropped for want of buffer space, and ICMPv6 packets with a wrong checksum; 0 where it
     * does not say. Learnt with the next packet received or by {@link #refreshKernelDrops}. Not each of them need be a
     * reply (on loopback the requests come by as well): an alarm rather than a number.
     */
    @AnyThread
    long kernelDrops();

    /** Brings {@link #kernelDrops} up to date, also when nothing comes in any more. */
    @OwnedBy("ping-recv")
    void refreshKernelDrops();

    @Override
    @OwnedBy("caller")
    void close();
}
