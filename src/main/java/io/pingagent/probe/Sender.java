package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SpscRing;
import io.pingagent.icmp.SendErrors;
import io.pingagent.icmp.SendFailures;
import io.pingagent.probe.queue.DeferredProbes;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.round.Backlog;
import io.pingagent.probe.round.ErrListWheel;
import io.pingagent.probe.round.JobRound;
import io.pingagent.probe.stamp.QueueStampBudget;
import io.pingagent.probe.stamp.StampedSocket;
import io.pingagent.probe.stamp.TransmitDelays;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.table.SendStamp;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.table.TargetWord;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The body of {@code ping-send}: takes commands, keeps the rounds, sends what is due.
 *
 * <p>Earliest deadline first over the running rounds, {@value #SLICE} probes at a time. A backlog beyond 500 ms shifts
 * every round, see {@link JobRounds#stretch}. Err list and jobs share a short supply 1 : {@value #JOB_SHARE}; what one
 * side does not need the other may use.
 *
 * <p>A probe that this machine has no room for is deferred alone, see {@link DeferredProbes}; its round does not wait
 * for it.
 *
 * <p>A batch costs less than a system call for each packet, but its stamps are predicted (see {@code BatchSchedule})
 * and less exact. So there are batches only in a lasting {@link Backlog}.
 */
@OwnedBy("ping-send")
final class Sender implements SendFailures, DeferredProbes.Attempt {

    private static final int SLICE = 8;
    private static final int JOB_SHARE = 9;
    private static final long CLOCK_STEP_NANOS = 50_000_000L;
    private static final long RING_FULL_PAUSE_NANOS = 100_000L;
    /** A probe may be late by its interval divided by this. */
    private static final int PUNCTUALITY = 20;
    /** Under overload commands still have to be heard. */
    private static final long MAX_CYCLE_NANOS = 5_000_000L;

    private final TargetTable table;
    private final SettingsTable settings;
    private final SendPaths paths;
    private final Interfaces interfaces;
    private final NanoClock clock;
    private final WallOffset offset;
    private final Queue<EngineCommand> commands;
    private final EventRing events;
    private final SpscRing errListChanges;
    private final HeldProbes held;
    private final Counters counters;
    private final SendErrorCounts sendErrors = new SendErrorCounts();
    private final ProbeListener listener;
    private final RateLimiter limiter;
    private final long identifierIntervalNanos;

    private final JobRounds rounds;
    private final ErrListWheel wheel = new ErrListWheel();
    private final DeferredProbes deferred = new DeferredProbes();

    /** Packets times weight that each side has had; the smaller goes next. */
    private long jobsServed;

    private long errListServed;
    private long nextIdentifierNanos;
    private long lastSentNanos;
    private final QueueStampBudget queueStamps = new QueueStampBudget();
    private boolean batching;
    private final Backlog jobsBacklog = new Backlog();
    private final Backlog errListBacklog = new Backlog();
    private volatile boolean stopped;
    private final DurationHistogram lateness = new DurationHistogram();
    private final AtomicLong cycles = new AtomicLong();

    Sender(EngineParts parts) {
        this.table = parts.tables().targets();
        this.settings = parts.tables().settings();
        this.clock = parts.clock();
        this.commands = parts.handovers().commands();
        this.events = parts.handovers().events();
        this.errListChanges = parts.handovers().errListChanges();
        this.held = parts.handovers().held();
        this.counters = parts.counters();
        this.listener = parts.listener();
        long nowNanos = clock.monotonicNanos();
        this.interfaces = new Interfaces(parts.sockets(), parts.profiles(), nowNanos);
        this.offset = new WallOffset(clock);
        this.paths = new SendPaths(parts, socket -> new StampedSocket(socket, clock, offset, this));
        this.rounds = new JobRounds(parts);
        this.limiter = new RateLimiter(parts.options().rateLimitPerSecond(), nowNanos);
        this.identifierIntervalNanos = parts.options().identifierIntervalNanos();
        this.nextIdentifierNanos = nowNanos + identifierIntervalNanos;
    }

    /** One cycle. Returns the monotonic time at which something is due again, at the latest. */
    long cycle() {
        long stepNanos = offset.measure();
        if (Math.abs(stepNanos) > CLOCK_STEP_NANOS) {
            counters.increment(Counter.CLOCK_STEP);
            listener.clockStepped(stepNanos);
        }
        // First: a round that starts now is not behind.
        rounds.stretch(clock.monotonicNanos());
        for (EngineCommand command = commands.poll(); command != null; command = commands.poll()) {
            apply(command);
        }
        for (int left = errListChanges.waiting(); left > 0; left--) {
            int targetId = (int) errListChanges.get(0);
            errListChanges.release();
            applyErrListChange(targetId);
        }
        long nowNanos = clock.monotonicNanos();
        interfaces.cycle(nowNanos);
        if (nowNanos - nextIdentifierNanos >= 0) {
            paths.changeIdentifiers();
            nextIdentifierNanos = nowNanos + identifierIntervalNanos;
        }
        sendDue(nowNanos);
        cycles.lazySet(cycles.get() + 1);
        return nextDueNanos();
    }

    /** Cycles completed. */
    @AnyThread
    long cycles() {
        return cycles.get();
    }

    /** By how much the jobs' probes went out later than the firings say. */
    @AnyThread
    DurationHistogram lateness() {
        return lateness;
    }

    /** Probes that the kernel would not send. */
    @AnyThread
    SendErrorCounts sendErrors() {
        return sendErrors;
    }

    /** Makes a sender that waits for room in the event ring give up. */
    @AnyThread
    void stop() {
        stopped = true;
    }

    /** Targets that are probed at the err list's interval. */
    @AnyThread
    int errListSize() {
        return wheel.size();
    }

    @AnyThread
    Interfaces interfaces() {
        return interfaces;
    }

    // --- commands

    private void apply(EngineCommand command) {
        if (command instanceof EngineCommand.RoundsDue due) {
            rounds.due(due);
        } else if (command instanceof EngineCommand.Forward forward) {
            announce(forward.kind(), forward.argument(), forward.targetId(), 0, 0);
        } else if (command instanceof EngineCommand.ErrListRoundDue due) {
            if (!wheel.due(due.dueNanos(), due.spreadNanos(), clock.monotonicNanos())) {
                rounds.overran(Engine.ERR_LIST_JOB, wheel.size());
            }
        } else if (command instanceof EngineCommand.AddTargets added) {
            for (int targetId : added.targetIds()) {
                int firstSequence = table.page(targetId).nextSequence[targetId & TargetTable.PAGE_MASK];
                announce(EventRing.ADDED, 0, targetId, firstSequence, 0);
            }
        } else if (command instanceof EngineCommand.RemoveTargets removed) {
            for (int targetId : removed.targetIds()) {
                wheel.remove(targetId);
                announce(EventRing.REMOVED, 0, targetId, 0, 0);
            }
        } else if (command instanceof EngineCommand.InstallJob install) {
            rounds.install(install);
        } else if (command instanceof EngineCommand.JoinRounds join) {
            rounds.join(join);
        } else if (command instanceof EngineCommand.RemoveJob remove) {
            rounds.remove(remove.jobId());
        }
    }

    private void applyErrListChange(int targetId) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        boolean isAtErrListInterval = TargetTable.isMarked(page, index, IsolationMarks.ASKED)
                // While the agent is cut off, all its addresses are probed as usual.
                || TargetTable.isMarked(page, index, IsolationMarks.AWAITED)
                        && !TargetTable.isMarked(page, index, IsolationMarks.CUT_OFF)
                || isInErrListOnly(page, index);
        if (isAtErrListInterval && TargetTable.has(page, index, TargetTable.LIVE)) {
            wheel.add(targetId);
        } else {
            wheel.remove(targetId);
        }
    }

    /** Whether the target is on the err list, and probed there instead of by its jobs. */
    private static boolean isInErrListOnly(Page page, int index) {
        return TargetTable.has(page, index, TargetTable.IN_ERR_LIST)
                && !TargetTable.isMarked(page, index, (byte) (IsolationMarks.CUT_OFF | IsolationMarks.HELD));
    }

    // --- pacing

    private void sendDue(long startNanos) {
        batching = false;
        limiter.spend(deferred.retry(startNanos, limiter.allowance(startNanos), this));
        long nowNanos = startNanos;
        while (true) {
            boolean errListDue = wheel.isDue(nowNanos);
            JobRound first = rounds.first();
            boolean jobDue = first != null && first.nextProbeNanos() - nowNanos <= 0;
            if (!errListDue && !jobDue) {
                if (deferred.isEmpty()) {
                    limiter.idle(nowNanos);
                    jobsBacklog.clear();
                    errListBacklog.clear();
                }
                break;
            }
            int allowance = Math.min(SLICE, limiter.allowance(nowNanos));
            if (allowance == 0 || stopped) {
                break;
            }
            if (errListDue && (!jobDue || errListServed <= jobsServed)) {
                int sent = sendErrListSlice(nowNanos, allowance);
                errListServed += (long) sent * JOB_SHARE;
                if (!jobDue) {
                    jobsServed = Math.max(jobsServed, errListServed);
                }
                limiter.spend(sent);
            } else if (first != null) {
                int sent = sendJobSlice(nowNanos, allowance);
                jobsServed += sent;
                if (!errListDue) {
                    errListServed = Math.max(errListServed, jobsServed);
                }
                limiter.spend(sent);
            }
            nowNanos = clock.monotonicNanos();
            if (nowNanos - startNanos > MAX_CYCLE_NANOS) {
                break;
            }
        }
        batchSent(paths.flush());
    }

    private int sendJobSlice(long nowNanos, int max) {
        JobRound round = rounds.takeFirst();
        batching = jobsBacklog.isLasting(nowNanos - round.nextProbeNanos(), nowNanos);
        int sent = 0;
        try {
            while (sent < max && round.hasProbe() && round.nextProbeNanos() - nowNanos <= 0) {
                int targetId = round.targetId();
                Page page = table.page(targetId);
                int index = targetId & TargetTable.PAGE_MASK;
                // Advanced first: a probe that fails by a bug must not be tried for ever, nor delay the others.
                long dueNanos = round.dueNanos();
                round.advance();
                if (isInErrListOnly(page, index)) {
                    continue;
                }
                sent++;
                if (send(page, index, targetId, round.timeoutClass(), nowNanos)) {
                    long lateNanos = lastSentNanos - dueNanos;
                    lateness.record(lateNanos);
                    if (lateNanos > Backlog.LATE_NANOS && lateNanos > round.intervalNanos() / PUNCTUALITY) {
                        counters.increment(Counter.SENT_LATE);
                    }
                }
            }
            rounds.finishIfOver(round, nowNanos);
            return sent;
        } finally {
            rounds.putBack(round);
        }
    }

    private int sendErrListSlice(long nowNanos, int max) {
        int sent = 0;
        while (sent < max && wheel.isDue(nowNanos)) {
            if (!wheel.hasProbe()) {
                if (wheel.finish(nowNanos)) {
                    rounds.overran(Engine.ERR_LIST_JOB, wheel.size());
                }
                continue;
            }
            batching = errListBacklog.isLasting(nowNanos - wheel.nextProbeNanos(), nowNanos);
            int targetId = wheel.targetId();
            wheel.advance();
            int timeoutClass = settings.timeoutClass(table.settings(targetId));
            send(table.page(targetId), targetId & TargetTable.PAGE_MASK, targetId, timeoutClass, nowNanos);
            sent++;
        }
        return sent;
    }

    // --- packets

    /** Sends one probe. Returns false if this machine has no room for it now: then it is deferred. */
    private boolean send(Page page, int index, int targetId, int timeoutClass, long nowNanos) {
        boolean isSilent = isSilent(page, index, targetId);
        int group = DeferredProbes.group(TargetTable.isV6(page, index), isSilent);
        int errno = deferred.isFull(group) ? SendErrors.EAGAIN : attempt(page, index, targetId, timeoutClass, isSilent);
        if (errno == 0) {
            return true;
        }
        defer(errno, group, DeferredProbes.path(page, index), targetId, timeoutClass, nowNanos);
        return false;
    }

    private void defer(int errno, int group, int path, int targetId, int timeoutClass, long nowNanos) {
        if (deferred.defer(errno, group, path, targetId, timeoutClass, nowNanos)) {
            counters.increment(Counter.SEND_DEFERRED);
        } else {
            counters.increment(Counter.SEND_OMITTED);
            announce(EventRing.UNSENT, 0, targetId, 0, 0);
        }
    }

    /** Whether the next probe may stay in this machine for seconds: as the last one did, or may have if it was lost. */
    private boolean isSilent(Page page, int index, int targetId) {
        return page.lossesInARow[index] > 0
                || held.isSlow(targetId)
                || TargetTable.isMarked(page, index, IsolationMarks.CUT_OFF);
    }

    /** Returns 0 if the probe was sent or cannot be sent at all, or EAGAIN or ENOBUFS if it is still to be sent. */
    private int attempt(Page page, int index, int targetId, int timeoutClass, boolean isSilent) {
        boolean isV6 = TargetTable.isV6(page, index);
        StampedSocket socket = paths.of(targetId, isV6);
        int scopeId = interfaces.index(TargetTable.zone(page, index));
        long high = TargetTable.high(page, index);
        long low = TargetTable.low(page, index);
        // A wait for the receiver must come before the stamp, or it would count as round-trip time.
        awaitRoom();
        int sequence = page.nextSequence[index]++;
        long sentNanos = clock.monotonicNanos();
        boolean isBatched = batching && !isSilent;
        boolean isRested = !isBatched && sentNanos - lastSentNanos > TransmitDelays.RESTED_NANOS;
        lastSentNanos = sentNanos;
        int targetWord = TargetWord.of(targetId, isRested);
        announce(EventRing.SENT, timeoutClass, targetId, sequence, sentNanos);
        if (socket == null) {
            sendError(targetId, sequence, paths.whyNone(targetId, isV6));
            return 0;
        }
        if (scopeId == Interfaces.MISSING) {
            sendError(targetId, sequence, SendErrors.ENODEV);
            return 0;
        }
        if (held.isAnyWatched() && held.isWatched(DeferredProbes.path(page, index)) && queueStamps.take(sentNanos)) {
            socket.stampQueueing();
        }
        if (isBatched) {
            batchSent(socket.join(high, low, scopeId, targetWord, timeoutClass, sequence, sentNanos));
            return 0;
        }
        int errno = socket.send(high, low, scopeId, targetWord, timeoutClass, sequence, sentNanos, isSilent);
        if (errno == 0) {
            counters.increment(Counter.SENT);
            return 0;
        }
        if (SendErrors.isTransient(errno)) {
            // The number is used again: attempts must not push probes in flight out of the receiver's memory.
            page.nextSequence[index] = sequence;
            announce(EventRing.SEND_DEFERRED, timeoutClass, targetId, sequence, EventRing.NUMBER_IS_FREE);
            return errno == SendErrors.EAGAIN && !paths.isOfProfile(socket) ? SendErrors.EAGAIN : SendErrors.ENOBUFS;
        }
        sendError(targetId, sequence, errno);
        return 0;
    }

    // --- deferred probes, and those that failed

    @Override
    public int send(int targetId, int timeoutClass) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        if (!TargetTable.has(page, index, TargetTable.LIVE)) {
            return 0;
        }
        return attempt(page, index, targetId, timeoutClass, isSilent(page, index, targetId));
    }

    @Override
    public int path(int targetId) {
        return DeferredProbes.path(table.page(targetId), targetId & TargetTable.PAGE_MASK);
    }

    private void batchSent(int packets) {
        if (packets > 0) {
            counters.add(Counter.SENT, packets);
            counters.add(Counter.SENT_BATCHED, packets);
        }
    }

    /** A packet of the last batch that the kernel did not take. */
    @Override
    public void sendFailed(int targetWord, int sequence, long stamp, int errno) {
        int targetId = TargetWord.targetId(targetWord);
        if (!SendErrors.isTransient(errno)) {
            sendError(targetId, sequence, errno);
            return;
        }
        int timeoutClass = SendStamp.timeoutClass(stamp);
        announce(EventRing.SEND_DEFERRED, timeoutClass, targetId, sequence, EventRing.NUMBER_IS_USED_UP);
        int group =
                DeferredProbes.group(TargetTable.isV6(table.page(targetId), targetId & TargetTable.PAGE_MASK), false);
        defer(errno, group, path(targetId), targetId, timeoutClass, clock.monotonicNanos());
    }

    /** The kernel would not send a probe, and would not a little later. */
    private void sendError(int targetId, int sequence, int errno) {
        counters.increment(Counter.SEND_ERROR);
        sendErrors.increment(errno);
        interfaces.sendFailed(TargetTable.zone(table.page(targetId), targetId & TargetTable.PAGE_MASK), errno);
        announce(EventRing.SEND_ERROR, errno, targetId, sequence, 0);
    }

    private void announce(int kind, int argument, int targetId, int sequence, long nanos) {
        awaitRoom();
        // Without room only while stopping.
        events.offer(kind, argument, targetId, sequence, nanos);
    }

    private void awaitRoom() {
        while (!events.hasRoom() && !stopped) {
            LockSupport.parkNanos(RING_FULL_PAUSE_NANOS);
        }
    }

    private long nextDueNanos() {
        long dueNanos = nextRoundNanos();
        long retryNanos = deferred.nextNanos();
        boolean isRetryFirst = dueNanos == Long.MAX_VALUE || retryNanos != Long.MAX_VALUE && retryNanos - dueNanos < 0;
        return isRetryFirst ? retryNanos : dueNanos;
    }

    private long nextRoundNanos() {
        JobRound first = rounds.first();
        if (first == null && !wheel.isRunning()) {
            return Long.MAX_VALUE;
        }
        long dueNanos = first == null ? wheel.nextProbeNanos() : first.nextProbeNanos();
        if (wheel.isRunning() && wheel.nextProbeNanos() - dueNanos < 0) {
            dueNanos = wheel.nextProbeNanos();
        }
        // With allowance left only the end of the cycle cut the work off: no nap then.
        return limiter.hasCredit() || limiter.nextNanos() - dueNanos <= 0 ? dueNanos : limiter.nextNanos();
    }
}
