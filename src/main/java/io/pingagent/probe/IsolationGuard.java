package io.pingagent.probe;

import static io.pingagent.probe.IsolationMarks.ASKED;
import static io.pingagent.probe.IsolationMarks.AWAITED;
import static io.pingagent.probe.IsolationMarks.CUT_OFF;
import static io.pingagent.probe.IsolationMarks.STOPPED;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.validity.IsolationSample;
import io.pingagent.probe.validity.Pauses;
import io.pingagent.probe.validity.StopCounts;

/**
 * Finds out whether the agent itself is cut off from its network. An address that does not answer then is not down;
 * nothing is known of it.
 *
 * <pre>
 * CONNECTED  ── many stop at once ──▶ SUSPECTED ── the sample is silent ──▶ ISOLATED
 *     ▲                                   │                                    │
 *     └────────── enough answer ──────────┴──── a part of the sample answers ──┘
 * </pre>
 *
 * <ul>
 *   <li>SUSPECTED is cheap and comes early. Of what was settled in the last two seconds, half the configured share are
 *       addresses that stopped. That says little of the others, which were not probed since. So a sample of all that
 *       answered a moment ago is probed at once, with the err list. It decides within a timeout and about a second.
 *       Meanwhile new entries of the err list are not yet probed more often.
 *   <li>ISOLATED: a probe without a reply is invalidated. The addresses concerned are on the err list, but marked as
 *       cut off. They are probed by their jobs only. Once it is over they leave the list, and what they lost does not
 *       count.
 * </ul>
 *
 * <p>The marks are those of {@link IsolationMarks}.
 */
@OwnedBy("ping-recv")
final class IsolationGuard {

    /** What was known of a lost probe before its timeout. */
    enum Said {
        NOTHING,
        /** A router or host said why. */
        UNREACHABLE,
        /** The kernel would not send it. */
        NOT_SENT
    }

    /** Without canaries: fewer addresses than these may well all be down at once. */
    private static final int LEAST_ADDRESSES = 5;

    private static final long QUIET_NANOS = 3_000_000_000L;
    private static final long LONG_QUIET_NANOS = 15_000_000_000L;
    /** How long ago a stop may have been to belong to an outage that is suspected now. */
    private static final long RECENT_NANOS = 2_000_000_000L;
    /** A round of the err list, and what a busy machine takes for it. */
    private static final long ASKING_NANOS = 3_000_000_000L;
    /** What a part of the network may return later than the first. */
    private static final long SETTLE_NANOS = 3_000_000_000L;

    private static final long LONGEST_SETTLE_NANOS = 10_000_000_000L;
    /** The longest timeout, 60 s, and a round of the err list. */
    private static final long LONGEST_NANOS = 65_000_000_000L;

    private final double share;
    private final TargetTable table;
    private final SettingsTable settings;
    private final ErrListJudge judge;
    private final IsolationMarks marks;
    private final ProbeListener listener;
    private final Pauses pauses;
    private final WallOffset offset;
    private final Counters counters;

    private final StopCounts counts;
    private final IsolationSample sample = new IsolationSample();
    private boolean hasAnybodyAnswered;
    private long firstStopNanos;
    private long lastStopNanos;
    private long quietUntilNanos;
    private long longQuietUntilNanos;
    private long askedNanos;
    private long patienceNanos;
    private long sinceWallNanos;
    private long connectedSinceWallNanos;
    private long endedNanos;
    private boolean entriesWait;
    private boolean isFromStart;
    private boolean isReturning;
    private int returned;
    private long firstReturnNanos;
    private long lastReturnNanos;

    private Isolation.State state = Isolation.State.CONNECTED;
    private volatile Isolation isolation = Isolation.NONE;
    private volatile int[] canaryIds = {};

