package io.pingagent.redis.writer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.testkit.LogLines;
import io.pingagent.testkit.MovingAddress;
import io.pingagent.testkit.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** What the writer does where Redis refuses, loses or exchanges what it writes, or is slow. */
class WriterFaultsIT {

    private static final String ERR_LIST = "agent-err-list_gza";
    private static final String STATUS = "agent-all-ip-status_gza";

    private RedisServer server;
    private Jedis redis;
    private StateWriter writer;

    @BeforeEach
    void startRedis() {
        server = RedisServer.started();
        redis = new Jedis(server.url());
        redis.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all");
    }

    @AfterEach
    void stop() {
        if (writer != null) {
            writer.close(Duration.ofSeconds(2));
        }
        redis.close();
        server.close();
    }

    private StateWriter start(FakeTable table) {
        return start(table, server.port());
    }

    private StateWriter start(FakeTable table, int port) {
        RedisSettings settings = RedisSettings.of("gza", URI.create("redis://agent:secret@127.0.0.1:" + port + "/0"))
                .within(Duration.ofSeconds(1), Duration.ofSeconds(5))
                .writing(new RedisSettings.Written(Duration.ofSeconds(1), Duration.ofSeconds(3), false, false));
        writer = new StateWriter(settings, new RedisConnector(settings), new RedisKeys("gza"), table, table);
        writer.start();
        return writer;
    }

