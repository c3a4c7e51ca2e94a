package io.pingagent.probe;

/**
 * Where a job's round stands. Owned by {@code ping-send}.
 *
 * <p>A round that is still running when the next is due is finished first; the next then starts at once, so that under
 * overload every address is late by the same amount and none is left out.
 */
final class JobRound implements Comparable<JobRound> {

    private final int jobId;
    private JobPlan plan;
    private long spreadNanos;
    private int timeoutClass;

    private final RoundClock time = new RoundClock();
    private int position;
    private int unsentWhenDue;
    private long nextProbeNanos;

    JobRound(int jobId) {
        this.jobId = jobId;
        this.plan = JobPlan.empty();
    }

    void install(JobPlan newPlan, long newSpreadNanos, int newTimeoutClass) {
        position = newPlan.positionAfter(plan, position);
        plan = newPlan;
        if (spreadNanos != newSpreadNanos) {
            spreadNanos = newSpreadNanos;
            time.changeSpread(newSpreadNanos);
        }
        timeoutClass = newTimeoutClass;
        planNextProbe();
    }

    /** A firing. Returns the number of unsent probes if this firing has to be dropped, else -1. */
    int due(long dueNanos, long nowNanos) {
        boolean wasRunning = time.isRunning();
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

    boolean hasProbe() {
        return position < plan.size();
    }

    int targetId() {
        return plan.targetId(position);
    }

    void advance() {
        position++;
        planNextProbe();
    }

    /** Takes back the last {@link #advance}. */
    void stepBack() {
        position--;
        planNextProbe();
    }

    /**
     * Ends the round after its last probe and starts the next if that is due.
     *
     * @return the number of probes that had not been sent when the next round was due, if it now starts too late to keep
     *     its schedule; else 0
     */
    int finish(long nowNanos) {
        boolean overran = time.finish(nowNanos);
        if (time.isRunning()) {
            start();
        }
        return overran ? Math.max(1, unsentWhenDue) : 0;
    }

    private void start() {
        position = 0;
        planNextProbe();
    }

    private void planNextProbe() {
        // An exhausted round stays first in line once more, to be finished.
        nextProbeNanos = time.startNanos() + (hasProbe() ? plan.offsetNanos(position, time.spreadNanos()) : 0);
    }

    boolean isRunning() {
        return time.isRunning();
    }

    long nextProbeNanos() {
        return nextProbeNanos;
    }

    int timeoutClass() {
        return timeoutClass;
    }

    int jobId() {
        return jobId;
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
