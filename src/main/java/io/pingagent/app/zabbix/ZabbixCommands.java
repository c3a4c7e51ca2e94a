package io.pingagent.app.zabbix;

import io.pingagent.agent.TargetsInRedis;
import io.pingagent.agent.ZabbixWiring;
import io.pingagent.app.doctor.Check;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.base.Version;
import io.pingagent.config.Config;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetSettings;
import io.pingagent.model.ZabbixValue;
import io.pingagent.probe.Engine;
import io.pingagent.probe.EngineOptions;
import io.pingagent.probe.ProbeListener;
import io.pingagent.probe.Sockets;
import io.pingagent.probe.SystemNanoClock;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.zabbix.BridgeSettings;
import io.pingagent.zabbix.BridgedTargets;
import io.pingagent.zabbix.DiscoveryJson;
import io.pingagent.zabbix.OneShotSender;
import io.pingagent.zabbix.ServerDiagnosis;
import io.pingagent.zabbix.ZabbixDiagnosis;
import io.pingagent.zabbix.ZabbixRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** What the commands {@code zabbix …} and {@code doctor} do without a running agent: by jobs and groups as Redis has them now. */
public final class ZabbixCommands {

    private static final int JOB = 0;
    private static final long ROUND_NANOS = 1_000_000_000L;
    private static final String CHECK = "zabbix";

    private final Config config;
    private final SystemNanoClock clock = new SystemNanoClock();

    public ZabbixCommands(Config config) {
        this.config = config;
    }

    /**
     * The discovery JSON.
     *
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked
     */
    public String discovery(boolean errListOnly) {
        return DiscoveryJson.text(config.zabbix().bridge(), targets(), errListOnly);
    }

    private BridgedTargets targets() {
        return TargetsInRedis.read(config, errListed());
    }

    private AddressSet errListed() {
        AddressSet.Builder builder = new AddressSet.Builder();
        try (RedisAdmin redis = RedisAdmin.connect(config.redis())) {
            redis.errLists().each(config.agent().name(), member -> {
                try {
                    builder.add(Addresses.parse(member));
                } catch (IllegalArgumentException e) {
                    // The running agent removes what is no address, and says so.
                }
            });
        }
        return builder.build();
    }

    /**
     * Probes every bridged address as often as it takes to call it down, a second apart, and sends discovery and values.
     *
     * @param isDryRun whether nothing is sent
     * @throws ServiceUnreachableException if no Zabbix server takes the values
     */
    public ZabbixPush send(boolean isDryRun, BooleanSupplier stopRequested) {
        Measured measured = measure(stopRequested);
        List<ZabbixValue> values = measured.values;
        List<String> lines = values.stream().map(ZabbixCommands::senderLine).toList();
        if (isDryRun) {
            return new ZabbixPush(measured.addresses, measured.answered, null, 0, 0, lines);
        }
        try (OneShotSender zabbix = once()) {
            OneShotSender.Outcome outcome = zabbix.send(values);
            return new ZabbixPush(
                    measured.addresses,
                    measured.answered,
                    String.valueOf(outcome.server()),
                    outcome.processed(),
                    outcome.failed(),
                    lines);
        }
    }

    /**
     * What one round of all bridged addresses comes to.
     *
     * @param values discovery lists first
     */
    record Measured(int addresses, int answered, List<ZabbixValue> values) {}

    /** Probes every bridged address as often as it takes to call it down, a second apart. */
    Measured measure(BooleanSupplier stopRequested) {
        BridgeSettings settings = config.zabbix().bridge();
        BridgedTargets targets = targets();
        ZabbixRows rows = new ZabbixRows(settings, targets);
        Probing probing = new Probing(targets, rows);
        probing.run(settings.thresholds().downAfter(), stopRequested);
        List<ZabbixValue> values = new ArrayList<>(rows.discovery(clock.wallNanos()));
        values.addAll(rows.take());
        return new Measured(probing.targetIds.length, probing.answered.cardinality(), values);
    }

