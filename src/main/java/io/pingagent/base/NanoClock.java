package io.pingagent.base;

/** The clocks of the engine. Implementations are called from both engine threads and do not allocate. */
public interface NanoClock {

    /** Monotonic nanoseconds with an arbitrary origin, like {@link System#nanoTime()}: for schedules and timeouts. */
    long monotonicNanos();

    /** Unix nanoseconds of the wall clock, which may be stepped at any time: for stamps in packets only. */
    long wallNanos();

    /**
     * Like {@link #monotonicNanos()}, but continues while the machine sleeps; with an origin of its own. By default
     * that of a machine that never sleeps.
     */
    default long bootNanos() {
        return monotonicNanos();
    }
}
