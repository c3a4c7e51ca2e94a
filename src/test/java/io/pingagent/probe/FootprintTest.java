package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.pingagent.base.NanoClock;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.SendFailures;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TransmitStamps;
import io.pingagent.probe.round.JobPlan;
import io.pingagent.probe.table.LossWindows;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TimeoutClasses;
import io.pingagent.testkit.VirtualClock;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the engine costs in memory: none per probe, little per target. */
@Isolated("measures the heap")
class FootprintTest {

    /** The commands of the rounds themselves; one byte a probe would be far above it. */
    private static final long ALLOWED_BYTES = 16 * 1024;

    private final VirtualClock time = new VirtualClock();
    private final NanoClock clock = new NanoClock() {
        @Override
        public long monotonicNanos() {
            return time.monotonicNanos();
        }

        @Override
        public long wallNanos() {
            return time.wallNanos();
        }
    };
    private final EchoingSocket socket = new EchoingSocket(time);
    private final EngineParts.Tables tables = EngineParts.Tables.empty();
    private final TargetTable table = tables.targets();
    private final TimeoutClasses timeouts = tables.timeouts();
    private final TargetIds targets = new TargetIds(table, tables.settings(), tables.addresses(), clock);
    private final Counters counters = new Counters();
    private final Queue<EngineCommand> commands = new ArrayDeque<>();
    private final EngineParts parts = parts(new EngineOptions(
            EngineLab.OPTIONS.rateLimitPerSecond(),
            EngineLab.OPTIONS.enterAfterLosses(),
            EngineLab.OPTIONS.recoverLossRatio(),
            EngineLab.OPTIONS.identifierIntervalNanos(),
            TransmitStamps.ON));
    private final Sender sender = new Sender(parts);
    private final Receiver receiver = new Receiver(parts);

    private EngineParts parts(EngineOptions options) {
        Sockets sockets = new Sockets(socket, null);
        EngineParts.Handovers handovers = EngineParts.Handovers.of(options, sockets, commands, 1 << 17);
        return new EngineParts(options, tables, sockets, clock, handovers, counters, new ProbeListener() {});
    }

