package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.FoldedCount;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.Worker;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.Rejection;
import io.pingagent.model.Burst;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.round.JobPlan;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TimeoutClasses;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The probe engine: give it targets and jobs, say when rounds are due, and its listener hears of every reply and loss.
 *
 * <p>Threads: {@code ping-send} and {@code ping-recv} are its own. Methods under "registry" belong to one thread of the
 * caller at a time. Requests are queued. A full queue is counted and reported by a return value, never waited for. Only
 * the registry waits, because its changes must not get lost.
 *
 * <p>Over 500 lines because it is the one door to both threads; what they do has classes of its own.
 */
public final class Engine implements AutoCloseable {

    /** Stands for the err list where a job id is expected. */
    public static final int ERR_LIST_JOB = -1;

    private static final Logger LOG = LogManager.getLogger(Engine.class);

    private static final int QUEUE_CAPACITY = 1 << 17;
    private static final int CYCLES_TO_DRAIN = QUEUE_CAPACITY / SenderEvents.MAX_EVENTS + 1;

    private static final long LONGEST_NAP_NANOS = 20_000_000L;
    private static final long SHORTEST_NAP_NANOS = 1_000_000L;
    private static final long RECEIVER_NAP_NANOS = 2_000_000L;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE;
    /** Below this rate of probes per second the sender looks less often: waking up would cost as much as sending. */
    private static final int MODERATE_PER_SECOND = 10_000;

    /** So few packets in a cycle are few again in a cycle five times as long. */
    private static final int FEW_PACKETS = 150;
    /** A probe is found overdue in a cycle that begins after its timeout, which may be late on a busy machine. */
    private static final long VERDICT_PATIENCE_NANOS = 1_000_000_000L;

    private static final int CYCLES_TO_VERDICT = 2;
    private static final Duration END_OF_THREAD = Duration.ofSeconds(5);

    /** Room for the replies of a long nap at any rate. */
    private static final int LARGE_BUFFER_BYTES = 4 << 20;

    private final EngineParts parts;
    private final TargetTable table;
    private final SettingsTable settings;
    private final TimeoutClasses timeouts;
    private final Counters counters;
    private final NanoClock clock;
    /** The variant without Unsafe, about which Java 24 and newer would warn on standard error. */
    private final MpscAtomicArrayQueue<EngineCommand> commands;

    private final TargetIds targets;
    private final Map<Integer, JobPlan> plans = new HashMap<>();

    private final Sender sender;
    private final Receiver receiver;
    private final Worker sendWorker =
            Worker.named("ping-send").onFailure(this::sendTurnFailed).work(this::sendTurn);
    private final Worker receiveWorker =
            Worker.named("ping-recv").onFailure(this::receiveTurnFailed).work(this::receiveTurn);

    @OwnedBy("ping-send")
    private long rateCheckedNanos = NEVER;

    @OwnedBy("ping-send")
    private long sentAtCheck;

    @OwnedBy("ping-send")
    private long shortestNapNanos = SHORTEST_NAP_NANOS;

    private final int fewPackets;
    private boolean closed;

    /**
     * @param v4 socket for IPv4 targets, or null if there is none: their probes are then lost with EAFNOSUPPORT
     * @param v6 the same for IPv6
     */
    public Engine(
            EngineOptions options,
            @Nullable IcmpSocket v4,
            @Nullable IcmpSocket v6,
            NanoClock clock,
            ProbeListener listener) {
        this(options, v4, v6, clock, listener, QUEUE_CAPACITY);
    }

