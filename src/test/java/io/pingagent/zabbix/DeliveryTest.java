package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    private final FakeTrapper server = new FakeTrapper();
    private final SenderClient client = new SenderClient(
            List.of(server.address()), new PlainTransport(SocketTransport.Limits.DEFAULT), () -> 0, true);
    private ValueBuffer queue;
    private ValueBuffer held;
    private Delivery delivery;
    private long nowNanos;
    private int next;

    @BeforeEach
    void open() throws IOException {
        queue = new ValueBuffer(directory.resolve("q"), 64 << 20, Duration.ofDays(10_000_000), () -> 0);
        held = new ValueBuffer(directory.resolve("h"), 64 << 20, Duration.ofDays(10_000_000), () -> 0);
        delivery = new Delivery(client, queue, held);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        queue.close();
        held.close();
    }

    private static String key(int address) {
        return AddressItem.LOSS.key(FakeTargets.ip(address));
    }

    /** One value of each address. */
    private List<ZabbixValue> round(int addresses) {
        List<ZabbixValue> values = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            values.add(new ZabbixValue("gza", key(i), Integer.toString(next), next++, 0));
        }
        queue.append(values);
        return values;
    }

    private void run(long seconds) throws ServerAwayException {
        for (long i = 0; i < seconds * 10; i++) {
            nowNanos += SECOND / 10;
            while (delivery.step(nowNanos) > 0) {
                // More of it.
            }
        }
    }

    private void assertOrderPerKey() {
        java.util.Map<String, Long> last = new java.util.HashMap<>();
        for (ZabbixValue value : server.accepted) {
            Long before = last.put(value.key(), value.clockSeconds());
            assertTrue(before == null || before <= value.clockSeconds(), value.toString());
        }
    }

    @Test
    void knownKeysGoInLargePacketsInOrder() throws Exception {
        List<ZabbixValue> expected = new ArrayList<>(round(1_000));
        run(1);
        assertEquals(4, server.packets.size(), "keys not seen before, 250 each");
        expected.addAll(round(1_000));
        expected.addAll(round(1_000));
        run(1);
        assertEquals(5, server.packets.size());
        assertEquals(expected, server.accepted);
        assertEquals(3_000, delivery.accepted());
    }

    @Test
    void valuesOfUnknownItemsWaitAndGoOutOnceInOrder() throws Exception {
        for (int i = 0; i < 700; i++) {
            server.unknownKeys.add(key(i));
        }
        List<ZabbixValue> all = new ArrayList<>(round(700));
        run(5);
        all.addAll(round(700));
        run(20);
        assertEquals(0, queue.values());
        assertEquals(1_400, held.values());
        server.unknownKeys.clear();
        run(61);
        all.addAll(round(700));
        run(1);
        assertEquals(0, held.values());
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
        assertEquals(all.size(), server.accepted.size(), "nothing accepted was sent again");
        assertOrderPerKey();
    }

    @Test
    void someUnknownAmongNewKeysAreFoundByHalving() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 10; i++) {
            server.unknownKeys.add(key(random.nextInt(500)));
        }
        int unknown = server.unknownKeys.size();
        List<ZabbixValue> all = new ArrayList<>(round(500));
        run(1);
        assertEquals(unknown, held.values());
        server.packets.clear();
        all.addAll(round(500));
        run(1);
        assertEquals(
                500 - unknown, server.packets.get(server.packets.size() - 1).size(), "held keys do not spoil packets");
        server.unknownKeys.clear();
        run(130);
        assertEquals(0, held.values());
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
        assertOrderPerKey();
    }

    @Test
    void aKeyThatVanishesIsHeldAndTheOthersGoOn() throws Exception {
        round(300);
        run(1);
        server.unknownKeys.add(key(7));
        round(300);
        round(300);
        run(1);
        assertEquals(2, held.values());
        assertEquals(0, queue.values());
    }

    @Test
    void anUnknownHostCostsFewPackets() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            server.unknownKeys.add(key(i));
        }
        for (int i = 0; i < 5; i++) {
            round(2_000);
            run(60);
        }
        assertEquals(10_000, held.values());
        assertTrue(server.packets.size() < 300, "packets " + server.packets.size());
    }

    @Test
    void whatWasAcceptedBeforeTheServerWentAwayIsNotSentAgain() throws Exception {
        List<ZabbixValue> all = round(1_000);
        delivery.step(nowNanos);
        delivery.step(nowNanos);
        server.behaviour = (in, out) -> {};
        for (int i = 0; i < 5; i++) {
            assertThrows(ServerAwayException.class, () -> delivery.step(nowNanos));
        }
        server.behaviour = server::serveWell;
        run(1);
        assertEquals(all, server.accepted);
    }

    @Test
    void heldValuesSurviveARestart() throws Exception {
        for (int i = 0; i < 20; i++) {
            server.unknownKeys.add(key(i));
        }
        List<ZabbixValue> all = new ArrayList<>(round(40));
        run(1);
        queue.close();
        held.close();
        open();
        assertEquals(20, held.values());
        all.addAll(round(40));
        server.unknownKeys.clear();
        run(61);
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
        assertEquals(80, server.accepted.size() - duplicates());
        assertOrderPerKey();
    }

    private int duplicates() {
        return server.accepted.size() - new HashSet<>(server.accepted).size();
    }
}
