package io.pingagent.redis.writer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.testkit.Opened;
import io.pingagent.testkit.RedisServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** Two processes with one agent's name: one of them writes, and the other says which. */
class AgentNameIT {

    private static final String OWNER = "agent-owner_gza";
    private static final String ONLINE = "agent-online_gza";
    private static final String ELSEWHERE =
            "{\"host\":\"far\",\"pid\":4711,\"startedAt\":\"2026-01-01T00:00:00Z\",\"boot\":\"b\",\"token\":\"t\"}";

    private final Opened open = new Opened();
    private RedisServer server;
    private Jedis redis;

    /** What a writer heard. */
    private static final class Heard implements StateWriter.NameEvents {
        private final AtomicInteger free = new AtomicInteger();
        private final AtomicReference<String> taken = new AtomicReference<>();

        @Override
        public void free() {
            free.incrementAndGet();
        }

        @Override
        public void taken(String message) {
            taken.set(message);
        }
    }

    @BeforeEach
    void start() {
        server = RedisServer.started();
        open.add(server);
        redis = new Jedis(server.url());
        open.add(redis);
    }

    @AfterEach
    void stop() throws Exception {
        open.close();
    }

    private RedisSettings settings() {
        return RedisSettings.of("gza", server.url())
                .within(Duration.ofSeconds(1), Duration.ofSeconds(5))
                .writing(new RedisSettings.Written(Duration.ofSeconds(1), Duration.ofSeconds(3), false, false));
    }

    private StateWriter writer(Heard heard, String... addresses) {
        FakeTable table = FakeTable.of(addresses);
        StateWriter writer =
                new StateWriter(settings(), new RedisConnector(settings()), new RedisKeys("gza"), table, table);
        open.add(writer);
        writer.start(heard);
        return writer;
    }

