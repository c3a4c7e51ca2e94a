package io.pingagent.probe.round;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.Burst;

/**
 * The rounds of a job that sends several probes at each place: all of them but the first.
 *
 * <p>Pass j has the plan of the first, and each of its firings comes j gaps later. So a firing reaches it while its
 * round of the firing before may still run, by design and not for want of time:
 *
 * <pre>
 * firings   n                        n+1                       n+2
 * pass 0    |------ round n ---------|------ round n+1 --------|--
 * pass 1    |   |------ round n ---------|------ round n+1 --------|--
 *               one gap later
 * </pre>
 *
 * <p>Such a firing is kept here until that round ends, or the next firing comes. So a pass has as much time for a round
 * as the first has.
 */
@OwnedBy("ping-send")
public final class FurtherPasses {

    private final Burst burst;
    private final JobRound[] rounds;
    /** By place in {@link #rounds}. */
    private final long[] keptNanos;

    private final boolean[] isKept;
    private long reportedNanos;
    private boolean isAnyReported;

    /** @param burst of two probes or more */
    public FurtherPasses(int jobId, Burst burst) {
        this.burst = burst;
        rounds = new JobRound[burst.count() - 1];
        for (int i = 0; i < rounds.length; i++) {
            rounds[i] = new JobRound(jobId, i + 1);
        }
        keptNanos = new long[rounds.length];
        isKept = new boolean[rounds.length];
    }

    public Burst burst() {
        return burst;
    }

    public int count() {
        return rounds.length;
    }

    public JobRound round(int index) {
        return rounds[index];
    }

    /** How much later than the firing this pass begins, in nanoseconds; 0 for the first. */
    public long shiftNanos(JobRound round) {
        return round.pass() * burst.gapNanos();
    }

    /** Firings of another interval than from now on are not waited for. */
    public void forgetKept(int index) {
        isKept[index] = false;
    }

    /**
     * A firing.
     *
     * @return the number of unsent probes if a firing has to be dropped, else -1
     */
    public int due(int index, long firingNanos, long nowNanos) {
        JobRound round = rounds[index];
        long dueNanos = firingNanos + shiftNanos(round);
        if (!round.isRunning()) {
            return round.due(dueNanos, nowNanos);
        }
        int unsent = isKept[index] ? round.due(keptNanos[index], nowNanos) : -1;
        keptNanos[index] = dueNanos;
        isKept[index] = true;
        return unsent;
    }

    /** A round is about to {@link JobRound#finish}: the firing that was kept for then is due. */
    public void finishing(JobRound round, long nowNanos) {
        int index = round.pass() - 1;
        if (index >= 0 && isKept[index] && !round.isNextDue()) {
            isKept[index] = false;
            round.due(keptNanos[index], nowNanos);
        }
    }

    /** Whether nothing has been said yet of this firing, of which several passes may be late. */
    public boolean isFirstReport(long firingNanos) {
        if (isAnyReported && firingNanos - reportedNanos <= 0) {
            return false;
        }
        isAnyReported = true;
        reportedNanos = firingNanos;
        return true;
    }
}
