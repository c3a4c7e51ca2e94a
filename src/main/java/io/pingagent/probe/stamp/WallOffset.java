package io.pingagent.probe.stamp;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;

/**
 * The difference between the wall clock and the monotonic clock, measured once per cycle. So stamping a packet costs
 * one monotonic reading.
 *
 * <p>Both clocks are slewed alike by NTP, so the difference stays the same until somebody steps the wall clock.
 */
@OwnedBy("caller")
public final class WallOffset {

    /** Readings further apart were interrupted between the two clocks and are taken again. */
    private static final long QUIET_READING_NANOS = 5_000;

    private static final int MAX_READINGS = 3;

    private final NanoClock clock;
    private long offsetNanos;
    /** How long the reading took that gave the offset: it is right to half of this. */
    private long offsetSpreadNanos = Long.MAX_VALUE;

    public WallOffset(NanoClock clock) {
        this.clock = clock;
        measure();
    }

    /**
     * Measures again and returns the change since the last measurement, in nanoseconds. A reading that was interrupted,
     * and differs by no more than that explains, changes nothing: it must not pass for a step of the clock.
     */
    public long measure() {
        long bestSpreadNanos = Long.MAX_VALUE;
        long measuredNanos = 0;
        for (int i = 0; i < MAX_READINGS && bestSpreadNanos > QUIET_READING_NANOS; i++) {
            long beforeNanos = clock.monotonicNanos();
            long wallNanos = clock.wallNanos();
            long spreadNanos = clock.monotonicNanos() - beforeNanos;
            if (spreadNanos < bestSpreadNanos) {
                bestSpreadNanos = spreadNanos;
                measuredNanos = wallNanos - beforeNanos - spreadNanos / 2;
            }
        }
        long changeNanos = measuredNanos - offsetNanos;
        if (bestSpreadNanos > Math.max(offsetSpreadNanos, QUIET_READING_NANOS)
                && Math.abs(changeNanos) <= bestSpreadNanos) {
            return 0;
        }
        offsetNanos = measuredNanos;
        offsetSpreadNanos = bestSpreadNanos;
        return changeNanos;
    }

    /** What to add to a monotonic reading to get Unix nanoseconds. */
    public long nanos() {
        return offsetNanos;
    }
}
