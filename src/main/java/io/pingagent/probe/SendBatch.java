package io.pingagent.probe;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.SendFailures;
import io.pingagent.probe.stamp.BatchSchedule;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.table.SendStamp;
import org.jspecify.annotations.Nullable;

/** Probes of one socket that go to the kernel in one call, each stamped for the time at which it will leave. Owned by {@code ping-send}. */
final class SendBatch {

    private final @Nullable IcmpSocket socket;
    private final NanoClock clock;
    private final WallOffset offset;
    private final Counters counters;
    private final SendFailures failures;
    private final BatchSchedule schedule = new BatchSchedule();

    /** @param failures hears of packets that the kernel did not take */
    SendBatch(
            @Nullable IcmpSocket socket, NanoClock clock, WallOffset offset, Counters counters, SendFailures failures) {
        this.socket = socket;
        this.clock = clock;
        this.offset = offset;
        this.counters = counters;
        this.failures = failures;
    }

    /** Only if there is a socket. */
    void add(long high, long low, int scopeId, int targetWord, int timeoutClass, int sequence, long nowNanos) {
        if (!queue(high, low, scopeId, targetWord, timeoutClass, sequence, schedule.leavingNanos(nowNanos))) {
            flush();
            long leavingNanos = schedule.leavingNanos(clock.monotonicNanos());
            queue(high, low, scopeId, targetWord, timeoutClass, sequence, leavingNanos);
        }
        schedule.joined();
    }

    private boolean queue(
            long high, long low, int scopeId, int targetWord, int timeoutClass, int sequence, long leavingNanos) {
        long wallNanos = leavingNanos + offset.nanos();
        long stamp = SendStamp.of(leavingNanos, timeoutClass);
        return socket != null && socket.queueEcho(high, low, scopeId, targetWord, sequence, wallNanos, stamp);
    }

    /** Hands everything to the kernel. */
    void flush() {
        if (socket == null || schedule.isEmpty()) {
            return;
        }
        long startNanos = clock.monotonicNanos();
        int sent = socket.flush(failures);
        schedule.flushed(startNanos, clock.monotonicNanos());
        if (sent > 0) {
            counters.add(Counter.SENT, sent);
            counters.add(Counter.SENT_BATCHED, sent);
        }
    }
}