    /**
     * @param queueCapacity of each queue, a power of two, at most {@value #QUEUE_CAPACITY}: few targets need little
     *     room
     */
    public Engine(
            EngineOptions options,
            @Nullable IcmpSocket v4,
            @Nullable IcmpSocket v6,
            NanoClock clock,
            ProbeListener listener,
            int queueCapacity) {
        this.commands = new MpscAtomicArrayQueue<>(queueCapacity);
        this.clock = clock;
        this.counters = new Counters();
        EngineParts.Tables tables = EngineParts.Tables.empty();
        this.table = tables.targets();
        this.settings = tables.settings();
        this.timeouts = tables.timeouts();
        Sockets sockets = new Sockets(v4, v6);
        this.parts = new EngineParts(
                options,
                tables,
                sockets,
                clock,
                EngineParts.Handovers.of(options, sockets, commands, queueCapacity),
                counters,
                listener);
        this.targets = new TargetIds(table, settings, tables.addresses(), clock);
        this.sender = new Sender(parts);
        this.receiver = new Receiver(parts);
        this.fewPackets = hasLargeBuffer(v4) && hasLargeBuffer(v6) ? FEW_PACKETS : 0;
    }

    public void start() {
        receiveWorker.start();
        sendWorker.start();
    }

    // --- registry

    /**
     * Adds a target; it is probed once a job names it.
     *
     * @return its id, to be used in {@link #announceTargets} once, before any job names it
     */
    @OwnedBy("caller")
    public int addTarget(IpAddress address, TargetSettings targetSettings) {
        return targets.add(address, targetSettings);
    }

    /** The sequence number of the target's first probe: any 32 bits. Right after {@link #addTarget}, not later. */
    @OwnedBy("caller")
    public int firstSequence(int targetId) {
        return table.page(targetId).nextSequence[targetId & TargetTable.PAGE_MASK];
    }

    /** Makes targets known to the engine's threads. */
    @OwnedBy("caller")
    public void announceTargets(int[] targetIds) {
        submit(new EngineCommand.AddTargets(targetIds));
    }

    /** Removes targets that no job names any more (install the jobs without them first). */
    @OwnedBy("caller")
    public void removeTargets(int[] targetIds) {
        submit(new EngineCommand.RemoveTargets(targetIds));
        for (int targetId : targetIds) {
            targets.remove(targetId);
        }
    }

    /** Changes how a target is judged. Returns whether that was a change. */
    @OwnedBy("caller")
    public boolean setSettings(int targetId, TargetSettings targetSettings) {
        return targets.set(targetId, targetSettings);
    }

    /**
     * From now on these profiles are in use, and no others; before any target gets one. Probes of a profile whose sockets
     * cannot be opened now are lost, see {@link #interfaceProblems}. It is tried again at the next call.
     *
     * @param profiles with who wants it, for messages: {@code job 'voice'}
     */
    @OwnedBy("caller")
    public void useProfiles(Map<ProbeProfile, String> profiles, ProfileOpener opener) {
        parts.profiles().use(profiles, settings, opener, clock.monotonicNanos(), sender::cycles, receiver::cycles);
    }

    /**
     * Installs or changes a job. Targets that it had before keep their place in the round, and a running round
     * continues.
     *
     * @param jobId a small number, 0 or more
     * @param spreadNanos time over which a round is spread: the shortest gap between two firings
     * @param timeoutNanos how long its probes wait for a reply
     */
    @OwnedBy("caller")
    public void installJob(int jobId, int[] targetIds, long spreadNanos, long timeoutNanos) {
        installJob(jobId, targetIds, spreadNanos, timeoutNanos, Burst.ONE);
    }

    /**
     * The same with several probes at each place of the round. A change of their number or gap lets the running round
     * of the further ones begin again.
     *
     * @param burst shorter than the shortest time between two firings
     */
    @OwnedBy("caller")
    public void installJob(int jobId, int[] targetIds, long spreadNanos, long timeoutNanos, Burst burst) {
        JobPlan plan = plans.getOrDefault(jobId, JobPlan.empty(jobId)).with(targetIds);
        plans.put(jobId, plan);
        submit(new EngineCommand.InstallJob(jobId, plan, spreadNanos, timeouts.classOf(timeoutNanos), burst));
    }

    /** Like {@link #installJob}, but with the targets evenly spread in the order given. */
    @OwnedBy("caller")
    public void installJobInOrder(int jobId, int[] targetIds, long spreadNanos, long timeoutNanos) {
        submit(new EngineCommand.InstallJob(
                jobId, JobPlan.inOrder(targetIds), spreadNanos, timeouts.classOf(timeoutNanos)));
    }

