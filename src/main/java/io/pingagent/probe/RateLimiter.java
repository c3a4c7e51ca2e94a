package io.pingagent.probe;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.TokenBucket;

/**
 * The rate limit, as two token buckets; each packet costs a token of both.
 *
 * <ul>
 *   <li>The first keeps the limit over seconds. While packets wait it saves up to a second. So what a pause kept back
 *       can still be sent (the garbage collector or another process may cause one). Without that, an agent whose jobs
 *       need exactly the limit would never be on time again. Nothing is saved while nothing waits.
 *   <li>The second spreads that: it fills a tenth faster than the limit and saves ten milliseconds, so that no flood
 *       follows a pause.
 * </ul>
 */
@OwnedBy("ping-send")
final class RateLimiter {

    private static final long MAX_CREDIT_NANOS = 1_000_000_000L;
    private static final long MAX_BURST_NANOS = 10_000_000L;

    private final TokenBucket sustained;
    private final TokenBucket burst;
    private final long mostWhileIdleNanos;
    private long lastNanos;

    RateLimiter(int packetsPerSecond, long nowNanos) {
        long costNanos = TokenBucket.costNanos(packetsPerSecond);
        sustained = new TokenBucket(costNanos, MAX_CREDIT_NANOS, costNanos);
        burst = new TokenBucket(costNanos, MAX_BURST_NANOS, costNanos);
        mostWhileIdleNanos = Math.max(MAX_BURST_NANOS, costNanos);
        lastNanos = nowNanos;
    }

    /** How many packets may go out now. */
    int allowance(long nowNanos) {
        long passedNanos = nowNanos - lastNanos;
        sustained.fill(passedNanos);
        burst.fill(passedNanos + passedNanos / 10);
        lastNanos = nowNanos;
        return (int) Math.min(Integer.MAX_VALUE, Math.min(sustained.tokens(), burst.tokens()));
    }

    /** Nothing waits to be sent. */
    void idle(long nowNanos) {
        allowance(nowNanos);
        sustained.keepAtMost(mostWhileIdleNanos);
    }

    void spend(int packets) {
        sustained.take(packets);
        burst.take(packets);
    }

    /** Whether a packet may go out as of the last {@link #allowance}. */
    boolean hasCredit() {
        return untilPacketNanos() == 0;
    }

    /** When the next packet may go out. */
    long nextNanos() {
        return lastNanos + untilPacketNanos();
    }

    private long untilPacketNanos() {
        return Math.max(sustained.untilTokenNanos(), burst.untilTokenNanos());
    }
}
