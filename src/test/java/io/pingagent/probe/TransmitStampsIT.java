package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.IcmpSockets;
import io.pingagent.icmp.TestOptions;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.model.TransmitStamps;
import io.pingagent.testkit.Requires;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine on loopback, with the kernel's own transmit stamps. */
@Tag("root")
class TransmitStampsIT {

    private static final long SECOND = 1_000_000_000L;
    private static final int ROUNDS = 4;
    private static final int TARGETS = 500;

    @BeforeAll
    static void needsRawSockets() {
        Requires.rawSockets();
    }

    @ParameterizedTest
    @EnumSource
    void roundTripsOfBothIpVersionsArePlausibleAndNeverNegative(TransmitStamps mode) {
        EchoKey key = EchoKey.random();
        int identifier = IcmpSockets.randomIdentifier();
        IcmpSocket v4 = IcmpSockets.openV4(TestOptions.defaults(), key, identifier);
        IcmpSocket v6 = IcmpSockets.openV6(TestOptions.defaults(), key, identifier);
        List<Long> rttsNanos = new CopyOnWriteArrayList<>();
        ProbeListener listener = new ProbeListener() {
            @Override
            public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
                rttsNanos.add(rttNanos);
            }
        };
        EngineOptions options = new EngineOptions(100_000, Integer.MAX_VALUE, 0, 3_600 * SECOND, mode);
        try (Engine engine = new Engine(options, v4, v6, new SystemNanoClock(), listener)) {
            engine.start();
            TargetSettings settings = new TargetSettings(Integer.MAX_VALUE, -1, SECOND);
            int[] targetIds = new int[TARGETS + 1];
            for (int i = 0; i < TARGETS; i++) {
                targetIds[i] = engine.addTarget(IpAddress.v4(0x7f010001 + i), settings);
            }
            targetIds[TARGETS] = engine.addTarget(IpAddress.v6(0, 1, 0), settings);
            engine.announceTargets(targetIds);
            engine.installJob(0, targetIds, SECOND / 10, SECOND);
            for (int round = 1; round <= ROUNDS; round++) {
                engine.roundDue(0, System.nanoTime());
                awaitSettled(engine, (long) round * targetIds.length);
            }
            Counters counters = engine.counters();
            assertEquals(0, counters.get(Counter.LOST));
            engine.close(Duration.ofSeconds(1));
            // Unless this process stood still for a second.
            assertTrue(counters.get(Counter.INVALIDATED) == 0 || counters.get(Counter.RECEIVER_STALL) > 0);
            assertEquals(ROUNDS * (TARGETS + 1), rttsNanos.size() + counters.get(Counter.INVALIDATED));
        }
        for (long rttNanos : rttsNanos) {
            assertTrue(rttNanos >= 0 && rttNanos < SECOND, () -> rttNanos + " ns");
        }
    }

    private static void awaitSettled(Engine engine, long count) {
        long startNanos = System.nanoTime();
        Counters counters = engine.counters();
        while (counters.get(Counter.RECEIVED) + counters.get(Counter.LOST) + counters.get(Counter.INVALIDATED)
                < count) {
            assertTrue(System.nanoTime() - startNanos < 60 * SECOND, "probes are not settled");
            LockSupport.parkNanos(1_000_000L);
        }
    }
}
