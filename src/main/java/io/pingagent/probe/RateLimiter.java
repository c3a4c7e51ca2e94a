package io.pingagent.probe;

/**
 * The rate limit, as two token buckets in time: each packet costs its share of a second.
 *
 * <p>The first bucket keeps the limit over seconds: while packets wait it saves up to a second, so that what a hold-up kept
 * back (a pause of the collector, another process) can still be sent, or an agent whose jobs need exactly the limit would
 * never be on time again. What was not used because nothing was to be sent is not saved. The second bucket spreads that: it fills a tenth faster than the limit and saves ten milliseconds, so that a hold-up is not
 * followed by a flood. Owned by {@code ping-send}.
 */
final class RateLimiter {

    private static final long MAX_CREDIT_NANOS = 1_000_000_000L;
    private static final long MAX_BURST_NANOS = 10_000_000L;

    private final long costNanos;
    private final long maxCreditNanos;
    private final long maxBurstNanos;
    private long creditNanos;
    private long burstNanos;
    private long lastNanos;

    RateLimiter(int packetsPerSecond, long nowNanos) {
        costNanos = Math.max(1, 1_000_000_000L / packetsPerSecond);
        maxCreditNanos = Math.max(MAX_CREDIT_NANOS, costNanos);
        maxBurstNanos = Math.max(MAX_BURST_NANOS, costNanos);
        creditNanos = costNanos;
        burstNanos = costNanos;
        lastNanos = nowNanos;
    }

    /** How many packets may go out now. */
    int allowance(long nowNanos) {
        long passedNanos = nowNanos - lastNanos;
        creditNanos = Math.min(maxCreditNanos, creditNanos + passedNanos);
        burstNanos = Math.min(maxBurstNanos, burstNanos + passedNanos + passedNanos / 10);
        lastNanos = nowNanos;
        return (int) Math.min(Integer.MAX_VALUE, Math.min(creditNanos, burstNanos) / costNanos);
    }

    /** Nothing waits to be sent. */
    void idle(long nowNanos) {
        allowance(nowNanos);
        creditNanos = Math.min(creditNanos, maxBurstNanos);
    }

    void spend(int packets) {
        creditNanos -= packets * costNanos;
        burstNanos -= packets * costNanos;
    }

    /** Whether a packet may go out as of the last {@link #allowance}. */
    boolean hasCredit() {
        return Math.min(creditNanos, burstNanos) >= costNanos;
    }

    /** When the next packet may go out. */
    long nextNanos() {
        return lastNanos + Math.max(0, costNanos - Math.min(creditNanos, burstNanos));
    }
}
