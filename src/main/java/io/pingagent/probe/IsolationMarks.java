package io.pingagent.probe;

import io.pingagent.base.OwnedBy;
import io.pingagent.probe.queue.IntQueue;
import io.pingagent.probe.table.LossWindows;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.validity.SampleValidity;

/**
 * The marks that {@link IsolationGuard} puts on targets, and the targets that carry them. Marking a million targets
 * takes many cycles, a slice in each, so that replies never wait long.
 */
@OwnedBy("ping-recv")
final class IsolationMarks {

    /** Answered a moment ago, and then lost a probe. */
    static final byte STOPPED = 1;
    /** Silent while the agent is cut off: not probed more often for being on the err list. */
    static final byte CUT_OFF = 2;
    /** In the sample: probed with the err list, whether it is on it or not. */
    static final byte ASKED = 4;
    /** Was cut off and answers again, while others still are. */
    static final byte BACK = 8;
    /** On the err list for a moment, and not yet probed more often for that: it may be an outage of the agent's own. */
    static final byte HELD = 16;
    /** Was on the err list before it stopped, and stays there. */
    static final byte WAS_LISTED = 32;
    /** Somebody waits for its next reply: until then probed with the err list, whether it is on it or not. */
    static final byte AWAITED = 64;

    private static final byte ALL = (byte) 0xff;

    /** Targets marked in one cycle, in about a millisecond. */
    private static final int SLICE = 1024;

    private final TargetTable table;
    private final LossWindows windows;
    private final ErrListJudge judge;
    private final ProbeListener listener;

    /** Addresses that carry {@link #STOPPED}, in order, and some that did. */
    private final IntQueue stopped = new IntQueue();
    /** How many at the head of {@link #stopped} are still to be marked as cut off. */
    private int toCutOff;
    /** How many at the head of {@link #stopped} are still to leave the err list. */
    private int toReinstate;
    /** How many carry {@link #BACK}. */
    private int back;

    IsolationMarks(EngineParts parts, LossWindows windows, ErrListJudge judge) {
        this.table = parts.tables().targets();
        this.listener = parts.listener();
        this.windows = windows;
        this.judge = judge;
    }

    /** Addresses that stopped, and some that answer again. */
    int stoppedCount() {
        return stopped.size();
    }

    /** Addresses that were cut off and answer again, while the agent still counts as cut off. */
    int backCount() {
        return back;
    }

    /** Whether the outage before is not undone for all addresses yet. */
    boolean isReinstating() {
        return toReinstate > 0;
    }

    // --- one target

    void stopped(Page page, int index, int targetId) {
        boolean isListed = TargetTable.has(page, index, TargetTable.IN_ERR_LIST);
        TargetTable.mark(page, index, isListed ? (byte) (STOPPED | WAS_LISTED) : STOPPED);
        stopped.add(targetId);
    }

    /** The target answers again, and was not cut off. */
    static void answersAgain(Page page, int index) {
        TargetTable.unmark(page, index, (byte) (STOPPED | WAS_LISTED));
    }

    void cutOff(Page page, int index, int targetId) {
        if (TargetTable.isMarked(page, index, CUT_OFF)) {
            return;
        }
        if (TargetTable.isMarked(page, index, BACK)) {
            TargetTable.unmark(page, index, BACK);
            back--;
        }
        TargetTable.mark(page, index, CUT_OFF);
        judge.cutOff(page, index, targetId);
        changedIfAwaited(page, index, targetId);
    }

    /** The sender probes those that are awaited at the err list's interval, but not while they are cut off. */
    private void changedIfAwaited(Page page, int index, int targetId) {
        if (TargetTable.isMarked(page, index, AWAITED)) {
            judge.changed(targetId);
        }
    }

    /**
     * Takes back what the outage did to a target.
     *
     * @param isIsolated whether the outage lasts for others
     */
    void reinstate(Page page, int index, int targetId, boolean isIsolated) {
        boolean wasListed = TargetTable.isMarked(page, index, WAS_LISTED);
        page.lossesInARow[index] = 0;
        SampleValidity.answered(page, index);
        listener.reinstated(targetId);
        if (wasListed) {
            judge.reinstated(page, index, targetId);
        } else {
            windows.clear(page, index);
            judge.leave(targetId);
        }
        if (isIsolated) {
            // Whoever comes and goes while it lasts is kept in the queue once.
            TargetTable.unmark(page, index, CUT_OFF);
            TargetTable.mark(page, index, BACK);
            back++;
        } else {
            back -= TargetTable.isMarked(page, index, BACK) ? 1 : 0;
            TargetTable.unmark(page, index, (byte) (STOPPED | CUT_OFF | BACK | WAS_LISTED));
        }
        changedIfAwaited(page, index, targetId);
    }

    void removed(Page page, int index) {
        if (TargetTable.isMarked(page, index, BACK)) {
            back--;
        }
        TargetTable.unmark(page, index, ALL);
    }

    // --- all that stopped

    /** Of those that stopped only the newest may belong to an outage that is found now. */
    void forgetAllBut(int newest) {
        if (isReinstating()) {
            return;
        }
        for (int surplus = stopped.size() - newest; surplus > 0; surplus--) {
            int targetId = stopped.remove();
            answersAgain(table.page(targetId), targetId & TargetTable.PAGE_MASK);
        }
    }

    /** All that stopped are cut off, see {@link #cutOffSome}. */
    void beginCuttingOff() {
        toCutOff = stopped.size();
    }

    /** The outage is over for all, see {@link #reinstateSome}. */
    void beginReinstating() {
        toCutOff = 0;
        toReinstate = stopped.size();
    }

    /** Marks the next slice. Returns whether all are marked. */
    boolean cutOffSome() {
        for (int i = Math.min(SLICE, toCutOff); i > 0; i--) {
            int targetId = stopped.remove();
            toCutOff--;
            stopped.add(targetId);
            Page page = table.page(targetId);
            int index = targetId & TargetTable.PAGE_MASK;
            if (TargetTable.isMarked(page, index, STOPPED)) {
                cutOff(page, index, targetId);
            }
        }
        return toCutOff == 0;
    }

    /** @param isIsolated whether the agent is cut off again */
    void reinstateSome(boolean isIsolated) {
        for (int i = Math.min(SLICE, toReinstate); i > 0; i--) {
            int targetId = stopped.remove();
            toReinstate--;
            Page page = table.page(targetId);
            int index = targetId & TargetTable.PAGE_MASK;
            if (TargetTable.isMarked(page, index, (byte) (STOPPED | CUT_OFF))) {
                reinstate(page, index, targetId, isIsolated);
            }
        }
    }
}
