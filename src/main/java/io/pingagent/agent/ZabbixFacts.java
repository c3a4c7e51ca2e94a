package io.pingagent.agent;

import io.pingagent.icmp.Rejection;
import io.pingagent.model.Problem;
import io.pingagent.probe.Counter;
import io.pingagent.probe.DurationHistogram;
import io.pingagent.probe.Engine;
import io.pingagent.probe.Isolation;
import io.pingagent.redis.writer.StateWriter;
import io.pingagent.zabbix.AgentFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the agent tells Zabbix about itself. Called on {@code ping-zabbix}. */
final class ZabbixFacts implements AgentFacts {

    private final Engine engine;
    private final StateWriter writer;
    private final AgentProblems problems;
    private final SendTroubles sendTroubles;

    private DurationHistogram.Snapshot latenessBefore;
    private long sentBefore;
    private long atNanos = System.nanoTime();

    ZabbixFacts(Engine engine, StateWriter writer, AgentProblems problems, SendTroubles sendTroubles) {
        this.engine = engine;
        this.writer = writer;
        this.problems = problems;
        this.sendTroubles = sendTroubles;
        latenessBefore = engine.sendLateness().snapshot();
    }

    @Override
    public String version() {
        return AgentVersion.text();
    }

    @Override
    public long targets() {
        return engine.targetCount();
    }

    @Override
    public long errListSize() {
        return Math.max(0, engine.errListSize() - engine.cutOffSize());
    }

    @Override
    public double probesPerSecond() {
        long nowNanos = System.nanoTime();
        long sent = engine.counters().get(Counter.SENT);
        double seconds = Math.max(1, nowNanos - atNanos) / 1e9;
        double rate = (sent - sentBefore) / seconds;
        sentBefore = sent;
        atNanos = nowNanos;
        return rate;
    }

    @Override
    public long refused() {
        long refused = engine.counters().get(Counter.FOREIGN_SOURCE);
        for (Rejection reason : Rejection.values()) {
            refused += engine.rejected(reason);
        }
        return refused;
    }

    @Override
    public long kernelDrops() {
        return engine.kernelDrops();
    }

    @Override
    public long overruns() {
        return engine.counters().get(Counter.OVERRUN);
    }

    @Override
    public long invalidated() {
        return engine.counters().get(Counter.INVALIDATED);
    }

    @Override
    public long sendErrors() {
        return engine.counters().get(Counter.SEND_ERROR_ALONE);
    }

    @Override
    public long sendDeferred() {
        return engine.counters().get(Counter.SEND_DEFERRED);
    }

    @Override
    public long sendOmitted() {
        return engine.counters().get(Counter.SEND_OMITTED);
    }

    @Override
    public double latenessSeconds() {
        DurationHistogram.Snapshot now = engine.sendLateness().snapshot();
        DurationHistogram.Snapshot interval = now.since(latenessBefore);
        latenessBefore = now;
        return interval.quantileNanos(0.99) / 1e9;
    }

    @Override
    public boolean redisConnected() {
        return writer.connected();
    }

    /** That the agent is cut off has an item of its own, and what it could not send meanwhile is part of that. */
    @Override
    public List<Problem> problems() {
        sendTroubles.advance();
        List<Problem> all = new ArrayList<>();
        if (isConnectedForAMinute()) {
            all.addAll(sendTroubles.problems());
        }
        all.addAll(problems.all());
        return all;
    }

    private boolean isConnectedForAMinute() {
        Isolation isolation = engine.isolation();
        long sinceNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - isolation.sinceWallNanos();
        return !isolation.isIsolated()
                && (isolation.sinceWallNanos() == 0 || Math.abs(sinceNanos) > SendTroubles.WINDOW.toNanos());
    }
}
