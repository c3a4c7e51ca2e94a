package io.pingagent.agent.report;

import io.pingagent.base.OwnedBy;
import io.pingagent.probe.Counter;
import io.pingagent.probe.DurationHistogram;
import io.pingagent.probe.Engine;

/** Figures of the time between two reports. Each reporter has its own, because reading them begins a new interval. */
@OwnedBy("caller")
final class IntervalFigures {

    private final Engine engine;
    private DurationHistogram.Snapshot latenessBefore;
    private long sentBefore;
    private long atNanos = System.nanoTime();

    IntervalFigures(Engine engine) {
        this.engine = engine;
        this.latenessBefore = engine.sendLateness().snapshot();
    }

    /** Probes sent a second, since the last call. */
    double probesPerSecond() {
        long nowNanos = System.nanoTime();
        long sent = engine.counters().get(Counter.SENT);
        double seconds = Math.max(1, nowNanos - atNanos) / 1e9;
        double rate = (sent - sentBefore) / seconds;
        sentBefore = sent;
        atNanos = nowNanos;
        return rate;
    }

    /** How late probes were sent, since the last call. */
    DurationHistogram.Snapshot lateness() {
        DurationHistogram.Snapshot now = engine.sendLateness().snapshot();
        DurationHistogram.Snapshot interval = now.since(latenessBefore);
        latenessBefore = now;
        return interval;
    }
}