    IsolationGuard(
            EngineParts parts,
            IsolationMarks marks,
            ErrListJudge judge,
            Pauses pauses,
            WallOffset offset,
            long nowNanos) {
        this.share = parts.options().isolationShare();
        this.table = parts.tables().targets();
        this.settings = parts.tables().settings();
        this.judge = judge;
        this.marks = marks;
        this.listener = parts.listener();
        this.pauses = pauses;
        this.offset = offset;
        this.counters = parts.counters();
        this.counts = new StopCounts(nowNanos);
        quietUntilNanos = nowNanos;
        longQuietUntilNanos = nowNanos;
        lastStopNanos = nowNanos;
        firstStopNanos = nowNanos;
        endedNanos = nowNanos - Long.MAX_VALUE / 2;
    }

    @AnyThread
    Isolation isolation() {
        return isolation;
    }

    /** Targets that answer if the agent is connected, whatever else is down. The array is kept. */
    @AnyThread
    void canaries(int[] targetIds) {
        canaryIds = targetIds;
    }

    // --- what is settled

    /** A probe was answered in time. Before its sample is counted. */
    void answered(Page page, int index, int targetId) {
        if (share != 0) {
            hasAnybodyAnswered = true;
            counts.replied();
        }
        if (page.marks == null || !TargetTable.isMarked(page, index, (byte) (STOPPED | CUT_OFF | ASKED | AWAITED))) {
            return;
        }
        if (TargetTable.isMarked(page, index, AWAITED)) {
            TargetTable.unmark(page, index, AWAITED);
            judge.changed(targetId);
        }
        if (TargetTable.isMarked(page, index, ASKED)) {
            sample.answered(targetId);
        }
        if (TargetTable.isMarked(page, index, CUT_OFF)) {
            marks.reinstate(page, index, targetId, state == Isolation.State.ISOLATED);
        } else if (state != Isolation.State.ISOLATED) {
            IsolationMarks.answersAgain(page, index);
        }
    }

    /**
     * A probe was lost.
     *
     * @param said what was known before the timeout, if anything
     * @return whether it does not count, because the agent is cut off, or was when the probe was sent
     */
    boolean lost(Page page, int index, int targetId, Said said, long nowNanos) {
        if (said == Said.NOT_SENT) {
            sendError();
        }
        if (share == 0) {
            return false;
        }
        // The timeout of the most patient job: sent no earlier than this.
        long sentNanos = said == Said.NOTHING ? nowNanos - timeoutNanos(page, index) : nowNanos;
        if (sentNanos - askedNanos >= 0 && TargetTable.isMarked(page, index, ASKED)) {
            sample.silent(targetId);
        }
        if (state == Isolation.State.CONNECTED
                && said != Said.NOT_SENT
                && nowNanos - timeoutNanos(page, index) - endedNanos < 0) {
            return true;
        }
        if (page.lossesInARow[index] == 0
                && (page.lastRttNanos[index] >= 0 || !hasAnybodyAnswered)
                && !TargetTable.isMarked(page, index, (byte) (STOPPED | CUT_OFF))) {
            stopped(page, index, targetId, nowNanos);
        }
        if (state != Isolation.State.ISOLATED) {
            return false;
        }
        if (TargetTable.isMarked(page, index, STOPPED)) {
            marks.cutOff(page, index, targetId);
        }
        return true;
    }

    private void sendError() {
        if (share == 0) {
            counters.increment(Counter.SEND_ERROR_ALONE);
        } else if (state != Isolation.State.ISOLATED) {
            counts.sendError();
        }
    }

    private void stopped(Page page, int index, int targetId, long nowNanos) {
        marks.stopped(page, index, targetId);
        counts.stopped();
        if (nowNanos - lastStopNanos > RECENT_NANOS) {
            firstStopNanos = nowNanos;
        }
        lastStopNanos = nowNanos;
    }

    /** Before the flags of a removed target are cleared, and after {@link ErrListJudge#removing}. */
    void removing(Page page, int index, int targetId) {
        if (TargetTable.isMarked(page, index, ASKED)) {
            sample.remove(targetId);
        }
        if (TargetTable.isMarked(page, index, (byte) (ASKED | AWAITED))) {
            judge.changed(targetId);
        }
        marks.removed(page, index);
    }

