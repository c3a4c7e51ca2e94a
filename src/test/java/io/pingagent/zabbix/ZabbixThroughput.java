package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.ZabbixApi;
import io.pingagent.testkit.ZabbixStack;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.ValueBuffer;
import io.pingagent.zabbix.delivery.Delivery;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import io.pingagent.zabbix.transport.PlainTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast values get into a real server, beside the official zabbix_sender: {@code mvn -Dtest=ZabbixThroughput test}. No
 * test; its name keeps it out of every other run. Prints the table of {@code src/site/markdown/zabbix.md}.
 *
 * <p>Both bring the same 80,000 values (2,000 addresses, 4 items, 10 push intervals) to the same items of the real template
 * with its triggers, in turn, each time with stamps of their own, and both start from a file: zabbix_sender reads its list,
 * the bridge is a new one that finds the values in its buffer, as after a restart, and knows nothing of the items. The clock
 * runs from the start of the process, or of the bridge, to the last acknowledgement, and to the last value in the
 * database.
 */
class ZabbixThroughput {

    private static final int ADDRESSES = 2_000;
    private static final List<AddressItem> ITEMS =
            List.of(AddressItem.STATUS, AddressItem.LOSS, AddressItem.RTT, AddressItem.JITTER);
    private static final int INTERVALS = 10;
    private static final int VALUES = ADDRESSES * 4 * INTERVALS;
    private static final int ROUNDS = Integer.getInteger("pingagent.rounds", 5);
    private static final List<Integer> PACKETS = List.of(250, 1_000, 2_000, 5_000, 10_000);
    private static final String HOST = "throughput";

    @TempDir
    Path directory;

    private final FakeTargets targets = new FakeTargets(ADDRESSES);
    private final Map<String, List<Seconds>> results = new LinkedHashMap<>();
    private ZabbixStack zabbix;
    private long startedNanos;
    private long acknowledgedNanos;
    private long nextClock = System.currentTimeMillis() / 1_000 - 24 * 3_600;

    /** Until the last acknowledgement, and until the last value was in the database. */
    private record Seconds(double acknowledged, double found) {}

    private interface Way {

        void bring(List<ZabbixValue> values) throws Exception;
    }

    @Test
    void bridgeAndSenderInTurn() throws Exception {
        try (ZabbixStack started =
                ZabbixStack.started("CacheSize=256M", "ValueCacheSize=256M", "CacheUpdateFrequency=60")) {
            zabbix = started;
            discover();
            // Not measured: the first values of new items cost the server more, and Java's compiler has seen nothing
            // yet.
            for (int i = 0; i < 4; i++) {
                measure("", this::sender);
                measure("", this::bridge);
            }
            results.clear();
            for (int i = 0; i < ROUNDS; i++) {
                measure("zabbix_sender -T -N -i FILE", this::sender);
                measure("bridge", this::bridge);
                for (int packet : PACKETS) {
                    measure("packets of " + packet + ", connections: 2", values -> delivery(values, packet, 2));
                }
                for (int connections : List.of(1, 3)) {
                    measure(
                            "packets of " + Delivery.PACKET + ", connections: " + connections,
                            values -> delivery(values, Delivery.PACKET, connections));
                }
            }
            print();
        }
    }

