package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;

/**
 * Echo requests of one IP version whose TTL or hop limit each call chooses, and what comes back. By raw sockets of its own,
 * for traces. The same thread may send and receive. Slower than {@link IcmpSocket}, which sends to all addresses alike.
 */
@OwnedBy("caller")
public interface HopSocket extends AutoCloseable {

    boolean isV6();

    /**
     * Sends one echo request without waiting. The parameters that are not described here are those of
     * {@link IcmpSocket#sendEcho}.
     *
     * @param hopLimit TTL or hop limit, 1 to 255
     * @param stamp 64 bits that come back as they are with a reply
     * @return 0 when sent, else a positive errno, see {@link SendErrors}
     */
    int send(long high, long low, int scopeId, int hopLimit, int cookie, int sequence, long wallNanos, long stamp);

    /**
     * Hands over what has arrived, at most one batch, without waiting.
     *
     * @return number of packets read, rejected ones included; 0 when there was nothing
     */
    int receive(IcmpHandler handler);

    /** Within {@link #receive}: when the present packet arrived, Unix nanoseconds of the kernel, 0 if it does not say. */
    long stampNanos();

    /** As {@link IcmpSocket#interfaceIndex}. */
    default int interfaceIndex(String name) {
        return -1;
    }

    /** As {@link IcmpSocket#refreshBinding}. */
    default void refreshBinding() {}

    @Override
    void close();
}
