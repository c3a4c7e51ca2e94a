package io.pingagent.zabbix;

import static io.pingagent.testkit.ZabbixApi.object;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixApi.HistoryValue;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bridge against real Zabbix servers with the real templates. Of each server one test after the other: one of them stops
 * it.
 */
@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@EnumSource
@Tag("root")
class ZabbixBridgeIT {

    private static final int ADDRESSES = 20;
    private static final String METADATA = "ping-agent 0.1.0";
    private static final List<String> TEMPLATES =
            List.of("ping-agent.yaml", "ping-agent-hosts.yaml", "ping-agent-icmp.yaml", "ping-agent-agent2.yaml");
    private static final String TEMPLATE = "Ping agent by Zabbix trapper";
    private static final String HOSTS_TEMPLATE = "Ping addresses as hosts by Zabbix trapper";
    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static final Map<ZabbixVersion, ZabbixStack> STACKS = new ConcurrentHashMap<>();

    @TempDir
    Path directory;

    private final FakeTargets targets = new FakeTargets(ADDRESSES);
    /** Round-trip times by clock in nanoseconds, of address 3. */
    private final TreeMap<Long, Long> measured = new TreeMap<>();

    private long lastWallNanos;
    private boolean hostPerAddress;
    private Set<AddressItem> items = EnumSet.allOf(AddressItem.class);

    @Parameter
    ZabbixVersion version;

    private ZabbixStack zabbix;
    private ZabbixApi api;

    @BeforeParameterizedClassInvocation
    static void start(ZabbixVersion version) throws IOException {
        ZabbixStack stack = ZabbixStack.started(version);
        STACKS.put(version, stack);
        for (String name : TEMPLATES) {
            stack.api().importYaml(Files.readString(version.template(name)));
        }
    }

    @AfterParameterizedClassInvocation
    static void stop(ZabbixVersion version) {
        ZabbixStack stack = STACKS.remove(version);
        if (stack != null) {
            stack.close();
        }
    }

