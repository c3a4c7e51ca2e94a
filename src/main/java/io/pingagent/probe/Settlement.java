package io.pingagent.probe;

import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.IcmpError;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.queue.InFlight;
import io.pingagent.probe.queue.InFlightQueues;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.table.LossWindows;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.table.TimeoutClasses;
import io.pingagent.probe.validity.DropCredit;
import io.pingagent.probe.validity.Pauses;
import io.pingagent.probe.validity.SampleValidity;
import io.pingagent.probe.validity.UnprovenErrors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each probe: answered, lost or invalidated. The only place that changes loss windows, losses in a row
 * and last replies for a settled probe.
 *
 * <p>An unanswered probe is one of these:
 *
 * <ul>
 *   <li>Invalidated if this machine held it, may have lost its reply, or is cut off from its network.
 *   <li>Else lost. Its reason is an ICMP error or the errno of sending, if there was one.
 * </ul>
 */
@OwnedBy("ping-recv")
final class Settlement {

    private final TargetTable table;
    private final TimeoutClasses timeouts;
    private final Counters counters;
    private final ProbeListener listener;
    private final HeldProbes held;
    private final WallOffset offset;
    private final Pauses pauses;

    private final RecentProbes probes = new RecentProbes();
    private final LossWindows windows = new LossWindows();
    private final UnprovenErrors unproven = new UnprovenErrors();
    private final InFlightQueues inFlight;
    private final SampleValidity validity;
    private final ErrListJudge judge;
    private final IsolationGuard guard;

    private long nowNanos;
    private long nowSeconds;

    Settlement(EngineParts parts, Pauses pauses, WallOffset offset, long nowNanos) {
        this.table = parts.tables().targets();
        this.timeouts = parts.tables().timeouts();
        this.counters = parts.counters();
        this.listener = parts.listener();
        this.held = parts.handovers().held();
        this.offset = offset;
        this.pauses = pauses;
        this.inFlight = new InFlightQueues(table, timeouts);
        EventRing events = parts.handovers().events();
        this.validity = new SampleValidity(
                new DropCredit(parts.sockets().v4(), parts.profiles()::v4, nowNanos),
                new DropCredit(parts.sockets().v6(), parts.profiles()::v6, nowNanos),
                parts.clock(),
                pauses,
                () -> probes.open() + events.waiting());
        this.judge = new ErrListJudge(parts, windows, pauses, nowNanos);
        IsolationMarks marks = new IsolationMarks(parts, windows, judge);
        this.guard = new IsolationGuard(parts, marks, judge, pauses, offset, nowNanos);
    }

    RecentProbes probes() {
        return probes;
    }

    SampleValidity validity() {
        return validity;
    }

    ErrListJudge judge() {
        return judge;
    }

    IsolationGuard guard() {
        return guard;
    }

    /**
     * A cycle begins.
     *
     * @param bootSeconds the clock of the loss windows
     */
    void cycle(long monotonicNanos, long bootSeconds) {
        nowNanos = monotonicNanos;
        nowSeconds = bootSeconds;
    }

    /** Monotonic time at which this cycle began. */
    long nowNanos() {
        return nowNanos;
    }

    // --- targets

    void targetAdded(Page page, int index, int firstSequence) {
        windows.clear(page, index);
        probes.begin(page, index, firstSequence);
        page.lossesInARow[index] = 0;
    }

    void targetRemoved(Page page, int index, int targetId) {
        judge.removing(page, index, targetId);
        guard.removing(page, index, targetId);
        TargetTable.clear(page, index, (byte) 0xff);
        probes.end(page, index);
        windows.clear(page, index);
    }

    // --- probes on their way

    /** A probe goes out and is open from now on. */
    void sent(Page page, int index, int targetId, int sequence, int timeoutClass, long sentNanos) {
        if (probes.sent(page, index, sequence)) {
            forgotten(page, index, targetId, sequence - Long.SIZE);
        }
        if (inFlight.add(timeoutClass, targetId, sequence, sentNanos)) {
            validity.waits(timeouts.nanos(timeoutClass));
        }
    }

    /**
     * An open probe, just settled, is no longer remembered: 64 newer ones were sent before its timeout was over, by several
     * jobs together. Its reply may still come, so only an address that is silent anyway has lost it.
     */
    private void forgotten(Page page, int index, int targetId, int sequence) {
        unanswered(page, index, targetId, sequence, true);
    }

    /** Takes back the target's newest probe, whose number will be used again. Returns false if it never went out. */
    boolean takeBack(Page page, int index, int targetId, int sequence, int timeoutClass) {
        InFlight queue = inFlight.of(timeoutClass);
        if (queue == null || !TargetTable.has(page, index, TargetTable.LIVE)) {
            return false;
        }
        queue.removeNewest(targetId, sequence);
        probes.unsent(page, index, sequence);
        return true;
    }

    // --- verdicts

    boolean isAnyOverdue() {
        return inFlight.isAnyOverdue(nowNanos);
    }

    /** Settles all probes whose timeout is over. */
    void settleOverdue() {
        for (int i = 0; i < inFlight.count(); i++) {
            InFlight queue = inFlight.get(i);
            while (queue.isOldestOverdue(nowNanos)) {
                long sentNanos = queue.oldestSentNanos();
                long probe = queue.removeOldest();
                int targetId = (int) (probe >>> 32);
                int sequence = (int) probe;
                Page page = table.page(targetId);
                int index = targetId & TargetTable.PAGE_MASK;
                if (probes.settle(page, index, sequence)) {
                    boolean isInvalidated = isHeld(page, index, targetId, sequence, sentNanos, queue.timeoutNanos())
                            || validity.invalidates(page, index, sentNanos, queue.timeoutNanos());
                    unanswered(page, index, targetId, sequence, isInvalidated);
                }
            }
        }
        inFlight.unlistEmpty();
    }

