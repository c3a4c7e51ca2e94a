package io.pingagent.agent;

import io.pingagent.agent.catalogue.Canaries;
import io.pingagent.agent.catalogue.CatalogueApplier;
import io.pingagent.agent.catalogue.CatalogueFollower;
import io.pingagent.agent.catalogue.CatalogueLoader;
import io.pingagent.agent.catalogue.HostNames;
import io.pingagent.agent.catalogue.JobsBySpec;
import io.pingagent.agent.catalogue.KeptNames;
import io.pingagent.agent.catalogue.KnownHosts;
import io.pingagent.agent.catalogue.KnownLabels;
import io.pingagent.agent.catalogue.LabelBook;
import io.pingagent.agent.catalogue.NamesInRedis;
import io.pingagent.agent.catalogue.ProbeEngine;
import io.pingagent.agent.catalogue.ProblemBoard;
import io.pingagent.agent.catalogue.RedisCatalogue;
import io.pingagent.agent.catalogue.Reloader;
import io.pingagent.agent.catalogue.RunningEngine;
import io.pingagent.agent.catalogue.SchedulerTimetable;
import io.pingagent.agent.catalogue.TargetNames;
import io.pingagent.agent.catalogue.ZabbixTargets;
import io.pingagent.agent.control.ControlAgents;
import io.pingagent.agent.control.ControlProbes;
import io.pingagent.agent.control.ControlSocketOpener;
import io.pingagent.agent.control.LiveAgent;
import io.pingagent.agent.control.LiveHistories;
import io.pingagent.agent.control.LiveVerdicts;
import io.pingagent.agent.history.ProbeHistory;
import io.pingagent.agent.report.AgentProblems;
import io.pingagent.agent.report.Connections;
import io.pingagent.agent.report.OwnProcess;
import io.pingagent.agent.report.SendTroubles;
import io.pingagent.agent.report.StatsJson;
import io.pingagent.agent.report.ZabbixFacts;
import io.pingagent.agent.watch.ErrListLog;
import io.pingagent.agent.watch.InterfaceLog;
import io.pingagent.agent.watch.IsolationLog;
import io.pingagent.agent.watch.LimitLog;
import io.pingagent.agent.watch.PeriodicTasks;
import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigException;
import io.pingagent.config.ErrListConfig;
import io.pingagent.config.HistoryConfig;
import io.pingagent.control.ControlAnswers;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.imports.ApiAccess;
import io.pingagent.imports.ImportSchedule;
import io.pingagent.jobs.CronSpec;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.jobs.JobScheduler;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.probe.Engine;
import io.pingagent.probe.ErrListCause;
import io.pingagent.probe.Sockets;
import io.pingagent.probe.SystemNanoClock;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.GroupHostsReader;
import io.pingagent.redis.catalogue.LabelReader;
import io.pingagent.redis.events.ExpirySubscriber;
import io.pingagent.redis.writer.StateWriter;
import io.pingagent.sys.NativeHeap;
import io.pingagent.zabbix.ZabbixBridge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One agent, wired: jobs and groups from Redis to the scheduler, rounds to the engine, findings to Redis and Zabbix.
 *
 * <p>Started and stopped by one thread; stops in order: reloading and schedules, rounds in flight, Zabbix, Redis, each
 * with a deadline.
 */
