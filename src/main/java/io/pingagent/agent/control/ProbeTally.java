package io.pingagent.agent.control;

import io.pingagent.control.ProbeResult;
import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener;
import org.jspecify.annotations.Nullable;

/** Sums up the probes to one address. Calls never overlap, see {@link PingListener}. */
final class ProbeTally implements PingListener {

    private int received;
    private long sumNanos;
    private long minNanos = Long.MAX_VALUE;
    private long maxNanos;
    private long lastNanos;
    private long differencesNanos;
    private @Nullable String error;

    @Override
    public void replied(int target, int probe, Reply reply) {
        long rttNanos = reply.rttNanos();
        if (received > 0) {
            differencesNanos += Math.abs(rttNanos - lastNanos);
        }
        received++;
        sumNanos += rttNanos;
        lastNanos = rttNanos;
        minNanos = Math.min(minNanos, rttNanos);
        maxNanos = Math.max(maxNanos, rttNanos);
    }

    @Override
    public void lost(int target, int probe, long wallNanos) {
        // What has no reply counts as lost in any case.
    }

    @Override
    public void duplicate(int target, int probe, int icmpBytes, long rttNanos) {
        // It does not count.
    }

    @Override
    public void icmpError(int target, int probe, String reason, IpAddress from) {
        error = reason + " from " + from;
    }

    @Override
    public void sendFailed(int target, int probe, String reason) {
        error = reason;
    }

    ProbeResult result(IpAddress address, int sent) {
        return new ProbeResult(
                address,
                sent,
                received,
                new ProbeResult.RoundTrips(
                        minNanos,
                        received == 0 ? 0 : (sumNanos + received / 2) / received,
                        maxNanos,
                        received < 2 ? -1 : differencesNanos / (received - 1)),
                error);
    }
}