    /**
     * Jobs just installed take part in the round that would be running now. Each target is probed when it would have
     * been if the job had been there before. A job of which a round is running at its present interval is left alone.
     *
     * @param jobIds must not be changed any more
     * @param dueNanos monotonic time at which that round began, in the past
     */
    @OwnedBy("caller")
    public void joinRounds(int[] jobIds, long dueNanos) {
        submit(new EngineCommand.JoinRounds(jobIds, dueNanos));
    }

    @OwnedBy("caller")
    public void removeJob(int jobId) {
        plans.remove(jobId);
        submit(new EngineCommand.RemoveJob(jobId));
    }

    @OwnedBy("caller")
    private void submit(EngineCommand command) {
        while (!commands.offer(command)) {
            LockSupport.parkNanos(1_000_000L);
        }
        sendWorker.wake();
    }

    // --- requests

    /**
     * A job's round is due.
     *
     * @param dueNanos monotonic time at which it starts
     * @return false if the command queue is full
     */
    @AnyThread
    public boolean roundDue(int jobId, long dueNanos) {
        return roundsDue(new int[] {jobId}, dueNanos);
    }

    /**
     * A round of each of these jobs is due. One request, so that thousands of small jobs neither fill the queue nor
     * wait for each other.
     *
     * @param jobIds must not be changed any more; unknown ones are ignored
     * @param dueNanos monotonic time at which the rounds start
     * @return false if the command queue is full
     */
    @AnyThread
    public boolean roundsDue(int[] jobIds, long dueNanos) {
        return request(new EngineCommand.RoundsDue(jobIds, dueNanos));
    }

    /** A round of the err list is due; its probes are spread over {@code spreadNanos}. */
    @AnyThread
    public boolean errListRoundDue(long dueNanos, long spreadNanos) {
        return request(new EngineCommand.ErrListRoundDue(dueNanos, spreadNanos));
    }

    /** Puts targets that have been silent for longer than their TTL on the err list. */
    @AnyThread
    public boolean checkSilence() {
        return request(new EngineCommand.Forward(EventRing.CHECK, 0, 0));
    }

    /** Lets targets that have recovered leave the err list. */
    @AnyThread
    public boolean reviewErrList() {
        return request(new EngineCommand.Forward(EventRing.REVIEW, 0, 0));
    }

    /**
     * Puts a target on the err list. {@link ErrListCause#EXPIRED} counts only if its first probes are settled and its
     * last reply is older than its TTL, whatever Redis's clock says.
     */
    @AnyThread
    public boolean enterErrList(int targetId, ErrListCause cause) {
        return request(new EngineCommand.Forward(EventRing.ENTER_ERR_LIST, cause.ordinal(), targetId));
    }

    @AnyThread
    public boolean leaveErrList(int targetId) {
        return request(new EngineCommand.Forward(EventRing.LEAVE_ERR_LIST, 0, targetId));
    }

    /**
     * Has a target probed within the err list's interval, and at that interval until it answers. That does not put it
     * on the err list, and its jobs continue to probe it. For whoever has to know whether it answers now.
     *
     * @return false if the command queue is full
     */
    @AnyThread
    public boolean ask(int targetId) {
        return isAwaited(targetId) || request(new EngineCommand.Forward(EventRing.ASK, 0, targetId));
    }

    private boolean isAwaited(int targetId) {
        return TargetTable.isMarked(table.page(targetId), targetId & TargetTable.PAGE_MASK, IsolationMarks.AWAITED);
    }

    @AnyThread
    private boolean request(EngineCommand command) {
        boolean accepted = commands.offer(command);
        if (accepted) {
            sendWorker.wake();
        } else {
            counters.incrementShared(Counter.COMMAND_REJECTED);
        }
        return accepted;
    }

    // --- views

    /** The id of a target, or -1. */
    @AnyThread
    public int targetId(IpAddress address) {
        return targets.find(address);
    }

    /** Ids are below this. */
    @AnyThread
    public int targetLimit() {
        return table.limit();
    }

    /** Number of targets. */
    @AnyThread
    public int targetCount() {
        return targets.size();
    }

