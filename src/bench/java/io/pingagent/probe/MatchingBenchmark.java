package io.pingagent.probe;

import io.pingagent.base.NanoClock;
import io.pingagent.probe.round.JobPlan;
import io.pingagent.probe.table.SendStamp;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetWord;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.SendFailures;
import io.pingagent.model.TransmitStamps;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The receiver's work for one probe: hearing that it was sent, matching the reply, the loss window. No kernel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MatchingBenchmark {

    private static final int BATCH = 256;
    private static final long RTT_NANOS = 20_000L;
    /** Between two probes at 100,000 per second. */
    private static final long GAP_NANOS = 10_000L;

    @Param({"60000", "1000000"})
    int targets;

    private final Clock clock = new Clock();
    private EventRing events;
    private final Replies socket = new Replies();
    private Receiver receiver;
    private JobPlan plan;
    private int[] sequences;
    private int position;
    private int timeoutClass;

    @Setup
    public void fill() {
        EngineParts.Tables tables = EngineParts.Tables.empty();
        TargetTable table = tables.targets();
        TargetIds registry = new TargetIds(table, tables.settings(), tables.addresses(), clock);
        TargetSettings common = new TargetSettings(21_000, -1, 1_000_000_000L);
        timeoutClass = tables.timeouts().classOf(common.timeoutNanos());
        EngineOptions options = new EngineOptions(100_000, 1, 0.02, Long.MAX_VALUE / 2, TransmitStamps.OFF);
        Sockets sockets = new Sockets(socket, null);
        EngineParts.Handovers handovers = EngineParts.Handovers.of(options, sockets, new ArrayDeque<>(), 1 << 12);
        events = handovers.events();
        receiver = new Receiver(new EngineParts(
                options, tables, sockets, clock, handovers, new Counters(), new ProbeListener() {}));
        int[] ids = new int[targets];
        sequences = new int[targets];
        for (int i = 0; i < targets; i++) {
            ids[i] = registry.add(IpAddress.v4(0x7f10_0000 + i), common);
            events.offer(EventRing.ADDED, 0, ids[i], 1, 0);
            if (!events.hasRoom()) {
                receiver.cycle();
            }
        }
        receiver.cycle();
        socket.table = table;
        plan = JobPlan.empty().with(ids);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int sentAndAnswered() {
        for (int i = 0; i < BATCH; i++) {
            int targetId = plan.targetId(position);
            position = position + 1 == plan.size() ? 0 : position + 1;
            int sequence = ++sequences[targetId];
            clock.nanos += GAP_NANOS;
            events.offer(EventRing.SENT, timeoutClass, targetId, sequence, clock.nanos);
            socket.add(i, targetId, sequence, clock.nanos);
        }
        clock.nanos += RTT_NANOS;
        return receiver.cycle();
    }

    private static final class Clock implements NanoClock {

        private long nanos = 1_000_000_000L;

        @Override
        public long monotonicNanos() {
            return nanos;
        }

        @Override
        public long wallNanos() {
            return nanos;
        }
    }

    /** Gives back one batch of replies, already decoded. */
    private final class Replies implements IcmpSocket {

        private final int[] targetIds = new int[BATCH];
        private final int[] numbers = new int[BATCH];
        private final long[] sentNanos = new long[BATCH];
        private TargetTable table;
        private boolean full;

        void add(int index, int targetId, int sequence, long nanos) {
            targetIds[index] = targetId;
            numbers[index] = sequence;
            sentNanos[index] = nanos;
            full = true;
        }

        @Override
        public int receive(IcmpHandler handler) {
            if (!full) {
                return 0;
            }
            full = false;
            for (int i = 0; i < BATCH; i++) {
                int targetId = targetIds[i];
                handler.echoReply(
                        TargetWord.of(targetId, false),
                        numbers[i],
                        sentNanos[i],
                        SendStamp.of(sentNanos[i], timeoutClass),
                        sentNanos[i] + RTT_NANOS,
                        0,
                        TargetTable.low(table.page(targetId), targetId & TargetTable.PAGE_MASK),
                        64);
            }
            return BATCH;
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
            return 0;
        }

        @Override
        public boolean queueEcho(
                long high, long low, int scopeId, int targetId, int sequence, long wallNanos, long monotonicNanos) {
            return true;
        }

        @Override
        public int flush(SendFailures failures) {
            return 0;
        }

        @Override
        public void changeIdentifier(int newIdentifier) {}

        @Override
        public void transmitStamps(int every) {}

        @Override
        public boolean canStampTransmits() {
            return false;
        }

        @Override
        public int receiveTransmitStamps(IcmpHandler handler) {
            return 0;
        }

        @Override
        public int receiveBufferBytes() {
            return 0;
        }

        @Override
        public void refreshKernelDrops() {}

        @Override
        public long kernelDrops() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
