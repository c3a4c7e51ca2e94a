package io.pingagent.zabbix;

import static io.pingagent.testkit.ZabbixApi.object;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.testkit.TrapperTap;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixProxy;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.testkit.ZabbixVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The bridge and real proxies of Zabbix 7.0. It waits most of the time. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("root")
class ZabbixProxyIT {

    private static final int ADDRESSES = 40;
    /** The least that Zabbix allows. */
    private static final int FAILOVER_SECONDS = 10;

    private static final String METADATA = "ping-agent behind a proxy";
    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static final String TEMPLATE = "Ping agent by Zabbix trapper";
    private static final String HOSTS_TEMPLATE = "Ping addresses as hosts by Zabbix trapper";

    private static ZabbixStack zabbix;
    private static ZabbixApi api;

    @TempDir
    Path directory;

    private final FakeTargets targets = new FakeTargets(ADDRESSES);
    private long lastWallNanos;

    @BeforeAll
    static void start() throws IOException {
        ZabbixStack.require(ZabbixVersion.V7_0);
        zabbix = ZabbixStack.started(ZabbixVersion.V7_0);
        api = zabbix.api();
        api.importYaml(Files.readString(ZabbixVersion.V7_0.template("ping-agent.yaml")));
        api.importYaml(Files.readString(ZabbixVersion.V7_0.template("ping-agent-hosts.yaml")));
    }

    @AfterAll
    static void stop() {
        if (zabbix != null) {
            zabbix.close();
        }
    }

    private static long wallNanos() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    private ZabbixBridge bridge(String host, List<ZabbixServer> servers, boolean hostPerAddress) throws Exception {
        return bridge(host, servers, hostPerAddress, new TlsSettings.Unencrypted());
    }

    private ZabbixBridge bridge(String host, List<ZabbixServer> servers, boolean hostPerAddress, TlsSettings tls)
            throws Exception {
        ZabbixBridge bridge = new ZabbixBridge(
                new BridgeSettings(
                        host,
                        new BridgeSettings.Host(host, METADATA),
                        new BridgeSettings.Access(servers, tls),
                        new BridgeSettings.Values(
                                EnumSet.range(AddressItem.STATUS, AddressItem.JITTER),
                                false,
                                hostPerAddress,
                                Duration.ofSeconds(2),
                                Duration.ofMinutes(10)),
                        new BridgeSettings.Thresholds(3, 3, Duration.ZERO),
                        new BridgeSettings.Buffer(directory, 64 << 20, Duration.ofDays(1))),
                targets,
                targets.facts,
                ZabbixProxyIT::wallNanos);
        bridge.start();
        return bridge;
    }

    private void probeFor(ZabbixBridge bridge, int seconds) throws InterruptedException {
        for (int second = 0; second < seconds; second++) {
            for (int i = 0; i < ADDRESSES; i++) {
                lastWallNanos = Math.max(lastWallNanos + 1, wallNanos() + 123_457);
                bridge.replied(i, 1_000_000 + lastWallNanos % 977, lastWallNanos, 57);
            }
            Thread.sleep(1_000);
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(500));
    }

    private static ZabbixServer at(int port) {
        return new ZabbixServer("127.0.0.1", port);
    }

    private static void monitoredBy(String hostId, String by, String kind, String id) throws IOException {
        api.call("host.update", object("hostid", hostId, "monitored_by", by, kind, id));
        zabbix.reloadConfiguration();
    }

