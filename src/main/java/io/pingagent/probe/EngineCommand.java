package io.pingagent.probe;

import io.pingagent.model.Burst;
import io.pingagent.probe.round.JobPlan;

/** What other threads ask of {@code ping-send}, in the order in which they asked. */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a list would box a million ids
public sealed interface EngineCommand {

    /** Targets in the table that may be probed from now on. */
    record AddTargets(int[] targetIds) implements EngineCommand {}

    /** Targets that must not be probed any more. */
    record RemoveTargets(int[] targetIds) implements EngineCommand {}

    /** A new or changed job; a running round continues from where it is. */
    record InstallJob(int jobId, JobPlan plan, long spreadNanos, int timeoutClass, Burst burst)
            implements EngineCommand {

        /** With one probe at each place of the round. */
        InstallJob(int jobId, JobPlan plan, long spreadNanos, int timeoutClass) {
            this(jobId, plan, spreadNanos, timeoutClass, Burst.ONE);
        }
    }

    record RemoveJob(int jobId) implements EngineCommand {}

    /** A round of each of these jobs is due: monotonic time at which it should start. */
    record RoundsDue(int[] jobIds, long dueNanos) implements EngineCommand {}

    /** From now on each of these jobs takes part in the round that began at this monotonic time. */
    record JoinRounds(int[] jobIds, long dueNanos) implements EngineCommand {}

    record ErrListRoundDue(long dueNanos, long spreadNanos) implements EngineCommand {}

    /** Something for {@code ping-recv}: an event kind of {@link EventRing} with its argument. */
    record Forward(int kind, int argument, int targetId) implements EngineCommand {}
}
