package io.pingagent.app;

import io.pingagent.icmp.Refusal;
import io.pingagent.model.Problem;
import io.pingagent.probe.Counter;
import io.pingagent.probe.DurationHistogram;
import io.pingagent.probe.Engine;
import io.pingagent.redis.StateWriter;
import io.pingagent.zabbix.AgentFacts;
import java.util.List;

/** What the agent tells Zabbix about itself. Called on {@code ping-zabbix}. */
final class AgentReport implements AgentFacts {

    private final Engine engine;
    private final StateWriter writer;
    private final AgentProblems problems;

    private DurationHistogram.Snapshot latenessBefore;
    private long sentBefore;
    private long atNanos = System.nanoTime();

    AgentReport(Engine engine, StateWriter writer, AgentProblems problems) {
        this.engine = engine;
        this.writer = writer;
        this.problems = problems;
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
        return engine.errListSize();
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
        for (Refusal reason : Refusal.values()) {
            refused += engine.refused(reason);
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
        return engine.counters().get(Counter.SEND_REFUSED);
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

    @Override
    public List<Problem> problems() {
        return problems.all();
    }
}