    private static void soon(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    private void list(FakeTable table, int... targets) {
        for (int target : targets) {
            table.errList(target, true);
            writer.errListChanged(target);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void longStatusNeverBeginsWithNulsWhateverIsDeleted() throws Exception {
        start(FakeTable.ofSize(20_000));
        soon(() -> assertTrue(redis.exists(STATUS)));
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong hits = new AtomicLong();
        Thread deletes = new Thread(() -> {
            try (Jedis other = new Jedis(server.url())) {
                while (!ended.get()) {
                    hits.addAndGet(other.del("agent-all-ip-status-next_gza"));
                    Thread.sleep(ThreadLocalRandom.current().nextInt(60));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        deletes.start();
        try {
            long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            // As long as it takes to delete some that are being written.
            while (hits.get() < 5) {
                assertTrue(System.nanoTime() - deadlineNanos < 0, () -> hits + " were being written");
                String begin = redis.getrange(STATUS, 0, 1);
                assertTrue(begin.isEmpty() || begin.equals("{\""), () -> "begins with " + begin.codePointAt(0));
                Thread.sleep(20);
            }
        } finally {
            ended.set(true);
            deletes.join();
        }
        redis.del(STATUS);
        soon(() -> assertTrue(redis.exists(STATUS)));
        assertEquals("{\"", redis.getrange(STATUS, 0, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"multi", "exec"})
    @Execution(ExecutionMode.CONCURRENT)
    void refusedExchangeOfLongStatusesIsAProblemLineUntilItIsAllowed(String command) {
        redis.aclSetUser("agent", "-" + command);
        start(FakeTable.ofSize(20_000));
        String line = "agent-all-ip-status-spare_gza: Redis refuses " + command.toUpperCase(Locale.ROOT) + ": NOPERM";
        soon(() -> assertTrue(
                writer.problems().toString().contains(line), writer.problems().toString()));
        redis.del(STATUS);
        soon(() -> assertTrue(redis.exists(STATUS)));
        assertTrue(
                writer.problems().toString().contains(line), writer.problems().toString());
        redis.aclSetUser("agent", "+" + command);
        soon(() -> assertEquals("{}", writer.problems().toString()));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void refusedValuesAreWrittenAsSoonAsRedisTakesThemWithoutAnotherReply() {
        FakeTable table = FakeTable.ofSize(3_000);
        table.ttlMillis = 120_000;
        start(table);
        soon(() -> assertTrue(writer.connected()));
        redis.aclSetUser("agent", "-set");
        for (int i = 0; i < 3_000; i++) {
            writer.replied(i);
        }
        soon(() -> assertTrue(
                writer.problems().toString().contains("agent-ip-last-ms_gza_*: Redis refuses SET: NOPERM"),
                writer.problems().toString()));
        assertTrue(
                writer.problems().toString().contains("ACL SETUSER agent +set"),
                writer.problems().toString());
        assertEquals(0, redis.keys("agent-ip-last-ms_gza_*").size());
        redis.aclSetUser("agent", "+set");
        soon(() -> assertEquals(3_000, redis.keys("agent-ip-last-ms_gza_*").size()));
        soon(() -> assertTrue(writer.problems().isEmpty(), writer.problems().toString()));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void refusedMembersAreNoEditsByHand() {
        FakeTable table = FakeTable.ofSize(20);
        start(table).restoreErrList();
        list(table, 1, 2, 3);
        soon(() -> assertEquals(3, redis.scard(ERR_LIST)));
        redis.aclSetUser("agent", "-sadd", "-srem");
        list(table, 4, 5);
        table.errList(1, false);
        writer.errListChanged(1);
        writer.errListEdited();
        soon(() -> assertEquals(
                2,
                writer.problems().keySet().stream()
                        .filter(problem -> problem.where().equals(ERR_LIST))
                        .count(),
                writer.problems().toString()));
        // Longer than two comparisons.
        await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
        assertEquals(Set.of(), table.addedByHand);
        assertEquals(Set.of(), table.removedByHand);
        redis.aclSetUser("agent", "+sadd", "+srem");
        soon(() -> assertEquals(Set.of("10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"), redis.smembers(ERR_LIST)));
        redis.srem(ERR_LIST, "10.0.0.2");
        redis.sadd(ERR_LIST, "10.0.0.9");
        soon(() -> assertEquals(Set.of(IpAddress.v4(0x0a00_0002)), table.removedByHand));
        soon(() -> assertEquals(Set.of(IpAddress.v4(0x0a00_0009)), table.addedByHand));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void setThatWasAStringForAWhileIsWrittenWhole() {
        FakeTable table = FakeTable.ofSize(20);
        start(table).restoreErrList();
        list(table, 1, 2, 3, 4, 5);
        soon(() -> assertEquals(5, redis.scard(ERR_LIST)));
        redis.del(ERR_LIST);
        redis.set(ERR_LIST, "string");
        list(table, 6, 7, 8, 9, 10);
        soon(() -> assertTrue(
                writer.problems().toString().contains("remove it with DEL " + ERR_LIST),
                writer.problems().toString()));
        redis.del(ERR_LIST);
        soon(() -> assertEquals(10, redis.scard(ERR_LIST)));
        assertEquals(Set.of(), table.removedByHand);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void flushedServerGetsEverythingBackAndTheFlushIsNoEdit() {
        FakeTable table = FakeTable.ofSize(500);
        table.ttlMillis = 120_000;
        start(table).restoreErrList();
        for (int i = 0; i < 500; i++) {
            writer.replied(i);
        }
        list(table, 1, 2, 3);
        soon(() -> assertEquals(3, redis.scard(ERR_LIST)));
        soon(() -> assertEquals(500, redis.keys("agent-ip-last-ms_gza_*").size()));
        redis.flushAll();
        soon(() -> assertEquals(3, redis.scard(ERR_LIST)));
        soon(() -> assertEquals(500, redis.keys("agent-ip-last-ms_gza_*").size()));
        soon(() -> assertTrue(redis.sismember("agent-list", "gza")));
        soon(() -> assertEquals("online", redis.get("agent-online_gza")));
        assertEquals(Set.of(), table.removedByHand);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void thousandsOfBadMembersAreOneLine() {
        String[] bad = new String[3_000];
        for (int i = 0; i < bad.length; i++) {
            bad[i] = "bad\nmember " + i;
        }
        redis.sadd(ERR_LIST, bad);
        redis.sadd(ERR_LIST, "192.0.2.1");
        try (LogLines log = LogLines.of(ErrListMirror.class.getName())) {
            start(FakeTable.ofSize(20)).restoreErrList();
            soon(() -> assertEquals(0, redis.scard(ERR_LIST)));
            for (int round = 0; round < 3; round++) {
                redis.sadd(ERR_LIST, bad);
                writer.errListEdited();
                soon(() -> assertEquals(0, redis.scard(ERR_LIST)));
            }
            assertEquals(2, log.lines().size(), log.lines().toString());
            assertTrue(
                    log.lines().toString().contains("removed 3000 members"),
                    log.lines().toString());
            assertFalse(log.lines().toString().contains("\n"), log.lines().toString());
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void setThatPeopleEmptyIsTheirEdit() {
        FakeTable table = FakeTable.ofSize(20);
        start(table).restoreErrList();
        list(table, 1, 2);
        soon(() -> assertEquals(2, redis.scard(ERR_LIST)));
        redis.srem(ERR_LIST, "10.0.0.1", "10.0.0.2");
        soon(() -> assertEquals(2, table.removedByHand.size()));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void followsTheMasterToWhichItsAddressMoves() throws Exception {
        FakeTable table = FakeTable.of("192.0.2.1");
        try (RedisServer promoted = RedisServer.started();
                Jedis other = new Jedis(promoted.url());
                MovingAddress address = new MovingAddress(server.port())) {
            other.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all");
            start(table, address.port());
            soon(() -> assertEquals("online", redis.get("agent-online_gza")));
            address.moveTo(promoted.port());
            redis.replicaof("127.0.0.1", promoted.port());
            writer.replied(0);
            soon(() -> assertEquals("online", other.get("agent-online_gza")));
            soon(() -> assertEquals("1", other.get("agent-ip-last-ms_gza_192.0.2.1")));
            assertTrue(writer.connected());
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void demotedServerIsSaidToBeReadOnly() {
        FakeTable table = FakeTable.of("192.0.2.1");
        start(table);
        soon(() -> assertTrue(writer.connected()));
        redis.replicaof("127.0.0.1", 1);
        soon(() -> assertTrue(
                String.valueOf(writer.connectionProblem()).contains("READONLY"),
                "nothing said: " + writer.lastError()));
        assertFalse(writer.connected());
        redis.replicaofNoOne();
        soon(() -> assertTrue(writer.connected()));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void slowServerIsAProblemLine() {
        FakeTable table = FakeTable.ofSize(2_000);
        table.ttlMillis = 500;
        start(table);
        soon(() -> assertTrue(writer.connected()));
        for (int i = 0; i < 2_000; i++) {
            writer.replied(i);
        }
        soon(() -> assertEquals(0, writer.pending()));
        server.pause();
        try {
            // A look or a status begins within a second, and waits for more than another one.
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            for (int i = 0; i < 2_000; i++) {
                writer.replied(i);
            }
        } finally {
            server.resume();
        }
        soon(() -> assertTrue(
                writer.problems().toString().contains("slow"), writer.problems().toString()));
        assertTrue(writer.problems().toString().contains("Redis at 127.0.0.1:" + server.port()));
    }
}
