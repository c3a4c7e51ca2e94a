package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

@Tag("root")
class RedisServerIT {

    @BeforeAll
    static void requires() {
        Requires.redisServer();
    }

    @Test
    void comesBackEmptyOnTheSamePort() {
        try (RedisServer server = RedisServer.started()) {
            int port = server.port();
            try (Jedis jedis = new Jedis(server.url())) {
                jedis.set("a", "b");
            }
            long firstPid = server.pid();
            server.stop();
            assertFalse(server.isRunning());
            assertThrows(JedisConnectionException.class, () -> ping(server));
            assertFalse(ProcessHandle.of(firstPid).isPresent());
            server.start();
            assertEquals(port, server.port());
            try (Jedis jedis = new Jedis(server.url())) {
                assertNull(jedis.get("a"));
            }
        }
    }

    @Test
    void leavesNoProcessBehind() {
        long pid;
        try (RedisServer server = RedisServer.started()) {
            pid = server.pid();
            server.pause();
        }
        assertFalse(ProcessHandle.of(pid).isPresent());
    }

    @Test
    void answersNothingWhilePaused() {
        try (RedisServer server = RedisServer.started()) {
            server.pause();
            assertThrows(JedisConnectionException.class, () -> ping(server, Duration.ofMillis(300)));
            server.resume();
            assertEquals("PONG", ping(server));
        }
    }

    @Test
    void takesExtraArguments() {
        try (RedisServer server = RedisServer.started("--hz", "77", "--requirepass", "secret");
                Jedis jedis = new Jedis(server.url())) {
            jedis.auth("secret");
            assertEquals("77", jedis.configGet("hz").get("hz"));
        }
    }

    @Test
    void servesANamespaceAndTheMachine() throws IOException {
        Requires.networkNamespaces();
        try (NetworkNamespace inside = NetworkNamespace.create("redis");
                RedisServer server = RedisServer.startedIn(inside)) {
            assertEquals("PONG", ping(server));
            String[] pingInside = {
                "sh",
                "-c",
                "printf 'PING\\r\\n' | timeout 30 bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + server.port()
                        + "; cat >&3; head -c 5 <&3'"
            };
            assertEquals("+PONG", inside.check(pingInside));
            server.stop();
            assertThrows(JedisConnectionException.class, () -> ping(server));
            assertTrue(inside.exec(pingInside).output().contains("refused"));
            server.start();
            assertEquals("PONG", ping(server));
        }
    }

    @Test
    void tellsWhyItDoesNotStart() {
        UncheckedIOException refused =
                assertThrows(UncheckedIOException.class, () -> RedisServer.started("--no-such-option", "1"));
        assertTrue(refused.getMessage().contains("no-such-option"), refused.getMessage());
    }

    private static String ping(RedisServer server) {
        return ping(server, Duration.ofSeconds(20));
    }

    private static String ping(RedisServer server, Duration timeout) {
        try (Jedis jedis = new Jedis(
                new HostAndPort("127.0.0.1", server.port()),
                DefaultJedisClientConfig.builder()
                        .timeoutMillis((int) timeout.toMillis())
                        .build())) {
            return jedis.ping();
        }
    }
}
