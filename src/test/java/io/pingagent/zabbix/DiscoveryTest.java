package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class DiscoveryTest {

    private static final long SECOND = 1_000_000_000L;

    private final FakeTrapper server = new FakeTrapper();
    private final FakeTargets targets = new FakeTargets(2);
    private final SenderClient client = new SenderClient(
            List.of(server.address()), new PlainTransport(SocketTransport.Limits.DEFAULT), () -> 0, true);
    private final Discovery discovery = new Discovery(
            "gza",
            ZabbixKeys.DISCOVERY,
            () -> DiscoveryJson.addresses(targets, "a1"),
            targets::version,
            () -> 0,
            Duration.ofMinutes(10).toNanos());
    private long nowNanos = Long.MAX_VALUE - 5 * SECOND;

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private boolean after(long seconds) throws ServerAwayException {
        nowNanos += seconds * SECOND;
        return discovery.sendIfDue(client, nowNanos);
    }

    @Test
    void documentsAreCompleteAndSorted() {
        assertEquals(
                "[{\"{#IP}\":\"192.0.2.0\",\"{#GROUP}\":\"g\\\"1\\\"\",\"{#JOB}\":\"core\",\"{#AGENT}\":\"a1\"},"
                        + "{\"{#IP}\":\"192.0.2.1\",\"{#GROUP}\":\"g\\\"1\\\"\",\"{#JOB}\":\"core\",\"{#AGENT}\":\"a1\"}]",
                DiscoveryJson.addresses(targets, "a1"));
        assertEquals("[]", DiscoveryJson.errList(targets, "a1"));
        targets.onErrList.add(1);
        assertTrue(DiscoveryJson.errList(targets, "a1").contains("192.0.2.1"));
    }

    @Test
    void anUnchangedListGoesOutOncePerInterval() throws Exception {
        assertTrue(after(0));
        for (int i = 0; i < 599; i++) {
            assertFalse(after(1));
        }
        assertEquals(1, server.packets.size());
        assertFalse(after(1), "sent, but nothing new");
        assertEquals(2, server.packets.size());
    }

    @Test
    void aChangeGoesOutSoonButNotEachOfMany() throws Exception {
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
    void changesWithoutEndGoOutAllTheSame() throws Exception {
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
    void aChangeThatWasTakenBackCostsNothing() throws Exception {
        after(0);
        targets.touch();
        after(60);
        after(60);
        assertEquals(1, server.packets.size());
    }

    @Test
    void anUnknownRuleIsTriedAgainWithBackOff() throws Exception {
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
    void whileNoServerAnswersItStaysDue() throws Exception {
        server.behaviour = (in, out) -> {};
        assertThrows(ServerAwayException.class, () -> after(0));
        server.behaviour = server::serveWell;
        assertTrue(after(1));
    }
}
