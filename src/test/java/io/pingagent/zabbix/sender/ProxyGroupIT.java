package io.pingagent.zabbix.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.BridgedItems;
import io.pingagent.zabbix.FakeTrapper;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.ValueBuffer;
import io.pingagent.zabbix.delivery.Delivery;
import io.pingagent.zabbix.transport.PlainTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A proxy group as Zabbix 7.0 has it: the first host of a packet decides whether it is redirected, and values of hosts that
 * live on another proxy fail.
 */
@Timeout(120)
class ProxyGroupIT {

    private static final long SECOND = 1_000_000_000L;
    private static final int HOSTS = 300;

    @TempDir
    Path directory;

    private final List<FakeTrapper> proxies = List.of(new FakeTrapper(), new FakeTrapper(), new FakeTrapper());
    /** Index of the proxy of each host; a host that is not there is unknown to all. */
    private final Map<String, Integer> homes = new ConcurrentHashMap<>();

    private final SenderClient client = new SenderClient(
            List.of(proxies.get(0).address(), proxies.get(1).address()),
            new PlainTransport(SocketTransport.Limits.DEFAULT),
            () -> 1_700_000_000L * SECOND,
            true);
    private ValueBuffer queue;
    private HeldValues held;
    private Delivery delivery;
    private long nowNanos;
    private int clock = 1;

    @BeforeEach
    void open() throws IOException {
        for (int i = 0; i < proxies.size(); i++) {
            int proxy = i;
            proxies.get(i).behaviour = (in, out) -> serve(proxy, in, out);
        }
        queue = new ValueBuffer(directory.resolve("queue"), 64 << 20, Duration.ofDays(1), () -> 2 * SECOND);
        held = new HeldValues(directory.resolve("held"), 64 << 20, Duration.ofDays(1), () -> 2 * SECOND);
        delivery = new Delivery(client, queue, held, new BridgedItems(host -> false));
    }

    @AfterEach
    void close() throws IOException {
        delivery.close();
        client.close();
        queue.close();
        held.close();
        proxies.forEach(FakeTrapper::close);
    }

    private void serve(int self, InputStream in, OutputStream out) throws IOException {
        FakeTrapper proxy = proxies.get(self);
        List<ZabbixValue> values = FakeTrapper.readValues(in);
        proxy.received.addAndGet(values.size());
        proxy.packets.add(values);
        Integer home = homes.get(values.get(0).host());
        if (home != null && home != self) {
            out.write(FakeTrapper.frame(
                    "{\"response\":\"failed\",\"redirect\":{\"revision\":1,\"address\":\""
                            + proxies.get(home).address() + "\"}}",
                    false));
            return;
        }
        int failed = 0;
        for (ZabbixValue value : values) {
            Integer of = homes.get(value.host());
            if (of == null || of != self) {
                failed++;
            } else {
                proxy.accepted.add(value);
            }
        }
        out.write(FakeTrapper.frame(
                "{\"response\":\"success\",\"info\":\"processed: " + (values.size() - failed) + "; failed: " + failed
                        + "; total: " + values.size() + "\"}",
                false));
    }

    private static String host(int i) {
        return "ping gza 192.0.2." + i;
    }

    /** Ten values of each host. */
    private void round(int hosts) {
        List<ZabbixValue> values = new ArrayList<>();
        for (int value = 0; value < 10; value++) {
            for (int i = 0; i < hosts; i++) {
                values.add(new ZabbixValue(host(i), "ping.k" + value % 5, "1", clock++, 0));
            }
        }
        queue.append(values);
    }

    private void run(int seconds) throws ServerUnreachableException {
        for (int i = 0; i < seconds; i++) {
            nowNanos += SECOND;
            while (delivery.step(nowNanos) > 0) {
                // More of it.
            }
        }
    }

    private int sent() {
        return proxies.stream().mapToInt(proxy -> proxy.received.get()).sum();
    }

    private int packets() {
        return proxies.stream().mapToInt(proxy -> proxy.packets.size()).sum();
    }

    private List<ZabbixValue> accepted() {
        List<ZabbixValue> all = new ArrayList<>();
        proxies.forEach(proxy -> all.addAll(proxy.accepted));
        return all;
    }

