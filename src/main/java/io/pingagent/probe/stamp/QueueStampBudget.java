package io.pingagent.probe.stamp;

import io.pingagent.base.OwnedBy;

/**
 * How many probes of a second may be stamped as they enter the queue of their device. Such a stamp costs some
 * microseconds, so a machine that is only busy is not made busier because it looks slow.
 */
@OwnedBy("ping-send")
public final class QueueStampBudget {

    private static final int MOST_PER_SECOND = 10_000;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private long secondStartNanos;
    private int taken;

    /** Whether the next probe may be stamped. */
    public boolean take(long nowNanos) {
        if (nowNanos - secondStartNanos >= SECOND_NANOS) {
            secondStartNanos = nowNanos;
            taken = 0;
        }
        return taken++ < MOST_PER_SECOND;
    }
}
