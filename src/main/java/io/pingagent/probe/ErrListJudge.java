package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SpscRing;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.queue.IntQueue;
import io.pingagent.probe.table.LossWindows;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.validity.Pauses;
import io.pingagent.probe.validity.SampleValidity;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides who enters and who leaves the err list, and hands the changes to {@code ping-send}.
 *
 * <p>Check, review and the pruning of loss windows look at every target, a slice in each cycle, so that replies never
 * wait long for them.
 */
@OwnedBy("ping-recv")
final class ErrListJudge {

    /** Targets looked at in one cycle of a sweep: well below a millisecond. */
    private static final int SWEEP_SLICE = 8192;

    /** The loss windows' clock has 84 s, of which 60 are in use. */
    private static final long PRUNE_INTERVAL_NANOS = 10_000_000_000L;

    /** So long after an overrun targets may still wait for their probe. */
    private static final long OVERLOAD_NANOS = 60_000_000_000L;

    /**
     * Whoever has not answered for so much longer than its TTL is down, however many of its probes were invalidated.
     */
    private static final long DOWN_NANOS = 15_000_000_000L;

    /** Redis may count a TTL so much shorter than this machine: a 64th of it, because clocks differ, and this. */
    private static final int TTL_DRIFT = 64;

    private static final long TTL_SLACK_NANOS = 50_000_000L;

    private static final int SWEEP_PRUNE = 1;
    private static final int SWEEP_CHECK = 2;
    private static final int SWEEP_REVIEW = 4;

    private final TargetTable table;
    private final SettingsTable settings;
    private final LossWindows windows;
    private final SpscRing changes;
    private final ProbeListener listener;
    private final Pauses pauses;
    private final int enterAfterLosses;
    private final double recoverLossRatio;

    private final IntQueue unsentChanges = new IntQueue();
    /** Entries that ping-send hears of only when {@link IsolationGuard} has decided. */
    private final IntQueue heldEntries = new IntQueue();

    private boolean holdsEntries;
    private int listed;
    private int listedCutOff;
    private final AtomicInteger listedSeen = new AtomicInteger();
    private final AtomicInteger listedCutOffSeen = new AtomicInteger();
    private long stallEndNanos;
    private long overruns;
    private long overrunNanos;
    private long lateProbes;
    private long lateProbeNanos;
    private int sweepModes;
    private int nextSweepModes;
    private int sweepPosition;
    private long lastPruneNanos;

    ErrListJudge(EngineParts parts, LossWindows windows, Pauses pauses, long nowNanos) {
        EngineOptions options = parts.options();
        this.table = parts.tables().targets();
        this.settings = parts.tables().settings();
        this.changes = parts.handovers().errListChanges();
        this.listener = parts.listener();
        this.windows = windows;
        this.pauses = pauses;
        this.enterAfterLosses = options.enterAfterLosses();
        this.recoverLossRatio = options.recoverLossRatio();
        this.lastPruneNanos = nowNanos;
        this.stallEndNanos = nowNanos - Long.MAX_VALUE / 2;
        overrunNanos = stallEndNanos;
        lateProbeNanos = stallEndNanos;
    }

    // --- entering and leaving

