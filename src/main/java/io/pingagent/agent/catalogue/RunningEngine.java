package io.pingagent.agent.catalogue;

import io.pingagent.model.Burst;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.Engine;
import io.pingagent.probe.ProfileOpener;
import java.util.Map;

/** The agent's engine, behind the port of the catalogue. Stateless. */
public final class RunningEngine implements ProbeEngine {

    private final Engine engine;
    private final ProfileOpener opener;

    /** @param opener opens the sockets of jobs that have a profile */
    public RunningEngine(Engine engine, ProfileOpener opener) {
        this.engine = engine;
        this.opener = opener;
    }

    @Override
    public int targetLimit() {
        return engine.targetLimit();
    }

    @Override
    public int targetCount() {
        return engine.targetCount();
    }

    @Override
    public int targetId(IpAddress address) {
        return engine.targetId(address);
    }

    @Override
    public IpAddress address(int targetId) {
        return engine.address(targetId);
    }

    @Override
    public int addTarget(IpAddress address, TargetSettings settings) {
        return engine.addTarget(address, settings);
    }

    @Override
    public void announceTargets(int[] targetIds) {
        engine.announceTargets(targetIds);
    }

    @Override
    public void removeTargets(int[] targetIds) {
        engine.removeTargets(targetIds);
    }

    @Override
    public boolean setSettings(int targetId, TargetSettings settings) {
        return engine.setSettings(targetId, settings);
    }

    @Override
    public void useProfiles(Map<ProbeProfile, String> profiles) {
        engine.useProfiles(profiles, opener);
    }

    @Override
    public void installJob(int jobId, int[] targetIds, long spreadNanos, long timeoutNanos, Burst burst) {
        engine.installJob(jobId, targetIds, spreadNanos, timeoutNanos, burst);
    }

    @Override
    public void removeJob(int jobId) {
        engine.removeJob(jobId);
    }

    @Override
    public void joinRounds(int[] jobIds, long dueNanos) {
        engine.joinRounds(jobIds, dueNanos);
    }

    @Override
    public void roundsDue(int[] jobIds, long dueNanos) {
        engine.roundsDue(jobIds, dueNanos);
    }

    @Override
    public void canaries(int[] targetIds) {
        engine.canaries(targetIds);
    }
}