    @BeforeEach
    void open() {
        zabbix = STACKS.get(version);
        api = zabbix.api();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200));
    }

    private static long wallNanos() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    private String host(String name) throws IOException {
        String id = api.createHost(name, api.templateId(TEMPLATE));
        zabbix.reloadConfiguration();
        return id;
    }

    private ZabbixServer server() {
        return new ZabbixServer("127.0.0.1", zabbix.serverPort());
    }

    private ZabbixBridge bridge(String host) throws IOException, KeyFileException {
        return bridge(host, new TlsSettings.Unencrypted());
    }

    private ZabbixBridge bridge(String host, TlsSettings tls) throws IOException, KeyFileException {
        ZabbixBridge bridge = new ZabbixBridge(
                new BridgeSettings(
                        host,
                        new BridgeSettings.Host(host, METADATA),
                        new BridgeSettings.Access(List.of(server()), tls),
                        new BridgeSettings.Values(
                                items, false, hostPerAddress, Duration.ofSeconds(2), Duration.ofMinutes(10)),
                        new BridgeSettings.Thresholds(3, 3, Duration.ZERO),
                        new BridgeSettings.Buffer(directory, 64 << 20, Duration.ofDays(1))),
                targets,
                targets.facts,
                ZabbixBridgeIT::wallNanos);
        bridge.start();
        return bridge;
    }

    /** Stamps with odd nanoseconds, each another. */
    private void probeAll(ZabbixBridge bridge) {
        for (int i = 0; i < ADDRESSES; i++) {
            lastWallNanos = Math.max(lastWallNanos + 1, wallNanos() + 123_457);
            long rttNanos = 1_000_000 + lastWallNanos % 977;
            bridge.replied(i, rttNanos, lastWallNanos, 57);
            if (i == 3) {
                measured.put(lastWallNanos, rttNanos);
            }
        }
    }

    private void probeFor(ZabbixBridge bridge, int seconds) throws InterruptedException {
        for (int i = 0; i < seconds; i++) {
            probeAll(bridge);
            Thread.sleep(1_000);
        }
    }

    private List<HistoryValue> history(String hostId, AddressItem item, int target) throws IOException {
        JsonObject found = api.items(hostId).get(item.key(FakeTargets.ip(target)));
        return found == null ? List.of() : api.history(found);
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void valuesArriveWithTheStampsOfTheirMeasurementAlsoAfterAnOutage() throws Exception {
        String hostId = host("bridge");
        ZabbixBridge bridge = bridge("bridge");
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                probeFor(bridge, 1);
                zabbix.reloadConfiguration();
                return !history(hostId, AddressItem.RTT_MIN, 3).isEmpty();
            });
            zabbix.stopServer();
            probeFor(bridge, 12);
            assertTrue(
                    !bridge.connected() && bridge.bufferedValues() > ADDRESSES, "waiting " + bridge.bufferedValues());
            zabbix.startServer();
            patiently().until(() -> bridge.connected() && bridge.bufferedValues() == 0);
            probeFor(bridge, 3);
        } finally {
            bridge.close(Duration.ofMinutes(1));
        }
        assertEquals(0, bridge.bufferedValues());
        assertEquals(0, bridge.droppedValues());
        Map<Integer, Integer> counts = new TreeMap<>();
        patiently().untilAsserted(() -> {
            List<HistoryValue> rtts = history(hostId, AddressItem.RTT_MAX, 3);
            long newest = rtts.get(rtts.size() - 1).clock();
            assertTrue(newest >= lastWallNanos / 1_000_000_000L - 2, "newest " + newest);
        });
        List<HistoryValue> maxima = history(hostId, AddressItem.RTT_MAX, 3);
        long before = 0;
        for (HistoryValue value : maxima) {
            long stamp = value.clock() * 1_000_000_000L + value.nanos();
            assertTrue(measured.containsKey(stamp), "measured at " + stamp);
            assertTrue(stamp > before, "each stamp once");
            // Probes, not seconds: nothing is probed while the server starts.
            int between = measured.subMap(before, false, stamp, false).size();
            assertTrue(before == 0 || between < 5, between + " probes without a value before " + value);
            before = stamp;
        }
        for (HistoryValue value : history(hostId, AddressItem.LOSS, 3)) {
            assertEquals(0, new BigDecimal(value.value()).signum(), value.toString());
        }
        for (int target = 0; target < ADDRESSES; target++) {
            int size = history(hostId, AddressItem.STATUS, target).size();
            counts.merge(size, 1, Integer::sum);
            assertTrue(size >= maxima.size() - 2, counts.toString());
        }
        for (String key : List.of(AgentItem.HEARTBEAT.key(), AgentItem.PROBES_RATE.key())) {
            assertTrue(!api.history(api.items(hostId).get(key)).isEmpty(), key);
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void everyAddressBecomesAHostWithValuesAndProblems() throws Exception {
        hostPerAddress = true;
        // The others are disabled in the template: the server refuses their values.
        items.removeIf(AddressItem::isOptional);
        String agentId = api.createHost("hosts", api.templateId(TEMPLATE), api.templateId(HOSTS_TEMPLATE));
        zabbix.reloadConfiguration();
        String ip = FakeTargets.ip(3);
        String name = ZabbixKeys.addressHost("hosts", ip);
        ZabbixBridge bridge = bridge("hosts");
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                probeFor(bridge, 1);
                zabbix.reloadConfiguration();
                return hostCount() == ADDRESSES
                        && !plainHistory(name, AddressItem.JITTER).isEmpty();
            });
            patiently().until(() -> bridge.bufferedValues() == 0);
            for (HistoryValue value : plainHistory(name, AddressItem.RTT_MAX)) {
                long stamp = value.clock() * 1_000_000_000L + value.nanos();
                assertTrue(measured.containsKey(stamp), "measured at " + stamp);
            }
            assertEquals(
                    List.of(),
                    api.items(agentId).keySet().stream()
                            .filter(key -> key.startsWith("ping.") && !key.startsWith("ping.agent."))
                            .toList(),
                    "the agent's own items only");
            assertTrue(
                    !api.history(api.items(agentId).get(AgentItem.HEARTBEAT.key()))
                            .isEmpty(),
                    "heartbeat");
            targets.onErrList.add(3);
            for (int i = 0; i < 3; i++) {
                bridge.lost(3, ++lastWallNanos);
            }
            String hostId = api.hostId(name);
            patiently().until(() -> api.problems(hostId).keySet().equals(Set.of("Ping: " + ip + " (hosts) is down")));
            for (int i = 0; i < 3; i++) {
                bridge.replied(3, 1_000_000, ++lastWallNanos, 57);
            }
            patiently().until(() -> api.problems(hostId).isEmpty());
        } finally {
            bridge.close(Duration.ofMinutes(1));
        }
        assertEquals(0, bridge.bufferedValues());
        // As the README says how to switch it off.
        JsonObject host = object("hostid", agentId);
        JsonArray cleared = new JsonArray();
        cleared.add(object("templateid", api.templateId(HOSTS_TEMPLATE)));
        host.add("templates_clear", cleared);
        api.call("host.update", host);
        assertEquals(0, hostCount());
    }

    private int hostCount() throws IOException {
        JsonObject parameters = new JsonObject();
        parameters.add("search", object("host", "ping hosts "));
        return api.call("host.get", parameters).getAsJsonArray().size();
    }

    private List<HistoryValue> plainHistory(String host, AddressItem item) throws IOException {
        // A discovered host is there before its items are.
        JsonObject found = api.items(api.hostId(host)).get(item.key());
        return found == null ? List.of() : api.history(found);
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void theRightPreSharedKeyIsTakenAndOthersAreRefused() throws Exception {
        String hostId = host("bridge-psk");
        api.call(
                "host.update",
                object("hostid", hostId, "tls_accept", "2", "tls_psk_identity", "agent-psk", "tls_psk", KEY));
        zabbix.reloadConfiguration();
        assertEquals(1, check(psk("agent-psk", KEY), "bridge-psk").processed());
        assertThrows(
                ServiceUnreachableException.class, () -> check(psk("agent-psk", KEY.replace('0', '1')), "bridge-psk"));
        assertThrows(ServiceUnreachableException.class, () -> check(psk("nobody", KEY), "bridge-psk"));
        assertEquals(1, check(new TlsSettings.Unencrypted(), "bridge-psk").failed());
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void theTemplatesImportAgainWithoutAnyChange() throws Exception {
        String countAll = "select (select count(*) from items), (select count(*) from triggers),"
                + " (select count(*) from graphs), (select count(*) from widget),"
                + " (select count(*) from hosts where status = 3)";
        String before = zabbix.sql(countAll);
        for (String name : TEMPLATES) {
            String yaml = Files.readString(version.template(name));
            assertEquals("[]", api.importCompare(yaml).toString(), name);
            api.importYaml(yaml);
        }
        assertEquals(before, zabbix.sql(countAll));
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void anUnknownHostIsReachableButNotAccepted() throws Exception {
        assertEquals(new OneShotSender.Outcome(server(), 0, 1), check(new TlsSettings.Unencrypted(), "nobody"));
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void anAgentWithAKeyMakesItsHostKnownAndItStaysEncrypted() throws Exception {
        api.autoregistration("agents", KEY, METADATA, TEMPLATE);
        ZabbixBridge bridge = bridge("unknown", psk("agents", KEY));
        String hostId;
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                probeFor(bridge, 1);
                return api.hostExists("unknown");
            });
            hostId = api.hostId("unknown");
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                probeFor(bridge, 1);
                zabbix.reloadConfiguration();
                return !history(hostId, AddressItem.JITTER, 3).isEmpty();
            });
            targets.onErrList.add(3);
            for (int i = 0; i < 3; i++) {
                bridge.lost(3, ++lastWallNanos);
            }
            patiently().until(() -> api.problems(hostId).containsKey("Ping " + FakeTargets.ip(3) + ": Down"));
            for (int i = 0; i < 3; i++) {
                bridge.replied(3, 1_000_000, ++lastWallNanos, 57);
            }
            patiently().until(() -> api.problems(hostId).keySet().stream().noneMatch(name -> name.endsWith(": Down")));
            patiently().until(() -> bridge.bufferedValues() == 0);
        } finally {
            bridge.close(Duration.ofMinutes(1));
        }
        assertEquals(0, bridge.droppedValues());
        assertEquals(
                "2|2|agents|" + KEY,
                zabbix.sql("select tls_connect, tls_accept, tls_psk_identity, tls_psk from hosts where hostid = "
                        + hostId));
        assertEquals(1, check(new TlsSettings.Unencrypted(), "unknown").failed());
    }

    private TlsSettings psk(String identity, String key) throws IOException {
        return new TlsSettings.Psk(identity, SecretFiles.write(directory.resolve("psk"), key + "\n"));
    }

    private OneShotSender.Outcome check(TlsSettings tls, String host) throws Exception {
        try (OneShotSender once = new OneShotSender(List.of(server()), tls, ZabbixBridgeIT::wallNanos)) {
            return once.send(List.of(ZabbixValue.at(host, AgentItem.VERSION.key(), "0.1.0", wallNanos())));
        }
    }

    /** What is opted for has items and values; what is not has neither. */
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void onlyWhatIsOptedForHasItemsAndValues() throws Exception {
        items = EnumSet.of(AddressItem.STATUS, AddressItem.RTT, AddressItem.RTT_P95, AddressItem.TTL);
        String hostId = host("opted");
        ZabbixBridge bridge = bridge("opted");
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                probeFor(bridge, 1);
                zabbix.reloadConfiguration();
                return !history(hostId, AddressItem.TTL, 3).isEmpty()
                        && !history(hostId, AddressItem.RTT_P95, 3).isEmpty();
            });
        } finally {
            bridge.close(Duration.ofMinutes(1));
        }
        assertEquals("57", history(hostId, AddressItem.TTL, 3).get(0).value());
        double p95 = Double.parseDouble(
                history(hostId, AddressItem.RTT_P95, 3).get(0).value());
        assertTrue(p95 >= 0.00099 && p95 <= 0.0010099, "p95 " + p95);
        Set<String> keys = api.items(hostId).keySet();
        for (AddressItem item : List.of(AddressItem.RTT_P50, AddressItem.RTT_P99, AddressItem.RTT_STDDEV)) {
            assertTrue(!keys.contains(item.key(FakeTargets.ip(3))), keys.toString());
        }
        assertTrue(!keys.contains("ping.path[\"" + FakeTargets.ip(3) + "\"]"), keys.toString());
    }
}
