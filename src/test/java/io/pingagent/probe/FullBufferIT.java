package io.pingagent.probe;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.IcmpSockets;
import io.pingagent.icmp.TestOptions;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bursts of a real kernel into a receive buffer far too small for them: nobody is blamed for replies that were dropped. */
@Tag("root")
class FullBufferIT {

    private static final long MILLI = 1_000_000L;
    private static final long TIMEOUT_NANOS = 300 * MILLI;
    private static final String HOLE = "10.9.0.2";
    private static final int BURST = 400;
    private static final int BURSTS = 6;

    private final Set<Integer> listed = ConcurrentHashMap.newKeySet();
    private final Set<Integer> lost = ConcurrentHashMap.newKeySet();
    private final Queue<Long> rttsNanos = new ConcurrentLinkedQueue<>();

    private final ProbeListener listener = new ProbeListener() {
        @Override
        public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
            rttsNanos.add(rttNanos);
        }

        @Override
        public void lost(int targetId, int sequence, long settledWallNanos) {
            lost.add(targetId);
        }

        @Override
        public void enteredErrList(int targetId, ErrListCause cause) {
            listed.add(targetId);
        }
    };

    @Test
    void repliesDroppedByTheKernelAreNoLossAndAnOutageIsFoundMeanwhile() throws IOException, InterruptedException {
        Requires.rawSockets();
        Requires.tun();
        try (NetworkNamespace namespace = NetworkNamespace.create("full");
                TunResponder responder = TunResponder.start(namespace)) {
            responder.behave(HOLE, Behaviour.silent());
            IcmpOptions options = TestOptions.of(new IcmpOptions.Buffers(4096, 32, 256));
            IcmpSocket socket = namespace.call(() -> IcmpSockets.openV4(options, EchoKey.random(), 77));
            EngineOptions engineOptions = new EngineOptions(1_000_000, 1, 0.02, 3_600_000_000_000L);
            try (Engine engine = new Engine(engineOptions, socket, null, new SystemNanoClock(), listener)) {
                int[] burst = new int[BURST];
                Arrays.setAll(burst, i -> add(engine, 0x7f00_0101 + i));
                int hole = add(engine, 0x0a09_0002);
                engine.announceTargets(burst);
                engine.announceTargets(new int[] {hole});
                engine.installJobInOrder(1, burst, MILLI, TIMEOUT_NANOS);
                engine.installJobInOrder(2, new int[] {hole}, MILLI, TIMEOUT_NANOS);
                engine.start();
                probe(engine);
                await().atMost(Duration.ofSeconds(60)).until(() -> settled(engine) == sent(engine));
                assertEquals(Set.of(hole), lost);
                assertEquals(Set.of(hole), listed);
                Counters counters = engine.counters();
                assertTrue(counters.get(Counter.INVALIDATED) > BURST, "probes that do not count");
                assertTrue(
                        engine.kernelDrops() >= counters.get(Counter.INVALIDATED) - BURSTS * 10L
                                || counters.get(Counter.RECEIVER_STALL) > 0,
                        () -> engine.kernelDrops() + " drops, " + counters.get(Counter.INVALIDATED) + " invalidated");
                assertFalse(rttsNanos.isEmpty());
                long[] sorted =
                        rttsNanos.stream().mapToLong(Long::longValue).sorted().toArray();
                // The receiver naps for longer than that: times are the kernel's, of the replies that had room.
                assertTrue(sorted[sorted.length / 2] < 2 * MILLI, () -> sorted[sorted.length / 2] + " ns");
            }
        }
    }

    /** A burst each second, and the silent address ten times as often: some of its probes meet no burst. */
    private static void probe(Engine engine) throws InterruptedException {
        for (int i = 0; i < 10 * BURSTS; i++) {
            if (i % 10 == 0) {
                engine.roundDue(1, System.nanoTime());
            }
            engine.roundDue(2, System.nanoTime());
            Thread.sleep(100);
        }
    }

    private static int add(Engine engine, int address) {
        return engine.addTarget(IpAddress.v4(address), new TargetSettings(21_000, -1, TIMEOUT_NANOS));
    }

    private static long sent(Engine engine) {
        return engine.counters().get(Counter.SENT);
    }

    private static long settled(Engine engine) {
        Counters counters = engine.counters();
        return counters.get(Counter.RECEIVED) + counters.get(Counter.LOST) + counters.get(Counter.INVALIDATED);
    }
}
