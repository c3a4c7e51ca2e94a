package io.pingagent.agent.catalogue;

import io.pingagent.model.Burst;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.TargetSettings;
import java.util.Map;

/**
 * Port: what the catalogue wants of the probe engine. Called by {@code ping-reload}, {@link #roundsDue} by a Quartz worker.
 *
 * <p>Target ids are 0 to {@link #targetLimit} - 1; that of a removed address is given to another one later.
 */
public interface ProbeEngine {

    int targetLimit();

    int targetCount();

    /** Negative if the address is no target. */
    int targetId(IpAddress address);

    IpAddress address(int targetId);

    /** Gives an address an id. It is probed once it is announced and a job names it. */
    int addTarget(IpAddress address, TargetSettings settings);

    void announceTargets(int[] targetIds);

    void removeTargets(int[] targetIds);

    /** Returns whether the settings are others than before. */
    boolean setSettings(int targetId, TargetSettings settings);

    /** These profiles are in use from now on, and no others; each with who wants it, for messages. */
    void useProfiles(Map<ProbeProfile, String> profiles);

    /** Adds a job or replaces it. */
    void installJob(int jobId, int[] targetIds, long spreadNanos, long timeoutNanos, Burst burst);

    /** The job's running round ends with it. */
    void removeJob(int jobId);

    /** Has jobs take part in the round that began at {@code dueNanos}, on the monotonic clock. */
    void joinRounds(int[] jobIds, long dueNanos);

    /** The next round of these jobs is due; unknown jobs are ignored. */
    void roundsDue(int[] jobIds, long dueNanos);

    /** Replaces the targets by which the engine sees first that this machine is cut off. */
    void canaries(int[] targetIds);
}
