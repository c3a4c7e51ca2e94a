package io.pingagent.icmp;

/** Told by {@link IcmpSocket#flush} of packets that the kernel refused, on the sending thread. */
@FunctionalInterface
public interface SendFailures {

    /**
     * @param targetId as given to {@link IcmpSocket#queueEcho}
     * @param sequence as given to {@link IcmpSocket#queueEcho}
     * @param stamp as given to {@link IcmpSocket#queueEcho}
     * @param errno positive, see {@link SendErrors}
     */
    void sendFailed(int targetId, int sequence, long stamp, int errno);
}