    private void discover() throws IOException, KeyFileException, ServerUnreachableException {
        ZabbixApi api = zabbix.api();
        api.importYaml(Files.readString(Path.of("zabbix-templates", "6.0", "ping-agent.yaml")));
        api.createHost(HOST, api.templateId("Ping agent by Zabbix trapper"));
        zabbix.reloadConfiguration();
        try (OneShotSender once =
                new OneShotSender(List.of(server()), new TlsSettings.Unencrypted(), ZabbixThroughput::wallNanos)) {
            once.send(List.of(
                    ZabbixValue.at(HOST, ZabbixKeys.DISCOVERY, DiscoveryJson.addresses(targets, HOST), wallNanos())));
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(() -> zabbix.sql("select count(*) from items where key_ like 'ping.jitter[%' and flags = 4")
                        .equals(Integer.toString(ADDRESSES)));
        zabbix.reloadConfiguration();
        Awaitility.await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
    }

    private ZabbixServer server() {
        return new ZabbixServer("127.0.0.1", zabbix.serverPort());
    }

    private static long wallNanos() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    /** In the order in which the bridge makes them. */
    private List<ZabbixValue> values() {
        List<ZabbixValue> values = new ArrayList<>(VALUES);
        for (int interval = 0; interval < INTERVALS; interval++) {
            long clock = nextClock;
            nextClock += 60;
            for (int target = 0; target < ADDRESSES; target++) {
                String ip = FakeTargets.ip(target);
                int nanos = 1_000 * target + interval;
                for (AddressItem item : ITEMS) {
                    values.add(new ZabbixValue(HOST, item.key(ip), text(item, nanos), clock, nanos));
                }
            }
        }
        return values;
    }

    private static String text(AddressItem item, int seed) {
        return switch (item) {
            case STATUS -> "1";
            case LOSS -> "0";
            default -> ValueFormat.seconds(11_000_000 + seed * 7_919L % 900_000);
        };
    }

    private void measure(String name, Way way) throws Exception {
        long from = nextClock;
        List<ZabbixValue> values = values();
        way.bring(values);
        double acknowledged = (acknowledgedNanos - startedNanos) / 1e9;
        String count = "select (select count(*) from history where clock >= " + from + " and clock < " + nextClock
                + ") + (select count(*) from history_uint where clock >= " + from + " and clock < " + nextClock + ")";
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (!zabbix.sql(count).equals(Integer.toString(VALUES)) && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        double found = (System.nanoTime() - startedNanos) / 1e9;
        assertEquals(Integer.toString(VALUES), zabbix.sql(count), "in the history");
        results.computeIfAbsent(name, ignored -> new ArrayList<>()).add(new Seconds(acknowledged, found));
        System.out.printf(Locale.ROOT, "%-40s %6.2f s %6.2f s%n", name, acknowledged, found);
        zabbix.sql("truncate history, history_uint");
        Thread.sleep(1_000);
    }

    private void sender(List<ZabbixValue> values) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (ZabbixValue value : values) {
            lines.append(value.host())
                    .append(" \"")
                    .append(value.key().replace("\"", "\\\""))
                    .append("\" ");
            lines.append(value.clockSeconds()).append(' ').append(value.nanos()).append(' ');
            lines.append(value.value()).append('\n');
        }
        Path file = directory.resolve("values.txt");
        Files.writeString(file, lines);
        startedNanos = System.nanoTime();
        Command.check(
                "zabbix_sender",
                "-z",
                "127.0.0.1",
                "-p",
                Integer.toString(zabbix.serverPort()),
                "-T",
                "-N",
                "-i",
                file.toString());
        acknowledgedNanos = System.nanoTime();
    }

    private Path filled(List<ZabbixValue> values) throws IOException {
        Path buffer = Files.createTempDirectory(directory, "buffer");
        try (ValueBuffer queue = buffer(buffer.resolve("queue"))) {
            for (int i = 0; i < values.size(); i += 500) {
                queue.append(values.subList(i, i + 500));
            }
        }
        return buffer;
    }

    private static ValueBuffer buffer(Path where) throws IOException {
        return new ValueBuffer(where, 256 << 20, Duration.ofDays(7), ZabbixThroughput::wallNanos);
    }

    private void bridge(List<ZabbixValue> values) throws IOException, KeyFileException {
        Path buffer = filled(values);
        // Without targets it makes only the agent's own values.
        FakeTargets none = new FakeTargets(0);
        none.ready = false;
        startedNanos = System.nanoTime();
        try (ZabbixBridge bridge = new ZabbixBridge(
                new BridgeSettings(
                        HOST,
                        new BridgeSettings.Host(HOST, "ping-agent test"),
                        new BridgeSettings.Access(List.of(server()), new TlsSettings.Unencrypted()),
                        new BridgeSettings.Values(
                                EnumSet.range(AddressItem.STATUS, AddressItem.JITTER),
                                false,
                                false,
                                Duration.ofSeconds(60),
                                Duration.ofMinutes(10)),
                        new BridgeSettings.Thresholds(3, 3, Duration.ZERO),
                        new BridgeSettings.Buffer(buffer, 256 << 20, Duration.ofDays(7))),
                none,
                none.facts,
                ZabbixThroughput::wallNanos)) {
            bridge.start();
            await(() -> VALUES - bridge.acceptedValues());
        }
    }

    private void delivery(List<ZabbixValue> values, int packet, int lanes) throws Exception {
        Path buffer = filled(values);
        startedNanos = System.nanoTime();
        try (SenderClient client = SenderClient.of(
                        List.of(server()),
                        new PlainTransport(SocketTransport.Limits.DEFAULT),
                        ZabbixThroughput::wallNanos);
                ValueBuffer queue = buffer(buffer.resolve("queue"));
                HeldValues held = new HeldValues(
                        buffer.resolve("held"), 64 << 20, Duration.ofDays(7), ZabbixThroughput::wallNanos);
                Delivery delivery = new Delivery(
                        client,
                        queue,
                        held,
                        new BridgedItems(host -> false),
                        packet,
                        lanes,
                        Delivery.PACKETS_PER_LANE)) {
            while (delivery.step(System.nanoTime()) > 0) {
                // More of it.
            }
            acknowledgedNanos = System.nanoTime();
            assertEquals(VALUES, delivery.accepted());
        }
    }

    private void await(LongSupplier left) {
        while (left.getAsLong() > 0) {
            LockSupport.parkNanos(200_000);
        }
        acknowledgedNanos = System.nanoTime();
    }

    private void print() {
        Seconds reference = median(results.values().iterator().next());
        System.out.println("| way | acknowledged | values/s | ratio | in history | values/s | ratio |");
        System.out.println("|---|---:|---:|---:|---:|---:|---:|");
        results.forEach((name, all) -> {
            Seconds median = median(all);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f s | %,.0f | %.2f | %.2f s | %,.0f | %.2f |%n",
                    name,
                    median.acknowledged,
                    VALUES / median.acknowledged,
                    reference.acknowledged / median.acknowledged,
                    median.found,
                    VALUES / median.found,
                    reference.found / median.found);
        });
    }

    private static Seconds median(List<Seconds> all) {
        return new Seconds(
                median(all.stream().mapToDouble(Seconds::acknowledged).toArray()),
                median(all.stream().mapToDouble(Seconds::found).toArray()));
    }

    private static double median(double[] seconds) {
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
    }
}