    @AnyThread
    public boolean isLive(int targetId) {
        return table.has(targetId, TargetTable.LIVE);
    }

    @AnyThread
    public IpAddress address(int targetId) {
        return table.address(targetId);
    }

    @AnyThread
    public TargetSettings settings(int targetId) {
        return settings.get(table.settings(targetId));
    }

    /** RTT of the last reply in nanoseconds, or a negative number. */
    @AnyThread
    public long lastRttNanos(int targetId) {
        return (long) table.lastRttNanos(targetId);
    }

    /**
     * Time since the last reply came, or since the first probe if there was none; exact to 17 ms, for up to 417 days.
     * It grows while the machine sleeps, too.
     */
    @AnyThread
    public long silentNanos(int targetId) {
        return Math.max(0, table.silentNanos(targetId, clock.monotonicNanos() + receiver.sleptNanos()));
    }

    @AnyThread
    public boolean isInErrList(int targetId) {
        return table.has(targetId, TargetTable.IN_ERR_LIST);
    }

    /**
     * Settled probes of the last 60 s in the upper 16 bits, answered ones in the lower: read at once, so they agree.
     */
    @AnyThread
    public int windowCounts(int targetId) {
        return TargetTable.windowCounts(table.page(targetId), targetId & TargetTable.PAGE_MASK);
    }

    /**
     * Samples of the last 60 s that are in neither count, 0 to 65,535. This machine may have lost the reply itself, or
     * could not send the probe.
     */
    @AnyThread
    public int unknownCount(int targetId) {
        return TargetTable.unknownCount(table.page(targetId), targetId & TargetTable.PAGE_MASK);
    }

    /** Targets on the err list. */
    @AnyThread
    public int errListSize() {
        return receiver.listed();
    }

    /** Those of them that are there because the engine itself is cut off. */
    @AnyThread
    public int cutOffSize() {
        return receiver.listedCutOff();
    }

    /** Whether a target is silent while the engine is cut off: nothing is known of it then. */
    @AnyThread
    public boolean isCutOff(int targetId) {
        return TargetTable.isMarked(table.page(targetId), targetId & TargetTable.PAGE_MASK, IsolationMarks.CUT_OFF);
    }

    /** Whether the engine itself is cut off from its network. */
    @AnyThread
    public Isolation isolation() {
        return receiver.guard().isolation();
    }

    /**
     * Names targets that answer as long as the engine is connected, whatever else is down: gateways, for example.
     *
     * @param targetIds of targets that a job probes; must not be changed any more
     */
    @AnyThread
    public void canaries(int[] targetIds) {
        receiver.guard().canaries(targetIds);
    }

    /**
     * By how much the probes of jobs went out later than the firings of their jobs say; without those of the err list.
     */
    @AnyThread
    public DurationHistogram sendLateness() {
        return sender.lateness();
    }

    /** Cycles that {@code ping-send} has completed; it completes some all the time, also when nothing is to be sent. */
    @AnyThread
    public long sendCycles() {
        return sender.cycles();
    }

    /** Cycles that {@code ping-recv} has completed. */
    @AnyThread
    public long receiveCycles() {
        return receiver.cycles();
    }

    @AnyThread
    public Counters counters() {
        return counters;
    }

    /** Probes that the kernel would not send, by errno. */
    @AnyThread
    public SendErrorCounts sendErrors() {
        return sender.sendErrors();
    }

    /** Packets that the decoder rejected for this reason. */
    @AnyThread
    public long rejected(Rejection reason) {
        return receiver.rejected(reason);
    }

    /** Packets dropped by the kernel, see {@link IcmpSocket#kernelDrops}; an alarm rather than a number. */
    @AnyThread
    public long kernelDrops() {
        return parts.sockets().kernelDrops() + parts.profiles().kernelDrops();
    }

    /**
     * Interfaces that do not exist now, though configuration or addresses name them: a text for each, like
     * {@code probe.interface 'ppp0': there is no such interface}. Probes that need one are lost until it is there.
     * Empty while all is well.
     */
    @AnyThread
    public List<String> interfaceProblems() {
        return sender.interfaces().problems();
    }