    /** A probe was answered in time, and has been settled. */
    void answered(Page page, int index, int targetId, long rttNanos, long answeredNanos) {
        counters.increment(Counter.RECEIVED);
        TargetTable.setLastRtt(page, index, (float) rttNanos);
        TargetTable.setLastReply(page, index, pauses.bootNanos(answeredNanos));
        guard.answered(page, index, targetId);
        page.lossesInARow[index] = 0;
        SampleValidity.answered(page, index);
        TargetTable.set(page, index, TargetTable.JUDGEABLE);
        windows.add(page, index, LossWindows.ANSWERED, nowSeconds);
    }

    /**
     * A probe, just settled, had its reply after its timeout: found by the stamps before the overdue probes were
     * looked for.
     *
     * @param isStamped whether the kernel says when the reply came
     */
    void answeredLate(
            Page page,
            int index,
            int targetId,
            int sequence,
            long sentNanos,
            long answeredAfterNanos,
            long timeoutNanos,
            boolean isStamped) {
        boolean isInvalidated = !isStamped && validity.mayHaveWaited(answeredAfterNanos, timeoutNanos)
                || isHeld(page, index, targetId, sequence, sentNanos, timeoutNanos);
        unproven.forget(targetId, sequence);
        unanswered(page, index, targetId, sequence, isInvalidated);
    }

    /** An ICMP error about an open probe that proves nothing: the probable reason, should the probe be lost. */
    void unprovenError(int targetId, int sequence, IcmpError reason, long routerHigh, long routerLow) {
        counters.increment(Counter.UNPROVEN_ERROR);
        unproven.remember(targetId, sequence, reason, routerHigh, routerLow);
    }

    /** An ICMP error about a probe, just settled. */
    void unreachable(
            Page page, int index, int targetId, int sequence, IcmpError reason, long routerHigh, long routerLow) {
        counters.increment(Counter.UNREACHABLE);
        lost(page, index, targetId, sequence, reason, routerHigh, routerLow, 0);
    }

    /** The kernel would not send a probe, just settled. */
    void sendError(Page page, int index, int targetId, int sequence, int errno) {
        lost(page, index, targetId, sequence, null, 0, 0, errno);
    }

    /** A probe was never sent, because this machine had no room: its sample does not count. */
    void omitted(Page page, int index) {
        windows.add(page, index, LossWindows.UNKNOWN, nowSeconds);
    }

    /** Whether an unanswered probe was held in this machine for too long to be answered in time. */
    private boolean isHeld(Page page, int index, int targetId, int sequence, long sentNanos, long timeoutNanos) {
        if (!held.isAnyWatched()
                || !held.isHeld(
                        page,
                        index,
                        targetId,
                        sequence,
                        sentNanos,
                        timeoutNanos,
                        SampleValidity.dueAfterNanos(page, index, timeoutNanos))
                || judge.isSilentBeyondDoubt(page, index, nowNanos)) {
            return false;
        }
        counters.increment(Counter.SEND_HELD);
        return true;
    }

    private void unanswered(Page page, int index, int targetId, int sequence, boolean isInvalidated) {
        if (isInvalidated && !judge.isSilentBeyondDoubt(page, index, nowNanos)) {
            SampleValidity.invalidated(page, index);
            counters.increment(Counter.INVALIDATED);
            invalidated(page, index, targetId, sequence);
        } else {
            lostWithoutProof(page, index, targetId, sequence);
        }
    }

    private void invalidated(Page page, int index, int targetId, int sequence) {
        windows.add(page, index, LossWindows.UNKNOWN, nowSeconds);
        listener.invalidated(targetId, sequence);
    }

    /** Nothing that proves anything came: maybe something that does not. */
    private void lostWithoutProof(Page page, int index, int targetId, int sequence) {
        int said = unproven.find(targetId, sequence);
        if (said < 0) {
            lost(page, index, targetId, sequence, null, 0, 0, 0);
            return;
        }
        counters.increment(Counter.UNREACHABLE);
        long routerHigh = unproven.routerHigh(said);
        long routerLow = unproven.routerLow(said);
        lost(page, index, targetId, sequence, unproven.reason(said), routerHigh, routerLow, 0);
    }

    private void lost(
            Page page,
            int index,
            int targetId,
            int sequence,
            @Nullable IcmpError error,
            long routerHigh,
            long routerLow,
            int sendErrno) {
        IsolationGuard.Said said = sendErrno != 0
                ? IsolationGuard.Said.NOT_SENT
                : error != null ? IsolationGuard.Said.UNREACHABLE : IsolationGuard.Said.NOTHING;
        if (guard.lost(page, index, targetId, said, nowNanos)) {
            counters.increment(Counter.CUT_OFF);
            invalidated(page, index, targetId, sequence);
            return;
        }
        counters.increment(Counter.LOST);
        windows.add(page, index, LossWindows.LOST, nowSeconds);
        TargetTable.set(page, index, TargetTable.JUDGEABLE);
        int losses = Math.min(Short.MAX_VALUE, page.lossesInARow[index] + 1);
        page.lossesInARow[index] = (short) losses;
        if (sendErrno != 0) {
            listener.sendFailed(targetId, sequence, sendErrno);
        } else if (error != null) {
            listener.icmpError(targetId, sequence, error, routerHigh, routerLow);
        }
        listener.lost(targetId, sequence, nowNanos + offset.nanos());
        judge.lost(page, index, targetId, losses, sendErrno == 0 ? ErrListCause.LOST : ErrListCause.NOT_SENT);
    }
}
