package io.pingagent.probe.table;

/**
 * The 64 bits of a packet that say when it was sent and how long its reply may take; the codec's tag proves them.
 *
 * <pre>
 * timeout class (20) | monotonic nanoseconds modulo 2^44 (44)
 * </pre>
 *
 * <p>2^44 ns are 4.9 hours, so the whole time is known again from the present one. A stamp may lie up to 4.6 minutes
 * ahead of it, as in a batch whose stamps are predicted. It may lie up to 4.8 hours behind: 80 times the longest
 * timeout of a job.
 */
public final class SendStamp {

    static final int CLASS_BITS = 20;

    private static final int NANOS_BITS = Long.SIZE - CLASS_BITS;
    private static final long NANOS_MASK = (1L << NANOS_BITS) - 1;
    private static final long MOST_AHEAD_NANOS = 1L << 38;

    private SendStamp() {}

    /** @param timeoutClass see {@link TimeoutClasses} */
    public static long of(long sentNanos, int timeoutClass) {
        return (long) timeoutClass << NANOS_BITS | sentNanos & NANOS_MASK;
    }

    public static int timeoutClass(long stamp) {
        return (int) (stamp >>> NANOS_BITS);
    }

    /** Monotonic time of sending. */
    public static long sentNanos(long stamp, long nowNanos) {
        long ageNanos = (nowNanos + MOST_AHEAD_NANOS - stamp & NANOS_MASK) - MOST_AHEAD_NANOS;
        return nowNanos - ageNanos;
    }
}
