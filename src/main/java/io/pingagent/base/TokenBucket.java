package io.pingagent.base;

/**
 * A bucket of tokens, counted in time: a token costs so many nanoseconds. Time that passes is credit, saved up to a limit.
 * The bucket reads no clock; its owner says how much time has passed. Not thread-safe. Allocates nothing.
 */
public final class TokenBucket {

    private final long costNanos;
    private final long capacityNanos;
    private long creditNanos;

    /**
     * @param costNanos of a token, at least 1
     * @param capacityNanos most credit that is saved; at least one token's cost is
     * @param creditNanos to begin with, at most the capacity
     */
    public TokenBucket(long costNanos, long capacityNanos, long creditNanos) {
        if (costNanos < 1) {
            throw new IllegalArgumentException("a token costs " + costNanos + " ns");
        }
        this.costNanos = costNanos;
        this.capacityNanos = Math.max(costNanos, capacityNanos);
        this.creditNanos = Math.min(this.capacityNanos, creditNanos);
    }

    /** What a token costs at this rate, in whole nanoseconds, at least 1. */
    public static long costNanos(int tokensPerSecond) {
        return Math.max(1, 1_000_000_000L / tokensPerSecond);
    }

    /** So much time has passed, 0 or more. */
    public void fill(long passedNanos) {
        creditNanos = Math.min(capacityNanos, creditNanos + passedNanos);
    }

    /** Puts tokens in, as far as there is room for them. */
    public void add(long tokens) {
        fill(tokens * costNanos);
    }

    /** Takes tokens out. More than there are make a debt, which time pays off. */
    public void take(long tokens) {
        creditNanos -= tokens * costNanos;
    }

    /** Gives away credit above this. */
    public void keepAtMost(long nanos) {
        creditNanos = Math.min(creditNanos, nanos);
    }

    /** Credit in nanoseconds; a debt is negative. */
    public long creditNanos() {
        return creditNanos;
    }

    /** Whole tokens that are there; 0 or less while there is a debt. */
    public long tokens() {
        return creditNanos / costNanos;
    }

    /** How much time has to pass until a token is there; 0 if one is. */
    public long untilTokenNanos() {
        return Math.max(0, costNanos - creditNanos);
    }

    /** How much time has to pass until a debt is paid off; 0 if there is none. */
    public long debtNanos() {
        return Math.max(0, -creditNanos);
    }
}
