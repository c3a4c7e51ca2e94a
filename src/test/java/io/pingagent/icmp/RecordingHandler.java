package io.pingagent.icmp;

import java.util.ArrayList;
import java.util.List;

/** Keeps all it is told. */
final class RecordingHandler implements IcmpHandler {

    record Reply(
            int targetId,
            int sequence,
            long sentWallNanos,
            long sentMonotonicNanos,
            long receivedWallNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit) {}

    record Failure(
            IcmpError reason,
            int targetId,
            int sequence,
            long destinationHigh,
            long destinationLow,
            long routerHigh,
            long routerLow) {}

    final List<Reply> replies = new ArrayList<>();
    final List<Failure> errors = new ArrayList<>();

    record Transmitted(int targetId, int sequence, long sentWallNanos, long transmittedWallNanos) {}

    final List<Transmitted> transmitted = new ArrayList<>();
    /** Sequence numbers of requests that have entered the queue of their device. */
    final List<Integer> queued = new ArrayList<>();

    final List<Refusal> refusals = new ArrayList<>();

    @Override
    public void queued(int targetId, int sequence) {
        queued.add(sequence);
    }

    @Override
    public void echoReply(
            int targetId,
            int sequence,
            long sentWallNanos,
            long sentMonotonicNanos,
            long receivedWallNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit) {
        replies.add(new Reply(
                targetId,
                sequence,
                sentWallNanos,
                sentMonotonicNanos,
                receivedWallNanos,
                sourceHigh,
                sourceLow,
                hopLimit));
    }

    @Override
    public void error(
            IcmpError reason,
            int targetId,
            int sequence,
            long destinationHigh,
            long destinationLow,
            long routerHigh,
            long routerLow) {
        errors.add(new Failure(reason, targetId, sequence, destinationHigh, destinationLow, routerHigh, routerLow));
    }

    @Override
    public void transmitted(int targetId, int sequence, long sentWallNanos, long transmittedWallNanos) {
        transmitted.add(new Transmitted(targetId, sequence, sentWallNanos, transmittedWallNanos));
    }

    @Override
    public void refused(Refusal reason) {
        refusals.add(reason);
    }

    int calls() {
        return replies.size() + errors.size() + refusals.size();
    }
}
