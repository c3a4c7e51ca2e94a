package io.pingagent.probe;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.IcmpOptions;
import io.pingagent.model.Addresses;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.TargetSettings;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Profiles through the kernel's sockets, as a responder in the same namespace sees them. */
@Tag("root")
class ProfilesIT {

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long TIMEOUT_NANOS = 1_000_000_000L;
    private static final long EVERY_MILLIS = 100;
    private static final int SIZE = 56;
    private static final int TTL = 64;
    private static final IcmpOptions OPTIONS = new IcmpOptions(
            SIZE,
            IcmpOptions.Source.ANY,
            new IcmpOptions.Marking(0, TTL, 0, false),
            new IcmpOptions.Buffers(1 << 20, 32, 256));

    private final AtomicInteger replies = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private NetworkNamespace namespace;
    private TunResponder responder;
    private Engine engine;

    private final ProbeListener listener = new ProbeListener() {
        @Override
        public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
            replies.incrementAndGet();
        }

        @Override
        public void lost(int targetId, int sequence, long settledWallNanos) {
            losses.incrementAndGet();
        }
    };

    @BeforeEach
    void start() throws IOException {
        Requires.rawSockets();
        Requires.rawSocketsV6();
        Requires.tun();
        namespace = NetworkNamespace.create("profile");
        responder = TunResponder.start(namespace);
        Sockets main = namespace.call(() -> Sockets.open(OPTIONS, true, true));
        engine = new Engine(
                new EngineOptions(1_000, 2, 0.02, 2_000_000_000L),
                main.v4(),
                main.v6(),
                new SystemNanoClock(),
                listener);
        engine.start();
        var unused = timer.scheduleAtFixedRate(
                () -> {
                    engine.roundDue(1, System.nanoTime());
                    engine.errListRoundDue(System.nanoTime(), 1);
                },
                0,
                EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
        if (engine != null) {
            engine.close();
        }
        if (responder != null) {
            responder.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private void use(ProbeProfile... profiles) {
        Map<ProbeProfile, String> labels = new HashMap<>();
        for (ProbeProfile profile : profiles) {
            labels.put(profile, "job 'a'");
        }
        engine.useProfiles(labels, (profile, identifier) -> {
            try {
                return namespace.call(() -> Sockets.openForJob(OPTIONS, profile, identifier, true));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static TargetSettings settings(ProbeProfile profile) {
        return new TargetSettings(21_000, -1, TIMEOUT_NANOS, profile);
    }

    private int[] probe(Map<String, ProbeProfile> byAddress) {
        int[] ids = byAddress.entrySet().stream()
                .mapToInt(entry -> engine.addTarget(Addresses.parse(entry.getKey()), settings(entry.getValue())))
                .toArray();
        engine.announceTargets(ids);
        engine.installJob(1, ids, EVERY_MILLIS * 1_000_000, TIMEOUT_NANOS);
        return ids;
    }

    private void awaitReplies() {
        int before = replies.get();
        await().atMost(PATIENCE).until(() -> replies.get() >= before + 10);
    }

    private List<TunResponder.Request> requests(String address) {
        return responder.requests(Addresses.parse(address));
    }

    private void assertAll(String address, int dscp, int ttl, int size, String source, boolean dontFragment) {
        List<TunResponder.Request> requests = requests(address);
        assertTrue(requests.size() >= 3, "requests to " + address + ": " + requests.size());
        for (TunResponder.Request request : requests) {
            assertEquals(dscp << 2, request.trafficClass(), address);
            assertEquals(ttl, request.hopLimit(), address);
            assertEquals(size, request.payloadLength(), address);
            assertEquals(Addresses.parse(source), request.source(), address);
            assertEquals(dontFragment, request.dontFragment(), address);
        }
    }

    @Test
    void theWireShowsTheProfileOfEachJobAndNoneOfTheOthers() throws IOException {
        namespace.check("ip", "address", "add", "10.8.0.77/32", "dev", "lo");
        namespace.check("ip", "address", "add", "fd00:8::77/128", "dev", "lo", "nodad");
        ProbeProfile wide = new ProbeProfile(null, 1_000, null, null, null, null, false);
        ProbeProfile whole = new ProbeProfile(null, 1_000, null, null, null, null, true);
        ProbeProfile fromHere =
                new ProbeProfile(10, null, 33, Addresses.parse("10.8.0.77"), Addresses.parse("fd00:8::77"), null, null);
        use(wide, whole, fromHere);
        probe(Map.of(
                "10.9.0.1", ProbeProfile.DEFAULT,
                "10.9.0.2", wide,
                "10.9.0.3", whole,
                "10.9.0.4", fromHere,
                "fd00:9::1", ProbeProfile.DEFAULT,
                "fd00:9::2", wide,
                "fd00:9::4", fromHere));
        await().atMost(PATIENCE).until(() -> replies.get() >= 7 * 30);
        assertEquals(0, losses.get());
        assertAll("10.9.0.1", 0, TTL, SIZE, "10.8.0.1", true);
        assertAll("10.9.0.2", 0, TTL, 1_000, "10.8.0.1", false);
        assertAll("10.9.0.3", 0, TTL, 1_000, "10.8.0.1", true);
        assertAll("10.9.0.4", 10, 33, SIZE, "10.8.0.77", true);
        assertAll("fd00:9::1", 0, TTL, SIZE, "fd00:8::1", true);
        assertAll("fd00:9::2", 0, TTL, 1_000, "fd00:8::1", true);
        assertAll("fd00:9::4", 10, 33, SIZE, "fd00:8::77", true);
        assertEquals(0, engine.counters().get(Counter.REJECTED));
        assertEquals(0, engine.counters().get(Counter.DUPLICATE));
        assertEquals(List.of(), engine.interfaceProblems());
    }

    /** With replies in flight, and a change of the identifier every 2 s. */
    @Test
    void aChangedProfileHoldsAtOnceAndLosesNothing() {
        responder.behave(Behaviour.delayed(Duration.ofMillis(400)));
        ProbeProfile before = new ProbeProfile(10, 100, null, null, null, null, null);
        ProbeProfile after = new ProbeProfile(20, 200, null, null, null, null, null);
        use(before);
        int[] ids = probe(Map.of("10.9.0.1", before, "fd00:9::1", before));
        awaitReplies();
        for (ProbeProfile next : List.of(after, before, ProbeProfile.DEFAULT, after)) {
            use(next.equals(ProbeProfile.DEFAULT) ? new ProbeProfile[0] : new ProbeProfile[] {next});
            for (int id : ids) {
                engine.setSettings(id, settings(next));
            }
            int wanted = next.size() == null ? SIZE : next.size();
            int seen = responder.requests().size();
            await().atMost(PATIENCE)
                    .until(() -> responder.requests().stream().skip(seen).anyMatch(r -> r.payloadLength() == wanted));
            awaitReplies();
            assertEquals(
                    wanted,
                    requests("fd00:9::1").get(requests("fd00:9::1").size() - 1).payloadLength());
        }
        assertEquals(0, losses.get());
        assertEquals(0, engine.counters().get(Counter.LATE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.9.0.1", "fd00:9::1"})
    void aMissingInterfaceSendsNothingAndIsUsedOnceItIsThere(String address) throws IOException {
        ProbeProfile profile = new ProbeProfile(null, null, null, null, null, "vrf-later", null);
        use(profile);
        assertEquals(1, engine.interfaceProblems().size(), engine.interfaceProblems()::toString);
        assertTrue(
                engine.interfaceProblems()
                        .get(0)
                        .startsWith("job 'a': interface 'vrf-later': there is no such interface"),
                engine.interfaceProblems()::toString);
        probe(Map.of(address, profile));
        await().atMost(PATIENCE).until(() -> engine.isInErrList(0));
        assertEquals(List.of(), requests(address));
        assertTrue(String.valueOf(engine.interfaceProblem(Addresses.parse(address)))
                .contains("vrf-later"));
        // The only way to the address gets the name that the profile asks for.
        String device = namespace
                .check("sh", "-c", "ip -o route get 10.9.0.1 | sed 's/.*dev \\([^ ]*\\).*/\\1/'")
                .trim();
        namespace.check(
                "sh",
                "-ec",
                "ip link set " + device + " down; ip link set " + device + " name vrf-later;"
                        + " ip link set vrf-later up; ip route replace 10.9.0.0/16 dev vrf-later;"
                        + " ip -6 route replace fd00:9::/64 dev vrf-later");
        awaitReplies();
        await().atMost(PATIENCE).until(() -> engine.interfaceProblems().isEmpty());
    }

    @Test
    void aSourceThatThisMachineDoesNotHaveSendsNothingUntilItDoes() throws IOException {
        ProbeProfile profile = new ProbeProfile(null, null, null, Addresses.parse("10.8.0.77"), null, null, null);
        use(profile);
        probe(Map.of("10.9.0.1", profile));
        await().atMost(PATIENCE).until(() -> engine.isInErrList(0));
        assertEquals(List.of(), requests("10.9.0.1"));
        assertTrue(
                engine.interfaceProblems()
                        .get(0)
                        .startsWith("job 'a': source 10.8.0.77: no interface has this address"),
                engine.interfaceProblems()::toString);
        namespace.check("ip", "address", "add", "10.8.0.77/32", "dev", "lo");
        awaitReplies();
        assertEquals(Addresses.parse("10.8.0.77"), requests("10.9.0.1").get(0).source());
    }
}
