package io.pingagent.redis.writer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.testkit.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

@Execution(ExecutionMode.CONCURRENT)
class StateWriterIT {

    private static final String AGENT = "gza";
    private static final String ERR_LIST = "agent-err-list_gza";
    private static final String STATUS = "agent-all-ip-status_gza";

    private static final Pattern EXEC_CALLS = Pattern.compile("cmdstat_exec:calls=(\\d+)");

    private RedisServer server;
    private Jedis redis;
    private StateWriter writer;

    @BeforeEach
    void startRedis() {
        server = RedisServer.started();
        redis = new Jedis(server.url());
    }

    @AfterEach
    void stop() {
        if (writer != null) {
            writer.close(Duration.ofSeconds(2));
        }
        redis.close();
        server.close();
    }

    private static RedisSettings settings(URI url, boolean decimal, boolean perIp) {
        return RedisSettings.of(AGENT, url)
                .within(Duration.ofSeconds(1), Duration.ofSeconds(5))
                .writing(new RedisSettings.Written(Duration.ofSeconds(1), Duration.ofSeconds(3), decimal, perIp));
    }

    private StateWriter start(FakeTable table) {
        return start(table, settings(server.url(), false, false));
    }

    private StateWriter start(FakeTable table, RedisSettings settings) {
        writer = new StateWriter(settings, new RedisConnector(settings), new RedisKeys(settings.agent()), table, table);
        writer.start();
        return writer;
    }

