package io.pingagent.probe.validity;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import java.util.function.IntSupplier;

/**
 * Decides whether an unanswered probe counts as lost. It is invalidated if this machine may have lost the reply itself.
 *
 * <p>What is invalidated is in proportion to what can have been lost:
 *
 * <ul>
 *   <li>As many unanswered probes as the kernel may have dropped replies, see {@link DropCredit}; only those of targets
 *       that answered before.
 *   <li>Probes whose reply was due in a {@linkplain Pauses pause}. A pause of this process alone loses nothing, because
 *       replies wait in the socket with the kernel's stamps. Where a whole virtual machine was paused, they may have
 *       been lost before they came so far. A stamp from inside the pause proves that the machine was running.
 * </ul>
 *
 * <p>Nothing is invalidated any more once {@code ErrListJudge.isSilentBeyondDoubt} is true.
 */
@OwnedBy("ping-recv")
public final class SampleValidity {

    /** Invalidated probes in a row are counted up to here: three bits of a target's flags. */
    static final int MOST_IN_A_ROW = 7;

    /** How exactly the time of a drop is known, at about 1 µs a look. */
    private static final long LOOK_INTERVAL_NANOS = 10_000_000L;

    /** A reply is due within so many times the last RTT, and this. */
    private static final int RTTS_UNTIL_DUE = 3;

    private static final long DUE_SLACK_NANOS = 100_000_000L;

    private static final int IN_A_ROW_SHIFT = 5;
    private static final int IN_A_ROW_MASK = MOST_IN_A_ROW << IN_A_ROW_SHIFT;

    private final NanoClock clock;
    private final Pauses pauses;
    private final DropCredit v4;
    private final DropCredit v6;
    private final IntSupplier openProbes;
    private long longestTimeoutNanos;
    private long lastLookNanos;

    /** @param openProbes how many wait for their reply, with those whose sending is announced and not yet taken in */
    public SampleValidity(DropCredit v4, DropCredit v6, NanoClock clock, Pauses pauses, IntSupplier openProbes) {
        this.openProbes = openProbes;
        this.clock = clock;
        this.pauses = pauses;
        lastLookNanos = clock.monotonicNanos();
        this.v4 = v4;
        this.v6 = v6;
    }

    /** Probes wait so long, from now on. */
    public void waits(long timeoutNanos) {
        longestTimeoutNanos = Math.max(longestTimeoutNanos, timeoutNanos);
    }

    /** Looks for drops; to be called after the sockets were read and before anything is declared lost. */
    public void look(boolean isVerdictDue, long nowNanos) {
        if (isVerdictDue || nowNanos - lastLookNanos >= LOOK_INTERVAL_NANOS) {
            lastLookNanos = nowNanos;
            v4.look(clock, openProbes, longestTimeoutNanos);
            v6.look(clock, openProbes, longestTimeoutNanos);
        }
    }

    /** Whether a reply without the kernel's stamp may have arrived in time and waited for this process. */
    public boolean mayHaveWaited(long rttNanos, long timeoutNanos) {
        return rttNanos - pauses.sinceLastCycleNanos() <= timeoutNanos;
    }

    /**
     * Whether an unanswered probe does not count.
     *
     * @param sentNanos when it was sent, or earlier
     */
    public boolean invalidates(Page page, int index, long sentNanos, long timeoutNanos) {
        return pauses.mayHaveSwallowed(sentNanos, sentNanos + dueAfterNanos(page, index, timeoutNanos))
                || page.lossesInARow[index] == 0 && credit(page, index).use(sentNanos);
    }

    /** A reply of this target is to be expected within so much, at most the timeout. */
    public static long dueAfterNanos(Page page, int index, long timeoutNanos) {
        float rttNanos = page.lastRttNanos[index];
        return rttNanos < 0
                ? timeoutNanos
                : Math.min(timeoutNanos, (long) (RTTS_UNTIL_DUE * rttNanos) + DUE_SLACK_NANOS);
    }

    private DropCredit credit(Page page, int index) {
        return TargetTable.isV6(page, index) ? v6 : v4;
    }

    /** Packets that a cycle has read. */
    public void received(int v4Packets, int v6Packets) {
        v4.received(v4Packets);
        v6.received(v6Packets);
    }

    /** The target has answered, perhaps late. */
    public void replied(Page page, int index) {
        credit(page, index).replied();
    }

    /** The target has answered in time. */
    public static void answered(Page page, int index) {
        if ((page.flags[index] & (IN_A_ROW_MASK | TargetTable.UNSENT)) != 0) {
            TargetTable.clear(page, index, (byte) (IN_A_ROW_MASK | TargetTable.UNSENT));
        }
    }

    /** A probe of the target was invalidated. */
    public static void invalidated(Page page, int index) {
        int inARow = invalidatedInARow(page, index);
        if (inARow < MOST_IN_A_ROW) {
            TargetTable.clear(page, index, (byte) IN_A_ROW_MASK);
            TargetTable.set(page, index, (byte) (inARow + 1 << IN_A_ROW_SHIFT));
        }
    }

    /** Probes invalidated since the last reply, up to {@link #MOST_IN_A_ROW}. */
    public static int invalidatedInARow(Page page, int index) {
        return (page.flags[index] & IN_A_ROW_MASK) >> IN_A_ROW_SHIFT;
    }
}
