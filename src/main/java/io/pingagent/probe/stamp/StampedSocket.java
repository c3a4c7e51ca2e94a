package io.pingagent.probe.stamp;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.SendFailures;
import io.pingagent.probe.table.SendStamp;

/**
 * The send side of one socket. Each probe carries the time at which it leaves: singly sent ones the present time, those
 * of a batch the one that {@link BatchSchedule} predicts.
 */
@OwnedBy("ping-send")
public final class StampedSocket {

    private final IcmpSocket socket;
    private final NanoClock clock;
    private final WallOffset offset;
    private final SendFailures failures;
    private final BatchSchedule schedule = new BatchSchedule();

    /** @param failures hears of packets of a batch that the kernel did not take */
    public StampedSocket(IcmpSocket socket, NanoClock clock, WallOffset offset, SendFailures failures) {
        this.socket = socket;
        this.clock = clock;
        this.offset = offset;
        this.failures = failures;
    }

    /**
     * Sends one probe now; the other parameters are those of {@link IcmpSocket#sendEcho}.
     *
     * @param nowNanos monotonic time, just read
     * @return 0, or an errno as of {@link IcmpSocket#sendEcho}
     */
    public int send(
            long high,
            long low,
            int scopeId,
            int targetWord,
            int timeoutClass,
            int sequence,
            long nowNanos,
            boolean isSilent) {
        long stamp = SendStamp.of(nowNanos, timeoutClass);
        return socket.sendEcho(high, low, scopeId, targetWord, sequence, nowNanos + offset.nanos(), stamp, isSilent);
    }

    /**
     * Puts one probe into the batch.
     *
     * @return how many packets were sent because the batch was full; mostly 0
     */
    public int join(long high, long low, int scopeId, int targetWord, int timeoutClass, int sequence, long nowNanos) {
        int sent = 0;
        if (!queue(high, low, scopeId, targetWord, timeoutClass, sequence, schedule.leavingNanos(nowNanos))) {
            sent = flush();
            long leavingNanos = schedule.leavingNanos(clock.monotonicNanos());
            queue(high, low, scopeId, targetWord, timeoutClass, sequence, leavingNanos);
        }
        schedule.joined();
        return sent;
    }

    private boolean queue(
            long high, long low, int scopeId, int targetWord, int timeoutClass, int sequence, long leavingNanos) {
        long wallNanos = leavingNanos + offset.nanos();
        long stamp = SendStamp.of(leavingNanos, timeoutClass);
        return socket.queueEcho(high, low, scopeId, targetWord, sequence, wallNanos, stamp);
    }

    /** Hands the batch to the kernel. Returns how many packets were sent. */
    public int flush() {
        if (schedule.isEmpty()) {
            return 0;
        }
        long startNanos = clock.monotonicNanos();
        int sent = socket.flush(failures);
        schedule.flushed(startNanos, clock.monotonicNanos());
        return sent;
    }

    /** The next probe is to be stamped as it enters the queue of its device, too. */
    public void stampQueueing() {
        socket.stampQueueing();
    }
}
