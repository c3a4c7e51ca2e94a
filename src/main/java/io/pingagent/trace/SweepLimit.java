package io.pingagent.trace;

import io.pingagent.base.OwnedBy;

/** At most so many sweeps begin within any second. */
@OwnedBy("caller")
final class SweepLimit {

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** When the last of them began, the oldest at {@link #next}. */
    private final long[] begun;

    private int next;
    private int known;

    SweepLimit(int perSecond) {
        begun = new long[perSecond];
    }

    /** Whether one may begin now. */
    boolean allows(long nowNanos) {
        return known < begun.length || nowNanos - begun[next] >= SECOND_NANOS;
    }

    /** One begins. */
    void begin(long nowNanos) {
        begun[next] = nowNanos;
        next = (next + 1) % begun.length;
        known = Math.min(begun.length, known + 1);
    }
}
