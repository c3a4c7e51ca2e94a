package io.pingagent.probe;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.IcmpOptions;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.IcmpSockets;
import io.pingagent.icmp.SendErrors;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pair of devices between two namespaces that is deleted and made again, as by a redial: same name, another index. */
@Tag("root")
class InterfaceMadeAgainIT {

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long TIMEOUT_NANOS = 300_000_000L;
    private static final long EVERY_MILLIS = 100;

    /** What names the interface. */
    enum Naming {
        INTERFACE_V4("10.7.0.2", null, null, true),
        INTERFACE_V6("fd00:7::2", null, null, true),
        SOURCE_V4("10.7.0.2", "10.7.0.1", null, false),
        SOURCE_ZONE("fe80::2%wire", "fe80::1", "wire", false),
        SOURCE_ZONE_AND_INTERFACE("fe80::2%wire", "fe80::1", "wire", true),
        TARGET_ZONE("fe80::2%wire", null, null, false);

        private final String target;
        private final @Nullable String source;
        private final @Nullable String sourceZone;
        private final boolean hasInterface;

        Naming(String target, @Nullable String source, @Nullable String sourceZone, boolean hasInterface) {
            this.target = target;
            this.source = source;
            this.sourceZone = sourceZone;
            this.hasInterface = hasInterface;
        }

        private IcmpOptions options() throws IOException {
            InetAddress from = source == null ? null : InetAddress.getByName(source);
            return new IcmpOptions(
                    56,
                    new IcmpOptions.Source(
                            from instanceof Inet4Address v4 ? v4 : null,
                            from instanceof Inet6Address v6 ? v6 : null,
                            sourceZone,
                            hasInterface ? "wire" : null),
                    IcmpOptions.Marking.NONE,
                    new IcmpOptions.Buffers(1 << 20, 32, 256));
        }
    }

    private final AtomicInteger replies = new AtomicInteger();
    private final Set<Integer> errnos = ConcurrentHashMap.newKeySet();
    private final AtomicInteger listed = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private NetworkNamespace here;
    private NetworkNamespace there;

    private final ProbeListener listener = new ProbeListener() {
        private int errnoOfNextLoss;

        @Override
        public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
            replies.incrementAndGet();
        }

        @Override
        public void sendFailed(int targetId, int sequence, int errno) {
            errnoOfNextLoss = errno;
        }

        @Override
        public void lost(int targetId, int sequence, long settledWallNanos) {
            errnos.add(errnoOfNextLoss);
            errnoOfNextLoss = 0;
        }

        @Override
        public void enteredErrList(int targetId, ErrListCause cause) {
            listed.incrementAndGet();
        }
    };

    @BeforeEach
    void makeNamespaces() {
        Requires.rawSockets();
        Requires.networkNamespaces();
        here = NetworkNamespace.create("here");
        there = NetworkNamespace.create("there");
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
        here.close();
        there.close();
    }

    private void makeWire() throws IOException {
        here.connect("wire", "10.7.0.1/24", there, "10.7.0.2/24");
        for (String[] pair : new String[][] {{"fd00:7::1/64", "fd00:7::2/64"}, {"fe80::1/64", "fe80::2/64"}}) {
            here.check("ip", "address", "add", pair[0], "dev", "wire", "nodad");
            there.check("ip", "address", "add", pair[1], "dev", "wire", "nodad");
        }
    }

    private void deleteWire() throws IOException {
        here.check("ip", "link", "delete", "wire");
    }

    private Engine probe(Naming naming) throws IOException {
        IcmpOptions options = naming.options();
        IpAddress target = Addresses.parse(naming.target);
        IcmpSocket socket = here.call(() -> target.isV6()
                ? IcmpSockets.openV6(options, EchoKey.random(), 77)
                : IcmpSockets.openV4(options, EchoKey.random(), 77));
        Engine engine = new Engine(
                new EngineOptions(1_000, 2, 0.02, 3_600_000_000_000L),
                target.isV6() ? null : socket,
                target.isV6() ? socket : null,
                new SystemNanoClock(),
                listener);
        int id = engine.addTarget(target, new TargetSettings(21_000, -1, TIMEOUT_NANOS));
        engine.announceTargets(new int[] {id});
        engine.installJobInOrder(1, new int[] {id}, 1, TIMEOUT_NANOS);
        engine.start();
        var unused = timer.scheduleAtFixedRate(
                () -> {
                    engine.roundDue(1, System.nanoTime());
                    engine.errListRoundDue(System.nanoTime(), 1);
                },
                0,
                EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
        return engine;
    }

    private void awaitReplies() {
        int before = replies.get();
        await().atMost(PATIENCE).until(() -> replies.get() >= before + 5);
    }

    @ParameterizedTest
    @EnumSource
    void anInterfaceThatIsMadeAgainIsProbedThroughAgain(Naming naming) throws IOException {
        makeWire();
        try (Engine engine = probe(naming)) {
            awaitReplies();
            assertEquals(List.of(), engine.interfaceProblems());
            deleteWire();
            await().atMost(PATIENCE)
                    .until(() -> listed.get() > 0
                            && !engine.interfaceProblems().isEmpty()
                            && engine.interfaceProblem(Addresses.parse(naming.target)) != null);
            makeWire();
            awaitReplies();
            await().atMost(PATIENCE).until(() -> engine.interfaceProblems().isEmpty());
        }
    }

    /** So fast that neither a send fails nor a look at it finds it missing. */
    @ParameterizedTest
    @EnumSource
    void anInterfaceThatIsMadeAgainAtOnceIsProbedThroughAgain(Naming naming) throws IOException {
        makeWire();
        try (Engine engine = probe(naming)) {
            awaitReplies();
            deleteWire();
            makeWire();
            awaitReplies();
            await().atMost(PATIENCE).until(() -> engine.interfaceProblems().isEmpty());
        }
    }

    @Test
    void aTargetWaitsForAnInterfaceThatDoesNotExistYet() throws IOException {
        try (Engine engine = probe(Naming.TARGET_ZONE)) {
            await().atMost(PATIENCE).until(() -> listed.get() > 0);
            assertEquals(Set.of(SendErrors.ENODEV), errnos);
            assertTrue(engine.isInErrList(0));
            assertEquals(List.of("addresses with %wire: there is no such interface"), engine.interfaceProblems());
            makeWire();
            awaitReplies();
            assertEquals(List.of(), engine.interfaceProblems());
        }
    }
}
