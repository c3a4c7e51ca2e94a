package io.pingagent.agent;

import io.pingagent.model.IpAddress;
import io.pingagent.probe.Engine;
import io.pingagent.redis.writer.StateWriter;

/** The engine's table as the Redis writer wants to read it. */
public final class EngineState implements StateWriter.Source {

    private final Engine engine;

    public EngineState(Engine engine) {
        this.engine = engine;
    }

    @Override
    public int targetLimit() {
        return engine.targetLimit();
    }

    @Override
    public boolean live(int targetId) {
        return engine.isLive(targetId);
    }

    @Override
    public IpAddress address(int targetId) {
        return engine.address(targetId);
    }

    @Override
    public int targetId(IpAddress address) {
        return engine.targetId(address);
    }

    @Override
    public long lastRttNanos(int targetId) {
        return engine.lastRttNanos(targetId);
    }

    @Override
    public int ttlMillis(int targetId) {
        return engine.settings(targetId).ttlMillis();
    }

    @Override
    public int silentMillis(int targetId) {
        return (int) Math.min(Integer.MAX_VALUE, engine.silentNanos(targetId) / 1_000_000);
    }

    @Override
    public int sendCount(int targetId) {
        return engine.windowCounts(targetId) >>> 16;
    }

    @Override
    public int returnCount(int targetId) {
        return engine.windowCounts(targetId) & 0xffff;
    }

    @Override
    public boolean inErrList(int targetId) {
        return engine.isInErrList(targetId);
    }
}
