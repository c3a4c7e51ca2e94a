package io.pingagent.base;

/** The wait before the next attempt: a first time, then doubled up to a limit. Not thread-safe. */
public final class Backoff {

    private final long firstNanos;
    private final long limitNanos;
    private long nextNanos;

    /**
     * @param firstNanos more than 0
     * @param limitNanos of each wait; also of the first if that is longer
     */
    public Backoff(long firstNanos, long limitNanos) {
        if (firstNanos <= 0 || limitNanos <= 0) {
            throw new IllegalArgumentException("waits of " + firstNanos + " to " + limitNanos + " ns");
        }
        this.firstNanos = Math.min(firstNanos, limitNanos);
        this.limitNanos = limitNanos;
        this.nextNanos = this.firstNanos;
    }

    /** How long to wait after this failure; the wait after the next one is twice as long. */
    public long nextNanos() {
        long waitNanos = nextNanos;
        nextNanos = waitNanos > limitNanos / 2 ? limitNanos : 2 * waitNanos;
        return waitNanos;
    }

    /** An attempt succeeded: the next wait is the first again. */
    public void reset() {
        nextNanos = firstNanos;
    }
}
