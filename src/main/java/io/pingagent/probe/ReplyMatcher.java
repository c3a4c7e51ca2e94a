package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.Rejection;
import io.pingagent.probe.queue.DeferredProbes;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.stamp.RoundTripTimes;
import io.pingagent.probe.stamp.TransmitDelays;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.table.AddressIndex;
import io.pingagent.probe.table.SendStamp;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.table.TargetWord;
import io.pingagent.probe.table.TimeoutClasses;
import io.pingagent.probe.validity.Pauses;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Matches what the network says with probes: replies, ICMP errors and transmit stamps.
 *
 * <p>A reply brings along its target, sequence number and both send stamps, proven by the codec's tag. So matching is a
 * look at the target's two maps of {@link RecentProbes}; there is no search.
 */
@OwnedBy("ping-recv")
final class ReplyMatcher implements IcmpHandler {

    private static final int MAX_BATCHES = 64;

    private final TargetTable table;
    private final TimeoutClasses timeouts;
    private final AddressIndex addresses;
    private final HeldProbes held;
    private final Sockets main;
    private final Counters counters;
    private final ProbeListener listener;
    private final WallOffset offset;
    private final Pauses pauses;
    private final Settlement settlement;
    private final RecentProbes probes;
    private final SenderEvents events;
    private final TransmitDelays delays;
    private final RoundTripTimes times;
    private final AtomicLongArray rejected = new AtomicLongArray(Rejection.values().length);

    /** The socket that is being read. */
    private @Nullable IcmpSocket socket;

    private boolean isV6;

    ReplyMatcher(
            EngineParts parts,
            Settlement settlement,
            SenderEvents events,
            TransmitDelays delays,
            Pauses pauses,
            WallOffset offset) {
        this.table = parts.tables().targets();
        this.timeouts = parts.tables().timeouts();
        this.addresses = parts.tables().addresses();
        this.held = parts.handovers().held();
        this.main = parts.sockets();
        this.counters = parts.counters();
        this.listener = parts.listener();
        this.offset = offset;
        this.pauses = pauses;
        this.settlement = settlement;
        this.probes = settlement.probes();
        this.events = events;
        this.delays = delays;
        this.times = new RoundTripTimes(parts.clock(), offset, delays);
    }

    /** Reads until the socket is empty; the number of packets, negative if there may be more. */
    int readAll(IcmpSocket from) {
        socket = from;
        isV6 = from.isV6();
        // First, so that each reply finds the stamp of its request.
        delays.read(from, this);
        int packets = 0;
        for (int i = 0; i < MAX_BATCHES; i++) {
            int read = from.receive(this);
            if (read == 0) {
                return packets;
            }
            packets += read;
        }
        return -packets;
    }

    @Override
    public void echoReply(
            int targetWord,
            int sequence,
            long sentWallNanos,
            long stamp,
            long receivedWallNanos,
            long sourceHigh,
            long sourceLow,
            int hopLimit) {
        int targetId = TargetWord.targetId(targetWord);
        if (targetId >= table.limit()) {
            counters.increment(Counter.REJECTED);
            return;
        }
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        while ((RecentProbes.age(page, index, sequence) < 0 || !TargetTable.has(page, index, TargetTable.LIVE))
                && events.takeIn() > 0) {
            // Sent and answered since this cycle began, maybe even added, or waiting behind a backlog of events.
        }
        if (!TargetTable.has(page, index, TargetTable.LIVE)) {
            counters.increment(Counter.STALE);
            return;
        }
        if (!isAddress(page, index, sourceHigh, sourceLow)) {
            counters.increment(Counter.FOREIGN_SOURCE);
            return;
        }
        int age = RecentProbes.age(page, index, sequence);
        if (age < 0) {
            counters.increment(Counter.REJECTED);
            return;
        }
        long sentNanos = SendStamp.sentNanos(stamp, settlement.nowNanos());
        settlement.validity().replied(page, index);
        boolean isStamped = receivedWallNanos != 0;
        if (isStamped) {
            pauses.received(receivedWallNanos - offset.nanos());
        }
        times.measure(targetWord, sequence, sentWallNanos, sentNanos, receivedWallNanos, socket, this);
        if (times.isFromMonotonic()) {
            counters.increment(Counter.RTT_FROM_MONOTONIC);
        }
        long rttNanos = times.rttNanos();
        long answeredAfterNanos = times.answeredAfterNanos();
        long answeredNanos = sentNanos + answeredAfterNanos;
        if (!RecentProbes.isRemembered(page, age)) {
            late(page, index, targetId, sequence, rttNanos, answeredNanos);
            return;
        }
        if (!probes.answer(page, index, age)) {
            counters.increment(Counter.DUPLICATE);
            listener.duplicate(targetId, sequence, rttNanos);
            return;
        }
        boolean wasOpen = probes.settle(page, index, sequence);
        long timeoutNanos = timeouts.nanos(SendStamp.timeoutClass(stamp));
        boolean isOverdue = answeredAfterNanos > timeoutNanos;
        if (wasOpen && isOverdue) {
            settlement.answeredLate(
                    page, index, targetId, sequence, sentNanos, answeredAfterNanos, timeoutNanos, isStamped);
        }
        if (!wasOpen || isOverdue) {
            late(page, index, targetId, sequence, rttNanos, answeredNanos);
            return;
        }
        settlement.answered(page, index, targetId, rttNanos, answeredNanos);
        listener.replied(targetId, sequence, rttNanos, answeredNanos + offset.nanos(), hopLimit);
    }