    private static void soon(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    @Test
    void writesWholeMillisecondsWithTheTtlOfTheAddress() {
        FakeTable table = FakeTable.of("192.0.2.1", "2001:db8::1");
        table.rttMicros(0, 11_500);
        table.rttMicros(1, 20);
        start(table).replied(0);
        writer.replied(1);
        soon(() -> assertEquals("12", redis.get("agent-ip-last-ms_gza_192.0.2.1")));
        soon(() -> assertEquals("1", redis.get("agent-ip-last-ms_gza_2001:db8::1")));
        long pttl = redis.pttl("agent-ip-last-ms_gza_192.0.2.1");
        assertTrue(pttl > 0 && pttl <= 20_000, "pttl " + pttl);
        soon(() -> assertEquals(2, writer.written()));
        assertTrue(writer.connected());
        assertNull(writer.lastError());
    }

    @Test
    void writesDecimalsAndTheEarlierLayoutWhenAsked() {
        FakeTable table = FakeTable.of("192.0.2.1");
        table.rttMicros(0, 11_204);
        start(table, settings(server.url(), true, true)).replied(0);
        soon(() -> assertEquals("11.204", redis.get("agent-ip-last-ms_gza_192.0.2.1")));
        soon(() -> assertEquals(
                "{\"send_count\":60,\"return_count\":59,\"ip\":\"192.0.2.1\",\"err\":false}",
                redis.get("ip_gza_192.0.2.1")));
        assertTrue(redis.pttl("ip_gza_192.0.2.1") > 0);
    }

    @Test
    void saysThatItIsOnlineAndTakesItBackOnClose() {
        start(FakeTable.of("192.0.2.1"));
        soon(() -> assertEquals("online", redis.get("agent-online_gza")));
        assertTrue(redis.sismember("agent-list", AGENT));
        // Refreshed: alive after more than its TTL of 3 s.
        await().pollDelay(Duration.ofMillis(3_500)).until(() -> true);
        soon(() -> assertEquals("online", redis.get("agent-online_gza")));
        writer.close(Duration.ofSeconds(5));
        assertFalse(redis.exists("agent-online_gza"));
        assertTrue(redis.sismember("agent-list", AGENT));
    }

    @Test
    void flushesWhatIsPendingAndTheStatusOnClose() {
        FakeTable table = FakeTable.ofSize(5_000);
        start(table);
        soon(() -> assertTrue(writer.connected()));
        for (int i = 0; i < 5_000; i++) {
            writer.replied(i);
        }
        table.errList(7, true);
        writer.errListChanged(7);
        writer.close(Duration.ofSeconds(30));
        assertEquals(5_000, writer.written());
        assertEquals(Set.of("10.0.0.7"), redis.smembers(ERR_LIST));
        JsonObject status =
                JsonParser.parseString(redis.get("agent-all-ip-status_gza")).getAsJsonObject();
        assertTrue(status.getAsJsonObject("10.0.0.7").get("InErrList").getAsBoolean());
    }

    @Test
    void writesWhatItWasToldBeforeItsThreadEverRan() {
        FakeTable table = FakeTable.of("192.0.2.1");
        for (int round = 0; round < 20; round++) {
            redis.flushAll();
            StateWriter written = new StateWriter(
                    settings(server.url(), false, false),
                    new RedisConnector(settings(server.url(), false, false)),
                    new RedisKeys(AGENT),
                    table,
                    table);
            written.replied(0);
            written.start();
            written.close(Duration.ofSeconds(10));
            assertEquals("1", redis.get("agent-ip-last-ms_gza_192.0.2.1"), "round " + round);
        }
    }

    @Test
    void writesAShortStatusByteForByte() {
        FakeTable table = FakeTable.of("192.0.2.1", "2001:db8::1");
        table.errList(1, true);
        start(table);
        soon(() -> assertEquals(
                "{\"192.0.2.1\":{\"SendCount\":60,\"ReturnCount\":59,\"ip\":\"192.0.2.1\",\"InErrList\":false},"
                        + "\"2001:db8::1\":{\"SendCount\":60,\"ReturnCount\":59,\"ip\":\"2001:db8::1\",\"InErrList\":true}}",
                redis.get("agent-all-ip-status_gza")));
    }

    @Test
    void writesALongStatusInPiecesThatNobodySeesAlone() {
        FakeTable table = FakeTable.ofSize(20_000);
        start(table);
        // Never a part: every value seen is whole JSON of all addresses.
        for (int i = 0; i < 30; i++) {
            soon(() -> assertNotNull(redis.get("agent-all-ip-status_gza")));
            JsonObject status =
                    JsonParser.parseString(redis.get("agent-all-ip-status_gza")).getAsJsonObject();
            assertEquals(20_000, status.size());
        }
        assertEquals(-1, redis.pttl("agent-all-ip-status_gza"));
    }

    @Test
    void longStatusesChangePlacesAndAreNeverAbsent() {
        FakeTable table = FakeTable.ofSize(20_000);
        start(table);
        soon(() -> assertNotNull(redis.get(STATUS)));
        soon(() -> {
            assertNotNull(redis.get(STATUS));
            assertTrue(exchanges() >= 3);
        });
        assertEquals(20_000, members(STATUS));
        assertEquals(-1, redis.pttl(STATUS));
        assertTrue(redis.pttl("agent-all-ip-status-next_gza") > 0);
        assertFalse(redis.exists("agent-all-ip-status-spare_gza"));
        assertNull(writer.lastError());
    }

    @Test
    void aStatusThatIsALittleShorterIsFilledWithBlanks() {
        FakeTable table = FakeTable.ofSize(20_000);
        start(table);
        soon(() -> assertTrue(exchanges() >= 2));
        long before = redis.strlen(STATUS);
        for (int i = 5_000; i < 7_000; i++) {
            table.dead(i);
        }
        soon(() -> assertEquals(18_000, members(STATUS)));
        assertEquals(before, redis.strlen(STATUS));
        assertTrue(redis.get(STATUS).endsWith("          }"));
        for (int i = 5_000; i < 7_000; i++) {
            table.live(i, table.address(i));
        }
        soon(() -> assertEquals(20_000, members(STATUS)));
    }

    @Test
    void aStatusThatIsMuchShorterIsWrittenAnew() {
        FakeTable table = FakeTable.ofSize(20_000);
        start(table);
        soon(() -> assertTrue(exchanges() >= 2));
        long before = redis.strlen(STATUS);
        for (int i = 3_000; i < 18_000; i++) {
            table.dead(i);
        }
        soon(() -> assertEquals(5_000, members(STATUS)));
        assertTrue(redis.strlen(STATUS) < before / 3, "length " + redis.strlen(STATUS));
    }

    @Test
    void writesALongStatusAgainAfterSomebodyDeletedWhatItGrowsIn() {
        start(FakeTable.ofSize(20_000));
        soon(() -> assertTrue(exchanges() >= 2));
        redis.del("agent-all-ip-status-next_gza", STATUS);
        soon(() -> assertEquals(20_000, members(STATUS)));
    }

    @Test
    void writesALongStatusAlsoWhereItMayNotExchangeKeys() {
        redis.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all", "-multi", "-exec");
        start(
                FakeTable.ofSize(20_000),
                settings(URI.create("redis://agent:secret@127.0.0.1:" + server.port()), false, false));
        for (int i = 0; i < 4; i++) {
            soon(() -> assertEquals(20_000, members(STATUS)));
            redis.del(STATUS);
        }
    }

    /** So often two status strings have changed places: a number may be over before it is asked for. */
    private int exchanges() {
        Matcher calls = EXEC_CALLS.matcher(redis.info("commandstats"));
        return calls.find() ? Integer.parseInt(calls.group(1)) : 0;
    }

    private long members(String key) {
        String text = redis.get(key);
        return text == null
                ? -1
                : JsonParser.parseString(text).getAsJsonObject().size();
    }

    @Test
    void writesNoTargetsAsAnEmptyObject() {
        start(FakeTable.of());
        soon(() -> assertEquals("{}", redis.get("agent-all-ip-status_gza")));
    }

    @Test
    void writesItsOwnStatisticsWithATtl() {
        start(FakeTable.of()).stats(() -> "{\"sent\":5}");
        soon(() -> assertEquals("{\"sent\":5}", redis.get("agent-stats_gza")));
        assertTrue(redis.pttl("agent-stats_gza") > 0);
    }

    @Test
    void writesItsStatisticsOnceMoreOnClose() {
        AtomicInteger sent = new AtomicInteger(5);
        start(FakeTable.of()).stats(() -> "{\"sent\":" + sent + "}");
        soon(() -> assertEquals("{\"sent\":5}", redis.get("agent-stats_gza")));
        sent.set(6);
        writer.close(Duration.ofSeconds(5));
        assertEquals("{\"sent\":6}", redis.get("agent-stats_gza"));
    }

    @Test
    void survivesStatisticsThatFail() {
        FakeTable table = FakeTable.of("192.0.2.1");
        start(table).stats(() -> {
            throw new IllegalStateException("broken on purpose");
        });
        await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
        writer.replied(0);
        soon(() -> assertEquals("1", redis.get("agent-ip-last-ms_gza_192.0.2.1")));
        assertEquals(0, writer.reconnects());
    }

    @Test
    void aKeyLivesOnlyAsLongAsItsReplyIsFresh() {
        FakeTable table = FakeTable.of("192.0.2.1", "192.0.2.2");
        table.silentMillis = 15_000;
        start(table);
        writer.replied(0);
        soon(() -> {
            long pttl = redis.pttl("agent-ip-last-ms_gza_192.0.2.1");
            assertTrue(pttl > 0 && pttl <= 5_000, "pttl " + pttl);
        });
        table.silentMillis = 20_000;
        writer.replied(1);
        soon(() -> assertEquals(0, writer.pending()));
        writer.close(Duration.ofSeconds(5));
        assertFalse(redis.exists("agent-ip-last-ms_gza_192.0.2.2"));
    }

    @Test
    void bringsTheWholeStateBackToARedisThatStartedEmpty() {
        FakeTable table = FakeTable.ofSize(3_000);
        table.ttlMillis = 120_000;
        for (int i = 0; i < 3_000; i += 100) {
            table.errList(i, true);
        }
        start(table);
        for (int i = 0; i < 3_000; i++) {
            writer.replied(i);
            writer.errListChanged(i);
        }
        soon(() -> assertEquals(3_000, writer.written()));
        writer.restoreErrList();
        soon(() -> assertEquals(30, redis.scard(ERR_LIST)));
        server.stop();
        soon(() -> assertFalse(writer.connected()));
        assertNotNull(writer.lastError());
        table.rttMicros(5, 77_000);
        writer.replied(5);
        table.errList(6, true);
        writer.errListChanged(6);
        server.start();
        try (Jedis again = new Jedis(server.url())) {
            soon(() -> {
                assertEquals("77", again.get("agent-ip-last-ms_gza_10.0.0.5"));
                assertEquals(31, again.scard(ERR_LIST));
                assertEquals("online", again.get("agent-online_gza"));
                assertTrue(again.sismember("agent-list", AGENT));
                assertTrue(again.exists("agent-all-ip-status_gza"));
                assertEquals(3_000, again.keys("agent-ip-last-ms_gza_*").size());
            });
            assertTrue(again.pttl("agent-ip-last-ms_gza_10.0.0.1") < 120_000);
        }
        assertEquals(1, writer.reconnects());
        assertTrue(table.removedByHand.isEmpty(), "a lost set is not an edit");
    }

    @Test
    void waitsForARedisThatComesLater() {
        server.stop();
        FakeTable table = FakeTable.of("192.0.2.1");
        start(table).replied(0);
        soon(() -> assertNotNull(writer.lastError()));
        assertFalse(writer.connected());
        assertTrue(writer.lastError().contains("127.0.0.1:" + server.port()), writer.lastError());
        server.start();
        try (Jedis again = new Jedis(server.url())) {
            soon(() -> assertEquals("1", again.get("agent-ip-last-ms_gza_192.0.2.1")));
        }
    }

    @Test
    void closesAtOnceWhileRedisIsAway() {
        server.stop();
        start(FakeTable.of("192.0.2.1"));
        soon(() -> assertNotNull(writer.lastError()));
        long startNanos = System.nanoTime();
        writer.close(Duration.ofSeconds(10));
        assertTrue(System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(8));
    }

    @Test
    void coalescesWhileRedisIsSlowAndWritesTheNewestValueOnly() {
        FakeTable table = FakeTable.ofSize(100);
        start(table);
        soon(() -> assertTrue(writer.connected()));
        server.pause();
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 100; i++) {
                table.rttMicros(i, 1_000 * (round + 1));
                writer.replied(i);
            }
            await().pollDelay(Duration.ofMillis(10)).until(() -> true);
        }
        assertTrue(writer.pending() <= 100, "pending " + writer.pending());
        assertTrue(writer.coalesced() > 1_000, "coalesced " + writer.coalesced());
        server.resume();
        soon(() -> {
            for (int i = 0; i < 100; i++) {
                assertEquals("50", redis.get("agent-ip-last-ms_gza_10.0.0." + i));
            }
        });
        assertTrue(writer.written() < 1_000, "written " + writer.written());
    }

    @Test
    void dropsAValueThatWaitedLongerThanItsTtl() {
        FakeTable table = FakeTable.of("192.0.2.1", "192.0.2.2", "192.0.2.3");
        start(table);
        soon(() -> assertTrue(writer.connected()));
        server.pause();
        // What comes once ping-redis hangs can only wait.
        soon(() -> {
            writer.replied(2);
            Thread.sleep(200);
            assertEquals(1, writer.pending());
        });
        writer.replied(0);
        table.ownSilentMillis.put(0, table.ttlMillis);
        server.resume();
        writer.replied(1);
        soon(() -> assertTrue(redis.exists("agent-ip-last-ms_gza_192.0.2.2")));
        soon(() -> assertEquals(0, writer.pending()));
        assertFalse(redis.exists("agent-ip-last-ms_gza_192.0.2.1"));
    }

    @Test
    void deletesTheKeysOfARemovedAddressButNotThoseOfItsSuccessor() {
        FakeTable table = FakeTable.of("192.0.2.1");
        table.errList(0, true);
        start(table, settings(server.url(), false, true)).replied(0);
        writer.errListChanged(0);
        soon(() -> assertTrue(redis.sismember(ERR_LIST, "192.0.2.1")));
        soon(() -> assertTrue(redis.exists("agent-ip-last-ms_gza_192.0.2.1")));
        IpAddress before = table.address(0);
        table.dead(0);
        writer.removed(0, before);
        table.errList(0, false);
        table.live(0, IpAddress.v4(0xc000_0202));
        writer.replied(0);
        soon(() -> assertEquals(Set.of("agent-ip-last-ms_gza_192.0.2.2"), redis.keys("agent-ip-last-ms_*")));
        assertEquals(Set.of("ip_gza_192.0.2.2"), redis.keys("ip_*"));
        assertFalse(redis.exists(ERR_LIST));
    }

    @Test
    void anAddressThatIsRemovedAndAddedAgainKeepsItsNewValue() {
        FakeTable table = FakeTable.of("192.0.2.1", "192.0.2.9");
        start(table).replied(0);
        soon(() -> assertEquals(1, writer.written()));
        for (int i = 0; i < 50; i++) {
            int from = i % 2;
            IpAddress address = table.address(from);
            table.dead(from);
            writer.removed(from, address);
            table.live(1 - from, address);
            writer.replied(1 - from);
        }
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        soon(() -> assertTrue(redis.exists("agent-ip-last-ms_gza_192.0.2.1")));
    }

    @Test
    void touchesNothingOfAnotherAgent() {
        redis.set("agent-ip-last-ms_gza_b_10.0.0.1", "5");
        redis.sadd("agent-err-list_gza_b", "10.0.0.1");
        redis.set("agent-online_gza_b", "online");
        FakeTable table = FakeTable.ofSize(10);
        start(table).replied(1);
        writer.restoreErrList();
        table.dead(1);
        writer.removed(1, table.address(1));
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        writer.close(Duration.ofSeconds(5));
        assertEquals("5", redis.get("agent-ip-last-ms_gza_b_10.0.0.1"));
        assertTrue(redis.sismember("agent-err-list_gza_b", "10.0.0.1"));
        assertEquals("online", redis.get("agent-online_gza_b"));
    }

    @Test
    void restoresTheErrListOfAnEarlierRunAndRemovesWhatIsNoTarget() {
        redis.sadd(ERR_LIST, "10.0.0.1", "10.0.0.2", "192.0.2.250", "nonsense", "2001:DB8::1");
        FakeTable table = FakeTable.ofSize(3);
        start(table);
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        assertEquals(5, redis.scard(ERR_LIST), "before the catalogue is there, nothing is judged");
        writer.restoreErrList();
        soon(() -> assertEquals(Set.of(IpAddress.v4(0x0a00_0001), IpAddress.v4(0x0a00_0002)), table.addedByHand));
        soon(() -> assertEquals(Set.of("10.0.0.1", "10.0.0.2"), redis.smembers(ERR_LIST)));
    }

    @Test
    void reportsEditsByHandAndNeverItsOwnChanges() {
        FakeTable table = FakeTable.ofSize(1_000);
        start(table).restoreErrList();
        soon(() -> assertTrue(writer.connected()));
        for (int round = 0; round < 40; round++) {
            for (int i = 100; i < 1_000; i++) {
                table.errList(i, (i + round) % 3 == 0);
                writer.errListChanged(i);
            }
            writer.errListEdited();
            await().pollDelay(Duration.ofMillis(20)).until(() -> true);
        }
        table.errList(3, true);
        writer.errListChanged(3);
        soon(() -> assertTrue(redis.sismember(ERR_LIST, "10.0.0.3")));
        assertEquals(Set.of(), table.addedByHand);
        assertEquals(Set.of(), table.removedByHand);
        redis.sadd(ERR_LIST, "10.0.0.1");
        redis.srem(ERR_LIST, "10.0.0.3");
        writer.errListEdited();
        soon(() -> assertEquals(Set.of(IpAddress.v4(0x0a00_0001)), table.addedByHand));
        soon(() -> assertEquals(Set.of(IpAddress.v4(0x0a00_0003)), table.removedByHand));
    }

    @Test
    void namesAKeyOfTheWrongTypeAndWritesTheRest() {
        redis.set(ERR_LIST, "not a set");
        redis.set("agent-list", "not a set");
        FakeTable table = FakeTable.ofSize(3);
        table.errList(1, true);
        start(table).restoreErrList();
        writer.errListChanged(1);
        writer.replied(2);
        soon(() -> assertEquals("1", redis.get("agent-ip-last-ms_gza_10.0.0.2")));
        soon(() -> assertNotNull(writer.lastError()));
        assertTrue(writer.connected());
        assertEquals("not a set", redis.get(ERR_LIST));
        assertEquals(0, writer.reconnects());
    }

    @Test
    void waitsWhileTheServerIsAReplicaAndWritesWhenItIsNot() {
        redis.replicaof("127.0.0.1", 1);
        FakeTable table = FakeTable.of("192.0.2.1");
        start(table).replied(0);
        soon(() -> assertTrue(writer.lastError() != null && writer.lastError().contains("READONLY")));
        assertFalse(writer.connected());
        redis.replicaofNoOne();
        soon(() -> assertEquals("1", redis.get("agent-ip-last-ms_gza_192.0.2.1")));
    }

    @Test
    void keepsTheStateWhileMemoryIsFull() {
        FakeTable table = FakeTable.ofSize(200);
        start(table);
        soon(() -> assertTrue(writer.connected()));
        redis.configSet("maxmemory", "1");
        for (int i = 0; i < 200; i++) {
            writer.replied(i);
        }
        soon(() -> assertTrue(writer.lastError() != null && writer.lastError().contains("OOM")));
        redis.configSet("maxmemory", "0");
        soon(() -> assertEquals(200, redis.keys("agent-ip-last-ms_gza_*").size()));
    }

    @Test
    void checksTheKeyOfALostProbeSoThatItExpiresAtOnce() {
        // Redis looks at 20 keys now and then: among 20,000 that live it does not find these 50 for a long while.
        redis.configSet("hz", "1");
        FakeTable table = FakeTable.ofSize(20_000);
        table.ttlMillis = 60_000;
        start(table);
        for (int i = 50; i < 20_000; i++) {
            writer.replied(i);
        }
        soon(() -> assertEquals(19_950, writer.written()));
        // Not so short that a writer held up would drop one of them.
        table.ttlMillis = 3_000;
        for (int i = 0; i < 50; i++) {
            writer.replied(i);
            writer.probeLost(i);
        }
        soon(() -> assertEquals(20_000, writer.written()));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertEquals(
                        "50",
                        redis.info("stats")
                                .lines()
                                .filter(line -> line.startsWith("expired_keys:"))
                                .findFirst()
                                .orElseThrow()
                                .substring("expired_keys:".length())));
    }

    @Test
    void checksAgainWhenSomebodyProlongedTheKey() {
        redis.configSet("hz", "1");
        redis.configSet("notify-keyspace-events", "Ex");
        FakeTable table = FakeTable.of("192.0.2.1");
        // Found on start: this run has not written it.
        redis.set("agent-ip-last-ms_gza_192.0.2.1", "3", SetParams.setParams().px(1_500));
        start(table).probeLost(0);
        soon(() ->
                assertTrue(redis.info("stats").contains("expired_keys:1"), "the key is checked after what PTTL said"));
    }

    @Test
    void survivesASourceThatFails() {
        FakeTable table = FakeTable.of("192.0.2.1");
        start(table).replied(5_000);
        soon(() -> assertNotNull(writer.lastError()));
        writer.replied(0);
        soon(() -> assertEquals("1", redis.get("agent-ip-last-ms_gza_192.0.2.1")));
    }
}
