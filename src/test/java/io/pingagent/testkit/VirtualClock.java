package io.pingagent.testkit;

import java.time.Duration;

/**
 * Time as a test wants it: a monotonic clock and a wall clock that move together, until somebody steps the wall clock.
 * Any thread.
 */
public final class VirtualClock {

    private long monotonicNanos;
    private long wallNanos;
    private long sleptNanos;

    /** Starts at 1,000 s after boot and at some time of the year 2026. */
    public VirtualClock() {
        this(1_000_000_000_000L, 1_790_000_000_000_000_000L);
    }

    /**
     * @param monotonicNanos any value, as {@link System#nanoTime()}
     * @param wallNanos since 1970
     */
    public VirtualClock(long monotonicNanos, long wallNanos) {
        this.monotonicNanos = monotonicNanos;
        this.wallNanos = wallNanos;
    }

    public synchronized long monotonicNanos() {
        return monotonicNanos;
    }

    /** Unix time in nanoseconds. */
    public synchronized long wallNanos() {
        return wallNanos;
    }

    /** Lets time pass: both clocks go on. */
    public synchronized void advanceNanos(long nanos) {
        if (nanos < 0) {
            throw new IllegalArgumentException("time does not go back, but was asked to by " + nanos + " ns");
        }
        monotonicNanos += nanos;
        wallNanos += nanos;
    }

    /** Lets time pass: both clocks go on. */
    public void advance(Duration time) {
        advanceNanos(time.toNanos());
    }

    /** Lets time pass until the monotonic clock shows {@code target}; nothing happens if that is over. */
    public synchronized void advanceTo(long target) {
        advanceNanos(Math.max(0, target - monotonicNanos));
    }

    /** Goes on while the machine sleeps. */
    public synchronized long bootNanos() {
        return monotonicNanos + sleptNanos;
    }

    /** The machine sleeps: wall clock and boot clock go on, the monotonic clock stands still. */
    public synchronized void sleep(Duration time) {
        sleptNanos += time.toNanos();
        wallNanos += time.toNanos();
    }

    /** Somebody sets the wall clock, forward or back; the monotonic clock does not notice. */
    public synchronized void stepWall(Duration step) {
        wallNanos += step.toNanos();
    }

    /** Sets the wall clock alone. */
    public synchronized void setWallNanos(long nanos) {
        wallNanos = nanos;
    }

    /** Sets the monotonic clock alone, for values near overflow. */
    public synchronized void setMonotonicNanos(long nanos) {
        monotonicNanos = nanos;
    }
}