    private static void soon(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    @Test
    void secondProcessSaysWhichIsTheFirstAndTouchesNothing() {
        Heard first = new Heard();
        writer(first, "192.0.2.1");
        soon(() -> assertEquals(1, first.free.get()));
        soon(() ->
                assertTrue(String.valueOf(redis.get("agent-all-ip-status_gza")).contains("192.0.2.1")));
        Heard second = new Heard();
        StateWriter late = writer(second, "192.0.2.2");
        soon(() -> assertNotNull(second.taken.get()));
        String message = second.taken.get();
        assertTrue(message.contains("process " + ProcessHandle.current().pid() + " on host "), message);
        assertTrue(message.matches(".* since \\d{4}-\\d\\d-\\d\\dT\\S+Z; .*agent\\.name"), message);
        late.close(Duration.ofSeconds(5));
        assertEquals(0, second.free.get());
        assertEquals("online", redis.get(ONLINE));
        assertTrue(redis.exists(OWNER));
        assertFalse(redis.get("agent-all-ip-status_gza").contains("192.0.2.2"));
    }

    @Test
    void nameIsFreeAfterACleanStop() {
        Heard first = new Heard();
        StateWriter writer = writer(first, "192.0.2.1");
        soon(() -> assertEquals(1, first.free.get()));
        writer.close(Duration.ofSeconds(5));
        assertFalse(redis.exists(OWNER));
        Heard second = new Heard();
        writer(second, "192.0.2.1");
        soon(() -> assertEquals(1, second.free.get()));
        assertNull(second.taken.get());
    }

    private static AgentOwner.PidScope startedAtBoot(AgentOwner self) {
        return new AgentOwner.PidScope(self.scope().boot(), self.scope().pidNamespace(), 1);
    }

    @Test
    void deadProcessOfThisMachineIsReplacedAtOnce() {
        AgentOwner self = AgentOwner.thisProcess();
        AgentOwner dead =
                new AgentOwner(self.host(), 4_194_304, self.startedAt(), self.user(), startedAtBoot(self), "dead");
        // Without a TTL: who waits for it to lapse, waits for ever.
        redis.set(OWNER, dead.toJson());
        Heard heard = new Heard();
        writer(heard, "192.0.2.1");
        soon(() -> assertEquals(1, heard.free.get()));
        assertNull(heard.taken.get());
        assertTrue(redis.pttl(OWNER) > 0);
    }

    @Test
    void laterProcessWithThePidOfTheDeadOneIsNotTakenForIt() {
        AgentOwner self = AgentOwner.thisProcess();
        AgentOwner before =
                new AgentOwner(self.host(), self.pid(), self.startedAt(), self.user(), startedAtBoot(self), "before");
        assertEquals(AgentOwner.Life.DEAD, before.life(self));
        assertEquals(AgentOwner.Life.ALIVE, AgentOwner.parse(self.toJson()).life(self));
        assertEquals(AgentOwner.Life.UNKNOWN, AgentOwner.parse(ELSEWHERE).life(self));
        assertEquals(AgentOwner.Life.UNKNOWN, AgentOwner.parse("nonsense").life(self));
    }

    @Test
    void processElsewhereIsWaitedForUntilItsKeyLapses() {
        redis.set(OWNER, ELSEWHERE, SetParams.setParams().px(60_000));
        Heard heard = new Heard();
        StateWriter writer = writer(heard, "192.0.2.1");
        soon(() -> assertTrue(
                writer.problems().toString().contains("process 4711 on host far"),
                writer.problems().toString()));
        assertEquals(0, heard.free.get());
        redis.pexpire(OWNER, 1);
        soon(() -> assertEquals(1, heard.free.get()));
        assertNull(heard.taken.get());
        soon(() -> assertEquals("online", redis.get(ONLINE)));
        soon(() -> assertTrue(writer.problems().isEmpty(), writer.problems().toString()));
    }

    @Test
    void processElsewhereThatProlongsItsKeyLives() {
        redis.set(OWNER, ELSEWHERE, SetParams.setParams().px(60_000));
        Heard heard = new Heard();
        StateWriter writer = writer(heard, "192.0.2.1");
        soon(() -> assertTrue(writer.problems().toString().contains("may still run")));
        redis.pexpire(OWNER, 62_000);
        soon(() -> assertNotNull(heard.taken.get()));
        assertTrue(
                heard.taken.get().contains("process 4711 on host far since 2026-01-01T00:00:00Z"), heard.taken.get());
        assertEquals(0, heard.free.get());
        assertFalse(redis.exists(ONLINE));
    }

    @Test
    void processThatLostItsNameWritesNothingUntilItHasItAgain() {
        Heard heard = new Heard();
        StateWriter writer = writer(heard, "192.0.2.1");
        soon(() -> assertTrue(redis.exists("agent-all-ip-status_gza")));
        redis.set(OWNER, ELSEWHERE);
        soon(() -> assertTrue(
                writer.problems().toString().contains("process 4711 on host far"),
                writer.problems().toString()));
        assertFalse(writer.connected());
        redis.set("agent-all-ip-status_gza", "{}");
        redis.set(ONLINE, "online");
        writer.replied(0);
        await().pollDelay(Duration.ofMillis(2_500)).until(() -> true);
        assertEquals("{}", redis.get("agent-all-ip-status_gza"));
        assertFalse(redis.exists("agent-ip-last-ms_gza_192.0.2.1"));
        redis.del(OWNER);
        soon(() -> assertTrue(redis.get("agent-all-ip-status_gza").contains("192.0.2.1")));
        soon(() -> assertTrue(redis.exists("agent-ip-last-ms_gza_192.0.2.1")));
        assertTrue(writer.problems().isEmpty(), writer.problems().toString());
        assertNull(heard.taken.get());
    }

    @Test
    void stopOfAProcessThatLostItsNameLeavesTheOthersKeys() {
        Heard heard = new Heard();
        StateWriter writer = writer(heard, "192.0.2.1");
        soon(() -> assertEquals("online", redis.get(ONLINE)));
        redis.set(OWNER, ELSEWHERE);
        writer.close(Duration.ofSeconds(5));
        assertEquals(ELSEWHERE, redis.get(OWNER));
        assertEquals("online", redis.get(ONLINE));
    }

    @Test
    void agentThatMayNotUseTheKeyRunsAndSaysSo() {
        redis.aclSetUser("agent", "on", ">secret", "~*", "&*", "+@all", "-get");
        RedisSettings settings =
                RedisSettings.of("gza", java.net.URI.create("redis://agent:secret@127.0.0.1:" + server.port()));
        FakeTable table = FakeTable.of("192.0.2.1");
        StateWriter writer =
                new StateWriter(settings, new RedisConnector(settings), new RedisKeys("gza"), table, table);
        open.add(writer);
        Heard heard = new Heard();
        writer.start(heard);
        writer.replied(0);
        soon(() -> assertTrue(redis.exists("agent-ip-last-ms_gza_192.0.2.1")));
        assertEquals(1, heard.free.get());
        soon(() -> assertTrue(
                writer.problems().toString().contains(OWNER), writer.problems().toString()));
    }
}
