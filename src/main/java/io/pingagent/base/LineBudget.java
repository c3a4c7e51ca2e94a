package io.pingagent.base;

import java.util.concurrent.TimeUnit;

/**
 * How many more lines may be logged in this minute. The next minute begins with the first line asked for after its end. Not
 * thread-safe.
 */
public final class LineBudget {

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int linesPerMinute;
    private long minuteStartNanos;
    private int taken;

    /** @param startNanos by the monotonic clock */
    public LineBudget(int linesPerMinute, long startNanos) {
        this.linesPerMinute = linesPerMinute;
        this.minuteStartNanos = startNanos;
    }

    /**
     * Asks for one line.
     *
     * @param nowNanos by the monotonic clock
     * @return whether it may be logged
     */
    public boolean take(long nowNanos) {
        if (nowNanos - minuteStartNanos >= MINUTE_NANOS) {
            minuteStartNanos = nowNanos;
            taken = 0;
        }
        if (taken == linesPerMinute) {
            return false;
        }
        taken++;
        return true;
    }
}
