package io.pingagent.zabbix.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.BridgedItems;
import io.pingagent.zabbix.FakeTargets;
import io.pingagent.zabbix.FakeTrapper;
import io.pingagent.zabbix.ZabbixKeys;
import io.pingagent.zabbix.buffer.FakeDisk;
import io.pingagent.zabbix.buffer.HeldValues;
import io.pingagent.zabbix.buffer.ValueBuffer;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import io.pingagent.zabbix.transport.PlainTransport;
import io.pingagent.zabbix.transport.SenderTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryIT {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    private final FakeTrapper server = new FakeTrapper();
    private final SenderClient client = new SenderClient(
            List.of(server.address()), new PlainTransport(SocketTransport.Limits.DEFAULT), () -> 0, true);
    private final Set<String> left = ConcurrentHashMap.newKeySet();
    private ValueBuffer queue;
    private HeldValues held;
    private Delivery delivery;
    private long nowNanos;
    private int next;

    @BeforeEach
    void open() throws IOException {
        queue = new ValueBuffer(directory.resolve("q"), 64 << 20, Duration.ofDays(10_000_000), () -> 0);
        held = new HeldValues(directory.resolve("h"), 64 << 20, Duration.ofDays(10_000_000), () -> 0);
        delivery = new Delivery(client, queue, held, new BridgedItems(left::contains));
    }

    @AfterEach
    void close() throws IOException {
        delivery.close();
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

    private void run(long seconds) throws ServerUnreachableException {
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
    void knownItemsGoInLargePacketsInOrder() throws Exception {
        List<ZabbixValue> expected = new ArrayList<>(round(1_000));
        run(1);
        assertTrue(server.packets.size() >= 4 && largest() <= 250, "not seen before: " + server.packets.size());
        server.packets.clear();
        for (int i = 0; i < 10; i++) {
            expected.addAll(round(1_000));
        }
        run(1);
        assertTrue(server.packets.size() <= 14 && largest() <= Delivery.PACKET, "known: " + server.packets.size());
        assertEquals(expected.size(), server.accepted.size());
        assertEquals(new HashSet<>(expected), new HashSet<>(server.accepted));
        assertOrderPerKey();
        assertEquals(11_000, delivery.accepted());
    }

    @Test
    void allItemsOfAnAddressKeepTheirOrder() throws Exception {
        java.util.Map<String, List<Long>> made = new java.util.HashMap<>();
        for (int interval = 0; interval < 12; interval++) {
            List<ZabbixValue> values = new ArrayList<>();
            for (int i = 0; i < 1_500; i++) {
                String ip = FakeTargets.ip(i);
                for (AddressItem item : List.of(AddressItem.LOSS, AddressItem.RTT)) {
                    values.add(new ZabbixValue("gza", item.key(ip), "1", next, 0));
                    made.computeIfAbsent(ip, address -> new ArrayList<>()).add((long) next++);
                }
            }
            queue.append(values);
            if (interval == 0) {
                // Known from here on, so that packets are large and several lanes are used.
                run(1);
            }
        }
        run(1);
        java.util.Map<String, List<Long>> taken = new java.util.HashMap<>();
        for (ZabbixValue value : server.accepted) {
            taken.computeIfAbsent(ZabbixKeys.addressOf(value.key()).orElseThrow(), address -> new ArrayList<>())
                    .add(value.clockSeconds());
        }
        made.forEach((ip, order) -> assertEquals(order, taken.get(ip), ip));
    }

    private int largest() {
        return server.packets.stream().mapToInt(List::size).max().orElse(0);
    }

    @Test
    void packetsOfNewItemsGrowWhileAllIsAccepted() throws Exception {
        List<ZabbixValue> all = round(20_000);
        delivery.step(nowNanos);
        assertTrue(largest() <= 250, "largest " + largest());
        run(1);
        assertTrue(largest() >= 500 && server.packets.size() < 80, "packets " + server.packets.size());
        assertEquals(20_000, server.accepted.size());
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
    }

    @Test
    void valuesThatFollowARejectedOneAreNotTriedInTheSameBatch() throws Exception {
        for (int i = 0; i < 300; i++) {
            server.unknownKeys.add(key(i));
        }
        List<ZabbixValue> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.addAll(round(300));
        }
        // The server gets to know all of them after the first packet of each lane.
        AtomicInteger connections = new AtomicInteger();
        server.behaviour = (in, out) -> {
            if (connections.incrementAndGet() > Delivery.LANES) {
                server.unknownKeys.clear();
            }
            server.serveWell(in, out);
        };
        run(30);
        assertEquals(0, held.values() + queue.values());
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
        assertOrderPerKey();
    }

    @Test
    void anItemOfOneHostIsNotThatOfAnother() throws Exception {
        server.unknownHosts.add("ping gza 192.0.2.2");
        List<ZabbixValue> values = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (int host = 1; host < 4; host++) {
                values.add(new ZabbixValue("ping gza 192.0.2." + host, "ping.status", "1", i, 0));
            }
        }
        queue.append(values);
        run(20);
        assertEquals(3, held.values());
        assertEquals(6, new HashSet<>(server.accepted).size());
        server.unknownHosts.clear();
        run(61);
        assertEquals(new HashSet<>(values), new HashSet<>(server.accepted));
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
    void aNewHostsOwnValuesAreSentOnceAlthoughThoseOfItsAddressesAreRefused() throws Exception {
        List<ZabbixValue> own = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            server.unknownKeys.add(key(i));
            own.add(new ZabbixValue("gza", "ping.agent." + i, "1", next++, 0));
        }
        for (ZabbixValue value : own) {
            queue.append(List.of(value));
            round(20);
        }
        run(5);
        assertEquals(new HashSet<>(own), new HashSet<>(server.accepted));
        assertEquals(own.size(), server.accepted.size(), "none twice");
        assertEquals(own.size() * 20L, held.values());
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
        AtomicInteger connections = new AtomicInteger();
        server.behaviour = (in, out) -> {
            if (connections.incrementAndGet() <= 3) {
                server.serveWell(in, out);
            }
        };
        for (int i = 0; i < 5; i++) {
            assertThrows(ServerUnreachableException.class, () -> delivery.step(nowNanos));
        }
        assertTrue(server.accepted.size() >= 300 && server.accepted.size() < 1_000, "" + server.accepted.size());
        server.behaviour = server::serveWell;
        run(1);
        assertEquals(1_000, server.accepted.size());
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
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

    @Test
    void aFailureOfOneLaneDoesNotMixUpTheAnswersOfTheOthers() throws Exception {
        AtomicInteger exchanges = new AtomicInteger();
        SenderTransport plain = new PlainTransport(SocketTransport.Limits.DEFAULT);
        SenderTransport failing = new SenderTransport() {
            @Override
            public byte[] exchange(ZabbixServer to, byte[] frame) throws IOException {
                if (exchanges.incrementAndGet() % 4 == 0) {
                    throw new IllegalStateException("on purpose");
                }
                return plain.exchange(to, frame);
            }

            @Override
            public void close() {
                plain.close();
            }
        };
        List<ZabbixValue> all = round(3_000);
        int failures = 0;
        try (SenderClient other = new SenderClient(List.of(server.address()), failing, () -> 0, true);
                Delivery second = new Delivery(other, queue, held, new BridgedItems(host -> false))) {
            for (int i = 0; i < 100 && queue.values() > 0; i++) {
                try {
                    second.step(nowNanos);
                } catch (IllegalStateException e) {
                    failures++;
                }
            }
        }
        assertTrue(failures > 2, "failures " + failures);
        assertEquals(0, queue.values() + held.values());
        assertEquals(3_000, server.accepted.size());
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
    }

    @Test
    void stopInTheMiddleOfABatchDoublesNothing() throws Exception {
        AtomicInteger exchanges = new AtomicInteger();
        SenderTransport plain = new PlainTransport(SocketTransport.Limits.DEFAULT);
        SenderTransport dying = new SenderTransport() {
            @Override
            public byte[] exchange(ZabbixServer to, byte[] frame) throws IOException {
                if (exchanges.incrementAndGet() > 4) {
                    throw new IOException("on purpose");
                }
                return plain.exchange(to, frame);
            }

            @Override
            public void close() {
                plain.close();
            }
        };
        List<ZabbixValue> all = round(3_000);
        try (SenderClient other = new SenderClient(List.of(server.address()), dying, () -> 0, true);
                Delivery first = new Delivery(other, queue, held, new BridgedItems(host -> false))) {
            assertThrows(ServerUnreachableException.class, () -> first.step(nowNanos));
            first.putAside();
        }
        int before = server.accepted.size();
        assertTrue(before > 0 && before < 3_000, "taken before the stop: " + before);
        assertEquals(3_000 - before, queue.values() + held.values());
        delivery = new Delivery(client, queue, held, new BridgedItems(host -> false));
        all.addAll(round(3_000));
        run(30);
        assertEquals(6_000, server.accepted.size());
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
        assertOrderPerKey();
        assertEquals(0, queue.dropped() + held.dropped());
    }

    @Test
    void itemsThatAFilterLeavesOutAreGivenUpWithoutALossAndTakenUpAgain() throws Exception {
        for (int i = 0; i < 50; i++) {
            server.unknownKeys.add(key(i));
        }
        for (int minute = 0; minute < 6; minute++) {
            round(100);
            run(60);
        }
        assertEquals(50, delivery.givenUpItems());
        assertEquals(0, held.values() + queue.values(), "they are not waiting");
        assertTrue(server.accepted.size() >= 300, "others");
        assertEquals(0, held.dropped() + queue.dropped(), "they are no loss");
        assertEquals(300, delivery.unwanted());
        assertTrue(delivery.notice().contains("50 items"), delivery.notice());
        assertEquals(List.of(), delivery.problems(), "a filter is no problem");
        server.packets.clear();
        server.unknownKeys.clear();
        run(9 * 60);
        assertEquals(0, delivery.givenUpItems());
        List<ZabbixValue> last = round(100);
        run(1);
        assertTrue(server.accepted.containsAll(last), "known again");
        assertTrue(largest() <= 100, "not all at once: " + largest());
        assertOrderPerKey();
    }

    @Test
    void theNewestValueOfAGivenUpItemGoesOutWhenTheItemExists() throws Exception {
        server.unknownKeys.add(key(0));
        List<ZabbixValue> last = List.of();
        for (int minute = 0; minute < 6; minute++) {
            last = round(2);
            run(60);
        }
        assertEquals(1, delivery.givenUpItems());
        server.unknownKeys.clear();
        run(9 * 60);
        assertTrue(server.accepted.contains(last.get(0)), "without a newer one");
        assertOrderPerKey();
    }

    @Test
    void aHostOfWhichNothingIsTakenIsAProblemAndKeepsItsValues() throws Exception {
        server.unknownHosts.add("gza");
        List<ZabbixValue> all = new ArrayList<>();
        for (int minute = 0; minute < 6; minute++) {
            all.addAll(round(3_000));
            run(60);
        }
        assertEquals(18_000, held.values());
        assertEquals(0, delivery.givenUpItems());
        assertTrue(
                delivery.problems().get(0).what().contains("takes no value of host 'gza'"),
                delivery.problems().toString());
        server.packets.clear();
        run(120);
        assertTrue(server.packets.size() <= 12, "only a sample is tried: " + server.packets.size());
        server.unknownHosts.clear();
        run(70);
        assertEquals(List.of(), delivery.problems());
        assertEquals(0, held.values());
        assertEquals(new HashSet<>(all), new HashSet<>(server.accepted));
        assertEquals(0, duplicates());
        assertOrderPerKey();
    }

    @Test
    void nothingWaitsForAHostThatIsNoneAnyMore() throws Exception {
        server.unknownHosts.add("router-1");
        List<ZabbixValue> values = new ArrayList<>();
        for (int minute = 0; minute < 25; minute++) {
            for (String host : List.of("router-1", "router-2")) {
                values.add(new ZabbixValue(host, "ping.status", "1", minute, 0));
                values.add(new ZabbixValue(host, "ping.loss", "0", minute, 0));
            }
            queue.append(values.subList(values.size() - 4, values.size()));
            run(60);
        }
        assertEquals(50, held.values());
        assertEquals(1, delivery.problems().size(), delivery.problems().toString());

        left.add("router-1");
        run(130);

        assertEquals(0, held.values());
        assertEquals(0, held.dropped());
        assertEquals(List.of(), delivery.problems());
        assertEquals(50, new HashSet<>(server.accepted).size());
    }

    @Test
    void aPassWritesNothingOfWhatStays() throws Exception {
        FakeDisk disk = new FakeDisk();
        try (HeldValues other =
                        new HeldValues(directory.resolve("o"), 64 << 20, Duration.ofDays(10_000_000), () -> 0, disk);
                Delivery second = new Delivery(client, queue, other, new BridgedItems(host -> false))) {
            server.unknownHosts.add("gza");
            round(20_000);
            for (int i = 0; i < 50; i++) {
                nowNanos += SECOND;
                second.step(nowNanos);
            }
            long before = disk.written;
            int packets = server.packets.size();
            for (int i = 0; i < 300; i++) {
                nowNanos += SECOND;
                second.step(nowNanos);
            }
            assertTrue(server.packets.size() > packets, "passes were made");
            assertEquals(before, disk.written);
        }
    }

    @Test
    void newValuesOfKnownItemsGoOutBetweenTheChunksOfAPass() throws Exception {
        List<ZabbixValue> known = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            known.add(new ZabbixValue("other", key(i), "1", next++, 0));
        }
        queue.append(known);
        run(1);
        server.unknownHosts.addAll(java.util.stream.IntStream.range(0, 20_000)
                .mapToObj(i -> "h" + i)
                .toList());
        List<ZabbixValue> unknown = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            unknown.add(new ZabbixValue("h" + i, "ping.status", "1", next++, 0));
        }
        queue.append(unknown);
        run(1);
        // A pass is under way now.
        nowNanos += 2 * SECOND;
        delivery.step(nowNanos);
        ZabbixValue urgent = new ZabbixValue("other", key(0), "1", next++, 0);
        queue.append(List.of(urgent));
        for (int i = 0; i < 12 && !server.accepted.contains(urgent); i++) {
            delivery.step(nowNanos);
        }
        assertTrue(server.accepted.contains(urgent));
        assertEquals(20_000, held.values());
    }

    private int duplicates() {
        return server.accepted.size() - new HashSet<>(server.accepted).size();
    }
}
