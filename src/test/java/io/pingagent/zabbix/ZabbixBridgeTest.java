package io.pingagent.zabbix;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.transport.PlainTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole bridge against a server in this process: turn by turn on a clock of the test, and once with its threads. */
@Timeout(60)
class ZabbixBridgeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long TURN_NANOS = 100_000_000L;
    private static final int MOST_TURNS = 3_000;

    @TempDir
    Path directory;

    private final FakeTargets targets = new FakeTargets(50);
    private final List<ZabbixBridge> bridges = new ArrayList<>();
    private FakeTrapper server = new FakeTrapper();
    private final ZabbixServer address = server.address();
    private boolean hostPerAddress;
    private final long startNanos = wallNanos();
    /** Stamps of what is measured. */
    private long clock = startNanos;

    private long nowNanos;

    @AfterEach
    void close() {
        bridges.forEach(ZabbixBridge::close);
        server.close();
    }

    private static long wallNanos() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    private ZabbixBridge start(Path buffer) throws IOException {
        ZabbixBridge bridge = bridge(buffer, new ZabbixBridge.Clocks(ZabbixBridgeTest::wallNanos, System::nanoTime));
        bridge.start();
        return bridge;
    }

    /** Without its threads, for {@link #turn}. */
    private ZabbixBridge driven(Path buffer) throws IOException {
        return bridge(buffer, new ZabbixBridge.Clocks(() -> startNanos + nowNanos, () -> nowNanos));
    }

    /** What both threads do in a tenth of a second. */
    private void turn(ZabbixBridge bridge) {
        nowNanos += TURN_NANOS;
        bridge.make();
        bridge.send();
    }

    private void turnUntil(ZabbixBridge bridge, BooleanSupplier condition) {
        for (int turns = 0; !condition.getAsBoolean(); turns++) {
            assertTrue(turns < MOST_TURNS, () -> "not after " + MOST_TURNS + " turns: " + bridge.problems());
            turn(bridge);
        }
    }

    private ZabbixBridge bridge(Path buffer, ZabbixBridge.Clocks clocks) throws IOException {
        BridgeSettings settings = new BridgeSettings(
                "a1",
                new BridgeSettings.Host("gza", "ping-agent test"),
                new BridgeSettings.Access(List.of(address), new TlsSettings.Unencrypted()),
                new BridgeSettings.Values(
                        EnumSet.allOf(AddressItem.class),
                        false,
                        hostPerAddress,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(10)),
                new BridgeSettings.Thresholds(3, 3, Duration.ZERO),
                new BridgeSettings.Buffer(buffer, 8 << 20, Duration.ofDays(1)));
        ZabbixBridge bridge = new ZabbixBridge(
                settings,
                targets,
                targets.facts,
                clocks,
                new PlainTransport(new SocketTransport.Limits(
                        Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5))));
        bridges.add(bridge);
        return bridge;
    }

    private void probeAll(ZabbixBridge bridge) {
        clock += 1_000_003;
        for (int i = 0; i < 50; i++) {
            bridge.replied(i, 1_000_000 + i, clock, 57);
        }
    }

    private List<ZabbixValue> accepted(AddressItem item) {
        return server.accepted.stream()
                .filter(value -> value.key()
                        .startsWith(item.key("").substring(0, item.key("").length() - 2)))
                .toList();
    }

    private void turnUntilWatching(ZabbixBridge bridge) {
        turnUntil(bridge, () -> {
            probeAll(bridge);
            return !accepted(AddressItem.LOSS).isEmpty();
        });
    }

    @Test
    void discoveryAndValuesArriveAndTheEndLosesNothing() throws Exception {
        ZabbixBridge bridge = start(directory.resolve("b"));
        await().atMost(PATIENCE).until(() -> {
            probeAll(bridge);
            return !accepted(AddressItem.LOSS).isEmpty();
        });
        assertEquals(ZabbixKeys.DISCOVERY, server.accepted.get(0).key());
        assertEquals(ZabbixKeys.ERR_LIST_DISCOVERY, server.accepted.get(1).key());
        assertTrue(bridge.connected());
        assertNull(bridge.lastError());
        probeAll(bridge);
        long last = clock;
        bridge.close(PATIENCE);
        Set<String> keys = new HashSet<>();
        for (ZabbixValue value : accepted(AddressItem.RTT)) {
            if (value.clockSeconds() * 1_000_000_000L + value.nanos() == last) {
                keys.add(value.key());
            }
        }
        assertEquals(50, keys.size());
        assertEquals(0, bridge.bufferedValues());
    }

    @Test
    void aListThatFailsHoldsBackNoValue() throws Exception {
        targets.failure = new IllegalStateException("torn");
        ZabbixBridge bridge = driven(directory.resolve("b"));
        turnUntilWatching(bridge);
        assertTrue(bridge.connected());
        assertTrue(server.accepted.stream().noneMatch(value -> value.key().equals(ZabbixKeys.DISCOVERY)));
    }

    @Test
    void everyAddressMayBeAHostOfItsOwn() throws Exception {
        hostPerAddress = true;
        server.unknownHosts.add("ping gza " + FakeTargets.ip(7));
        ZabbixBridge bridge = driven(directory.resolve("b"));
        turnUntil(bridge, () -> {
            probeAll(bridge);
            return server.accepted.stream().anyMatch(value -> value.key().equals("ping.loss"))
                    && server.accepted.stream().anyMatch(value -> value.key().equals("ping.agent.heartbeat"))
                    && bridge.bufferedValues() > 0;
        });
        ZabbixValue hosts = server.accepted.get(0);
        assertEquals(ZabbixKeys.HOSTS_DISCOVERY, hosts.key());
        assertEquals("gza", hosts.host());
        assertTrue(hosts.value().contains("\"{#HOST}\":\"ping gza 192.0.2.7\""), hosts.value());
        assertEquals("[]", server.accepted.get(1).value());
        assertEquals("[]", server.accepted.get(2).value());
        assertEquals(
                Set.of(ZabbixKeys.DISCOVERY, ZabbixKeys.ERR_LIST_DISCOVERY),
                Set.of(server.accepted.get(1).key(), server.accepted.get(2).key()));
        server.unknownHosts.clear();
        turnUntil(bridge, () -> bridge.bufferedValues() == 0);
        bridge.close();
        for (ZabbixValue value : server.accepted) {
            assertEquals(
                    value.key().startsWith("ping.agent.") || value.key().endsWith(".discovery"),
                    value.host().equals("gza"),
                    value.toString());
            assertFalse(value.key().contains("["), value.toString());
        }
        for (int i = 0; i < 50; i++) {
            String host = ZabbixKeys.addressHost("gza", FakeTargets.ip(i));
            assertTrue(
                    server.accepted.stream()
                            .anyMatch(value ->
                                    value.host().equals(host) && value.key().equals("ping.rtt")),
                    host);
        }
    }

    @Test
    void aDownAddressIsSentWithinASecond() throws Exception {
        ZabbixBridge bridge = driven(directory.resolve("b"));
        turnUntilWatching(bridge);
        targets.onErrList.add(7);
        bridge.errListChanged();
        for (int i = 0; i < 3; i++) {
            bridge.lost(7, clock + i);
        }
        String key = AddressItem.STATUS.key(FakeTargets.ip(7));
        long verdict = clock + 2;
        long sinceNanos = nowNanos;
        turnUntil(bridge, () -> server.accepted.contains(ZabbixValue.at("gza", key, "0", verdict)));
        assertTrue(nowNanos - sinceNanos <= 1_000_000_000L, "after " + (nowNanos - sinceNanos) + " ns");
        turnUntil(
                bridge,
                () -> server.accepted.stream()
                        .anyMatch(value -> value.key().equals(ZabbixKeys.ERR_LIST_DISCOVERY)
                                && value.value().contains(FakeTargets.ip(7))));
    }

    @Test
    void anOutageIsDeliveredOnceInOrderAlsoAfterAKill() throws Exception {
        ZabbixBridge bridge = driven(directory.resolve("b"));
        turnUntilWatching(bridge);
        server.close();
        Set<ZabbixValue> before = new HashSet<>(server.accepted);
        for (int i = 0; i < 30; i++) {
            probeAll(bridge);
            turn(bridge);
        }
        turnUntil(bridge, () -> !bridge.connected() && bridge.bufferedValues() > 300);
        assertTrue(bridge.lastError().contains("connection refused"), bridge.lastError());

        // Without probes only the agent's own values come after this.
        for (int i = 0; i < 40; i++) {
            turn(bridge);
        }
        long left = bridge.bufferedValues();
        long last = clock;
        // What kill -9 leaves behind is what is in the files now.
        Path killed = directory.resolve("killed");
        copy(directory.resolve("b"), killed);
        bridge.close();

        server = new FakeTrapper(address.port());
        ZabbixBridge second = driven(killed);
        turnUntil(second, () -> second.connected() && second.bufferedValues() == 0);
        second.close();
        assertTrue(server.accepted.size() >= left, server.accepted.size() + " of " + left);
        for (int i = 0; i < 50; i++) {
            assertTrue(
                    server.accepted.contains(ZabbixValue.at("gza", AddressItem.LOSS.key(FakeTargets.ip(i)), "0", last)),
                    "the last row of " + i);
        }
        Set<ZabbixValue> once = new HashSet<>();
        for (ZabbixValue value : server.accepted) {
            assertTrue(once.add(value), "twice " + value);
            assertFalse(before.contains(value), "again " + value);
        }
        long newest = 0;
        for (ZabbixValue value : accepted(AddressItem.LOSS)) {
            if (value.key().equals(AddressItem.LOSS.key(FakeTargets.ip(1)))) {
                long at = value.clockSeconds() * 1_000_000_000L + value.nanos();
                assertTrue(at > newest, "order");
                newest = at;
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted().toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Test
    void onceSendsAndCountsWhatIsRefused() throws Exception {
        List<ZabbixValue> values =
                List.of(ZabbixValue.at("gza", "a", "1", clock), ZabbixValue.at("gza", "b", "1", clock));
        server.unknownKeys.add("b");
        try (OneShotSender once =
                new OneShotSender(List.of(address), new TlsSettings.Unencrypted(), ZabbixBridgeTest::wallNanos)) {
            assertEquals(new OneShotSender.Outcome(address, 1, 1), once.send(values));
        }
    }
}
