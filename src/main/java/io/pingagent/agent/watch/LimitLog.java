package io.pingagent.agent.watch;

import io.pingagent.agent.report.ProbeCountText;
import io.pingagent.agent.report.SendErrorTally;
import io.pingagent.base.FoldedCount;
import io.pingagent.base.OwnedBy;
import io.pingagent.icmp.SendErrors;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Engine;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Warns when the agent is asked for more than its machine can do: one line of a kind a minute at most. */
@OwnedBy("ping-housekeeping")
public final class LimitLog {

    private static final Logger LOG = LogManager.getLogger(LimitLog.class);

    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Engine engine;
    private final Overruns overruns;
    private final SendErrorTally sendErrors;
    private final IntFunction<String> jobNames;

    private final FoldedCount foldedOverruns = new FoldedCount(PERIOD_NANOS);
    private final FoldedCount foldedDrops = new FoldedCount(PERIOD_NANOS);
    private final FoldedCount foldedInvalidated = new FoldedCount(PERIOD_NANOS);
    private final FoldedCount foldedSendErrors = new FoldedCount(PERIOD_NANOS);
    private final FoldedCount foldedDeferred = new FoldedCount(PERIOD_NANOS);
    private final FoldedCount foldedHeld = new FoldedCount(PERIOD_NANOS);

    /** @param jobNames by job id */
    public LimitLog(Engine engine, Overruns overruns, SendErrorTally sendErrors, IntFunction<String> jobNames) {
        this.engine = engine;
        this.overruns = overruns;
        this.sendErrors = sendErrors;
        this.jobNames = jobNames;
    }

    /** Logs what has come since the last call; to be called about once a second. */
    public void write() {
        long nowNanos = System.nanoTime();
        logOverruns(nowNanos);
        logDrops(nowNanos);
        logInvalidated(nowNanos);
        logSendErrors(nowNanos);
        logDeferred(nowNanos);
        logHeld(nowNanos);
    }

    private long count(Counter counter) {
        return engine.counters().get(counter);
    }

    private void logOverruns(long nowNanos) {
        long more = foldedOverruns.take(overruns.overruns(), nowNanos);
        Overruns.Overrun last = more == 0 ? null : overruns.takeOverrun();
        if (last == null) {
            return;
        }
        String name = last.jobId() == Engine.ERR_LIST_JOB ? "the err list" : "job " + jobNames.apply(last.jobId());
        LOG.warn(
                "rounds that overran: {}, the last one of {} with {} unsent when its next was due; raise"
                        + " probe.rate-limit, lengthen the interval or spread the addresses over more agents",
                more,
                name,
                ProbeCountText.probes(last.unsent()));
    }

    private void logDrops(long nowNanos) {
        long soFar = engine.kernelDrops();
        if (foldedDrops.take(soFar, nowNanos) > 0) {
            LOG.warn(
                    "the kernel dropped packets because the receive buffer was full (about {} so far); raise"
                            + " probe.receive-buffer",
                    soFar);
        }
    }

    private void logInvalidated(long nowNanos) {
        // Probes that were held have a line of their own.
        long more = foldedInvalidated.take(count(Counter.INVALIDATED) - count(Counter.SEND_HELD), nowNanos);
        if (more > 0) {
            LOG.warn(
                    "probes that do not count because this machine may have lost their replies itself (receive buffer"
                            + " full, or the process stalled): {}; raise probe.receive-buffer, lower probe.rate-limit or"
                            + " give the agent more of the processor",
                    more);
        }
    }

    private void logSendErrors(long nowNanos) {
        long more = foldedSendErrors.take(sendErrors.sendErrors(), nowNanos);
        if (more > 0) {
            String last = engine.address(sendErrors.lastSendErrorTarget()).toString();
            LOG.warn(
                    "the kernel refused to send {}, the last one to {}: {}; {}",
                    ProbeCountText.probes(more),
                    last,
                    SendErrors.describe(sendErrors.lastSendErrno()),
                    SendErrors.remedy(sendErrors.lastSendErrno(), last));
        }
    }

    private void logDeferred(long nowNanos) {
        long more = foldedDeferred.take(count(Counter.SEND_DEFERRED) + count(Counter.SEND_OMITTED), nowNanos);
        if (more > 0) {
            LOG.warn(
                    "{} found no room in this machine's send queues; they wait alone and do not count as lost. Look for"
                            + " neighbours that do not answer ('ip neigh') and slow interfaces ('tc -s qdisc')",
                    ProbeCountText.probes(more));
        }
    }

    private void logHeld(long nowNanos) {
        long more = foldedHeld.take(count(Counter.SEND_HELD), nowNanos);
        if (more > 0) {
            LOG.warn(
                    "{} waited in the queue of a slow interface for too long to be answered in time; they do not count"
                            + " as lost. Look for an interface that is too slow for its traffic ('tc -s qdisc')",
                    ProbeCountText.probes(more));
        }
    }
}