public final class Agent implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(Agent.class);

    private static final long CLOCK_CHECK_MILLIS = 100;
    private static final long LOG_MILLIS = 1_000;
    private static final long TRIM_MILLIS = 10_000;
    private static final long CONTROL_SOCKET_MILLIS = 10_000;
    private static final Duration FLUSH_DEADLINE = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT_FOR_PROBES = Duration.ofSeconds(2);
    private static final long ANNOUNCE_PATIENCE_NANOS = 30_000_000_000L;

    private final Config config;
    private final NanoClock clock = new SystemNanoClock();
    private final Engine engine;
    private final StateWriter writer;
    private final ExpirySubscriber subscriber;
    private final JobScheduler scheduler = new JobScheduler();
    private final ProblemBoard problems = new ProblemBoard();
    private final HostNames hostNames;
    private final Reloader reloader;
    private final AgentListener listener;
    private final LimitLog limitLog;
    private final PeriodicTasks housekeeping = new PeriodicTasks();
    private final ErrListLog errListLog;
    private final @Nullable ZabbixBridge bridge;
    private final @Nullable PathWiring paths;
    private final @Nullable ProbeHistory history;
    private final ControlSocketOpener controlDesk;
    /** Replaced whenever the catalogue was read. */
    private volatile TargetNames targetNames = TargetNames.none();

    /** Belongs to {@code ping-housekeeping}: what it says of the last minute must not depend on who asks how often. */
    private final ZabbixFacts ofControl;
    /** As of the last second. */
    private volatile List<Problem> presentProblems = List.of();

    private final ImportSchedule imports;

    private final CompletableFuture<String> nameTaken = new CompletableFuture<>();
    private boolean closed;

    /**
     * @param listener hears the engine; made by {@link AgentListener}
     * @throws NotPermittedException if the raw sockets are refused
     * @throws ConfigException if a file or directory that the configuration names cannot be used
     */
    public Agent(Config config, AgentListener listener) {
        this.config = config;
        this.listener = listener;
        Sockets sockets = Sockets.open(config.probe().icmp(), true, true);
        this.engine = new Engine(config.probe().engine(), sockets.v4(), sockets.v6(), clock, listener);
        RedisConnector connector = new RedisConnector(config.redis());
        RedisKeys keys = new RedisKeys(config.agent().name());
        this.writer = new StateWriter(config.redis(), connector, keys, new EngineState(engine), new ErrListEdits());
        this.subscriber = new ExpirySubscriber(connector, keys, new RedisEvents());
        KnownLabels labels =
                new KnownLabels(new LabelReader(connector)::read, address -> engine.targetId(address) >= 0);
        this.errListLog = new ErrListLog(
                engine::address, address -> labels.book().of(address).name(), engine::interfaceProblem);
        ZabbixTargets zabbixTargets = config.zabbix().isOn()
                ? new ZabbixTargets(
                        ZabbixWiring.directory(engine),
                        new KnownHosts(new GroupHostsReader(connector)::read),
                        labels::book,
                        config.zabbix().groups())
                : null;
        AgentProblems agentProblems = new AgentProblems(engine, problems);
        this.bridge = zabbixTargets == null
                ? null
                : bridge(
                        zabbixTargets,
                        new ZabbixFacts(engine, writer, agentProblems, new SendTroubles(engine, listener)));
        listener.connect(writer, engine, errListLog, bridge);
        HistoryConfig kept = config.agent().history();
        this.history = kept.isOn() ? new ProbeHistory(clock, kept.last(), kept.memoryBytes()) : null;
        listener.keep(history);
        boolean hasV6 = sockets.v6() != null;
        ProbeEngine probeEngine = new RunningEngine(
                engine,
                (profile, identifier) -> Sockets.openForJob(config.probe().icmp(), profile, identifier, hasV6));
        CatalogueApplier applier = new CatalogueApplier(
                probeEngine,
                new SchedulerTimetable(scheduler),
                clock,
                config.probe().profile(),
                writer::ttlChanged);
        this.limitLog = new LimitLog(engine, listener, listener, applier::jobName);
        CronSpecs specs = new CronSpecs(config.jobs().timeZone());
        Canaries canaries = new Canaries(
                config.probe().canaries(), specs, config.probe().timeout().toNanos());
        List<CatalogueFollower> followers = new ArrayList<>();
        followers.add(catalogue -> {
            List<Problem> found = applier.apply(canaries.with(catalogue.jobs()));
            canaries.announce(probeEngine);
            targetNames = new TargetNames(catalogue.jobs(), labels::book);
            return found;
        });
        followers.add(labels);
        if (zabbixTargets != null) {
            followers.add(zabbixTargets);
        }
        NamesInRedis namesInRedis = new NamesInRedis(connector, keys);
        this.hostNames = new HostNames(
                config.jobs().dnsServers(), config.jobs().reloadInterval(), clock, namesInRedis, this::namesChanged);
        followers.add(new KeptNames(namesInRedis, hostNames));
        this.reloader = new Reloader(
                new CatalogueLoader(
                        new RedisCatalogue(new CatalogueReader(connector, keys)),
                        keys,
                        config.probe().timeout().toNanos(),
                        specs,
                        () -> subscriber.state() == ExpirySubscriber.State.SUBSCRIBED,
                        true,
                        hostNames),
                followers,
                problems,
                writer::connected,
                config.jobs().reloadInterval(),
                this::targetsLoaded,
                clock);
        this.ofControl = new ZabbixFacts(engine, writer, agentProblems, new SendTroubles(engine, listener));
        IntUnaryOperator parents = targetId -> parent(labels.book(), targetId);
        LiveVerdicts verdicts = new LiveVerdicts(engine, listener, config, parents, clock);
        this.paths = PathWiring.of(
                config, connector, clock, new PathWiring.Interest(engine, listener, verdicts, zabbixTargets), bridge);
        LiveAgent own = new LiveAgent(
                config.agent().name(), engine, writer, bridge, () -> presentProblems, () -> targetNames, verdicts);
        this.controlDesk = new ControlSocketOpener(
                config.agent(),
                new ControlAnswers(
                        new ControlAgents(own, config),
                        new ControlProbes(config),
                        new LiveHistories(config.agent().name(), engine, history)),
                found -> problems.set(ProblemBoard.Source.CONTROL, found));
        this.imports = ApiAccess.schedule(
                config, found -> problems.set(ProblemBoard.Source.IMPORT, found), clock::monotonicNanos);
        writer.stats(new StatsJson(
                engine,
                new Connections(writer, subscriber, bridge),
                agentProblems,
                new SendTroubles(engine, listener),
                OwnProcess.of(sockets, config),
                config.redis().statusInterval().toSeconds()));
        IcmpSocket v4 = sockets.v4();
        int receiveBufferBytes = v4 == null ? 0 : v4.receiveBufferBytes();
        LOG.info(
                "agent {} starts: Redis {}, receive buffer {} KiB of {} KiB wanted, IPv6 {}, time zone of cron"
                        + " specs {}",
                config.agent().name(),
                connector.server(),
                receiveBufferBytes / 1024,
                config.probe().icmp().buffers().receiveBytes() / 1024,
                sockets.v6() == null ? "not available" : "on",
                config.jobs().timeZone());
        if (receiveBufferBytes < config.probe().icmp().buffers().receiveBytes()) {
            LOG.warn("the kernel grants a smaller receive buffer than probe.receive-buffer asks for; give the agent"
                    + " CAP_NET_ADMIN or raise the sysctl net.core.rmem_max");
        }
    }

    private void keepHouse() {
        IsolationLog isolationLog = new IsolationLog(engine::isolation);
        InterfaceLog interfaceLog =
                new InterfaceLog(engine::interfaceProblems, LOG::warn, LOG::info, System.nanoTime());
        housekeeping.every(CLOCK_CHECK_MILLIS, this::replanAfterClockStep);
        housekeeping.every(LOG_MILLIS, errListLog::write);
        housekeeping.every(LOG_MILLIS, this::gatherProblems);
        housekeeping.every(LOG_MILLIS, isolationLog::write);
        housekeeping.every(LOG_MILLIS, () -> interfaceLog.write(System.nanoTime()));
        housekeeping.every(LOG_MILLIS, limitLog::write);
        housekeeping.every(TRIM_MILLIS, NativeHeap::trim);
        housekeeping.every(CONTROL_SOCKET_MILLIS, controlDesk::open);
    }

    private void replanAfterClockStep() {
        if (listener.takeClockStep()) {
            LOG.warn(
                    "the wall clock was stepped: schedules follow it, and RTTs of probes in flight come from the monotonic"
                            + " clock");
            scheduler.clockStepped();
        }
    }

    private ZabbixBridge bridge(ZabbixTargets targets, ZabbixFacts report) {
        try {
            return ZabbixWiring.bridge(config, targets, report, clock);
        } catch (ConfigException e) {
            engine.close(Duration.ZERO);
            throw e;
        }
    }

    public void start() {
        engine.start();
        scheduleErrList(config.errList());
        controlDesk.open();
        keepHouse();
        writer.start(new NameEvents());
    }

    /** Nobody else is known to run under this name: now jobs are read and values sent, which two agents must not do. */
    private synchronized void startWork() {
        if (closed) {
            return;
        }
        if (bridge != null) {
            bridge.start();
        }
        if (paths != null) {
            paths.start();
        }
        subscriber.start();
        scheduler.start();
        reloader.start();
        imports.start();
    }

    /** Completed when another process turns out to run under this agent's name: with one line that says which. */
    public CompletableFuture<String> nameTaken() {
        return nameTaken;
    }

    /** The target next above another, or a negative number. */
    private int parent(LabelBook book, int targetId) {
        IpAddress parent = book.parents().isEmpty() ? null : book.parents().get(engine.address(targetId));
        return parent == null ? -1 : engine.targetId(parent);
    }

    private List<Problem> allProblems() {
        List<Problem> all = new ArrayList<>(ofControl.problems());
        if (bridge != null) {
            all.addAll(bridge.problems());
        }
        return all;
    }

    private void gatherProblems() {
        List<Problem> ofConnections = new ArrayList<>();
        Problem ofWriter = writer.connectionProblem();
        if (ofWriter != null) {
            ofConnections.add(ofWriter);
        }
        subscriber.problems().stream()
                .filter(problem -> !ofConnections.contains(problem))
                .forEach(ofConnections::add);
        problems.set(ProblemBoard.Source.REDIS, ofConnections);
        problems.set(ProblemBoard.Source.STATE, writer.problems());
        problems.set(ProblemBoard.Source.NAMES, hostNames.problems());
        problems.set(ProblemBoard.Source.PATH, paths == null ? List.of() : pathProblems(paths, ofConnections));
        if (history != null) {
            problems.set(ProblemBoard.Source.HISTORY, history.problems());
        }
        presentProblems = allProblems();
    }

    /** A server that is unreachable is one problem, whoever finds it. */
    private static List<Problem> pathProblems(PathWiring paths, List<Problem> ofConnections) {
        return paths.problems().stream()
                .filter(problem -> !ofConnections.contains(problem))
                .toList();
    }

    private void scheduleErrList(ErrListConfig errList) {
        CronSpecs specs = new CronSpecs(config.jobs().timeZone());
        CronSpec spec = specs.get(errList.spec());
        scheduler.schedule(
                "err-list.spec",
                spec,
                (id, scheduledAt, next) ->
                        engine.errListRoundDue(JobsBySpec.dueNanos(clock, scheduledAt), spec.spreadNanos()));
        scheduler.schedule(
                "err-list.check-spec",
                specs.get(errList.checkSpec()),
                (id, scheduledAt, next) -> engine.checkSilence());
        scheduler.schedule(
                "err-list.review-spec",
                specs.get(errList.reviewSpec()),
                (id, scheduledAt, next) -> engine.reviewErrList());
    }

    @AnyThread
    private void namesChanged() {
        reloader.namesChanged();
    }

    /** Jobs and groups are read again. */
    @AnyThread
    public void reload() {
        reloader.reloadAll();
    }

    /** The first catalogue is applied: once the engine knows its targets, the err list of an earlier run comes back. */
    private void targetsLoaded() {
        long deadlineNanos = clock.monotonicNanos() + ANNOUNCE_PATIENCE_NANOS;
        int last = engine.targetLimit() - 1;
        while (last >= 0 && !engine.isLive(last) && clock.monotonicNanos() - deadlineNanos < 0) {
            LockSupport.parkNanos(1_000_000L);
        }
        writer.restoreErrList();
    }

    public Engine engine() {
        return engine;
    }

    ProblemBoard problems() {
        return problems;
    }

    StateWriter writer() {
        return writer;
    }

    /** What users put into the set by hand, or an earlier run left there. */
    private final class ErrListEdits implements StateWriter.ErrListEdits {

        @Override
        public void addedByHand(IpAddress address) {
            int targetId = engine.targetId(address);
            if (targetId >= 0) {
                engine.enterErrList(targetId, ErrListCause.BY_HAND);
            }
        }

        @Override
        public void removedByHand(IpAddress address) {
            int targetId = engine.targetId(address);
            if (targetId >= 0) {
                engine.leaveErrList(targetId);
            }
        }
    }

    /** Whether this process may run under the agent's name. */
    private final class NameEvents implements StateWriter.NameEvents {

        @Override
        public void free() {
            startWork();
        }

        @Override
        public void taken(String message) {
            nameTaken.complete(message);
        }
    }

    /** What Redis reports. */
    private final class RedisEvents implements ExpirySubscriber.Events {

        @Override
        public void expired(IpAddress address) {
            int targetId = engine.targetId(address);
            if (targetId >= 0) {
                // The engine knows better than any clock of Redis whether the address has answered.
                engine.enterErrList(targetId, ErrListCause.EXPIRED);
            }
        }

        @Override
        public void catalogueChanged(String key) {
            reloader.changed(key);
        }

        @Override
        public void membersRemoved(String key) {
            reloader.membersRemoved(key);
        }

        @Override
        public void errListEdited() {
            writer.errListEdited();
        }

        @Override
        public void resubscribed() {
            reloader.reloadAll();
        }
    }

    @Override
    public void close() {
        if (!closes()) {
            return;
        }
        LOG.info("agent {} stops", config.agent().name());
        controlDesk.close();
        imports.stop();
        reloader.stop();
        hostNames.close();
        scheduler.close();
        Duration timeout = config.probe().timeout();
        engine.close(timeout.compareTo(LONGEST_WAIT_FOR_PROBES) < 0 ? timeout : LONGEST_WAIT_FOR_PROBES);
        if (paths != null) {
            paths.close();
        }
        if (bridge != null) {
            bridge.close(FLUSH_DEADLINE);
        }
        subscriber.close(FLUSH_DEADLINE);
        writer.close(FLUSH_DEADLINE);
        housekeeping.close();
        errListLog.write();
        LOG.info("agent {} has stopped", config.agent().name());
    }

    private synchronized boolean closes() {
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }
}
