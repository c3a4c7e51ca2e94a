package io.pingagent.probe.stamp;

import io.pingagent.base.OwnedBy;

/**
 * Predicts when each packet of a batch leaves, because stamps are written while the batch is filled. It learns two
 * durations from earlier batches: how long one is filled, and what the kernel takes for each packet.
 */
@OwnedBy("ping-send")
public final class BatchSchedule {

    private static final int WINDOW = 15;
    /** Of fewer batches nothing is concluded: the first ones run in a JVM that has not compiled them yet. */
    private static final int FEW = 6;

    /** Time from the first packet that joined to the flush, and time of the kernel for each packet, in nanoseconds. */
    private final RunningMedian fillTimes = new RunningMedian(WINDOW);

    private final RunningMedian packetTimes = new RunningMedian(WINDOW);

    private long firstNanos;
    private int count;

    public boolean isEmpty() {
        return count == 0;
    }

    /** The monotonic time at which the packet that joins the batch now would leave. */
    public long leavingNanos(long nowNanos) {
        if (count == 0) {
            firstNanos = nowNanos;
        }
        if (packetTimes.count() < FEW) {
            return nowNanos;
        }
        // Rather early than late: a packet that leaves before its stamp has too short a round-trip time.
        long flushNanos = firstNanos + Math.max(fillTimes.lowerQuartile(), nowNanos - firstNanos);
        return flushNanos + (long) count * packetTimes.lowerQuartile();
    }

    public void joined() {
        count++;
    }

    /** The whole batch went to the kernel in this time. */
    public void flushed(long startNanos, long endNanos) {
        if (count > 0) {
            fillTimes.add((int) Math.min(Integer.MAX_VALUE, startNanos - firstNanos));
            packetTimes.add((int) Math.min(Integer.MAX_VALUE, (endNanos - startNanos) / count));
            count = 0;
        }
    }
}