    void enterOnRequest(int targetId, ErrListCause cause, long nowNanos) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!TargetTable.has(page, index, TargetTable.LIVE)) {
            return;
        }
        if (cause == ErrListCause.EXPIRED && !isSilent(page, index, nowNanos, expiryNanos(page, index))) {
            return;
        }
        enter(page, index, targetId, cause);
    }

    /** @param lossesInARow with the one just found */
    void lost(Page page, int index, int targetId, int lossesInARow, ErrListCause cause) {
        if (lossesInARow >= enterAfterLosses) {
            enter(page, index, targetId, cause);
        }
    }

    private void enter(Page page, int index, int targetId, ErrListCause cause) {
        if (TargetTable.has(page, index, TargetTable.IN_ERR_LIST)) {
            return;
        }
        TargetTable.set(page, index, TargetTable.IN_ERR_LIST);
        TargetTable.clear(page, index, TargetTable.REVIEWED);
        listed++;
        listedCutOff += TargetTable.isMarked(page, index, IsolationMarks.CUT_OFF) ? 1 : 0;
        if (holdsEntries) {
            TargetTable.mark(page, index, IsolationMarks.HELD);
            heldEntries.add(targetId);
        } else {
            unsentChanges.add(targetId);
        }
        listener.enteredErrList(targetId, cause);
    }

    /** The target has just been marked as cut off: it is on the list, if there is one, and probed by its jobs. */
    void cutOff(Page page, int index, int targetId) {
        if (TargetTable.has(page, index, TargetTable.IN_ERR_LIST)) {
            listedCutOff++;
            unsentChanges.add(targetId);
        } else if (enterAfterLosses != Integer.MAX_VALUE) {
            enter(page, index, targetId, ErrListCause.CUT_OFF);
        }
    }

    /** The target is about to be no longer marked as cut off, and stays on the list. */
    void reinstated(Page page, int index, int targetId) {
        if (TargetTable.has(page, index, TargetTable.IN_ERR_LIST)
                && TargetTable.isMarked(page, index, IsolationMarks.CUT_OFF)) {
            listedCutOff--;
        }
        unsentChanges.add(targetId);
    }

    /** From now on {@code ping-send} does not hear of those that enter. */
    void holdEntries() {
        holdsEntries = true;
    }

    /** Now {@code ping-send} hears of those that entered meanwhile. */
    void releaseEntries() {
        holdsEntries = false;
        while (!heldEntries.isEmpty()) {
            int targetId = heldEntries.remove();
            TargetTable.unmark(table.page(targetId), targetId & TargetTable.PAGE_MASK, IsolationMarks.HELD);
            unsentChanges.add(targetId);
        }
    }

    /** From the next round of the err list on the target is probed in each, until it answers. */
    void await(int targetId) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (TargetTable.has(page, index, TargetTable.LIVE)) {
            TargetTable.mark(page, index, IsolationMarks.AWAITED);
            unsentChanges.add(targetId);
        }
    }

    /** Makes {@code ping-send} look at this target. */
    void changed(int targetId) {
        unsentChanges.add(targetId);
    }

    /** Those of them that are there because the agent is cut off. */
    @AnyThread
    int listedCutOff() {
        return listedCutOffSeen.get();
    }

    /** Targets on the err list, as of the last cycle. */
    @AnyThread
    int listed() {
        return listedSeen.get();
    }

    void leave(int targetId) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (TargetTable.has(page, index, TargetTable.IN_ERR_LIST)) {
            TargetTable.clear(page, index, TargetTable.IN_ERR_LIST);
            page.lossesInARow[index] = 0;
            listed--;
            listedCutOff -= TargetTable.isMarked(page, index, IsolationMarks.CUT_OFF) ? 1 : 0;
            unsentChanges.add(targetId);
            listener.leftErrList(targetId);
        }
    }

    /** Before the flags of a removed target are cleared. */
    void removing(Page page, int index, int targetId) {
        if (TargetTable.has(page, index, TargetTable.IN_ERR_LIST)) {
            // It may have entered after the sender took it off its wheel: the sender has to look again.
            listed--;
            listedCutOff -= TargetTable.isMarked(page, index, IsolationMarks.CUT_OFF) ? 1 : 0;
            unsentChanges.add(targetId);
        }
    }

    /** Makes the changes of this cycle known to ping-send, as far as there is room, and the counts to all. */
    void publish() {
        while (!unsentChanges.isEmpty() && changes.hasRoom()) {
            changes.put(0, unsentChanges.remove());
            changes.publish();
        }
        listedSeen.lazySet(listed);
        listedCutOffSeen.lazySet(listedCutOff);
    }

    // --- silence

    /** This process or the whole machine was paused until now: nobody's silence in that time counts. */
    void paused(long nowNanos) {
        stallEndNanos = nowNanos;
    }

    /**
     * When probes go out late or rounds are left out, a target may be silent because it has not been probed.
     *
     * @param newOverruns rounds since the start that overran
     * @param newLateProbes probes since the start that were late
     */
    void load(long newOverruns, long newLateProbes, long nowNanos) {
        if (newOverruns != overruns) {
            overruns = newOverruns;
            overrunNanos = nowNanos;
        }
        if (newLateProbes != lateProbes) {
            lateProbes = newLateProbes;
            lateProbeNanos = nowNanos;
        }
    }

    /** Whether the target itself is to blame for not having answered for longer than that. */
    private boolean isSilent(Page page, int index, long nowNanos, long limitNanos) {
        return silentNanos(page, index, nowNanos) > limitNanos
                && (mayBeJudgedBySilence(page, index, nowNanos) || isSilentBeyondDoubt(page, index, nowNanos));
    }

    /**
     * Whether the target's silence may put it on the err list. Three conditions:
     *
     * <ul>
     *   <li>One of its probes was settled.
     *   <li>This process was not paused within its TTL.
     *   <li>One of its probes was lost, or nothing on our side explains the silence. Such explanations are rounds that
     *       overran, probes that went out late or not at all, and replies that this machine may have lost itself.
     * </ul>
     */
    private boolean mayBeJudgedBySilence(Page page, int index, long nowNanos) {
        long ttlNanos = ttlNanos(page, index);
        boolean wasPaused = nowNanos - stallEndNanos <= ttlNanos;
        boolean wasOverloaded = nowNanos - overrunNanos < ttlNanos + OVERLOAD_NANOS
                || nowNanos - lateProbeNanos < ttlNanos + OVERLOAD_NANOS;
        boolean mayBeOurs = wasOverloaded
                || SampleValidity.invalidatedInARow(page, index) > 0
                || TargetTable.has(page, index, TargetTable.UNSENT);
        boolean wasProbeLost = page.lossesInARow[index] > 0;
        return TargetTable.has(page, index, TargetTable.JUDGEABLE) && !wasPaused && (wasProbeLost || !mayBeOurs);
    }

    /**
     * Whether the target is down, however many of its probes were invalidated. Three conditions:
     *
     * <ul>
     *   <li>No reply for its TTL and 15 s.
     *   <li>At least one probe without a reply since then.
     *   <li>This machine was awake for half the TTL of that time; for all of it if there was only one such probe.
     * </ul>
     */
    boolean isSilentBeyondDoubt(Page page, int index, long nowNanos) {
        int unanswered = SampleValidity.invalidatedInARow(page, index) + page.lossesInARow[index];
        if (unanswered == 0) {
            return false;
        }
        long ttlNanos = ttlNanos(page, index);
        long silentNanos = silentNanos(page, index, nowNanos);
        if (silentNanos <= ttlNanos + DOWN_NANOS) {
            return false;
        }
        long awakeNanos = silentNanos - pauses.pausedSince(pauses.bootNanos(nowNanos) - silentNanos);
        return awakeNanos > (unanswered == 1 ? ttlNanos : ttlNanos / 2);
    }

    private long silentNanos(Page page, int index, long nowNanos) {
        return TargetTable.silentNanos(page, index, pauses.bootNanos(nowNanos));
    }

    /**
     * A key that expires earlier after a reply did so for another reason: Redis's clock was stepped, or somebody
     * deleted it.
     */
    private long expiryNanos(Page page, int index) {
        long ttlNanos = ttlNanos(page, index);
        return ttlNanos - ttlNanos / TTL_DRIFT - TTL_SLACK_NANOS;
    }

    private long ttlNanos(Page page, int index) {
        return settings.get(TargetTable.settings(page, index)).ttlMillis() * 1_000_000L;
    }

    // --- sweeps over all targets

    /** Look for silent targets, in the next sweep. */
    void requestCheck() {
        nextSweepModes |= SWEEP_CHECK;
    }

    /** Look for targets that may leave, in the next sweep. */
    void requestReview() {
        nextSweepModes |= SWEEP_REVIEW;
    }

    /** The next slice of the sweep that is under way; else begins one that is wanted or due. */
    void sweep(long nowNanos, long nowSeconds) {
        if (sweepModes == 0) {
            boolean isPruningDue =
                    nowNanos - lastPruneNanos >= PRUNE_INTERVAL_NANOS || (nextSweepModes & SWEEP_REVIEW) != 0;
            if (nextSweepModes == 0 && !isPruningDue) {
                return;
            }
            sweepModes = nextSweepModes;
            if (isPruningDue) {
                sweepModes |= SWEEP_PRUNE;
                lastPruneNanos = nowNanos;
            }
            nextSweepModes = 0;
            sweepPosition = 0;
        }
        int end = Math.min(table.limit(), sweepPosition + SWEEP_SLICE);
        for (int targetId = sweepPosition; targetId < end; targetId++) {
            Page page = table.page(targetId);
            int index = targetId & TargetTable.PAGE_MASK;
            if (!TargetTable.has(page, index, TargetTable.LIVE)) {
                continue;
            }
            if ((sweepModes & SWEEP_PRUNE) != 0) {
                windows.prune(page, index, nowSeconds);
            }
            if ((sweepModes & SWEEP_CHECK) != 0) {
                check(page, index, targetId, nowNanos);
            }
            if ((sweepModes & SWEEP_REVIEW) != 0) {
                review(page, index, targetId);
            }
        }
        sweepPosition = end;
        if (end == table.limit()) {
            sweepModes = 0;
        }
    }

    private void check(Page page, int index, int targetId, long nowNanos) {
        if (!TargetTable.has(page, index, TargetTable.IN_ERR_LIST)
                && isSilent(page, index, nowNanos, ttlNanos(page, index))) {
            enter(page, index, targetId, ErrListCause.SILENT);
        }
    }

    private void review(Page page, int index, int targetId) {
        if (!TargetTable.has(page, index, TargetTable.IN_ERR_LIST)
                || TargetTable.isMarked(page, index, IsolationMarks.CUT_OFF)) {
            return;
        }
        if (!TargetTable.has(page, index, TargetTable.REVIEWED)) {
            TargetTable.set(page, index, TargetTable.REVIEWED);
            return;
        }
        int sentCount = page.windowCounts[index] >>> 16;
        int lostCount = sentCount - (page.windowCounts[index] & 0xffff);
        TargetSettings judged = settings.get(TargetTable.settings(page, index));
        boolean isRecovered = lostCount <= judged.allowedLoss() || lostCount < recoverLossRatio * sentCount;
        if (sentCount > 0 && isRecovered) {
            leave(targetId);
        }
    }

    /** After a pause that was too long for the clock of the loss windows. */
    void pruneAfterPause(long beforeSeconds, long nowSeconds) {
        for (int targetId = 0; targetId < table.limit(); targetId++) {
            windows.prune(table.page(targetId), targetId & TargetTable.PAGE_MASK, beforeSeconds, nowSeconds);
        }
    }
}
