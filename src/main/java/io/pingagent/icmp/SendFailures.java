package io.pingagent.icmp;

import io.pingagent.base.OwnedBy;

/** Takes from {@link IcmpSocket#flush} the packets that the kernel could not send. */
@FunctionalInterface
@OwnedBy("ping-send")
public interface SendFailures {

    /**
     * @param cookie as given to {@link IcmpSocket#queueEcho}
     * @param sequence as given to {@link IcmpSocket#queueEcho}
     * @param stamp as given to {@link IcmpSocket#queueEcho}
     * @param errno positive, see {@link SendErrors}
     */
    void sendFailed(int cookie, int sequence, long stamp, int errno);
}