    private long timeoutNanos(Page page, int index) {
        return settings.get(TargetTable.settings(page, index)).timeoutNanos();
    }

    // --- deciding

    /** Once in each cycle, after everything that came was settled. */
    void cycle(long nowNanos) {
        if (share == 0) {
            return;
        }
        if (state == Isolation.State.ISOLATED && marks.cutOffSome()) {
            releaseEntries();
        }
        marks.reinstateSome(state == Isolation.State.ISOLATED);
        boolean isSlotOver = false;
        while (counts.isSlotOver(nowNanos)) {
            counts.nextSlot(nowNanos);
            isSlotOver = true;
        }
        switch (state) {
            case CONNECTED -> {
                if (isSlotOver) {
                    marks.forgetAllBut(counts.remembered());
                    counters.add(Counter.SEND_ERROR_ALONE, counts.takeOldSendErrors());
                    look(nowNanos);
                }
            }
            case SUSPECTED -> decide(nowNanos);
            case ISOLATED -> {
                if (isSlotOver) {
                    watch(nowNanos);
                }
            }
        }
    }

    private void look(long nowNanos) {
        boolean isFlood = counts.recentShare() >= share && counts.recent() >= LEAST_ADDRESSES;
        if (marks.isReinstating() || nowNanos - quietUntilNanos < 0 && !isFlood) {
            return;
        }
        boolean areManyOfThoseProbed = counts.recentShare() >= share / 2;
        boolean areManyOfAll = counts.remembered() >= share / 2 * table.limit() && nowNanos - longQuietUntilNanos >= 0;
        if (counts.isAnyRecent() && (areManyOfThoseProbed || areManyOfAll)) {
            suspect(nowNanos);
        }
    }

    private void suspect(long nowNanos) {
        sample.choose(table.limit(), id -> mayAnswer(id, nowNanos), canaryIds, this::isLive);
        if (sample.addresses() == 0 || sample.addresses() < LEAST_ADDRESSES && !hasUsefulCanary(nowNanos)) {
            sample.clear();
            quietUntilNanos = nowNanos + QUIET_NANOS;
            return;
        }
        askedNanos = nowNanos;
        patienceNanos = 0;
        for (int i = 0; i < sample.size(); i++) {
            int targetId = sample.get(i);
            Page page = table.page(targetId);
            int index = targetId & TargetTable.PAGE_MASK;
            TargetTable.mark(page, index, ASKED);
            judge.changed(targetId);
            patienceNanos = Math.max(patienceNanos, timeoutNanos(page, index));
        }
        patienceNanos = Math.min(LONGEST_NANOS, patienceNanos + ASKING_NANOS);
        sinceWallNanos = Math.max(firstStopNanos, nowNanos - RECENT_NANOS) + offset.nanos();
        judge.holdEntries();
        entriesWait = true;
        isFromStart = !hasAnybodyAnswered;
        become(Isolation.State.SUSPECTED);
        listener.isolationSuspected(true);
    }

    private boolean isLive(int targetId) {
        return targetId < table.limit() && table.has(targetId, TargetTable.LIVE);
    }