    /** As in zabbix_sender's manual page: fields with spaces in quotes, quotes and backslashes escaped. */
    public static String senderLine(ZabbixValue value) {
        return quoted(value.host()) + " " + quoted(value.key()) + " " + value.clockSeconds() + " " + value.nanos() + " "
                + quoted(value.value());
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private OneShotSender once() {
        try {
            BridgeSettings.Access access = config.zabbix().bridge().access();
            return new OneShotSender(access.servers(), access.tls(), clock::wallNanos);
        } catch (KeyFileException e) {
            throw ZabbixWiring.keyFileProblem(config, e);
        }
    }

    /**
     * What each server says to this agent's host, one line each. One that fails is only a warning while another takes values.
     * Never throws.
     */
    public List<Check> checks() {
        if (!config.zabbix().isOn()) {
            return List.of(Check.note(
                    CHECK, "not configured: zabbix.servers names no server, so Zabbix gets nothing from this agent"));
        }
        BridgeSettings settings = config.zabbix().bridge();
        try (ZabbixDiagnosis diagnosis = new ZabbixDiagnosis(
                settings.access().tls(),
                settings.host().name(),
                settings.host().metadata(),
                Version.text(),
                clock::wallNanos)) {
            List<ServerDiagnosis> verdicts = diagnosis.judge(settings.access().servers());
            boolean anyWell = verdicts.stream().anyMatch(verdict -> verdict.kind() == ServerDiagnosis.Kind.WELL);
            return verdicts.stream().map(verdict -> check(verdict, anyWell)).toList();
        } catch (KeyFileException e) {
            Problem problem = ZabbixWiring.keyFileProblem(config, e).problems().get(0);
            return List.of(Check.fail(
                    Check.Outcome.BAD_CONFIGURATION, CHECK, problem.where() + ": " + problem.what(), problem.remedy()));
        } catch (RuntimeException e) {
            return List.of(Check.fail(
                    Check.Outcome.BAD_CONFIGURATION,
                    CHECK,
                    String.valueOf(e.getMessage()),
                    "look at the zabbix.* keys of the configuration"));
        }
    }

    private static Check check(ServerDiagnosis verdict, boolean anyWell) {
        if (verdict.kind() == ServerDiagnosis.Kind.WELL) {
            return Check.ok(CHECK, verdict.found());
        }
        if (anyWell) {
            return Check.warn(CHECK, verdict.found(), verdict.remedy());
        }
        Check.Outcome outcome = verdict.kind() == ServerDiagnosis.Kind.AWAY
                ? Check.Outcome.SERVICE_UNREACHABLE
                : Check.Outcome.BAD_CONFIGURATION;
        return Check.fail(outcome, CHECK, verdict.found(), verdict.remedy());
    }

    /** The engine without jobs of its own, without Redis and without err list. */
    private final class Probing implements ProbeListener {

        private final BridgedTargets targets;
        private final ZabbixRows rows;
        private final BitSet answered = new BitSet();
        private final AtomicLong settled = new AtomicLong();
        /** Ids of the bridged targets by the engine's ids. */
        private final int[] targetIds;

        Probing(BridgedTargets targets, ZabbixRows rows) {
            this.targets = targets;
            this.rows = rows;
            this.targetIds =
                    IntStream.range(0, targets.limit()).filter(targets::bridged).toArray();
        }

        void run(int rounds, BooleanSupplier stopRequested) {
            if (targetIds.length == 0) {
                return;
            }
            Sockets sockets = Sockets.open(config.probe().icmp(), true, true);
            EngineOptions options = new EngineOptions(
                    config.probe().engine().rateLimitPerSecond(),
                    Integer.MAX_VALUE,
                    0,
                    Duration.ofDays(1).toNanos(),
                    config.probe().engine().transmitStamps());
            long timeoutNanos = config.probe().timeout().toNanos();
            Engine engine = new Engine(options, sockets.v4(), sockets.v6(), clock, this);
            try {
                engine.start();
                TargetSettings settings = new TargetSettings(Integer.MAX_VALUE, -1, timeoutNanos);
                int[] all = new int[targetIds.length];
                for (int i = 0; i < all.length; i++) {
                    all[i] = engine.addTarget(targets.address(targetIds[i]), settings);
                }
                engine.announceTargets(all);
                engine.installJob(JOB, all, ROUND_NANOS, timeoutNanos);
                for (long round = 1; round <= rounds; round++) {
                    long dueNanos = System.nanoTime();
                    engine.roundDue(JOB, dueNanos);
                    while (settled.get() < round * all.length || System.nanoTime() - dueNanos < ROUND_NANOS) {
                        if (stopRequested.getAsBoolean()) {
                            return;
                        }
                        LockSupport.parkNanos(10_000_000L);
                    }
                }
            } finally {
                engine.close(Duration.ZERO);
            }
        }

        @Override
        public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
            rows.replied(targetIds[targetId], rttNanos, receivedWallNanos, hopLimit);
            answered.set(targetId);
            settled.getAndIncrement();
        }

        @Override
        public void lost(int targetId, int sequence, long settledWallNanos) {
            rows.lost(targetIds[targetId], settledWallNanos);
            settled.getAndIncrement();
        }

        @Override
        public void invalidated(int targetId, int sequence) {
            settled.getAndIncrement();
        }
    }
}
