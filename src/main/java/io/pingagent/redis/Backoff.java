package io.pingagent.redis;

import java.util.concurrent.TimeUnit;

/** The wait before the next attempt: 0.1 s, doubled up to a limit. Not thread-safe. */
public final class Backoff {

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long maxNanos;
    private long nextNanos = FIRST_NANOS;

    public Backoff(long maxNanos) {
        this.maxNanos = maxNanos;
    }

    public long nextNanos() {
        long now = nextNanos;
        nextNanos = Math.min(maxNanos, now * 2);
        return now;
    }

    public void reset() {
        nextNanos = FIRST_NANOS;
    }
}
