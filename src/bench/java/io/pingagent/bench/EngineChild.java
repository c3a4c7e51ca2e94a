package io.pingagent.bench;

import io.pingagent.agent.Agent;
import io.pingagent.agent.AgentListener;
import io.pingagent.agent.EngineState;
import io.pingagent.agent.watch.ErrListLog;
import io.pingagent.agent.watch.ErrListLog;
import io.pingagent.probe.Sockets;
import com.google.gson.JsonObject;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigLoader;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.Counter;
import io.pingagent.probe.DurationHistogram;
import io.pingagent.probe.Engine;
import io.pingagent.base.NanoClock;
import io.pingagent.probe.SystemNanoClock;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.writer.StateWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The engine alone, or with the state writer, put together from the parts and settings that {@link Agent} takes, in a JVM
 * that is measured from outside. One job probes all addresses: round upon round as fast as they go, or one every 10 s.
 */
final class EngineChild {

    private static final int JOB = 0;
    private static final int DEAD_JOB = 1;
    private static final long DEAD_CADENCE_NANOS = 1_000_000_000L;
    private static final long CADENCE_NANOS = 10_000_000_000L;
    /** A round of a flood is always late: it asks for a million probes in a millisecond. */
    private static final long FLOOD_SPREAD_NANOS = 1_000_000L;

    private static final long FLOOD_ROUND_GAP_NANOS = 20_000_000L;
    private static final int TTL_MILLIS = 21_000;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Child child;
    private final int addresses;
    private final int dead;
    private final boolean flood;
    private final NanoClock clock = new SystemNanoClock();
    private final DurationHistogram rtt = new DurationHistogram();
    /** Losses of neighbours that nobody expects to answer. */
    private final AtomicLong lostByDead = new AtomicLong();

    private final RttSamples samples;
    private final Listener listener = new Listener();
    private final Engine engine;
    private final StateWriter writer;
    private volatile boolean stopped;

    /** As the agent's own, with a note of each RTT. */
    private final class Listener extends AgentListener {

        @Override
        public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
            rtt.record(rttNanos);
            if (samples != null) {
                samples.add(targetId, sequence, rttNanos);
            }
            super.replied(targetId, sequence, rttNanos, receivedWallNanos, hopLimit);
        }

