package io.pingagent.agent.report;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.Version;
import io.pingagent.model.Problem;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Engine;
import io.pingagent.probe.Isolation;
import io.pingagent.redis.writer.StateWriter;
import io.pingagent.zabbix.AgentFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the agent says of itself to Zabbix. */
@OwnedBy("caller")
public final class ZabbixFacts implements AgentFacts {

    private final Engine engine;
    private final StateWriter writer;
    private final AgentProblems problems;
    private final SendTroubles sendTroubles;

    private final IntervalFigures interval;

    public ZabbixFacts(Engine engine, StateWriter writer, AgentProblems problems, SendTroubles sendTroubles) {
        this.engine = engine;
        this.writer = writer;
        this.problems = problems;
        this.sendTroubles = sendTroubles;
        this.interval = new IntervalFigures(engine);
    }

    @Override
    public String version() {
        return Version.text();
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
        return interval.probesPerSecond();
    }

    @Override
    public long refused() {
        return RejectedPackets.total(engine);
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
        return interval.lateness().quantileNanos(0.99) / 1e9;
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
