package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.PagedTable;
import io.pingagent.zabbix.StatusJudge;
import io.pingagent.zabbix.StatusJudge.Status;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Status and jitter of each target for those who ask at the control socket. Made when somebody first asks, so that
 * agents nobody asks pay nothing. 20 bytes a target.
 *
 * <p>The status is that of the Zabbix bridge, by the same {@link StatusJudge}, and without regard to parents.
 *
 * <p>Jitter is the smoothed difference of consecutive round-trip times: RFC 3550, section 6.4.1, J += (|D| - J) / 16.
 * It begins with the first difference.
 */
@OwnedBy("ping-recv")
public final class AddressHistory {

    private static final Status[] STATUSES = Status.values();

    private static final int PAGE_BITS = 12;
    private static final int PAGE_TARGETS = 1 << PAGE_BITS;
    private static final float JITTER_GAIN = 1 / 16f;
    /** Losses come with wall time; 2^24 ns are 17 ms. */
    private static final int TICK_BITS = 24;
    /** Verdicts have monotonic time; 2^26 ns are 67 ms, of which 32 bits last for 9 years. */
    private static final int VERDICT_TICK_BITS = 26;

    private static final int STATUS_BITS = 2;
    private static final int MOST_IN_A_ROW = 1 << 20;

    /** One page of targets. */
    private static final class Page {
        /** Replies in a row, losses as a negative number; the status in the lower bits. */
        final AtomicIntegerArray rows = new AtomicIntegerArray(PAGE_TARGETS);
        /** Floats, as the next: nanoseconds, 0 for none. */
        final AtomicIntegerArray rtts = new AtomicIntegerArray(PAGE_TARGETS);

        final AtomicIntegerArray jitters = new AtomicIntegerArray(PAGE_TARGETS);
        final AtomicIntegerArray firstLosses = new AtomicIntegerArray(PAGE_TARGETS);
        /** When the status changed, by the monotonic clock. */
        final AtomicIntegerArray verdicts = new AtomicIntegerArray(PAGE_TARGETS);
    }

    private final PagedTable<Page> pages = new PagedTable<>(PAGE_BITS, Page::new);
    private final StatusJudge judge;
    private final NanoClock clock;
    /** Set by whoever wants to hear of changes, from any thread. */
    private volatile @Nullable StatusChanges changes;

    AddressHistory(StatusJudge judge, NanoClock clock) {
        this.judge = judge;
        this.clock = clock;
    }

    @AnyThread
    private int verdictTicksNow() {
        return (int) (clock.monotonicNanos() >> VERDICT_TICK_BITS);
    }

    @AnyThread
    void changes(StatusChanges listener) {
        changes = listener;
    }

    private void changed(int targetId, Status before, Status now) {
        StatusChanges listener = changes;
        if (listener == null) {
            return;
        }
        if (now != Status.DOWN) {
            if (before == Status.DOWN) {
                listener.cameUp(targetId);
            }
        } else if (before == Status.UP) {
            listener.wentDown(targetId);
        } else {
            listener.foundDown(targetId);
        }
    }

    public void replied(int targetId, long rttNanos, long wallNanos) {
        Page page = pages.make(targetId);
        int index = targetId & PAGE_TARGETS - 1;
        int row = page.rows.getPlain(index);
        int repliesInARow = Math.min(MOST_IN_A_ROW, Math.max(0, row >> STATUS_BITS) + 1);
        Status status = judge.afterReply(status(row), repliesInARow, targetId);
        if (status != status(row)) {
            page.verdicts.setOpaque(index, verdictTicksNow());
        }
        page.rows.setOpaque(index, repliesInARow << STATUS_BITS | status.ordinal());
        if (status != status(row)) {
            changed(targetId, status(row), status);
        }
        float before = Float.intBitsToFloat(page.rtts.getPlain(index));
        // 0 stands for none.
        float now = Math.max(1, rttNanos);
        if (before > 0) {
            float difference = Math.max(Float.MIN_NORMAL, Math.abs(now - before));
            float jitter = Float.intBitsToFloat(page.jitters.getPlain(index));
            float smoothed = jitter > 0 ? jitter + (difference - jitter) * JITTER_GAIN : difference;
            page.jitters.setOpaque(index, Float.floatToRawIntBits(smoothed));
        }
        page.rtts.setPlain(index, Float.floatToRawIntBits(now));
    }

    public void lost(int targetId, long wallNanos) {
        Page page = pages.make(targetId);
        int index = targetId & PAGE_TARGETS - 1;
        int row = page.rows.getPlain(index);
        int lossesInARow = Math.min(MOST_IN_A_ROW, Math.max(0, -(row >> STATUS_BITS)) + 1);
        int nowTicks = (int) (wallNanos >> TICK_BITS);
        if (lossesInARow == 1) {
            page.firstLosses.setPlain(index, nowTicks);
        }
        // The clock may have been set back meanwhile.
        long silentTicks = Math.abs((long) nowTicks - page.firstLosses.getPlain(index));
        // The last nanosecond of the tick, so that coarse time makes nobody go down later.
        long silentNanos = (silentTicks + 1 << TICK_BITS) - 1;
        Status status = judge.afterLoss(status(row), lossesInARow, silentNanos, targetId);
        if (status != status(row)) {
            page.verdicts.setOpaque(index, verdictTicksNow());
        }
        page.rows.setOpaque(index, -lossesInARow << STATUS_BITS | status.ordinal());
        if (status != status(row)) {
            changed(targetId, status(row), status);
        }
    }

    /** What the target has lost lately does not count. */
    public void reinstated(int targetId) {
        Page page = pages.make(targetId);
        int index = targetId & PAGE_TARGETS - 1;
        int row = page.rows.getPlain(index);
        page.rows.setOpaque(
                index,
                Math.max(0, row >> STATUS_BITS) << STATUS_BITS | status(row).ordinal());
    }

    /** Another may get the number. */
    public void removed(int targetId) {
        Page page = pages.make(targetId);
        int index = targetId & PAGE_TARGETS - 1;
        page.rows.setOpaque(index, 0);
        page.rtts.setPlain(index, 0);
        page.jitters.setOpaque(index, 0);
        StatusChanges listener = changes;
        if (listener != null) {
            listener.removed(targetId);
        }
    }

    private static Status status(int row) {
        return STATUSES[row & (1 << STATUS_BITS) - 1];
    }

    @AnyThread
    Status statusOf(int targetId) {
        Page page = pages.find(targetId);
        return page == null ? Status.UNKNOWN : status(page.rows.getOpaque(targetId & PAGE_TARGETS - 1));
    }

    /**
     * How long ago the status became what it is, exact to 67 ms, for up to 9 years; meaningless while it is unknown. By
     * the monotonic clock, so that who sets the wall clock back makes no old verdict a new one.
     */
    @AnyThread
    long sinceVerdictNanos(int targetId) {
        Page page = pages.find(targetId);
        // Before the clock is read: a verdict of meanwhile would be of the future, which is 9 years ago.
        int verdictTicks = page == null ? 0 : page.verdicts.getOpaque(targetId & PAGE_TARGETS - 1);
        return Integer.toUnsignedLong(verdictTicksNow() - verdictTicks) << VERDICT_TICK_BITS;
    }

    /** Nanoseconds, negative before the second reply. */
    @AnyThread
    long jitterNanos(int targetId) {
        Page page = pages.find(targetId);
        float jitter = page == null ? 0 : Float.intBitsToFloat(page.jitters.getOpaque(targetId & PAGE_TARGETS - 1));
        return jitter > 0 ? Math.round(jitter) : -1;
    }
}