    private void reset() {
        proxies.forEach(proxy -> {
            proxy.received.set(0);
            proxy.packets.clear();
            proxy.accepted.clear();
        });
    }

    /** Every value once, those of a host in the order of their making. */
    private void assertOnceInOrder(int values) {
        assertEquals(values, accepted().size());
        assertEquals(values, new HashSet<>(accepted()).size());
        for (FakeTrapper proxy : proxies) {
            Map<String, Long> last = new HashMap<>();
            for (ZabbixValue value : proxy.accepted) {
                Long before = last.put(value.host(), value.clockSeconds());
                assertTrue(before == null || before < value.clockSeconds(), value.toString());
            }
        }
    }

    private void spread() {
        for (int i = 0; i < HOSTS; i++) {
            homes.put(host(i), i % proxies.size());
        }
    }

    private void learn() throws ServerUnreachableException {
        spread();
        round(HOSTS);
        run(1);
        reset();
    }

    @Test
    void afterLearningEachValueIsSentOnceInFewPackets() throws Exception {
        spread();
        round(HOSTS);
        run(1);
        assertEquals(10 * HOSTS, new HashSet<>(accepted()).size());
        reset();
        for (int minute = 0; minute < 5; minute++) {
            round(HOSTS);
            run(1);
        }
        assertOnceInOrder(5 * 10 * HOSTS);
        assertEquals(5 * 10 * HOSTS, sent(), "values sent once each");
        // Two lanes times three proxies, and the first packet that is cut in parts.
        assertTrue(packets() <= 5 * 8, packets() + " packets");
    }

    @Test
    void hostsThatMoveAreFollowedAndTheOthersStay() throws Exception {
        learn();
        for (int i = 0; i < HOSTS; i += 30) {
            homes.put(host(i), (i + 1) % proxies.size());
        }
        round(HOSTS);
        run(1);
        assertEquals(10 * HOSTS, new HashSet<>(accepted()).size());
        reset();
        round(HOSTS);
        run(1);
        assertOnceInOrder(10 * HOSTS);
        assertEquals(10 * HOSTS, sent());
    }

    @Test
    void aProxyThatDiesIsNamedAndOnlyItsHostsAreLearnedAgain() throws Exception {
        learn();
        ZabbixServer dead = proxies.get(2).address();
        proxies.get(2).close();
        round(HOSTS);
        String message =
                assertThrows(ServerUnreachableException.class, () -> run(1)).getMessage();
        assertTrue(
                message.contains(dead + " (redirected by " + proxies.get(0).address() + "): connection refused"),
                message);
        homes.replaceAll((host, home) -> home == 2 ? 1 : home);
        run(1);
        assertOnceInOrder(10 * HOSTS);
        reset();
        round(HOSTS);
        run(1);
        assertOnceInOrder(10 * HOSTS);
        assertEquals(10 * HOSTS, sent());
        assertTrue(packets() <= 8, packets() + " packets");
    }

    @Test
    void aHostThatNobodyKnowsDoesNotHideTheGroup() throws Exception {
        // As the first of every packet it is never redirected.
        for (int i = 1; i < 100; i++) {
            homes.put(host(i), 1);
        }
        round(100);
        run(120);
        assertEquals(990, new HashSet<>(accepted()).size());
        assertEquals(10, held.values());
    }

    @Test
    void aHostThatLeftTheGroupIsAskedForAtTheConfiguredOne() throws Exception {
        learn();
        homes.remove(host(2));
        round(HOSTS);
        run(1);
        homes.put(host(2), 0);
        run(120);
        assertEquals(10 * HOSTS, new HashSet<>(accepted()).size());
        assertEquals(0, held.values());
    }

    @Test
    void oneHostIsRedirectedOnce() throws Exception {
        homes.put("gza", 2);
        for (int i = 0; i < 10; i++) {
            client.send(List.of(new ZabbixValue("gza", "k", "1", i, 0)));
        }
        assertEquals(1, proxies.get(0).packets.size());
        assertEquals(10, proxies.get(2).packets.size());
    }
}
