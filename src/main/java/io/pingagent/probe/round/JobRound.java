package io.pingagent.probe.round;

import io.pingagent.base.OwnedBy;

/**
 * Where a job's round stands.
 *
 * <p>A round lasts for its whole time, also after its last probe. One that is still running when the next is due is
 * finished first. Under overload {@link #postpone} stretches the time of all jobs alike. So each address of each job
 * waits for the same multiple of its interval, and none is left out.
 */
@OwnedBy("ping-send")
public final class JobRound implements Comparable<JobRound> {

    private final int jobId;
    /** 0, or the number of one of the job's {@link FurtherPasses}. */
    private final int pass;

    private JobPlan plan;
    private long spreadNanos;
    private int timeoutClass;

    private final RoundClock time = new RoundClock();
    private int position;
    private int unsentWhenDue;
    private long nextProbeNanos;
    /** The running round was joined: its own firing may still be under way. */
    private boolean isJoined;
    /** The running round began at another interval. */
    private boolean isOfOldInterval;
    /** Place in the {@link RoundQueue}, -1 outside. */
    private int queueIndex = -1;

    public JobRound(int jobId) {
        this(jobId, 0);
    }

    JobRound(int jobId, int pass) {
        this.jobId = jobId;
        this.pass = pass;
        this.plan = JobPlan.empty();
    }

    /** New targets whose place in a running round is past wait for the next: they must not make the others late. */
    public void install(JobPlan newPlan, long newSpreadNanos, int newTimeoutClass, long nowNanos) {
        JobPlan before = plan;
        position = newPlan.positionAfter(before, position);
        plan = newPlan;
        if (spreadNanos != newSpreadNanos) {
            spreadNanos = newSpreadNanos;
            isOfOldInterval = time.isRunning();
            time.changeSpread(newSpreadNanos, !hasProbe());
        }
        timeoutClass = newTimeoutClass;
        while (time.isRunning() && isPast(nowNanos) && !before.hasSame(newPlan, position)) {
            position++;
        }
        planNextProbe();
    }

    /**
     * Takes part in a round that began in the past, from the first probe on whose time is still to come. Ignored if a
     * round of the present interval is running, or nothing of the past one is left.
     */
    public void join(long dueNanos, long nowNanos) {
        if (time.isRunning() && !isOfOldInterval || nowNanos - dueNanos >= spreadNanos) {
            return;
        }
        time.join(dueNanos, spreadNanos);
        start();
        isJoined = true;
        position = plan.positionFrom(nowNanos - dueNanos, spreadNanos);
        planNextProbe();
    }

    private boolean isPast(long nowNanos) {
        return hasProbe() && time.startNanos() + plan.offsetNanos(position, time.spreadNanos()) - nowNanos < 0;
    }

    /** A firing. Returns the number of unsent probes if this firing has to be dropped, else -1. */
    public int due(long dueNanos, long nowNanos) {
        boolean wasRunning = time.isRunning();
        if (wasRunning && isJoined && dueNanos - time.dueNanos() < spreadNanos / 2) {
            return -1;
        }
        if (!time.due(dueNanos, spreadNanos, nowNanos)) {
            return plan.size() - position;
        }
        if (wasRunning) {
            unsentWhenDue = plan.size() - position;
        } else {
            start();
        }
        return -1;
    }

    /** Whether the round after this one is due already, so that another firing would be dropped. */
    boolean isNextDue() {
        return time.isNextDue();
    }

    /** When this round was due, or the last one if none is running. */
    public long roundDueNanos() {
        return time.dueNanos();
    }

    /** The rest of the round happens so much later. */
    public void postpone(long nanos) {
        time.postpone(nanos);
        nextProbeNanos += nanos;
    }

    public boolean hasProbe() {
        return position < plan.size();
    }

    public int targetId() {
        return plan.targetId(position);
    }

    public void advance() {
        position++;
        planNextProbe();
    }

    /** Takes back the last {@link #advance}. */
    void stepBack() {
        position--;
        planNextProbe();
    }

    /**
     * Ends the round when its time is over and starts the next if that is due.
     *
     * @return 0 if the next round starts early enough to keep its schedule. Else how many probes had not been sent when
     *     it was due, at least 1
     */
    public int finish() {
        boolean overran = time.finish(time.endNanos());
        if (time.isRunning()) {
            start();
        }
        return overran ? Math.max(1, unsentWhenDue) : 0;
    }

    private void start() {
        isJoined = false;
        isOfOldInterval = false;
        position = 0;
        planNextProbe();
    }

    private void planNextProbe() {
        // An exhausted round stays in line once more, to be finished.
        nextProbeNanos =
                hasProbe() ? time.startNanos() + plan.offsetNanos(position, time.spreadNanos()) : time.endNanos();
    }

    /** When the next probe should go out if this job had never been late. */
    public long dueNanos() {
        return time.dueNanos() + plan.offsetNanos(position, spreadNanos);
    }

    /** Shortest time between two firings. */
    public long intervalNanos() {
        return spreadNanos;
    }

    public boolean isRunning() {
        return time.isRunning();
    }

    /** When the next probe, or the end of the round, is due as things are. */
    public long nextProbeNanos() {
        return nextProbeNanos;
    }

    public int timeoutClass() {
        return timeoutClass;
    }

    public int jobId() {
        return jobId;
    }

    int pass() {
        return pass;
    }

    int queueIndex() {
        return queueIndex;
    }

    void queueIndex(int newQueueIndex) {
        queueIndex = newQueueIndex;
    }

    @Override
    public int compareTo(JobRound other) {
        return Long.compare(nextProbeNanos - other.nextProbeNanos, 0);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return jobId;
    }
}