    /** The one of {@link #interfaceProblems} that keeps probes to this address from being sent, or null. */
    @AnyThread
    public @Nullable String interfaceProblem(IpAddress address) {
        int targetId = targets.find(address);
        int profile = targetId < 0 ? 0 : settings.profile(table.settings(targetId));
        return sender.interfaces().problemOf(address, profile);
    }

    // --- threads

    @OwnedBy("ping-send")
    private long sendTurn() {
        long dueNanos = sender.cycle();
        long nowNanos = clock.monotonicNanos();
        if (rateCheckedNanos == NEVER) {
            rateCheckedNanos = nowNanos;
        }
        if (nowNanos - rateCheckedNanos >= SECOND_NANOS) {
            long sent = counters.get(Counter.SENT);
            long perSecond = sent - sentAtCheck;
            shortestNapNanos = perSecond < MODERATE_PER_SECOND ? LONGEST_NAP_NANOS : SHORTEST_NAP_NANOS;
            parts.handovers().stamping().rate(perSecond);
            sentAtCheck = sent;
            rateCheckedNanos = nowNanos;
        }
        if (dueNanos == Long.MAX_VALUE) {
            return LONGEST_NAP_NANOS;
        }
        long napNanos = dueNanos - nowNanos;
        // Behind by more than a nap, and neither rate limit nor kernel says wait.
        boolean isBehind = napNanos < -shortestNapNanos;
        return isBehind ? 0 : Math.min(LONGEST_NAP_NANOS, Math.max(shortestNapNanos, napNanos));
    }

    @OwnedBy("ping-recv")
    private long receiveTurn() {
        return receiver.cycle() <= fewPackets ? LONGEST_NAP_NANOS : RECEIVER_NAP_NANOS;
    }

    private static boolean hasLargeBuffer(@Nullable IcmpSocket socket) {
        return socket == null || socket.receiveBufferBytes() >= LARGE_BUFFER_BYTES;
    }

    @OwnedBy("ping-send")
    private long sendTurnFailed(RuntimeException failure) {
        logFailure("ping-send", failure);
        return LONGEST_NAP_NANOS;
    }

    @OwnedBy("ping-recv")
    private long receiveTurnFailed(RuntimeException failure) {
        logFailure("ping-recv", failure);
        return LONGEST_NAP_NANOS;
    }

    @AnyThread
    private void logFailure(String thread, RuntimeException failure) {
        long failures = counters.incrementShared(Counter.CYCLE_FAILURE);
        // A failure that repeats must not fill the disk.
        if (FoldedCount.isPowerOfTen(failures)) {
            LOG.error("{} met an unexpected error and continues ({} so far)", thread, failures, failure);
        }
    }

    /**
     * Stops sending, waits for probes in flight, ends the threads and closes the sockets.
     *
     * @param patience how long probes in flight may still be answered: with their timeout, each is settled
     */
    @AnyThread
    public synchronized void close(Duration patience) {
        if (closed) {
            return;
        }
        closed = true;
        sendWorker.stop();
        sender.stop();
        sendWorker.join(END_OF_THREAD);
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        // What was sent last is known to the receiver only after cycles that began later.
        long knowingCycle = receiver.cycles() + CYCLES_TO_DRAIN;
        awaitReceiver(knowingCycle, true, deadlineNanos);
        if (receiver.openProbes() > 0) {
            awaitReceiver(receiver.cycles() + CYCLES_TO_VERDICT, false, System.nanoTime() + VERDICT_PATIENCE_NANOS);
        }
        receiveWorker.stop();
        receiveWorker.join(END_OF_THREAD);
        parts.profiles().close();
        parts.sockets().close();
    }

    /** Waits for a cycle of {@code ping-recv} and, if asked, until no probe is open. */
    private void awaitReceiver(long cycle, boolean awaitsAnswers, long deadlineNanos) {
        while (receiveWorker.isAlive()
                && (receiver.cycles() < cycle || awaitsAnswers && receiver.openProbes() > 0)
                && deadlineNanos - System.nanoTime() > 0) {
            LockSupport.parkNanos(1_000_000L);
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(1));
    }
}
