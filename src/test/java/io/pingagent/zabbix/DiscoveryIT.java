package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixHost;
import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.sender.PacketEncoder;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.transport.PlainTransport;
import io.pingagent.zabbix.transport.SocketTransport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class DiscoveryIT {

    private static final long SECOND = 1_000_000_000L;

    private final FakeTrapper server = new FakeTrapper();
    private final FakeTargets targets = new FakeTargets(2);
    private final SenderClient client = new SenderClient(
            List.of(server.address()), new PlainTransport(SocketTransport.Limits.DEFAULT), () -> 0, true);
    private final Discovery discovery = new Discovery(
            "gza",
            ZabbixKeys.DISCOVERY,
            DiscoveryJson.ofAddresses(targets, "a1", ""),
            targets::version,
            () -> 0,
            Duration.ofMinutes(10).toNanos());
    private long nowNanos = Long.MAX_VALUE - 5 * SECOND;

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private boolean after(long seconds) {
        nowNanos += seconds * SECOND;
        return discovery.sendIfDue(client, nowNanos);
    }

    @Test
    void documentsAreCompleteAndSorted() {
        assertEquals(
                "[{\"{#IP}\":\"192.0.2.0\",\"{#GROUP}\":\"g\\\"1\\\"\",\"{#JOB}\":\"core\",\"{#AGENT}\":\"a1\","
                        + "\"{#NAME}\":\"192.0.2.0\",\"{#PARENT}\":\"\",\"{#LABELS}\":\"\",\"{#LABEL.SITE}\":\"\","
                        + "\"{#WHO}\":\"192.0.2.0\",\"{#ITEMS}\":\"\"},"
                        + "{\"{#IP}\":\"192.0.2.1\",\"{#GROUP}\":\"g\\\"1\\\"\",\"{#JOB}\":\"core\",\"{#AGENT}\":\"a1\","
                        + "\"{#NAME}\":\"192.0.2.1\",\"{#PARENT}\":\"\",\"{#LABELS}\":\"\",\"{#LABEL.SITE}\":\"\","
                        + "\"{#WHO}\":\"192.0.2.1\",\"{#ITEMS}\":\"\"}]",
                DiscoveryJson.addresses(targets, "a1"));
        assertEquals("[]", DiscoveryJson.ofErrList(targets, "a1", "").text());
        targets.onErrList.add(1);
        assertTrue(DiscoveryJson.ofErrList(targets, "a1", "").text().contains("192.0.2.1"));
    }

    @Test
    void addressesWithHostsOfTheirOwnAreInNoList() {
        targets.onErrList.add(0);
        targets.onErrList.add(1);
        targets.hosts.put(1, ZabbixHost.parse("router-1"));

        assertFalse(DiscoveryJson.addresses(targets, "a1").contains("192.0.2.1"));
        assertFalse(DiscoveryJson.ofErrList(targets, "a1", "").text().contains("192.0.2.1"));
        assertFalse(DiscoveryJson.ofHosts(targets, "a1", "", "gza").text().contains("192.0.2.1"));
        assertTrue(DiscoveryJson.addresses(targets, "a1").contains("192.0.2.0"));
    }

    @Test
    void anUnchangedListGoesOutOncePerInterval() {
        assertTrue(after(0));
        for (int i = 0; i < 599; i++) {
            assertFalse(after(1));
        }
        assertEquals(1, server.packets.size());
        assertFalse(after(1), "sent, but nothing new");
        assertEquals(2, server.packets.size());
    }

    @Test
    void aChangeGoesOutSoonButNotEachOfMany() {
        after(0);
        after(100);
        for (int i = 0; i < 8; i++) {
            targets.add();
            assertFalse(after(1));
        }
        assertFalse(after(1));
        assertTrue(after(1));
        assertEquals(2, server.packets.size());
    }

    @Test
    void changesWithoutEndGoOutNevertheless() {
        after(0);
        after(100);
        for (int i = 0; i < 60; i++) {
            targets.add();
            after(1);
        }
        int lists = server.packets.size() - 1;
        assertTrue(lists >= 5 && lists <= 6, "lists in 60 s: " + lists);
    }

    @Test
    void aChangeThatWasTakenBackCostsNothing() {
        after(0);
        targets.touch();
        after(60);
        after(60);
        assertEquals(1, server.packets.size());
    }

    @Test
    void anUnknownRuleIsTriedAgainWithBackOff() {
        server.unknownKeys.add(ZabbixKeys.DISCOVERY);
        for (int i = 0; i < 300; i++) {
            assertFalse(after(1));
        }
        int tries = server.packets.size();
        assertTrue(tries >= 5 && tries <= 10, "tries " + tries);
        server.unknownKeys.clear();
        boolean taken = false;
        for (int i = 0; i < 61 && !taken; i++) {
            taken = after(1);
        }
        assertTrue(taken);
    }

    @Test
    void whileNoServerAnswersItStaysDue() {
        server.behaviour = (in, out) -> {};
        assertFalse(after(0));
        assertTrue(onlyProblem().contains("it was not taken, with 1 KiB: no Zabbix server"), onlyProblem());
        server.behaviour = server::serveWell;
        assertTrue(after(1));
        assertEquals(List.of(), discovery.problems());
    }

    @Test
    void whileNoServerAnswersItIsNotTriedAllTheTime() {
        server.behaviour = (in, out) -> server.packets.add(List.of());
        for (int i = 0; i < 100; i++) {
            assertFalse(after(1));
        }
        int tries = server.packets.size();
        assertTrue(tries >= 8 && tries <= 15, "tries " + tries);
    }

    /** zabbix-sender's JSON library refuses from some 77,000 rows on; the exception ended every cycle of the bridge. */
    @Test
    void aListOfAnyLengthIsSentWhole() {
        targets.count.set(200_000);
        assertTrue(after(0));
        String text = server.packets.get(0).get(0).value();
        assertTrue(text.length() > 13_000_000, "characters: " + text.length());
        assertTrue(text.equals(DiscoveryJson.addresses(targets, "a1")), "another text");
        assertEquals(List.of(), discovery.problems());
    }

    /** The templates make items of these only: no site has items without values. */
    @Test
    void rowsNameTheItemsThatWereOptedFor() {
        BridgeSettings some = FakeTargets.settings(
                EnumSet.of(AddressItem.TTL, AddressItem.STATUS, AddressItem.RTT, AddressItem.RTT_P95), false);
        for (boolean isErrList : new boolean[] {false, true}) {
            targets.onErrList.add(1);
            assertTrue(
                    DiscoveryJson.text(some, targets, isErrList).contains("\"{#ITEMS}\":\"rtt.p95,ttl\""),
                    "err list: " + isErrList);
        }
        BridgeSettings hosts = FakeTargets.settings(EnumSet.allOf(AddressItem.class), true);
        assertTrue(DiscoveryJson.text(hosts, targets, false)
                .contains("\"{#ITEMS}\":\"rtt.p50,rtt.p95,rtt.p99,rtt.stddev,ttl,path\",\"{#HOST}\""));
    }

    @Test
    void aTextOfAnyLengthIsSentByTheCommandToo() throws Exception {
        String text = "\"ü\\".repeat(4_000_000);
        assertEquals(
                0,
                client.send(List.of(new ZabbixValue("gza", "ping.discovery", text, 3, 4)))
                        .failed());
        ZabbixValue received = server.packets.get(0).get(0);
        assertTrue(received.value().equals(text), "another text");
        assertEquals(
                new ZabbixValue("gza", "ping.discovery", "", 3, 4), new ZabbixValue("gza", received.key(), "", 3, 4));
    }

    @Test
    void aListThatCannotBeMadeThrowsNothingAndIsTriedAgain() {
        targets.failure = new IllegalStateException("torn");
        for (int i = 0; i < 300; i++) {
            assertFalse(after(1));
        }
        assertTrue(targets.failures.get() >= 5 && targets.failures.get() <= 10, "tries " + targets.failures);
        assertTrue(onlyProblem().contains("it could not be made: torn"), onlyProblem());
        targets.failure = null;
        boolean taken = false;
        for (int i = 0; i < 61 && !taken; i++) {
            taken = after(1);
        }
        assertTrue(taken);
        assertEquals(List.of(), discovery.problems());
    }

    @Test
    void aRuleThatTheServerDoesNotKnowIsAProblemUntilItDoes() {
        server.unknownKeys.add(ZabbixKeys.DISCOVERY);
        after(0);
        assertTrue(onlyProblem().startsWith("list ping.discovery of Zabbix host gza: the server does not take it"));
        server.unknownKeys.clear();
        after(5);
        assertEquals(List.of(), discovery.problems());
    }

    @Test
    void aListLongerThanAServerTakesIsRefusedWithItsLimit() {
        IOException refused = assertThrows(
                IOException.class,
                () -> PacketEncoder.encodeList("h", "k", out -> out.write("x".repeat(3 << 20)), 0, 2 << 20));
        assertEquals("it is longer than the 2 MiB that a Zabbix server takes", refused.getMessage());
    }

    @Test
    void everyCharacterOfAListIsReadBack() throws Exception {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x3000; c++) {
            all.append(c);
        }
        all.append("\ud83d\ude00");
        byte[] frame = PacketEncoder.encodeList("h\"", "k[\"a\"]", out -> out.write(all.toString()), 5_000_000_006L)
                .frame();
        assertEquals(
                List.of(new ZabbixValue("h\"", "k[\"a\"]", all.toString(), 5, 6)),
                FakeTrapper.readValues(new ByteArrayInputStream(frame)));
    }

    @Test
    void theDigestIsOfTheListAlone() throws Exception {
        byte[] one =
                PacketEncoder.encodeList("h", "k", out -> out.write("abc"), 1).digest();
        assertArrayEquals(
                one,
                PacketEncoder.encodeList("g", "k", out -> out.write("abc"), 2_000_000_000L)
                        .digest());
        assertFalse(Arrays.equals(
                one,
                PacketEncoder.encodeList("h", "k", out -> out.write("abd"), 1).digest()));
    }

    @Test
    void addressesAreInOrderWhateverTheirIds() throws Exception {
        targets.count.set(3);
        targets.addresses = List.of("255.0.0.1", "2001:db8::1", "9.0.0.1");
        String text = DiscoveryJson.addresses(targets, "a1");
        List<Integer> places = Stream.of("9.0.0.1", "255.0.0.1", "2001:db8::1")
                .map(text::indexOf)
                .toList();
        assertEquals(places.stream().sorted().toList(), places, text);
        assertFalse(places.contains(-1), text);
    }

    @Test
    void namesThatZabbixCannotTakeAreShownWithAMarkAndAreAProblem() {
        targets.group = "edge\\";
        assertTrue(after(0));
        String text = server.packets.get(0).get(0).value();
        assertTrue(text.contains("\"{#GROUP}\":\"edge\\\\…\""), text);
        assertTrue(onlyProblem().startsWith("group 'edge\\': Zabbix cannot take a name like this"), onlyProblem());
        targets.group = "edge";
        targets.touch();
        after(60);
        after(60);
        assertEquals(List.of(), discovery.problems());
    }

    private String onlyProblem() {
        List<Problem> problems = discovery.problems();
        assertEquals(1, problems.size(), problems.toString());
        return problems.get(0).toString();
    }
}