    /** Of the target, by the socket that is being read. */
    private boolean isAddress(Page page, int index, long high, long low) {
        return TargetTable.low(page, index) == low
                && TargetTable.high(page, index) == high
                && TargetTable.isV6(page, index) == isV6;
    }

    /**
     * A reply after its timeout: the probe was not answered, but where this machine was slow, the address is not
     * silent.
     */
    private void late(Page page, int index, int targetId, int sequence, long rttNanos, long answeredNanos) {
        counters.increment(Counter.LATE);
        listener.late(targetId, sequence, rttNanos);
        if (held.isAnyWatched() && held.isWatched(DeferredProbes.path(page, index))) {
            TargetTable.setLastReply(page, index, pauses.bootNanos(answeredNanos));
        }
    }

    @Override
    public void transmitted(int targetWord, int sequence, long sentWallNanos, long transmittedWallNanos) {
        long delayNanos = transmittedWallNanos - sentWallNanos;
        delays.add(targetWord, sequence, delayNanos);
        int targetId = TargetWord.targetId(targetWord);
        if (targetId < table.limit()) {
            int index = targetId & TargetTable.PAGE_MASK;
            held.transmitted(table.page(targetId), index, targetId, sequence, delayNanos, settlement.nowNanos());
        }
    }

    @Override
    public void queued(int targetWord, int sequence) {
        int targetId = TargetWord.targetId(targetWord);
        if (targetId < table.limit()) {
            held.queued(targetId, sequence);
        }
    }

    @Override
    public void error(
            IcmpError reason,
            int targetWord,
            int sequence,
            long destinationHigh,
            long destinationLow,
            long routerHigh,
            long routerLow) {
        int targetId = targetWord >= 0
                ? TargetWord.targetId(targetWord)
                : addresses.find(isV6, destinationHigh, destinationLow);
        if (targetId < 0 || targetId >= table.limit()) {
            counters.increment(Counter.STALE);
            return;
        }
        while (events.takeIn() == SenderEvents.MAX_EVENTS) {
            // The probe may have been sent since this cycle began, or wait behind a backlog of events.
        }
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!TargetTable.has(page, index, TargetTable.LIVE)
                || !isAddress(page, index, destinationHigh, destinationLow)) {
            counters.increment(Counter.STALE);
            return;
        }
        boolean isProven = targetWord >= 0;
        int newest = page.newestSequence[index];
        int probe = isProven ? sequence : newest - (newest - sequence & 0xffff);
        if (!isProven && !table.isSettled(targetId, probe)) {
            // Whoever knows no more than this may make it up for any address: the reply or its absence decides.
            settlement.unprovenError(targetId, probe, reason, routerHigh, routerLow);
            return;
        }
        if (!probes.settle(page, index, probe)) {
            counters.increment(Counter.STALE);
            return;
        }
        settlement.unreachable(page, index, targetId, probe, reason, routerHigh, routerLow);
    }

    @Override
    public void rejected(Rejection reason) {
        if (isForAllSockets(reason) && socket != main.v4() && socket != main.v6()) {
            // Counted where the main socket gets it.
            return;
        }
        counters.increment(Counter.REJECTED);
        rejected.lazySet(reason.ordinal(), rejected.get(reason.ordinal()) + 1);
    }

    /** Every raw socket gets every ICMP error. Whose it is, is known only where the quoted identifier was read. */
    private static boolean isForAllSockets(Rejection reason) {
        return reason == Rejection.FOREIGN_ERROR
                || reason == Rejection.MALFORMED_ERROR
                || reason == Rejection.UNWANTED_TYPE;
    }

    /** Packets that the decoder rejected for this reason. */
    @AnyThread
    long rejections(Rejection reason) {
        return rejected.get(reason.ordinal());
    }
}
