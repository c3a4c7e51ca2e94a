package io.pingagent.probe;

/**
 * The rate limit as a token bucket in time: each packet costs its share of a second, and at most ten milliseconds can be
 * saved up, so that a stall is not followed by a flood. Owned by {@code ping-send}.
 */
final class Pacer {

    private static final long MAX_CREDIT_NANOS = 10_000_000L;

    private final long costNanos;
    private final long maxCreditNanos;
    private long creditNanos;
    private long lastNanos;

    Pacer(int packetsPerSecond, long nowNanos) {
        costNanos = 1_000_000_000L / packetsPerSecond;
        maxCreditNanos = Math.max(MAX_CREDIT_NANOS, costNanos);
        creditNanos = costNanos;
        lastNanos = nowNanos;
    }

    /** How many packets may go out now. */
    int allowance(long nowNanos) {
        creditNanos = Math.min(maxCreditNanos, creditNanos + (nowNanos - lastNanos));
        lastNanos = nowNanos;
        return (int) Math.min(Integer.MAX_VALUE, creditNanos / costNanos);
    }

    void spend(int packets) {
        creditNanos -= packets * costNanos;
    }

    /** When the next packet may go out. */
    long nextNanos() {
        return lastNanos + Math.max(0, costNanos - creditNanos);
    }
}
