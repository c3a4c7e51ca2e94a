package io.pingagent.probe;

import io.pingagent.base.OwnedBy;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.stamp.TransmitDelays;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.validity.Pauses;

/**
 * What {@code ping-send} announces: targets that come and go, probes that go out or do not, requests for the err list.
 */
@OwnedBy("ping-recv")
final class SenderEvents implements EventRing.Consumer {

    /** Events taken at once. */
    static final int MAX_EVENTS = 1 << 16;

    /** In place of the last RTT: no probe was sent yet. */
    private static final float NEVER_PROBED = -2;
    /** In place of the last RTT: probes were sent and none was answered yet. */
    private static final float NEVER_ANSWERED = -1;

    private static final ErrListCause[] CAUSES = ErrListCause.values();

    private final TargetTable table;
    private final EventRing events;
    private final HeldProbes held;
    private final ProbeListener listener;
    private final Settlement settlement;
    private final Pauses pauses;
    private final TransmitDelays delays;

    SenderEvents(EngineParts parts, Settlement settlement, Pauses pauses, TransmitDelays delays) {
        this.table = parts.tables().targets();
        this.events = parts.handovers().events();
        this.held = parts.handovers().held();
        this.listener = parts.listener();
        this.settlement = settlement;
        this.pauses = pauses;
        this.delays = delays;
    }

    /** Takes in what has been announced, at most {@link #MAX_EVENTS} events. Returns their number. */
    int takeIn() {
        return events.drain(this, MAX_EVENTS);
    }

    @Override
    public void event(int kind, int argument, int targetId, int sequence, long nanos) {
        switch (kind) {
            case EventRing.SENT -> sent(argument, targetId, sequence, nanos);
            case EventRing.SEND_ERROR -> sendError(argument, targetId, sequence);
            case EventRing.SEND_DEFERRED -> {
                if (nanos == EventRing.NUMBER_IS_FREE) {
                    takeBack(argument, targetId, sequence);
                } else {
                    deferred(targetId, sequence);
                }
            }
            case EventRing.UNSENT -> unsent(targetId);
            case EventRing.ADDED -> added(targetId, sequence);
            case EventRing.REMOVED -> removed(targetId);
            case EventRing.ENTER_ERR_LIST ->
                settlement.judge().enterOnRequest(targetId, CAUSES[argument], settlement.nowNanos());
            case EventRing.LEAVE_ERR_LIST -> settlement.judge().leave(targetId);
            case EventRing.ASK -> settlement.judge().await(targetId);
            case EventRing.CHECK -> settlement.judge().requestCheck();
            case EventRing.REVIEW -> settlement.judge().requestReview();
            default -> throw new IllegalStateException("event of unknown kind " + kind);
        }
    }

    private void added(int targetId, int firstSequence) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        settlement.targetAdded(page, index, firstSequence);
        delays.forget(targetId);
        held.forget(targetId);
        TargetTable.setLastRtt(page, index, NEVER_PROBED);
        TargetTable.clear(page, index, (byte) 0xff);
        TargetTable.set(page, index, TargetTable.LIVE);
    }

    private void removed(int targetId) {
        settlement.targetRemoved(table.page(targetId), targetId & TargetTable.PAGE_MASK, targetId);
        listener.removed(targetId);
    }

    private void sent(int timeoutClass, int targetId, int sequence, long sentNanos) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!TargetTable.has(page, index, TargetTable.LIVE)) {
            return;
        }
        // The flag first: it is at hand, the RTT is in memory of its own.
        if (!TargetTable.has(page, index, TargetTable.JUDGEABLE) && page.lastRttNanos[index] == NEVER_PROBED) {
            TargetTable.setLastReply(page, index, pauses.bootNanos(sentNanos));
            TargetTable.setLastRtt(page, index, NEVER_ANSWERED);
        }
        settlement.sent(page, index, targetId, sequence, timeoutClass, sentNanos);
    }

    private void sendError(int errno, int targetId, int sequence) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (settlement.probes().settle(page, index, sequence)) {
            settlement.sendError(page, index, targetId, sequence, errno);
        }
    }

    /** The probe will go out under another number. */
    private void deferred(int targetId, int sequence) {
        if (settlement.probes().settle(table.page(targetId), targetId & TargetTable.PAGE_MASK, sequence)) {
            listener.deferred(targetId, sequence);
        }
    }

    /** The probe will go out under the same number, as if it had never been announced. */
    private void takeBack(int timeoutClass, int targetId, int sequence) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!settlement.takeBack(page, index, targetId, sequence, timeoutClass)) {
            return;
        }
        TargetTable.set(page, index, TargetTable.UNSENT);
        if (page.lastRttNanos[index] == NEVER_ANSWERED
                && !TargetTable.has(page, index, TargetTable.JUDGEABLE)
                && RecentProbes.areAllSettled(page, index)) {
            TargetTable.setLastRtt(page, index, NEVER_PROBED);
        }
    }

    /** A probe was left out because this machine had no room for it: that says nothing of the address. */
    void unsent(int targetId) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (TargetTable.has(page, index, TargetTable.LIVE)) {
            TargetTable.set(page, index, TargetTable.UNSENT);
            settlement.omitted(page, index);
            listener.unsent(targetId);
        }
    }
}