        @Override
        public void lost(int targetId, int sequence, long settledWallNanos) {
            if (targetId >= addresses) {
                lostByDead.lazySet(lostByDead.get() + 1);
            }
            super.lost(targetId, sequence, settledWallNanos);
        }
    }

    private EngineChild(Child child) {
        this.child = child;
        addresses = child.number("addresses");
        dead = child.number("dead");
        flood = child.number("flood") == 1;
        int mask = child.number("mask");
        samples = mask < 0 ? null : new RttSamples(mask, addresses);
        Config config = ConfigLoader.load(Path.of(child.text("config")), Map.of());
        Sockets sockets = Sockets.open(config.probe().icmp(), true, true);
        engine = new Engine(config.probe().engine(), sockets.v4(), sockets.v6(), clock, listener);
        if (child.number("redis") == 1) {
            writer = new StateWriter(
                    config.redis(),
                    new RedisConnector(config.redis()),
                    new RedisKeys(config.agent().name()),
                    new EngineState(engine),
                    new NoEdits());
            listener.connect(writer, engine, new ErrListLog(engine::address, address -> "", engine::interfaceProblem), null);
        } else {
            writer = null;
        }
    }

    /** Arguments: {@code config, addresses, flood, redis, mask, samples, warm, seconds}. */
    public static void main(String[] words) throws IOException, InterruptedException {
        new EngineChild(new Child(words)).run();
    }

    private void run() throws IOException, InterruptedException {
        int[] targetIds = new int[addresses];
        TargetSettings settings = new TargetSettings(TTL_MILLIS, -1, 1_000_000_000L);
        for (int i = 0; i < addresses; i++) {
            targetIds[i] = engine.addTarget(IpAddress.v4(AddressRange.bits(i)), settings);
            if (samples != null) {
                samples.target(targetIds[i], i);
            }
        }
        engine.start();
        if (writer != null) {
            writer.start();
        }
        engine.announceTargets(targetIds);
        engine.installJob(JOB, targetIds, flood ? FLOOD_SPREAD_NANOS : CADENCE_NANOS, settings.timeoutNanos());
        if (dead > 0) {
            probeDeadNeighbours(settings);
        }
        Thread rounds = new Thread(this::fireRounds, "rounds");
        rounds.setDaemon(true);
        rounds.start();
        TimeUnit.SECONDS.sleep(child.number("warm"));
        measure();
    }

    private void probeDeadNeighbours(TargetSettings settings) {
        int[] targetIds = new int[dead];
        for (int i = 0; i < dead; i++) {
            targetIds[i] = engine.addTarget(IpAddress.v4(AddressRange.deadBits(i)), settings);
        }
        engine.announceTargets(targetIds);
        engine.installJob(DEAD_JOB, targetIds, DEAD_CADENCE_NANOS, settings.timeoutNanos());
    }

    /** Probes of those that answer; all of them, where nobody is dead. */
    private long probes() {
        return engine.counters().get(dead > 0 ? Counter.RECEIVED : Counter.SENT);
    }

    private long falseLosses() {
        return engine.counters().get(Counter.LOST) - lostByDead.get();
    }

    private void measure() throws IOException, InterruptedException {
        if (samples != null) {
            samples.start();
        }
        long sent = probes();
        long lost = falseLosses();
        long invalidated = count("INVALIDATED");
        long overruns = engine.counters().get(Counter.OVERRUN);
        long batched = engine.counters().get(Counter.SENT_BATCHED);
        DurationHistogram.Snapshot lateness = engine.sendLateness().snapshot();
        DurationHistogram.Snapshot times = rtt.snapshot();
        child.begin();
        TimeUnit.SECONDS.sleep(child.number("seconds"));
        JsonObject figures = new JsonObject();
        figures.addProperty("probes", probes() - sent);
        figures.addProperty("batched", engine.counters().get(Counter.SENT_BATCHED) - batched);
        if (!flood) {
            figures.addProperty("overruns", engine.counters().get(Counter.OVERRUN) - overruns);
            figures.add("lateNanos", quantiles(engine.sendLateness().snapshot().since(lateness)));
        }
        figures.add("rttNanos", quantiles(rtt.snapshot().since(times)));
        child.end(figures);
        stopped = true;
        engine.close(PATIENCE);
        JsonObject last = new JsonObject();
        last.addProperty("lost", falseLosses() - lost);
        last.addProperty("invalidated", count("INVALIDATED") - invalidated);
        last.addProperty("kernelDrops", engine.kernelDrops());
        if (writer != null) {
            last.addProperty("written", writer.written());
            writer.close();
        }
        if (samples != null) {
            samples.write(Path.of(child.text("samples")));
        }
        child.finish(last);
    }

    /** By name, so that engines without this counter can be measured too: 0 then. */
    private long count(String counter) {
        for (Counter each : Counter.values()) {
            if (each.name().equals(counter)) {
                return engine.counters().get(each);
            }
        }
        return 0;
    }

    private static JsonObject quantiles(DurationHistogram.Snapshot snapshot) {
        JsonObject quantiles = new JsonObject();
        quantiles.addProperty("p50", snapshot.quantileNanos(0.5));
        quantiles.addProperty("p99", snapshot.quantileNanos(0.99));
        quantiles.addProperty("max", snapshot.quantileNanos(1));
        return quantiles;
    }

    /** In the place of the scheduler. */
    private void fireRounds() {
        long dueNanos = clock.monotonicNanos();
        while (!stopped) {
            engine.roundDue(JOB, dueNanos);
            for (int second = 0; dead > 0 && second < CADENCE_NANOS / DEAD_CADENCE_NANOS; second++) {
                pause(dueNanos + second * DEAD_CADENCE_NANOS);
                engine.roundDue(DEAD_JOB, dueNanos + second * DEAD_CADENCE_NANOS);
            }
            // More rounds than a flood can do: one that comes while another waits is dropped.
            dueNanos += flood ? FLOOD_ROUND_GAP_NANOS : CADENCE_NANOS;
            pause(dueNanos);
        }
    }

    private void pause(long untilNanos) {
        long waitNanos = untilNanos - clock.monotonicNanos();
        while (waitNanos > 0 && !stopped) {
            LockSupport.parkNanos(waitNanos);
            waitNanos = untilNanos - clock.monotonicNanos();
        }
    }

    private static final class NoEdits implements StateWriter.ErrListEdits {

        @Override
        public void addedByHand(IpAddress address) {}

        @Override
        public void removedByHand(IpAddress address) {}
    }
}
