package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;

/**
 * Takes what {@link IcmpSocket#receive} and {@link IcmpSocket#receiveTransmitStamps} have read, within these calls.
 * Primitives only, so that no packet makes garbage.
 */
@OwnedBy("caller")
public interface IcmpHandler {

    /**
     * A reply whose checksum, identifier, sequence, length, padding and keyed tag are right, so it answers a request of
     * this process. Whether it comes from the address that was probed is still to be checked.
     *
     * @param cookie as given to {@link IcmpSocket#sendEcho}
     * @param sequence the full 32 bits
     * @param sentWallNanos the Unix nanoseconds given to {@link IcmpSocket#sendEcho}
     * @param stamp the 64 bits given to {@link IcmpSocket#sendEcho}
     * @param receivedWallNanos the kernel's stamp in Unix nanoseconds, 0 if it is missing
     * @param sourceHigh upper 64 bits of the sender's IPv6 address, 0 for IPv4
     * @param sourceLow lower 64 bits of the sender's IPv6 address, or the 32 bits of an IPv4 one
     * @param hopLimit TTL or hop limit left on arrival, -1 if unknown
     */
    void echoReply(
            int cookie,
            int sequence,
            long sentWallNanos,
            long stamp,
            long receivedWallNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit);

    /**
     * Destination unreachable, time exceeded, parameter problem or packet too big, quoting one of our requests.
     *
     * @param cookie of the request, 0 or more, if the tag proves that the sender has seen the request. Else -1, over
     *     IPv4 only: the quote was too short, so anybody may have made the error up
     * @param sequence the full 32 bits when {@code cookie} is known, else the 16 bits of the quoted ICMP header
     * @param destinationHigh destination in the quoted IP header
     * @param destinationLow destination in the quoted IP header
     * @param routerHigh who sent the error
     * @param routerLow who sent the error
     */
    void error(
            IcmpError reason,
            int cookie,
            int sequence,
            long destinationHigh,
            long destinationLow,
            long routerHigh,
            long routerLow);

    /**
     * The kernel has handed one of our requests to the driver; {@code cookie}, {@code sequence} and
     * {@code sentWallNanos} as for its reply. May come after the reply, more than once or not at all.
     *
     * @param transmittedWallNanos Unix nanoseconds
     */
    default void transmitted(int cookie, int sequence, long sentWallNanos, long transmittedWallNanos) {}

    /**
     * One of our requests has entered the queue of its device: it waits for no neighbour. Only for requests sent after
     * {@link IcmpSocket#stampQueueing}; may come more than once or not at all.
     */
    default void queued(int cookie, int sequence) {}

    /** A packet that is neither reply nor error: it counts for nothing. */
    void rejected(Rejection reason);
}
