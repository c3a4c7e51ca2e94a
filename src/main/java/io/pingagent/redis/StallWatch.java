package io.pingagent.redis;

import java.util.concurrent.TimeUnit;

/**
 * Whether Redis stands still: a round of the writer that takes longer than a second waits for it. Written by ping-redis, read
 * by any thread.
 */
final class StallWatch {

    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** So long after a stall expired keys may still be announced. */
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private volatile boolean isInRound;
    private volatile long roundStartNanos;
    private volatile boolean hasBeenSlow;
    private volatile long slowEndNanos;

    void roundStarts(long nowNanos) {
        roundStartNanos = nowNanos;
        isInRound = true;
    }

    void roundEnds(long nowNanos) {
        if (nowNanos - roundStartNanos > SLOW_NANOS) {
            slowEndNanos = nowNanos;
            hasBeenSlow = true;
        }
        isInRound = false;
    }

    /** Whether Redis stands still now or did so a moment ago. */
    boolean hasStalled(long nowNanos) {
        return isInRound && nowNanos - roundStartNanos > SLOW_NANOS
                || hasBeenSlow && nowNanos - slowEndNanos < SETTLING_NANOS;
    }
}
