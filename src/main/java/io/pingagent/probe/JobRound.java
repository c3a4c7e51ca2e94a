package io.pingagent.probe;

/**
 * Where a job's round stands. Owned by {@code ping-send}.
 *
 * <p>A round that is still running when the next is due is finished first; the next then starts at once, so that under
 * overload every address is late by the same amount and none is left out.
 */
final class JobRound implements Comparable<JobRound> {

    /** A round may start this much late and still keep its own schedule. */
    private static final long LATE_START_NANOS = 1_000_000_000L;

    private final int jobId;
    private JobPlan plan = JobPlan.empty();
    private long spreadNanos;
    private int timeoutClass;

    private boolean running;
    private long startNanos;
    private int position;
    private boolean nextIsDue;
    private long nextStartNanos;
    private int unsentWhenDue;
    private long nextProbeNanos;

    JobRound(int jobId) {
        this.jobId = jobId;
    }

    void install(JobPlan newPlan, long newSpreadNanos, int newTimeoutClass) {
        position = newPlan.positionAfter(plan, position);
        plan = newPlan;
        spreadNanos = newSpreadNanos;
        timeoutClass = newTimeoutClass;
        planNextProbe();
    }

    /** A firing. Returns the number of unsent probes if this firing has to be dropped, else -1. */
    int due(long dueNanos, long nowNanos) {
        if (!running) {
            start(nowNanos - dueNanos > LATE_START_NANOS ? nowNanos : dueNanos);
            return -1;
        }
        if (nextIsDue) {
            return plan.size() - position;
        }
        nextIsDue = true;
        nextStartNanos = dueNanos;
        unsentWhenDue = plan.size() - position;
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

    /**
     * Ends the round after its last probe and starts the next if that is due.
     *
     * @return the number of probes that had not been sent when the next round was due, if it now starts too late to keep
     *     its schedule; else 0
     */
    int finish(long nowNanos) {
        running = false;
        if (!nextIsDue) {
            return 0;
        }
        nextIsDue = false;
        boolean overran = nowNanos - nextStartNanos > Math.max(10_000_000L, spreadNanos / 20);
        start(overran ? nowNanos : nextStartNanos);
        return overran ? Math.max(1, unsentWhenDue) : 0;
    }

    private void start(long atNanos) {
        running = true;
        startNanos = atNanos;
        position = 0;
        planNextProbe();
    }

    private void planNextProbe() {
        // An exhausted round stays first in line once more, to be finished.
        nextProbeNanos = hasProbe() ? startNanos + plan.offsetNanos(position, spreadNanos) : startNanos;
    }

    boolean isRunning() {
        return running;
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
