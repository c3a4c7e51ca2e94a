package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.FakeIcmpSocket;
import io.pingagent.icmp.IcmpError;
import io.pingagent.model.Burst;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.round.JobPlan;
import io.pingagent.probe.stamp.TransmitStamping;
import io.pingagent.probe.table.AddressIndex;
import io.pingagent.probe.table.SendStamp;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetWord;
import io.pingagent.probe.table.TimeoutClasses;
import io.pingagent.testkit.VirtualClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Sender and receiver without threads over fake sockets, on a clock that stands still unless the test turns it. Jobs fire by
 * themselves once {@link #job} has named their cadence.
 */
public final class EngineLab {

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000_000_000L;
    /** A job at 10 s and a timeout of 1 s. */
    public static final TargetSettings SETTINGS = new TargetSettings(21_000, -1, SECOND);

    public static final EngineOptions OPTIONS = new EngineOptions(100_000, 1, 0.02, 3_600 * SECOND);

    private static final class Firing {
        final int jobId;
        final long intervalNanos;
        long nextNanos;

        Firing(int jobId, long intervalNanos, long nextNanos) {
            this.jobId = jobId;
            this.intervalNanos = intervalNanos;
            this.nextNanos = nextNanos;
        }
    }

    public final VirtualClock time = new VirtualClock();
    public final NanoClock clock = new NanoClock() {
        @Override
        public long monotonicNanos() {
            return time.monotonicNanos();
        }

        @Override
        public long wallNanos() {
            return time.wallNanos();
        }

        @Override
        public long bootNanos() {
            return time.bootNanos();
        }
    };
    public final FakeIcmpSocket v4 = new FakeIcmpSocket(false, time::wallNanos, time::monotonicNanos);
    public final FakeIcmpSocket v6 = new FakeIcmpSocket(true, time::wallNanos, time::monotonicNanos);
    private final EngineParts.Tables tables = EngineParts.Tables.empty();
    public final TargetTable table = tables.targets();
    final TimeoutClasses timeouts = tables.timeouts();
    final SettingsTable settings = tables.settings();
    final AddressIndex addresses = tables.addresses();
    /** Of each target added from now on; the engine's own are random. */
    public int firstSequence = 1;

    final TargetIds targets = new TargetIds(table, settings, addresses, clock, () -> firstSequence);
    final Counters counters = new Counters();
    public final Queue<EngineCommand> commands = new ArrayDeque<>();
    public final EventRing events;
    public final Heard heard = new Heard();
    final TransmitStamping stamping;
    public final HeldProbes held;
    final EngineParts parts;
    public final Sender sender;
    public final Receiver receiver;

    private final Map<Integer, JobPlan> plans = new HashMap<>();
    private final List<Firing> firings = new ArrayList<>();
    private long errListFiringNanos = Long.MAX_VALUE;
    private long tickNanos = 2 * MILLI;
    private int nextOneShotJob = 99;

    public EngineLab() {
        this(OPTIONS);
    }

    public EngineLab(EngineOptions options) {
        this(options, true);
    }

    /** @param withV6 without an IPv6 socket, a packet given to the receiver by hand counts as IPv4 */
    public EngineLab(EngineOptions options, boolean withV6) {
        Sockets sockets = new Sockets(v4, withV6 ? v6 : null);
        EngineParts.Handovers handovers = EngineParts.Handovers.of(options, sockets, commands, 1 << 17);
        events = handovers.events();
        held = handovers.held();
        stamping = handovers.stamping();
        parts = new EngineParts(options, tables, sockets, clock, handovers, counters, heard);
        sender = new Sender(parts);
        receiver = new Receiver(parts);
    }

    public static void assertNear(long expected, long actual, long tolerance) {
        assertTrue(
                Math.abs(actual - expected) <= tolerance,
                () -> actual + " is not within " + tolerance + " of " + expected);
    }

    public static IpAddress address(int number) {
        return IpAddress.v4(0x0a00_0000 + number);
    }

    public int add(IpAddress address, TargetSettings targetSettings) {
        int targetId = targets.add(address, targetSettings);
        commands.add(new EngineCommand.AddTargets(new int[] {targetId}));
        return targetId;
    }

    public int add(int number) {
        return add(address(number), SETTINGS);
    }

    public int[] addMany(int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = targets.add(address(i + 1), SETTINGS);
        }
        commands.add(new EngineCommand.AddTargets(ids));
        return ids;
    }

    public void remove(int targetId) {
        commands.add(new EngineCommand.RemoveTargets(new int[] {targetId}));
        targets.remove(targetId);
    }

    void install(int jobId, long spreadNanos, long timeoutNanos, int... targetIds) {
        install(jobId, spreadNanos, timeoutNanos, Burst.ONE, targetIds);
    }

    void install(int jobId, long spreadNanos, long timeoutNanos, Burst burst, int... targetIds) {
        JobPlan plan = plans.getOrDefault(jobId, JobPlan.empty()).with(targetIds);
        plans.put(jobId, plan);
        commands.add(new EngineCommand.InstallJob(jobId, plan, spreadNanos, timeouts.classOf(timeoutNanos), burst));
    }

    /** A job with a timeout of 1 s that fires now and then at its cadence. */
    void job(int jobId, long intervalNanos, int... targetIds) {
        install(jobId, intervalNanos, SECOND, targetIds);
        firings.add(new Firing(jobId, intervalNanos, now()));
    }

    /** The same with several probes at each place of the round. */
    void job(int jobId, long intervalNanos, Burst burst, int... targetIds) {
        install(jobId, intervalNanos, SECOND, burst, targetIds);
        firings.add(new Firing(jobId, intervalNanos, now()));
    }

    /** The job fires no more. */
    public void silence(int jobId) {
        firings.removeIf(firing -> firing.jobId == jobId);
    }

    public void fire(int jobId) {
        commands.add(new EngineCommand.RoundsDue(new int[] {jobId}, now()));
    }

    /** One probe of this target, now. */
    public void probeOnce(int targetId) {
        int jobId = nextOneShotJob++;
        install(jobId, SECOND, SECOND, targetId);
        fire(jobId);
        sender.cycle();
    }

    /** From now on the err list is probed every second. */
    public void errListEverySecond() {
        errListFiringNanos = now();
    }

    void forward(int kind, int argument, int targetId) {
        commands.add(new EngineCommand.Forward(kind, argument, targetId));
    }

    public void check() {
        forward(EventRing.CHECK, 0, 0);
    }

    public void review() {
        forward(EventRing.REVIEW, 0, 0);
    }

    public void enter(int targetId, ErrListCause cause) {
        forward(EventRing.ENTER_ERR_LIST, cause.ordinal(), targetId);
    }

    void tick(long nanos) {
        tickNanos = nanos;
    }

    public void run(long nanos) {
        long endNanos = now() + nanos;
        while (now() - endNanos < 0) {
            time.advanceNanos(Math.min(tickNanos, endNanos - now()));
            cycle();
        }
    }

    /** Sender, then receiver, without letting time pass. */
    public void cycle() {
        for (Firing firing : firings) {
            while (firing.nextNanos - now() <= 0) {
                commands.add(new EngineCommand.RoundsDue(new int[] {firing.jobId}, firing.nextNanos));
                firing.nextNanos += firing.intervalNanos;
            }
        }
        while (errListFiringNanos != Long.MAX_VALUE && errListFiringNanos - now() <= 0) {
            commands.add(new EngineCommand.ErrListRoundDue(errListFiringNanos, SECOND));
            errListFiringNanos += SECOND;
        }
        sender.cycle();
        receiver.cycle();
    }

    /** When this request was sent, in monotonic nanoseconds. */
    long sentNanos(FakeIcmpSocket.Sent request) {
        // By the wall clock's stamp, for runs longer than the stamp itself can tell.
        long aboutNanos = request.wallNanos() - (time.wallNanos() - now());
        return SendStamp.sentNanos(request.stamp(), aboutNanos);
    }

    public long now() {
        return time.monotonicNanos();
    }

    public boolean isListed(int targetId) {
        return table.has(targetId, TargetTable.IN_ERR_LIST);
    }

    public int settledCount(int targetId) {
        return TargetTable.windowCounts(table.page(targetId), targetId & TargetTable.PAGE_MASK) >>> 16;
    }

    public int answeredCount(int targetId) {
        return TargetTable.windowCounts(table.page(targetId), targetId & TargetTable.PAGE_MASK) & 0xffff;
    }

    public int unknownCount(int targetId) {
        return TargetTable.unknownCount(table.page(targetId), targetId & TargetTable.PAGE_MASK);
    }

    public long count(Counter counter) {
        return counters.get(counter);
    }

    /** When this target was probed, in monotonic nanoseconds. */
    public List<Long> sendTimes(int targetId) {
        List<Long> times = new ArrayList<>();
        for (FakeIcmpSocket.Sent sent : v4.sent()) {
            if (TargetWord.targetId(sent.cookie()) == targetId) {
                times.add(sentNanos(sent));
            }
        }
        return times;
    }

    /** What the engine told. */
    static final class Heard implements ProbeListener {

        final List<Long> rttsNanos = new ArrayList<>();
        final List<Integer> repliedTargets = new ArrayList<>();
        final List<Integer> repliedSequences = new ArrayList<>();
        final List<Integer> lostTargets = new ArrayList<>();
        final List<Integer> lostSequences = new ArrayList<>();
        /** Of each loss: what a router said, or null. */
        final List<@Nullable IcmpError> errors = new ArrayList<>();
        /** Of each loss: why it was not sent, or 0. */
        final List<Integer> errnos = new ArrayList<>();

        private @Nullable IcmpError errorOfNextLoss;
        private int errnoOfNextLoss;
        final List<ErrListCause> causes = new ArrayList<>();
        final List<Integer> left = new ArrayList<>();
        final List<Integer> removed = new ArrayList<>();
        final List<Boolean> suspicions = new ArrayList<>();
        final List<Boolean> isolations = new ArrayList<>();
        final List<Integer> reinstated = new ArrayList<>();
        final List<Long> steps = new ArrayList<>();
        final List<Integer> overruns = new ArrayList<>();
        int late;
        int duplicates;
        int deferred;
        int unsent;
        final List<Integer> invalidatedTargets = new ArrayList<>();
        /** Thrown by the next overrun. */
        @Nullable
        RuntimeException failure;

        @Override
        public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
            repliedTargets.add(targetId);
            repliedSequences.add(sequence);
            rttsNanos.add(rttNanos);
        }

        @Override
        public void icmpError(int targetId, int sequence, IcmpError error, long routerHigh, long routerLow) {
            assertNull(errorOfNextLoss, "the loss of the one before was not heard");
            errorOfNextLoss = error;
        }

        @Override
        public void sendFailed(int targetId, int sequence, int errno) {
            assertEquals(0, errnoOfNextLoss, "the loss of the one before was not heard");
            errnoOfNextLoss = errno;
        }

        @Override
        public void lost(int targetId, int sequence, long settledWallNanos) {
            lostTargets.add(targetId);
            lostSequences.add(sequence);
            errors.add(errorOfNextLoss);
            errnos.add(errnoOfNextLoss);
            errorOfNextLoss = null;
            errnoOfNextLoss = 0;
        }

        @Override
        public void late(int targetId, int sequence, long rttNanos) {
            late++;
        }

        @Override
        public void deferred(int targetId, int sequence) {
            deferred++;
        }

        @Override
        public void unsent(int targetId) {
            unsent++;
        }

        @Override
        public void invalidated(int targetId, int sequence) {
            invalidatedTargets.add(targetId);
        }

        @Override
        public void duplicate(int targetId, int sequence, long rttNanos) {
            duplicates++;
        }

        @Override
        public void enteredErrList(int targetId, ErrListCause cause) {
            causes.add(cause);
        }

        @Override
        public void leftErrList(int targetId) {
            left.add(targetId);
        }

        @Override
        public void isolationSuspected(boolean isSuspected) {
            suspicions.add(isSuspected);
        }

        @Override
        public void isolated(boolean isIsolated, long wallNanos) {
            isolations.add(isIsolated);
        }

        @Override
        public void reinstated(int targetId) {
            reinstated.add(targetId);
        }

        @Override
        public void removed(int targetId) {
            removed.add(targetId);
        }

        @Override
        public void clockStepped(long stepNanos) {
            steps.add(stepNanos);
        }

        @Override
        public void roundOverran(int jobId, int unsent) {
            overruns.add(jobId);
            RuntimeException thrown = failure;
            if (thrown != null) {
                failure = null;
                throw thrown;
            }
        }
    }
}
