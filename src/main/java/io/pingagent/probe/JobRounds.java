package io.pingagent.probe;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.Burst;
import io.pingagent.probe.round.FurtherPasses;
import io.pingagent.probe.round.JobRound;
import io.pingagent.probe.round.RoundQueue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The jobs, and those of their rounds that are running, earliest next probe first.
 *
 * <p>Under overload the clock of all running rounds is slowed down together, see {@link #stretch}. So every address is
 * delayed in proportion to its interval, and none is left out.
 */
@OwnedBy("ping-send")
final class JobRounds {

    /** Most that is caught up; beyond it all rounds are stretched. */
    private static final long MOST_BEHIND_NANOS = 500_000_000L;
    /** Shorter stretches are not worth the work. */
    private static final long STRETCH_NANOS = 10_000_000L;
    /** Lateness that comes at once and not bit by bit. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final NanoClock clock;
    private final Counters counters;
    private final ProbeListener listener;

    private JobRound[] byJob = new JobRound[0];
    /** By job, only as long as one that has them needs. */
    private @Nullable FurtherPasses[] furtherByJob = new FurtherPasses[0];

    private final RoundQueue running = new RoundQueue();

    JobRounds(EngineParts parts) {
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.listener = parts.listener();
    }

    // --- jobs

    void install(EngineCommand.InstallJob install) {
        if (install.jobId() >= byJob.length) {
            byJob = Arrays.copyOf(byJob, Math.max(install.jobId() + 1, byJob.length * 2));
        }
        JobRound round = byJob[install.jobId()];
        if (round == null) {
            round = new JobRound(install.jobId());
            byJob[install.jobId()] = round;
        }
        long nowNanos = clock.monotonicNanos();
        FurtherPasses passes = further(install);
        boolean areNew = passes != null && further(install.jobId()) != passes;
        boolean isNewInterval = round.intervalNanos() != install.spreadNanos();
        install(install, round, nowNanos);
        for (int i = 0; passes != null && i < passes.count(); i++) {
            if (isNewInterval) {
                passes.forgetKept(i);
            }
            install(install, passes.round(i), nowNanos);
            if (areNew && round.isRunning()) {
                join(passes.round(i), round.roundDueNanos() + passes.shiftNanos(passes.round(i)), nowNanos);
            }
        }
        if (areNew) {
            put(install.jobId(), passes);
        }
    }

    /** The further passes of a job: those it has, or new ones; null if there is to be none. */
    private @Nullable FurtherPasses further(EngineCommand.InstallJob install) {
        FurtherPasses present = further(install.jobId());
        if (present != null && !present.burst().equals(install.burst())) {
            removeFurther(install.jobId());
            present = null;
        }
        return present != null || install.burst().equals(Burst.ONE)
                ? present
                : new FurtherPasses(install.jobId(), install.burst());
    }

    private void put(int jobId, @Nullable FurtherPasses passes) {
        if (jobId >= furtherByJob.length) {
            furtherByJob = Arrays.copyOf(furtherByJob, Math.max(jobId + 1, furtherByJob.length * 2));
        }
        furtherByJob[jobId] = passes;
    }

    private void install(EngineCommand.InstallJob install, JobRound round, long nowNanos) {
        boolean wasRunning = running.remove(round);
        round.install(install.plan(), install.spreadNanos(), install.timeoutClass(), nowNanos);
        if (wasRunning) {
            running.add(round);
        }
    }

    void remove(int jobId) {
        JobRound round = round(jobId);
        if (round != null) {
            running.remove(round);
            byJob[jobId] = null;
            removeFurther(jobId);
        }
    }

    private void removeFurther(int jobId) {
        FurtherPasses passes = further(jobId);
        if (passes != null) {
            for (int i = 0; i < passes.count(); i++) {
                running.remove(passes.round(i));
            }
            furtherByJob[jobId] = null;
        }
    }

    private @Nullable FurtherPasses further(int jobId) {
        return jobId < furtherByJob.length ? furtherByJob[jobId] : null;
    }

    private @Nullable JobRound round(int jobId) {
        return jobId < byJob.length ? byJob[jobId] : null;
    }

    // --- firings

    /** A round of each of these jobs is due. */
    void due(EngineCommand.RoundsDue due) {
        long nowNanos = clock.monotonicNanos();
        RuntimeException failure = null;
        for (int jobId : due.jobIds()) {
            try {
                due(jobId, due.dueNanos(), nowNanos);
            } catch (RuntimeException e) {
                // From the listener; the rounds of the others begin.
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void due(int jobId, long dueNanos, long nowNanos) {
        JobRound round = round(jobId);
        if (round == null) {
            return;
        }
        boolean wasRunning = round.isRunning();
        int unsent = round.due(dueNanos, nowNanos);
        if (!wasRunning) {
            running.add(round);
        }
        FurtherPasses passes = further(jobId);
        for (int i = 0; passes != null && i < passes.count(); i++) {
            boolean passWasRunning = passes.round(i).isRunning();
            unsent = Math.max(unsent, passes.due(i, dueNanos, nowNanos));
            if (!passWasRunning) {
                running.add(passes.round(i));
            }
        }
        if (unsent >= 0) {
            overran(round, dueNanos, unsent);
        }
    }

    /** These jobs take part in a round that began in the past. */
    void join(EngineCommand.JoinRounds join) {
        long nowNanos = clock.monotonicNanos();
        for (int jobId : join.jobIds()) {
            JobRound round = round(jobId);
            if (round == null) {
                continue;
            }
            join(round, join.dueNanos(), nowNanos);
            FurtherPasses passes = further(jobId);
            for (int i = 0; passes != null && i < passes.count(); i++) {
                join(passes.round(i), join.dueNanos() + passes.shiftNanos(passes.round(i)), nowNanos);
            }
        }
    }

    private void join(JobRound round, long dueNanos, long nowNanos) {
        running.remove(round);
        round.join(dueNanos, nowNanos);
        if (round.isRunning()) {
            running.add(round);
        }
    }

    // --- running rounds

    /** The round with the earliest next probe, or null if none is running. */
    @Nullable
    JobRound first() {
        return running.peek();
    }

    /** Takes out {@link #first}, of which there must be one; {@link #putBack} after its probes. */
    JobRound takeFirst() {
        return running.remove();
    }

    /** Keeps the round if it is still running. */
    void putBack(JobRound round) {
        if (round.isRunning()) {
            running.add(round);
        }
    }

    /** Ends a round whose last probe was sent and whose time is over; else does nothing. */
    void finishIfOver(JobRound round, long nowNanos) {
        if (!round.hasProbe() && round.nextProbeNanos() - nowNanos <= 0) {
            FurtherPasses passes = further(round.jobId());
            if (passes != null) {
                passes.finishing(round, nowNanos);
            }
            int unsent = round.finish();
            if (unsent > 0) {
                overran(round, round.roundDueNanos(), unsent);
            }
        }
    }

    /**
     * Postpones all rounds alike if the first is too far behind. Their backlog stays short, and each is delayed in
     * proportion to its interval. Their order stays as it is.
     */
    void stretch(long nowNanos) {
        JobRound first = running.peek();
        long excessNanos = first == null ? 0 : nowNanos - first.nextProbeNanos() - MOST_BEHIND_NANOS;
        if (excessNanos > PAUSE_NANOS) {
            // This process was paused: that is no reason to delay what is not late.
            long latestNanos = nowNanos - MOST_BEHIND_NANOS;
            running.forEach(round -> round.postpone(Math.max(0, latestNanos - round.nextProbeNanos())));
        } else if (excessNanos > STRETCH_NANOS) {
            running.forEach(round -> round.postpone(excessNanos));
        }
    }

    /** Of several passes that are late for one firing the first says so. */
    private void overran(JobRound round, long dueNanos, int unsent) {
        FurtherPasses passes = further(round.jobId());
        if (passes == null || passes.isFirstReport(dueNanos - passes.shiftNanos(round))) {
            overran(round.jobId(), unsent);
        }
    }

    /** @param jobId or {@link Engine#ERR_LIST_JOB} */
    void overran(int jobId, int unsent) {
        counters.increment(Counter.OVERRUN);
        listener.roundOverran(jobId, unsent);
    }
}
