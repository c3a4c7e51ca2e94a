package io.pingagent.agent.catalogue;

import io.pingagent.jobs.CronSpec;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Job;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.TargetSettings;
import java.time.Duration;
import java.util.List;

/**
 * A job ready to run: its definition, when it fires and whom it probes.
 *
 * @param groups the members of its groups, shared with whoever else names them
 * @param timeoutNanos how long its probes wait for a reply
 */
public record JobSetup(Job job, CronSpec spec, List<AddressSet> groups, long timeoutNanos) {

    /** All members of the groups, made again at each call: a million of them need not be kept twice. */
    public AddressSet targets() {
        return AddressSet.union(groups);
    }

    /**
     * What this job alone would want of its targets.
     *
     * @param profile with which they are probed
     */
    TargetSettings settings(ProbeProfile profile) {
        Integer pttlSeconds = job.judging().pttlSeconds();
        long ttlMillis = pttlSeconds != null
                ? Duration.ofSeconds(pttlSeconds).toMillis()
                : 2 * spec.longestGap().toMillis()
                        + Duration.ofNanos(timeoutNanos).toMillis();
        Integer allowedLoss = job.judging().allowedLoss();
        return new TargetSettings(
                (int) Math.min(Job.LONGEST_TTL.toMillis(), ttlMillis),
                allowedLoss == null ? -1 : allowedLoss,
                timeoutNanos,
                profile);
    }
}
