package io.pingagent.probe.round;

import io.pingagent.base.OwnedBy;

/**
 * Whether the sender cannot keep up, or was only paused for a moment.
 *
 * <p>After a pause probes are late for a moment, and packets sent one by one make up for it. A sender that cannot keep
 * up needs batches, which save processor time. Their price: the stamps of a batch are predicted. A sender that loses
 * the processor in the middle of a batch falsifies the round-trip times of the rest.
 */
@OwnedBy("ping-send")
public final class Backlog {

    static final int LATE_MILLIS = 25;
    /** Later than this is late. */
    public static final long LATE_NANOS = LATE_MILLIS * 1_000_000L;

    static final int LASTING_MILLIS = 250;
    private static final long LASTING_NANOS = LASTING_MILLIS * 1_000_000L;

    private boolean isLate;
    private long lateSinceNanos;

    /**
     * Whether all that was looked at for the last {@value #LASTING_MILLIS} ms was late.
     *
     * @param lateNanos by how much the next probe is late now
     */
    public boolean isLasting(long lateNanos, long nowNanos) {
        if (lateNanos <= LATE_NANOS) {
            isLate = false;
        } else if (!isLate) {
            isLate = true;
            lateSinceNanos = nowNanos;
        }
        return isLate && nowNanos - lateSinceNanos >= LASTING_NANOS;
    }

    /** Nothing waits any more. */
    public void clear() {
        isLate = false;
    }
}
