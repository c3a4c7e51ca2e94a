package io.pingagent.agent;

import io.pingagent.agent.catalogue.CatalogueApplier;
import io.pingagent.icmp.SendErrors;
import io.pingagent.jobs.JobScheduler;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Engine;
import io.pingagent.sys.NativeHeap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What the busy threads leave to others: log lines, planning anew when the wall clock was stepped, memory given back. Thread
 * {@code ping-housekeeping}.
 */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(Housekeeping.class);

    private static final long CLOCK_CHECK_MILLIS = 100;
    private static final long LOG_MILLIS = 1_000;
    private static final long TRIM_MILLIS = 10_000;
    private static final long CONTROL_MILLIS = 10_000;
    private static final long FOLDED_LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ping-housekeeping");
        thread.setDaemon(true);
        return thread;
    });
    private final Engine engine;
    private final AgentListener listener;
    private final JobScheduler scheduler;
    private final CatalogueApplier registry;
    private final ErrListLog errListLog;
    private final Runnable gatherProblems;
    private final Runnable openControlSocket;
    private final InterfaceLog interfaceLog;
    private final IsolationLog isolationLog;

    private long loggedOverruns;
    private long overrunLoggedNanos = System.nanoTime() - FOLDED_LOG_NANOS;
    private final Folded drops = new Folded();
    private final Folded invalidated = new Folded();
    private final Folded deferred = new Folded();
    private final Folded held = new Folded();
    private final Folded refused = new Folded();

    /** A count that is logged when it has grown, once a minute at most. */
    private static final class Folded {
        private long logged;
        private long loggedNanos = System.nanoTime() - FOLDED_LOG_NANOS;

        /** By how much it has grown since the last line; 0 if no line is due. */
        long take(long count) {
            long nowNanos = System.nanoTime();
            if (count <= logged || nowNanos - loggedNanos < FOLDED_LOG_NANOS) {
                return 0;
            }
            long more = count - logged;
            logged = count;
            loggedNanos = nowNanos;
            return more;
        }
    }

    Housekeeping(
            Engine engine,
            AgentListener listener,
            JobScheduler scheduler,
            CatalogueApplier registry,
            ErrListLog errListLog,
            Runnable gatherProblems,
            Runnable openControlSocket) {
        this.engine = engine;
        this.listener = listener;
        this.scheduler = scheduler;
        this.registry = registry;
        this.errListLog = errListLog;
        this.gatherProblems = gatherProblems;
        this.openControlSocket = openControlSocket;
        this.isolationLog = new IsolationLog(engine::isolation);
        this.interfaceLog = new InterfaceLog(engine::interfaceProblems, LOG::warn, LOG::info, System.nanoTime());
    }

    void start() {
        repeat(CLOCK_CHECK_MILLIS, this::planAfterClockStep);
        repeat(LOG_MILLIS, errListLog::write);
        repeat(LOG_MILLIS, gatherProblems);
        repeat(LOG_MILLIS, isolationLog::write);
        repeat(LOG_MILLIS, () -> interfaceLog.write(System.nanoTime()));
        repeat(LOG_MILLIS, this::logOverruns);
        repeat(LOG_MILLIS, this::logDrops);
        repeat(LOG_MILLIS, this::logInvalidated);
        repeat(LOG_MILLIS, this::logRefusedSends);
        repeat(LOG_MILLIS, this::logDeferred);
        repeat(LOG_MILLIS, this::logHeld);
        repeat(TRIM_MILLIS, NativeHeap::trim);
        repeat(CONTROL_MILLIS, openControlSocket);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the task tells its failures itself
    private void repeat(long everyMillis, Runnable task) {
        executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        // An exception would silently end the repetition.
                        LOG.error("housekeeping failed and goes on", e);
                    }
                },
                everyMillis,
                everyMillis,
                TimeUnit.MILLISECONDS);
    }

    private void planAfterClockStep() {
        if (listener.takeClockStep()) {
            LOG.warn(
                    "the wall clock was stepped: schedules follow it, RTTs of probes under way come from the monotonic clock");
            scheduler.clockStepped();
        }
    }

    private void logOverruns() {
        if (listener.overruns() == loggedOverruns || System.nanoTime() - overrunLoggedNanos < FOLDED_LOG_NANOS) {
            return;
        }
        AgentListener.Overrun last = listener.takeOverrun();
        if (last == null) {
            return;
        }
        long count = listener.overruns() - loggedOverruns;
        String name = last.jobId() == Engine.ERR_LIST_JOB ? "the err list" : "job " + registry.jobName(last.jobId());
        LOG.warn(
                "rounds that overran: {}, the last one of {} with {} unsent when its next was due; raise"
                        + " probe.rate-limit, lengthen the cadence or spread the addresses over more agents",
                count,
                name,
                Counted.probes(last.unsent()));
        loggedOverruns += count;
        overrunLoggedNanos = System.nanoTime();
    }

    private void logRefusedSends() {
        long more = refused.take(listener.sendsRefused());
        if (more == 0) {
            return;
        }
        LOG.warn(
                "the kernel refused to send {}, the last one to {}: {}; {}",
                Counted.probes(more),
                engine.address(listener.lastRefusedTarget()),
                SendErrors.describe(listener.lastSendErrno()),
                SendErrors.remedy(
                        listener.lastSendErrno(),
                        engine.address(listener.lastRefusedTarget()).toString()));
    }

    private void logDeferred() {
        long more = deferred.take(
                engine.counters().get(Counter.SEND_DEFERRED) + engine.counters().get(Counter.SEND_OMITTED));
        if (more == 0) {
            return;
        }
        LOG.warn(
                "{} found no room in this machine's send queues; they wait alone and do not count as lost. Look for"
                        + " neighbours that do not answer ('ip neigh') and slow interfaces ('tc -s qdisc')",
                Counted.probes(more));
    }

    private void logHeld() {
        long more = held.take(engine.counters().get(Counter.SEND_HELD));
        if (more == 0) {
            return;
        }
        LOG.warn(
                "{} waited in the queue of a slow interface for too long to be answered in time; they do not count as"
                        + " lost. Look for an interface that is too slow for its traffic ('tc -s qdisc')",
                Counted.probes(more));
    }

    private void logInvalidated() {
        // What was held is said in a line of its own.
        long more = invalidated.take(
                engine.counters().get(Counter.INVALIDATED) - engine.counters().get(Counter.SEND_HELD));
        if (more == 0) {
            return;
        }
        LOG.warn(
                "probes that do not count because this machine may have lost their replies itself (receive buffer full, or"
                        + " the process stood still): {}; raise probe.receive-buffer, lower probe.rate-limit or give the"
                        + " agent more of the processor",
                more);
    }

    private void logDrops() {
        long soFar = engine.kernelDrops();
        if (drops.take(soFar) > 0) {
            LOG.warn(
                    "the kernel dropped packets because the receive buffer was full (about {} so far); raise"
                            + " probe.receive-buffer",
                    soFar);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        errListLog.write();
    }
}
