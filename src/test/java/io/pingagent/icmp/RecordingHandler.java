package io.pingagent.icmp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** Keeps all it is told. */
final class RecordingHandler implements IcmpHandler {

    record Reply(
            int cookie,
            int sequence,
            long sentWallNanos,
            long sentMonotonicNanos,
            long receivedWallNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit) {}

    record Failure(
            IcmpError reason,
            int cookie,
            int sequence,
            long destinationHigh,
            long destinationLow,
            long routerHigh,
            long routerLow) {}

    final List<Reply> replies = new ArrayList<>();
    final List<Failure> errors = new ArrayList<>();

    record Transmitted(int cookie, int sequence, long sentWallNanos, long transmittedWallNanos) {}

    final List<Transmitted> transmitted = new ArrayList<>();
    /** Sequence numbers of requests that have entered the queue of their device. */
    final List<Integer> queued = new ArrayList<>();

    final List<Rejection> refusals = new ArrayList<>();

    /** Asked within each reply. */
    IntSupplier trafficClass = () -> -1;

    final List<Integer> trafficClasses = new ArrayList<>();

    @Override
    public void queued(int cookie, int sequence) {
        queued.add(sequence);
    }

    @Override
    public void echoReply(
            int cookie,
            int sequence,
            long sentWallNanos,
            long sentMonotonicNanos,
            long receivedWallNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit) {
        trafficClasses.add(trafficClass.getAsInt());
        replies.add(new Reply(
                cookie,
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
            int cookie,
            int sequence,
            long destinationHigh,
            long destinationLow,
            long routerHigh,
            long routerLow) {
        errors.add(new Failure(reason, cookie, sequence, destinationHigh, destinationLow, routerHigh, routerLow));
    }

    @Override
    public void transmitted(int cookie, int sequence, long sentWallNanos, long transmittedWallNanos) {
        transmitted.add(new Transmitted(cookie, sequence, sentWallNanos, transmittedWallNanos));
    }

    @Override
    public void rejected(Rejection reason) {
        refusals.add(reason);
    }

    int calls() {
        return replies.size() + errors.size() + refusals.size();
    }
}
