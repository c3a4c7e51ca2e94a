package io.pingagent.probe;

/**
 * Foretells when each packet of a batch will leave, so that its stamp can be true although it is written before: the batch
 * is filled, then the kernel takes one packet after the other. Both times are learnt from the batches before. Owned by
 * {@code ping-send}.
 */
final class BatchSchedule {

    private static final int SMOOTHING_SHIFT = 3;

    private long firstNanos;
    private int count;
    private long fillNanos;
    private long packetNanos;

    boolean isEmpty() {
        return count == 0;
    }

    /** The monotonic time at which the packet that joins the batch now would leave. */
    long leavingNanos(long nowNanos) {
        if (count == 0) {
            firstNanos = nowNanos;
        }
        return firstNanos + Math.max(fillNanos, nowNanos - firstNanos) + count * packetNanos;
    }

    void joined() {
        count++;
    }

    /** The whole batch went to the kernel in this time. */
    void flushed(long startNanos, long endNanos) {
        if (count > 0) {
            fillNanos += startNanos - firstNanos - fillNanos >> SMOOTHING_SHIFT;
            // Slowly up and at once down: a packet that left before its stamp would have too short a round-trip time.
            long newPacketNanos = (endNanos - startNanos) / count;
            packetNanos = newPacketNanos < packetNanos
                    ? newPacketNanos
                    : packetNanos + (newPacketNanos - packetNanos >> SMOOTHING_SHIFT);
            count = 0;
        }
    }
}