    /** One that has answered lately: the silence of another says nothing. */
    private boolean hasUsefulCanary(long nowNanos) {
        for (int i = 0; i < sample.canaries(); i++) {
            if (mayAnswer(sample.get(i), nowNanos)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a target answered within its TTL, and is on the err list for a moment only. */
    private boolean mayAnswer(int targetId, long nowNanos) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!TargetTable.has(page, index, TargetTable.LIVE)
                || TargetTable.has(page, index, TargetTable.IN_ERR_LIST)
                        && !TargetTable.isMarked(page, index, STOPPED)) {
            return false;
        }
        if (page.lastRttNanos[index] < 0) {
            return !hasAnybodyAnswered && TargetTable.has(page, index, TargetTable.JUDGEABLE);
        }
        if (TargetTable.isMarked(page, index, STOPPED)) {
            return true;
        }
        long ttlNanos = settings.get(TargetTable.settings(page, index)).ttlMillis() * 1_000_000L;
        long bootNanos = pauses.bootNanos(nowNanos);
        long silentNanos = TargetTable.silentNanos(page, index, bootNanos);
        return silentNanos <= ttlNanos
                || silentNanos - pauses.pausedSince(bootNanos - silentNanos) <= ttlNanos
                // An outage of the agent's own just before this one.
                || nowNanos - endedNanos <= ttlNanos;
    }

    private void decide(long nowNanos) {
        boolean isLate = nowNanos - askedNanos >= patienceNanos;
        int known = sample.aliveAddresses() + sample.silentAddresses();
        if (isConnected()) {
            dismiss(nowNanos);
        } else if (sample.silentAddresses() >= share * sample.addresses() && sample.areAllCanariesSilent()) {
            isolate();
        } else if (isLate) {
            boolean isMostSilent = known >= Math.min(LEAST_ADDRESSES, sample.addresses())
                    && sample.silentAddresses() >= share * known
                    && sample.areAllCanariesSilent();
            if (isMostSilent) {
                isolate();
            } else {
                dismiss(nowNanos);
            }
        }
    }

    /** A canary answers, or more addresses than may be silent otherwise; of those that never did, any. */
    private boolean isConnected() {
        return isFromStart && hasAnybodyAnswered
                || sample.isAnyCanaryAlive()
                || sample.addresses() - sample.aliveAddresses() < share * sample.addresses()
                || sample.size() == 0;
    }

    private void dismiss(long nowNanos) {
        release();
        quietUntilNanos = nowNanos + QUIET_NANOS;
        longQuietUntilNanos = nowNanos + LONG_QUIET_NANOS;
        releaseEntries();
        sinceWallNanos = connectedSinceWallNanos;
        become(Isolation.State.CONNECTED);
        listener.isolationSuspected(false);
    }

    private void isolate() {
        marks.beginCuttingOff();
        isReturning = false;
        counts.clear();
        become(Isolation.State.ISOLATED);
        listener.isolated(true, sinceWallNanos);
        listener.isolationSuspected(false);
    }

    private void watch(long nowNanos) {
        if (!isConnected() && marks.backCount() <= (1 - share) * Math.max(LEAST_ADDRESSES, marks.stoppedCount())) {
            isReturning = false;
            publish();
            return;
        }
        int alive = sample.aliveAddresses();
        if (!isReturning) {
            isReturning = true;
            firstReturnNanos = nowNanos;
            returned = 0;
        }
        if (alive > returned) {
            returned = alive;
            lastReturnNanos = nowNanos;
        }
        // Neighbours, routes and IPv6 addresses take a moment longer than the link.
        if (sample.silent() == 0
                || nowNanos - lastReturnNanos >= SETTLE_NANOS
                || nowNanos - firstReturnNanos >= LONGEST_SETTLE_NANOS) {
            end(nowNanos);
        }
    }

    private void end(long nowNanos) {
        release();
        marks.beginReinstating();
        counts.clear();
        releaseEntries();
        // Their silence of this time was ours.
        judge.paused(nowNanos);
        endedNanos = nowNanos;
        connectedSinceWallNanos = nowNanos + offset.nanos();
        sinceWallNanos = connectedSinceWallNanos;
        quietUntilNanos = nowNanos;
        become(Isolation.State.CONNECTED);
        listener.isolated(false, sinceWallNanos);
    }

    private void release() {
        for (int i = 0; i < sample.size(); i++) {
            int targetId = sample.get(i);
            TargetTable.unmark(table.page(targetId), targetId & TargetTable.PAGE_MASK, ASKED);
            judge.changed(targetId);
        }
        sample.clear();
    }

    private void releaseEntries() {
        if (entriesWait) {
            entriesWait = false;
            judge.releaseEntries();
        }
    }

    private void become(Isolation.State next) {
        state = next;
        publish();
    }

    private void publish() {
        isolation = new Isolation(state, sinceWallNanos, sample.size(), sample.silent());
    }
}
