package io.pingagent.probe;

import io.pingagent.probe.round.JobPlan;

/** What other threads ask of {@code ping-send}, in the order in which they asked. */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a list would box a million ids
public sealed interface Command {

    /** Targets in the table that may be probed from now on. */
    record AddTargets(int[] targetIds) implements Command {}

    /** Targets that must not be probed any more. */
    record RemoveTargets(int[] targetIds) implements Command {}

    /** A new or changed job; a running round goes on from where it is. */
    record InstallJob(int jobId, JobPlan plan, long spreadNanos, int timeoutClass) implements Command {}

    record RemoveJob(int jobId) implements Command {}

    /** A round of each of these jobs is due: monotonic time at which it should start. */
    record RoundsDue(int[] jobIds, long dueNanos) implements Command {}

    /** Each of these jobs takes part in the round that began at this monotonic time, from here on. */
    record JoinRounds(int[] jobIds, long dueNanos) implements Command {}

    record ErrListRoundDue(long dueNanos, long spreadNanos) implements Command {}

    /** Something for {@code ping-recv}: an event kind of {@link EventRing} with its argument. */
    record Forward(int kind, int argument, int targetId) implements Command {}
}
