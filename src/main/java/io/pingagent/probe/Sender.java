package io.pingagent.probe;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.SendErrors;
import io.pingagent.icmp.SendFailures;
import io.pingagent.probe.queue.DeferredProbes;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.round.Backlog;
import io.pingagent.probe.round.ErrListWheel;
import io.pingagent.probe.round.JobRound;
import io.pingagent.probe.round.RoundQueue;
import io.pingagent.probe.stamp.TransmitDelays;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.table.SendStamp;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import io.pingagent.probe.table.TargetWord;
import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code ping-send}: takes commands, keeps the rounds, sends what is due.
 *
 * <p>Of all rounds the one whose next probe is due first goes first, in slices, so that jobs are equally late when the rate
 * limit or the machine does not suffice; what cannot be caught up soon is taken out of the time of all of them. Err list and
 * jobs share a short supply 1 : {@value #JOB_SHARE}; what one side does not need the other may use.
 *
 * <p>A probe that this machine has no room for is put aside alone, see {@link DeferredProbes}: rounds go on without it.
 *
 * <p>Over 500 lines because commands, pacing and packets share the one state of {@code ping-send}; queues, rounds, batches
 * and deferred probes have classes of their own.
 *
 * <p>A batch costs less than a system call for each packet, but its stamps are foretold (see {@code BatchSchedule}) and less
 * true. So there are batches only in a lasting {@link Backlog}.
 */
final class Sender implements SendFailures, DeferredProbes.Attempt {

    private static final int SLICE = 8;
    private static final int JOB_SHARE = 9;
    private static final int EAFNOSUPPORT = 97;
    private static final long STRETCH_NANOS = 10_000_000L;
    private static final long CLOCK_STEP_NANOS = 50_000_000L;
    private static final long RING_FULL_PAUSE_NANOS = 100_000L;
    /** Most that is caught up; beyond it all rounds are stretched. */
    private static final long MOST_BEHIND_NANOS = 500_000_000L;
    /** Lateness that comes at once and not bit by bit. */
    private static final long HELD_UP_NANOS = 1_000_000_000L;
    /** Part of its cadence by which a probe may be late. */
    private static final int PUNCTUALITY = 20;
    /** Under overload commands still have to be heard. */
    private static final long MAX_CYCLE_NANOS = 5_000_000L;
    /** A second: some microseconds each, so a machine that is only busy is not made busier because it looks slow. */
    private static final int MAX_QUEUE_STAMPS = 10_000;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final TargetTable table;
    private final SettingsTable settings;
    private final @Nullable IcmpSocket v4;
    private final @Nullable IcmpSocket v6;
    private final Interfaces interfaces;
    private final NanoClock clock;
    private final WallOffset offset;
    private final Queue<EngineCommand> commands;
    private final EventRing events;
    private final ErrListChanges errListChanges;
    private final HeldProbes held;
    private final Counters counters;
    private final SendErrorCounts sendErrors = new SendErrorCounts();
    private final ProbeListener listener;
    private final RateLimiter pacer;
    private final long identifierIntervalNanos;
    private final SplittableRandom random = new SplittableRandom();

    private JobRound[] rounds = new JobRound[0];
    private final RoundQueue running = new RoundQueue();
    private final ErrListWheel wheel = new ErrListWheel();

    private final DeferredProbes deferred = new DeferredProbes();

    /** Packets times weight that each side has had; the smaller goes next. */
    private long jobsServed;

    private long errListServed;
    private long nextIdentifierNanos;
    private long lastSentNanos;
    private long queueStampsSinceNanos;
    private int queueStamps;
    private boolean batching;
    private final Backlog jobsBacklog = new Backlog();
    private final Backlog errListBacklog = new Backlog();
    private final SendBatch v4Batch;
    private final SendBatch v6Batch;
    private volatile boolean stopped;
    private final DurationHistogram lateness = new DurationHistogram();
    private final AtomicLong cycles = new AtomicLong();

    Sender(
            EngineOptions options,
            TargetTable table,
            SettingsTable settings,
            @Nullable IcmpSocket v4,
            @Nullable IcmpSocket v6,
            NanoClock clock,
            Queue<EngineCommand> commands,
            EventRing events,
            ErrListChanges errListChanges,
            HeldProbes held,
            Counters counters,
            ProbeListener listener) {
        this.table = table;
        this.settings = settings;
        this.v4 = v4;
        this.v6 = v6;
        this.interfaces = new Interfaces(v4, v6, clock.monotonicNanos());
        this.clock = clock;
        this.offset = new WallOffset(clock);
        this.v4Batch = new SendBatch(v4, clock, offset, counters, this);
        this.v6Batch = new SendBatch(v6, clock, offset, counters, this);
        this.commands = commands;
        this.events = events;
        this.errListChanges = errListChanges;
        this.held = held;
        this.counters = counters;
        this.listener = listener;
        this.pacer = new RateLimiter(options.rateLimitPerSecond(), clock.monotonicNanos());
        this.identifierIntervalNanos = options.identifierIntervalNanos();
        this.nextIdentifierNanos = clock.monotonicNanos() + identifierIntervalNanos;
    }

    /** One cycle. Returns the monotonic time at which something is due again, at the latest. */
    long cycle() {
        long stepNanos = offset.measure();
        if (Math.abs(stepNanos) > CLOCK_STEP_NANOS) {
            counters.increment(Counter.CLOCK_STEP);
            listener.clockStepped(stepNanos);
        }
        // First: a round that starts now was not held up.
        stretchRounds(clock.monotonicNanos());
        for (EngineCommand command = commands.poll(); command != null; command = commands.poll()) {
            apply(command);
        }
        for (int targetId = errListChanges.poll(); targetId >= 0; targetId = errListChanges.poll()) {
            applyErrListChange(targetId);
        }
        long nowNanos = clock.monotonicNanos();
        interfaces.cycle(nowNanos);
        if (nowNanos - nextIdentifierNanos >= 0) {
            changeIdentifier();
            nextIdentifierNanos = nowNanos + identifierIntervalNanos;
        }
        sendDue(nowNanos);
        cycles.lazySet(cycles.get() + 1);
        return nextDueNanos();
    }

    /** Cycles completed. Any thread. */
    long cycles() {
        return cycles.get();
    }

    /** By how much the jobs' probes went out later than the firings say. Any thread. */
    DurationHistogram lateness() {
        return lateness;
    }

    /** Why the kernel refused probes. */
    SendErrorCounts sendErrors() {
        return sendErrors;
    }

    /** Makes a sender that waits for room in the event ring give up. */
    void stop() {
        stopped = true;
    }

    /** Targets that are probed at err-list cadence. Any thread. */
    int errListSize() {
        return wheel.size();
    }

    Interfaces interfaces() {
        return interfaces;
    }

    // --- commands

    private void apply(EngineCommand command) {
        if (command instanceof EngineCommand.RoundsDue due) {
            roundsDue(due.jobIds(), due.dueNanos());
        } else if (command instanceof EngineCommand.Forward forward) {
            announce(forward.kind(), forward.argument(), forward.targetId(), 0, 0);
        } else if (command instanceof EngineCommand.ErrListRoundDue due) {
            if (!wheel.due(due.dueNanos(), due.spreadNanos(), clock.monotonicNanos())) {
                overran(Engine.ERR_LIST_JOB, wheel.size());
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
            install(install);
        } else if (command instanceof EngineCommand.JoinRounds join) {
            long nowNanos = clock.monotonicNanos();
            for (int jobId : join.jobIds()) {
                joinRound(jobId, join.dueNanos(), nowNanos);
            }
        } else if (command instanceof EngineCommand.RemoveJob remove) {
            JobRound round = round(remove.jobId());
            if (round != null) {
                running.remove(round);
                rounds[remove.jobId()] = null;
            }
        }
    }

    private void install(EngineCommand.InstallJob install) {
        if (install.jobId() >= rounds.length) {
            rounds = Arrays.copyOf(rounds, Math.max(install.jobId() + 1, rounds.length * 2));
        }
        JobRound round = rounds[install.jobId()];
        if (round == null) {
            round = new JobRound(install.jobId());
            rounds[install.jobId()] = round;
        }
        boolean wasRunning = running.remove(round);
        round.install(install.plan(), install.spreadNanos(), install.timeoutClass(), clock.monotonicNanos());
        if (wasRunning) {
            running.add(round);
        }
    }

    private @Nullable JobRound round(int jobId) {
        return jobId < rounds.length ? rounds[jobId] : null;
    }

    private void roundsDue(int[] jobIds, long dueNanos) {
        long nowNanos = clock.monotonicNanos();
        RuntimeException failure = null;
        for (int jobId : jobIds) {
            try {
                roundDue(jobId, dueNanos, nowNanos);
            } catch (RuntimeException e) {
                // From the listener; the rounds of the others begin.
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void roundDue(int jobId, long dueNanos, long nowNanos) {
        JobRound round = round(jobId);
        if (round == null) {
            return;
        }
        boolean wasRunning = round.isRunning();
        int unsent = round.due(dueNanos, nowNanos);
        if (unsent >= 0) {
            overran(jobId, unsent);
        }
        if (!wasRunning) {
            running.add(round);
        }
    }

    private void joinRound(int jobId, long dueNanos, long nowNanos) {
        JobRound round = round(jobId);
        if (round == null) {
            return;
        }
        running.remove(round);
        round.join(dueNanos, nowNanos);
        if (round.isRunning()) {
            running.add(round);
        }
    }

    private void applyErrListChange(int targetId) {
        Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        boolean isAtErrListCadence =
                TargetTable.isMarked(page, index, IsolationGuard.ASKED) || isInErrListOnly(page, index);
        if (isAtErrListCadence && TargetTable.has(page, index, TargetTable.LIVE)) {
            wheel.add(targetId);
        } else {
            wheel.remove(targetId);
        }
    }

    /** Whether the target is on the err list, and probed there instead of by its jobs. */
    private static boolean isInErrListOnly(Page page, int index) {
        return TargetTable.has(page, index, TargetTable.IN_ERR_LIST)
                && !TargetTable.isMarked(page, index, (byte) (IsolationGuard.CUT_OFF | IsolationGuard.HELD));
    }

    private void changeIdentifier() {
        int identifier = random.nextInt(1, 0x1_0000);
        if (v4 != null) {
            v4.changeIdentifier(identifier);
        }
        if (v6 != null) {
            v6.changeIdentifier(identifier);
        }
    }

    // --- pacing

    private void sendDue(long startNanos) {
        batching = false;
        pacer.spend(deferred.retry(startNanos, pacer.allowance(startNanos), this));
        long nowNanos = startNanos;
        while (true) {
            boolean errListDue = wheel.isDue(nowNanos);
            JobRound first = running.peek();
            boolean jobDue = first != null && first.nextProbeNanos() - nowNanos <= 0;
            if (!errListDue && !jobDue) {
                if (deferred.isEmpty()) {
                    pacer.idle(nowNanos);
                    jobsBacklog.clear();
                    errListBacklog.clear();
                }
                break;
            }
            int allowance = Math.min(SLICE, pacer.allowance(nowNanos));
            if (allowance == 0 || stopped) {
                break;
            }
            if (errListDue && (!jobDue || errListServed <= jobsServed)) {
                int sent = sendErrListSlice(nowNanos, allowance);
                errListServed += (long) sent * JOB_SHARE;
                if (!jobDue) {
                    jobsServed = Math.max(jobsServed, errListServed);
                }
                pacer.spend(sent);
            } else if (first != null) {
                int sent = sendJobSlice(nowNanos, allowance);
                jobsServed += sent;
                if (!errListDue) {
                    errListServed = Math.max(errListServed, jobsServed);
                }
                pacer.spend(sent);
            }
            nowNanos = clock.monotonicNanos();
            if (nowNanos - startNanos > MAX_CYCLE_NANOS) {
                break;
            }
        }
        flush();
    }

    /**
     * Under overload the clock of the jobs runs slower: their backlog stays short, and each is late in proportion to its
     * cadence.
     */
    private void stretchRounds(long nowNanos) {
        JobRound first = running.peek();
        long excessNanos = first == null ? 0 : nowNanos - first.nextProbeNanos() - MOST_BEHIND_NANOS;
        if (excessNanos > HELD_UP_NANOS) {
            // This process stood still: that is no reason to hold up what is not late.
            long latestNanos = nowNanos - MOST_BEHIND_NANOS;
            running.forEach(round -> round.postpone(Math.max(0, latestNanos - round.nextProbeNanos())));
        } else if (excessNanos > STRETCH_NANOS) {
            running.forEach(round -> round.postpone(excessNanos));
        }
        // Either way their order stays as it is.
    }

    private int sendJobSlice(long nowNanos, int max) {
        JobRound round = running.remove();
        batching = jobsBacklog.isLasting(nowNanos - round.nextProbeNanos(), nowNanos);
        int sent = 0;
        try {
            while (sent < max && round.hasProbe() && round.nextProbeNanos() - nowNanos <= 0) {
                int targetId = round.targetId();
                Page page = table.page(targetId);
                int index = targetId & TargetTable.PAGE_MASK;
                // On first: a probe that fails by a bug must not be tried for ever, nor hold up the others.
                long dueNanos = round.dueNanos();
                round.advance();
                if (isInErrListOnly(page, index)) {
                    continue;
                }
                sent++;
                if (send(page, index, targetId, round.timeoutClass(), nowNanos)) {
                    long lateNanos = lastSentNanos - dueNanos;
                    lateness.record(lateNanos);
                    if (lateNanos > Backlog.LATE_NANOS && lateNanos > round.cadenceNanos() / PUNCTUALITY) {
                        counters.increment(Counter.SENT_LATE);
                    }
                }
            }
            if (!round.hasProbe() && round.nextProbeNanos() - nowNanos <= 0) {
                int unsent = round.finish();
                if (unsent > 0) {
                    overran(round.jobId(), unsent);
                }
            }
            return sent;
        } finally {
            if (round.isRunning()) {
                running.add(round);
            }
        }
    }

    private int sendErrListSlice(long nowNanos, int max) {
        int sent = 0;
        while (sent < max && wheel.isDue(nowNanos)) {
            if (!wheel.hasProbe()) {
                if (wheel.finish(nowNanos)) {
                    overran(Engine.ERR_LIST_JOB, wheel.size());
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

    private void overran(int jobId, int unsent) {
        counters.increment(Counter.OVERRUN);
        listener.roundOverran(jobId, unsent);
    }

    // --- packets

    /** Sends one probe. Returns false if this machine has no room for it now: then it is put aside. */
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

    /** Whether the next probe may stay in this machine for seconds: as the last one did, or may have done if it was lost. */
    private boolean isSilent(Page page, int index, int targetId) {
        return page.lossesInARow[index] > 0
                || held.isSlow(targetId)
                || TargetTable.isMarked(page, index, IsolationGuard.CUT_OFF);
    }

    /** Returns 0 if the probe was sent or refused, or EAGAIN or ENOBUFS if it is still to be sent. */
    private int attempt(Page page, int index, int targetId, int timeoutClass, boolean isSilent) {
        IcmpSocket socket = TargetTable.isV6(page, index) ? v6 : v4;
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
            refused(targetId, sequence, EAFNOSUPPORT);
            return 0;
        }
        if (scopeId == Interfaces.AWAY) {
            refused(targetId, sequence, SendErrors.ENODEV);
            return 0;
        }
        if (held.isAnyWatched() && held.isWatched(DeferredProbes.path(page, index)) && mayStampQueueing(sentNanos)) {
            socket.stampQueueing();
        }
        if (isBatched) {
            (socket.isV6() ? v6Batch : v4Batch).add(high, low, scopeId, targetWord, timeoutClass, sequence, sentNanos);
            return 0;
        }
        long wallNanos = sentNanos + offset.nanos();
        long stamp = SendStamp.of(sentNanos, timeoutClass);
        int errno = socket.sendEcho(high, low, scopeId, targetWord, sequence, wallNanos, stamp, isSilent);
        if (errno == 0) {
            counters.increment(Counter.SENT);
            return 0;
        }
        if (SendErrors.isTransient(errno)) {
            // The number is used again: attempts must not push probes in flight out of the receiver's memory.
            page.nextSequence[index] = sequence;
            announce(EventRing.SEND_DEFERRED, timeoutClass, targetId, sequence, 0);
            return errno == SendErrors.EAGAIN ? SendErrors.EAGAIN : SendErrors.ENOBUFS;
        }
        refused(targetId, sequence, errno);
        return 0;
    }

    private boolean mayStampQueueing(long nowNanos) {
        if (nowNanos - queueStampsSinceNanos >= SECOND_NANOS) {
            queueStampsSinceNanos = nowNanos;
            queueStamps = 0;
        }
        return queueStamps++ < MAX_QUEUE_STAMPS;
    }

    // --- probes put aside

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

    private void flush() {
        v4Batch.flush();
        v6Batch.flush();
    }

    /** A packet of the last batch that the kernel did not take. */
    @Override
    public void sendFailed(int targetWord, int sequence, long stamp, int errno) {
        int targetId = TargetWord.targetId(targetWord);
        if (!SendErrors.isTransient(errno)) {
            refused(targetId, sequence, errno);
            return;
        }
        announce(EventRing.SEND_FAILED, 0, targetId, sequence, 0);
        int group =
                DeferredProbes.group(TargetTable.isV6(table.page(targetId), targetId & TargetTable.PAGE_MASK), false);
        defer(errno, group, path(targetId), targetId, SendStamp.timeoutClass(stamp), clock.monotonicNanos());
    }

    private void refused(int targetId, int sequence, int errno) {
        counters.increment(Counter.SEND_REFUSED);
        sendErrors.increment(errno);
        interfaces.sendFailed(TargetTable.zone(table.page(targetId), targetId & TargetTable.PAGE_MASK), errno);
        announce(EventRing.SEND_FAILED, errno, targetId, sequence, 0);
    }

    private void announce(int kind, int argument, int targetId, int sequence, long nanos) {
        awaitRoom();
        // Refused only while stopping.
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
        JobRound first = running.peek();
        if (first == null && !wheel.isRunning()) {
            return Long.MAX_VALUE;
        }
        long dueNanos = first == null ? wheel.nextProbeNanos() : first.nextProbeNanos();
        if (wheel.isRunning() && wheel.nextProbeNanos() - dueNanos < 0) {
            dueNanos = wheel.nextProbeNanos();
        }
        // With allowance left only the end of the cycle cut the work off: it goes on without a nap.
        return pacer.hasCredit() || pacer.nextNanos() - dueNanos <= 0 ? dueNanos : pacer.nextNanos();
    }
}