    /** The host is made by the agent's own question, and belongs to the proxy that was asked. */
    @Test
    void anAgentWithAKeyMakesItsHostKnownThroughAProxyAndItsValuesAndDiscoveryFollow() throws Exception {
        api.autoregistration("agents", KEY, METADATA, TEMPLATE);
        TlsSettings psk = new TlsSettings.Psk("agents", SecretFiles.write(directory.resolve("psk"), KEY + "\n"));
        String hostId;
        try (ZabbixProxy proxy = ZabbixProxy.of(zabbix, "alone")) {
            String proxyId = ZabbixProxy.create(api, "alone");
            zabbix.reloadConfiguration();
            proxy.start();
            ZabbixBridge bridge = bridge("behind", List.of(at(proxy.port())), false, psk);
            try {
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    probeFor(bridge, 1);
                    return api.hostExists("behind");
                });
                hostId = api.hostId("behind");
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    probeFor(bridge, 1);
                    JsonObject jitter = api.items(hostId).get(AddressItem.JITTER.key(FakeTargets.ip(3)));
                    return jitter != null && !api.history(jitter).isEmpty();
                });
                patiently().until(() -> bridge.bufferedValues() == 0);
            } finally {
                bridge.close(Duration.ofMinutes(1));
            }
            assertEquals(0, bridge.bufferedValues());
            assertEquals(
                    proxyId + "|2|2|agents|" + KEY,
                    zabbix.sql("select proxyid, tls_connect, tls_accept, tls_psk_identity, tls_psk from hosts"
                            + " where hostid = " + hostId));
        }
        assertFalse(
                api.history(api.items(hostId).get(AgentItem.HEARTBEAT.key())).isEmpty(), "heartbeat");
    }

    @Test
    void aGroupGetsEachValueOnceAndAKilledProxyCostsOnlyWhatItHadInMemory() throws Exception {
        String groupId = ZabbixProxy.createGroup(api, "group", FAILOVER_SECONDS);
        try (ZabbixProxy one = ZabbixProxy.of(zabbix, "one");
                ZabbixProxy two = ZabbixProxy.of(zabbix, "two");
                TrapperTap tapOne = TrapperTap.before(one.port());
                TrapperTap tapTwo = TrapperTap.before(two.port())) {
            ZabbixProxy.createInGroup(api, "one", groupId, tapOne.port());
            ZabbixProxy.createInGroup(api, "two", groupId, tapTwo.port());
            String agentId = api.createHost("gza", api.templateId(TEMPLATE), api.templateId(HOSTS_TEMPLATE));
            monitoredBy(agentId, "2", "proxy_groupid", groupId);
            one.start();
            two.start();
            ZabbixBridge bridge = bridge("gza", List.of(at(tapOne.port()), at(tapTwo.port())), true);
            long killedNanos;
            try {
                long startNanos = System.nanoTime();
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    probeFor(bridge, 1);
                    return hostsWithValues() == ADDRESSES && bridge.bufferedValues() == 0;
                });
                assertEquals(2, homes().size(), homes().toString());
                System.out.println("proxy group, learning: " + Traffic.since(startNanos, tapOne, tapTwo));
                int logged = zabbix.serverLog().length();
                long learnedNanos = System.nanoTime();
                probeFor(bridge, 10);
                Traffic steady = Traffic.since(learnedNanos, tapOne, tapTwo);
                System.out.println("proxy group, 10 s: " + steady);
                assertTrue(steady.sent >= 10 * ADDRESSES, steady.toString());
                assertEquals(steady.sent, steady.processed, "each value once: " + steady);
                assertEquals(0, steady.failed, steady.toString());
                assertEquals(List.of(), duplicates(zabbix.serverLog().substring(logged)));

                one.kill();
                killedNanos = System.nanoTime();
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    probeFor(bridge, 1);
                    return homes().equals(Set.of("two")) && bridge.bufferedValues() == 0;
                });
                System.out.printf(
                        "proxy group: values of a killed proxy's hosts go on after %.0f s%n",
                        (System.nanoTime() - killedNanos) / 1e9);
                // What it had taken and not passed on.
                one.start();
                probeFor(bridge, 5);
            } finally {
                bridge.close(Duration.ofMinutes(1));
            }
            assertEquals(0, bridge.bufferedValues());
            assertEquals(0, bridge.droppedValues());
            Set<String> made = Traffic.values(tapOne, Long.MIN_VALUE);
            made.addAll(Traffic.values(tapTwo, Long.MIN_VALUE));
            // A proxy has values in memory for a second before they are in its database.
            Set<String> diedWithTheProxy = Traffic.values(tapOne, killedNanos - TimeUnit.SECONDS.toNanos(3));
            patiently().untilAsserted(() -> {
                Set<String> missing = new TreeSet<>(made);
                missing.removeAll(stored());
                System.out.println("proxy group: of " + made.size() + " values missing: " + missing.size());
                missing.removeAll(diedWithTheProxy);
                assertEquals(Set.of(), missing, one::log);
            });
        }
    }

    private static List<String> duplicates(String log) {
        return log.lines().filter(line -> line.contains("duplicate")).toList();
    }

    /** What agents sent to proxies, and what these said of it. */
    private record Traffic(int packets, int sent, int processed, int failed) {

        /** Of addresses, each of which is a host. */
        static Set<String> values(TrapperTap tap, long sinceNanos) {
            Set<String> values = new HashSet<>();
            for (TrapperTap.Packet packet : tap.packets()) {
                if (sinceNanos == Long.MIN_VALUE || packet.timeNanos() - sinceNanos >= 0) {
                    packet.values().stream()
                            .filter(value -> value.startsWith("ping gza "))
                            .forEach(values::add);
                }
            }
            return values;
        }

        static Traffic since(long timeNanos, TrapperTap... taps) {
            int packets = 0;
            int sent = 0;
            int processed = 0;
            int failed = 0;
            for (TrapperTap tap : taps) {
                for (TrapperTap.Packet packet : tap.packets()) {
                    boolean counts = packet.timeNanos() - timeNanos >= 0;
                    packets += counts ? 1 : 0;
                    sent += counts ? packet.values().size() : 0;
                }
                for (TrapperTap.Answer answer : tap.answers()) {
                    boolean counts = answer.timeNanos() - timeNanos >= 0;
                    processed += counts ? answer.processed() : 0;
                    failed += counts ? answer.failed() : 0;
                }
            }
            return new Traffic(packets, sent, processed, failed);
        }
    }

    /** The proxies that have hosts of the group now. */
    private static Set<String> homes() {
        return new TreeSet<>(zabbix.sql("select distinct p.name from host_proxy h join proxy p using (proxyid)")
                .lines()
                .toList());
    }

    private static int hostsWithValues() {
        return Integer.parseInt(zabbix.sql("select count(distinct hostid) from history join items i using (itemid)"
                + " join hosts h using (hostid) where h.host like 'ping gza %'"));
    }

    /** Host, key, clock and ns of all values of addresses that are in the database, each once by its primary key. */
    private static Set<String> stored() {
        Set<String> all = new HashSet<>();
        for (String table : List.of("history", "history_uint")) {
            zabbix.sql("select h.host, i.key_, clock, ns from " + table + " join items i using (itemid)"
                            + " join hosts h using (hostid) where h.host like 'ping gza %'")
                    .lines()
                    .forEach(all::add);
        }
        return all;
    }
}