    private int[] addTargets(int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = targets.add(IpAddress.v4(0x0a00_0000 + i), EngineLab.SETTINGS);
        }
        for (int from = 0; from < count; from += 50_000) {
            int[] some = Arrays.copyOfRange(ids, from, Math.min(count, from + 50_000));
            commands.add(new EngineCommand.AddTargets(some));
            sender.cycle();
            receiver.cycle();
        }
        return ids;
    }

    /** So many rounds of one second of a job and of the err list, in ticks of a millisecond. */
    private void rounds(int count, EngineCommand[] due) {
        for (int round = 0; round < count; round++) {
            long startNanos = time.monotonicNanos();
            commands.add(new EngineCommand.RoundsDue(new int[] {1}, startNanos));
            commands.add(new EngineCommand.ErrListRoundDue(startNanos, SECOND));
            for (EngineCommand command : due) {
                commands.add(command);
            }
            for (int tick = 0; tick < 1_000; tick++) {
                time.advanceNanos(MILLI);
                sender.cycle();
                receiver.cycle();
            }
        }
    }

    @Test
    void allocatesNothingPerProbe() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int[] ids = addTargets(20_000);
        commands.add(new EngineCommand.InstallJob(
                1, JobPlan.empty().with(ids), SECOND, timeouts.classOf(EngineLab.SETTINGS.timeoutNanos())));
        EngineCommand[] due = {
            new EngineCommand.Forward(EventRing.CHECK, 0, 0), new EngineCommand.Forward(EventRing.REVIEW, 0, 0)
        };
        // Some never answer, so that the err list is at work as well.
        socket.silentBelow = 0x0a00_0000 + 500;
        rounds(70, due);
        long sentBefore = counters.get(Counter.SENT);
        long lostBefore = counters.get(Counter.LOST);
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        rounds(20, due);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        long sent = counters.get(Counter.SENT) - sentBefore;
        assertEquals(500, sender.errListSize());
        assertTrue(sent >= 19 * 20_000, sent + " sent");
        assertTrue(counters.get(Counter.LOST) - lostBefore >= 19 * 500);
        assertTrue(allocated < ALLOWED_BYTES, allocated + " bytes for " + sent + " probes");
    }

    @Test
    void aMillionTargetsTakeLittle() {
        int count = 1_000_000;
        int[] warm = addTargets(10);
        assertEquals(10, warm.length);
        long before = usedBytes();
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = targets.add(IpAddress.v4(0x1000_0000 + i), EngineLab.SETTINGS);
        }
        for (int from = 0; from < count; from += 50_000) {
            commands.add(new EngineCommand.AddTargets(Arrays.copyOfRange(ids, from, from + 50_000)));
            sender.cycle();
            receiver.cycle();
        }
        JobPlan plan = JobPlan.empty().with(ids);
        LossWindows windows = new LossWindows();
        for (int i = 0; i < count; i++) {
            windows.add(table.page(ids[i]), ids[i] & TargetTable.PAGE_MASK, LossWindows.ANSWERED, 1_000);
        }
        ids = null;
        long perTarget = (usedBytes() - before) / count;
        assertNotNull(plan);
        assertNotNull(windows);
        assertEquals(count + 10, targets.size());
        assertTrue(perTarget <= 120, perTarget + " bytes a target");
        assertTrue(perTarget >= 60, perTarget + " bytes a target is too little to be true");
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    /** Transmits every request 3 us after its stamp and echoes it a millisecond later, without making garbage. */
    private static final class EchoingSocket implements IcmpSocket {

        private static final int CAPACITY = 1 << 16;

        private final VirtualClock time;
        private final long[] destinations = new long[CAPACITY];
        private final int[] targetIds = new int[CAPACITY];
        private final int[] sequences = new int[CAPACITY];
        private final long[] wallStamps = new long[CAPACITY];
        private final long[] stamps = new long[CAPACITY];
        private int written;
        private int stamped;
        private int read;
        private long silentBelow;

        EchoingSocket(VirtualClock time) {
            this.time = time;
        }

        @Override
        public boolean isV6() {
            return false;
        }

        @Override
        public int sendEcho(
                long high,
                long low,
                int scopeId,
                int targetId,
                int sequence,
                long wallNanos,
                long monotonicNanos,
                boolean isSilent) {
            if (low < silentBelow) {
                return 0;
            }
            int at = written++ & CAPACITY - 1;
            destinations[at] = low;
            targetIds[at] = targetId;
            sequences[at] = sequence;
            wallStamps[at] = wallNanos;
            stamps[at] = monotonicNanos;
            return 0;
        }

        @Override
        public boolean queueEcho(
                long high, long low, int scopeId, int targetId, int sequence, long wallNanos, long monotonicNanos) {
            return sendEcho(high, low, scopeId, targetId, sequence, wallNanos, monotonicNanos) == 0;
        }

        @Override
        public int flush(SendFailures failures) {
            return 0;
        }

        @Override
        public void transmitStamps(int every) {}

        @Override
        public boolean canStampTransmits() {
            return true;
        }

        @Override
        public int receiveTransmitStamps(IcmpHandler handler) {
            int count = 0;
            for (; count < 64 && stamped != written; count++) {
                int at = stamped++ & CAPACITY - 1;
                handler.transmitted(targetIds[at], sequences[at], wallStamps[at], wallStamps[at] + 3_000);
            }
            return count;
        }

        @Override
        public void changeIdentifier(int newIdentifier) {}

        @Override
        public int receive(IcmpHandler handler) {
            int count = 0;
            while (count < 256 && read != written && time.monotonicNanos() - stamps[read & CAPACITY - 1] >= MILLI) {
                int at = read++ & CAPACITY - 1;
                handler.echoReply(
                        targetIds[at],
                        sequences[at],
                        wallStamps[at],
                        stamps[at],
                        wallStamps[at] + MILLI,
                        0,
                        destinations[at],
                        57);
                count++;
            }
            return count;
        }

        @Override
        public int receiveBufferBytes() {
            return 0;
        }

        @Override
        public long kernelDrops() {
            return 0;
        }

        @Override
        public void refreshKernelDrops() {}

        @Override
        public void close() {}
    }
}
