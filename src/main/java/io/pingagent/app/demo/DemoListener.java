package io.pingagent.app.demo;

import io.pingagent.agent.AgentListener;
import io.pingagent.base.AnyThread;
import java.util.concurrent.atomic.AtomicLongArray;

/** Keeps what the demo's table shows beside the agent's own state: the average RTT since the start. */
final class DemoListener extends AgentListener {

    private final AtomicLongArray rttSumNanos;
    private final AtomicLongArray replies;

    DemoListener(int targets) {
        rttSumNanos = new AtomicLongArray(targets);
        replies = new AtomicLongArray(targets);
    }

    @Override
    public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
        super.replied(targetId, sequence, rttNanos, receivedWallNanos, hopLimit);
        if (targetId < replies.length()) {
            rttSumNanos.addAndGet(targetId, rttNanos);
            replies.incrementAndGet(targetId);
        }
    }

    /** -1 before the first reply. */
    @AnyThread
    long averageRttNanos(int targetId) {
        long count = targetId < replies.length() ? replies.get(targetId) : 0;
        return count == 0 ? -1 : rttSumNanos.get(targetId) / count;
    }
}
