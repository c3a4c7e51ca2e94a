package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.Rejection;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.stamp.TransmitDelays;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.validity.Pauses;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code ping-recv}. The order within a cycle:
 *
 * <ol>
 *   <li>What was sent: {@link SenderEvents}.
 *   <li>What came in: {@link ReplyMatcher}.
 *   <li>Once the sockets are empty, what is overdue: {@link Settlement}.
 *   <li>Whether the agent is cut off, and who is on the err list: {@link IsolationGuard}, {@link ErrListJudge}.
 * </ol>
 *
 * <p>So a receiver that was paused takes no reply that waits in a socket for a loss.
 */
@OwnedBy("ping-recv")
final class Receiver {

    /** Shorter than the clock of the loss windows allows between two sweeps. */
    private static final int LONG_PAUSE_SECONDS = 10;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final @Nullable IcmpSocket v4;
    private final @Nullable IcmpSocket v6;
    private final ProfileSockets profiles;
    private final NanoClock clock;
    private final HeldProbes held;
    private final Counters counters;

    private final WallOffset offset;
    private final Pauses pauses;
    private final Settlement settlement;
    private final SenderEvents events;
    private final ReplyMatcher matcher;
    private final ErrListJudge judge;
    private final IsolationGuard guard;

    private long nowSeconds;
    private boolean areSocketsEmpty;

    private final AtomicInteger openProbes = new AtomicInteger();
    private final AtomicLong cycles = new AtomicLong();
    private final AtomicLong sleptNanos = new AtomicLong();

    Receiver(EngineParts parts) {
        this.v4 = parts.sockets().v4();
        this.v6 = parts.sockets().v6();
        this.profiles = parts.profiles();
        this.clock = parts.clock();
        this.held = parts.handovers().held();
        this.counters = parts.counters();
        this.offset = new WallOffset(clock);
        this.pauses = new Pauses(clock, offset.nanos());
        long nowNanos = clock.monotonicNanos();
        this.nowSeconds = Math.floorDiv(nowNanos, SECOND_NANOS);
        TransmitDelays delays = new TransmitDelays(parts.handovers().stamping(), clock);
        this.settlement = new Settlement(parts, pauses, offset, nowNanos);
        settlement.cycle(nowNanos, nowSeconds);
        this.events = new SenderEvents(parts, settlement, pauses, delays);
        this.matcher = new ReplyMatcher(parts, settlement, events, delays, pauses, offset);
        this.judge = settlement.judge();
        this.guard = settlement.guard();
    }

    /** One cycle. Returns the number of packets read. */
    int cycle() {
        long nowNanos = begin();
        events.takeIn();
        int v4Read = v4 == null ? 0 : matcher.readAll(v4);
        int v6Read = v6 == null ? 0 : matcher.readAll(v6);
        areSocketsEmpty = v4Read >= 0 && v6Read >= 0;
        int v4Packets = Math.abs(v4Read) + readProfiles(profiles.v4());
        int v6Packets = Math.abs(v6Read) + readProfiles(profiles.v6());
        settlement.validity().received(v4Packets, v6Packets);
        if (areSocketsEmpty) {
            settlement.validity().look(settlement.isAnyOverdue(), nowNanos);
            settlement.settleOverdue();
        }
        guard.cycle(nowNanos);
        judge.sweep(nowNanos, nowSeconds);
        judge.publish();
        openProbes.lazySet(settlement.probes().open());
        cycles.lazySet(cycles.get() + 1);
        return v4Packets + v6Packets;
    }

    private int readProfiles(IcmpSocket[] sockets) {
        int packets = 0;
        for (IcmpSocket socket : sockets) {
            int read = matcher.readAll(socket);
            areSocketsEmpty = areSocketsEmpty && read >= 0;
            packets += Math.abs(read);
        }
        return packets;
    }

    /** Reads the clocks and looks for a pause. Returns the monotonic time. */
    private long begin() {
        offset.measure();
        long bootNanos = clock.bootNanos();
        long nowNanos = clock.monotonicNanos();
        boolean isAfterPause = pauses.cycleBegins(bootNanos, nowNanos, offset.nanos());
        long secondsBefore = nowSeconds;
        nowSeconds = Math.floorDiv(pauses.bootNanos(nowNanos), SECOND_NANOS);
        settlement.cycle(nowNanos, nowSeconds);
        held.cycle(nowNanos);
        judge.load(counters.get(Counter.OVERRUN), counters.get(Counter.SENT_LATE), nowNanos);
        if (isAfterPause) {
            judge.paused(nowNanos);
            counters.increment(pauses.hasSlept() ? Counter.MACHINE_SLEEP : Counter.RECEIVER_STALL);
            sleptNanos.lazySet(pauses.sleptNanos());
            if (nowSeconds - secondsBefore >= LONG_PAUSE_SECONDS) {
                judge.pruneAfterPause(secondsBefore, nowSeconds);
            }
        }
        return nowNanos;
    }

    /** Cycles completed. */
    @AnyThread
    long cycles() {
        return cycles.get();
    }

    /** Probes that still wait for their reply or timeout, as of the last cycle. */
    @AnyThread
    int openProbes() {
        return openProbes.get();
    }

    /** Targets on the err list. */
    @AnyThread
    int listed() {
        return judge.listed();
    }

    /** Those of them that are there because the engine is cut off. */
    @AnyThread
    int listedCutOff() {
        return judge.listedCutOff();
    }

    @AnyThread
    IsolationGuard guard() {
        return guard;
    }

    /** Takes what the network says; in tests also without a network. */
    ReplyMatcher matcher() {
        return matcher;
    }

    /** Takes what the sender announces; in tests also without a sender. */
    SenderEvents events() {
        return events;
    }

    /** Packets that the decoder rejected for this reason. */
    @AnyThread
    long rejected(Rejection reason) {
        return matcher.rejections(reason);
    }

    /** All time in which the machine slept since the start. */
    @AnyThread
    long sleptNanos() {
        return sleptNanos.get();
    }
}
