package io.pingagent.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.redis.writer.FakeTable;
import io.pingagent.redis.writer.StateWriter;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class RedisConnectorIT {

    private static RedisConnector connector(String agent, URI url, @Nullable Path caFile) {
        return connector(agent, url, caFile, Duration.ofSeconds(20));
    }

    private static RedisConnector connector(String agent, URI url, @Nullable Path caFile, Duration timeout) {
        return new RedisConnector(RedisSettings.of(agent, url)
                .within(timeout, timeout)
                .with(new RedisSettings.Certificates(caFile, null, null)));
    }

    @Test
    void namesItsConnectionsAndSelectsTheDatabase() {
        try (RedisServer server = RedisServer.started();
                Jedis jedis = connector("my \u00e4gent", URI.create("redis://127.0.0.1:" + server.port() + "/3"), null)
                        .open("cli")) {
            assertEquals("ping-agent:my--gent:cli", jedis.clientGetname());
            jedis.set("here", "3");
            assertTrue(jedis.info("keyspace").contains("db3:keys=1"));
        }
    }

    @Test
    void saysWhichDatabaseIsMissing() {
        try (RedisServer server = RedisServer.started()) {
            RedisConnector connector = connector("gza", URI.create("redis://127.0.0.1:" + server.port() + "/99"), null);
            RedisUnreachableException e = assertThrows(RedisUnreachableException.class, () -> connector.open("cli"));
            assertTrue(String.valueOf(e.getMessage()).contains("DB index is out of range"), e.getMessage());
        }
    }

    @Test
    void givesUpOnAServerThatTakesConnectionsAndSaysNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            URI url = URI.create("redis://127.0.0.1:" + silent.getLocalPort());
            RedisConnector connector = connector("gza", url, null, Duration.ofSeconds(1));
            RedisUnreachableException e = assertThrows(RedisUnreachableException.class, () -> connector.open("cli"));
            assertTrue(String.valueOf(e.getMessage()).contains("127.0.0.1:" + silent.getLocalPort()), e.getMessage());
        }
    }

    @Test
    void speaksTlsWithACertificateItTrustsAndWithNoOther(@TempDir Path directory) throws IOException {
        Requires.program("openssl", "openssl");
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve("certificate.pem");
        Command.check(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        int port = RedisServer.freePort();
        try (RedisServer ignored = RedisServer.started(
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-auth-clients",
                "no",
                "--tls-ca-cert-file",
                certificate.toString())) {
            URI byName = URI.create("rediss://localhost:" + port);
            try (Jedis jedis = connector("gza", byName, certificate).open("cli")) {
                assertEquals("PONG", jedis.ping());
            }
            RedisUnreachableException untrusted = assertThrows(
                    RedisUnreachableException.class,
                    () -> connector("gza", byName, null).open("cli"));
            assertTrue(String.valueOf(untrusted.getMessage()).contains("redis.tls-ca-file"), untrusted.getMessage());
            URI byAddress = URI.create("rediss://127.0.0.1:" + port);
            assertThrows(
                    RedisUnreachableException.class,
                    () -> connector("gza", byAddress, certificate).open("cli"));
            FakeTable table = FakeTable.ofSize(2_000);
            RedisConnector connector = connector("gza", byName, certificate);
            try (StateWriter writer =
                            new StateWriter(connector.settings(), connector, new RedisKeys("gza"), table, table);
                    Jedis redis = new Jedis(ignored.url())) {
                writer.start();
                for (int i = 0; i < 2_000; i++) {
                    writer.replied(i);
                }
                writer.close(Duration.ofSeconds(30));
                assertEquals("1", redis.get("agent-ip-last-ms_gza_10.0.7.207"));
            }
        }
    }

    @Test
    void namesACertificateFileThatCannotBeRead(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n");
        RedisConnector connector = connector("gza", URI.create("rediss://localhost:1"), file);
        RedisUnreachableException e = assertThrows(RedisUnreachableException.class, () -> connector.open("cli"));
        assertTrue(String.valueOf(e.getMessage()).contains(file.toString()), e.getMessage());
    }

    @Test
    void saysThatAClusterIsNotSupported() {
        try (RedisServer server = RedisServer.started("--cluster-enabled", "yes")) {
            RedisUnreachableException e = assertThrows(
                    RedisUnreachableException.class,
                    () -> connector("gza", server.url(), null).open("cli"));
            assertEquals(
                    "Redis at 127.0.0.1:" + server.port() + " is a node of a Redis Cluster, which is not supported; let"
                            + " redis.url name a server that runs with cluster-enabled no",
                    e.getMessage());
        }
    }

    @Test
    void saysThatASentinelIsNotSupported(@TempDir Path directory) throws Exception {
        Requires.program("redis-server", "redis-server");
        int port = RedisServer.freePort();
        Path file = Files.writeString(
                directory.resolve("sentinel.conf"), "port " + port + "\nbind 127.0.0.1\ndir " + directory + "\n");
        Process sentinel = new ProcessBuilder("redis-server", file.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("sentinel.log").toFile())
                .start();
        try {
            RedisConnector connector = connector("gza", URI.create("redis://127.0.0.1:" + port), null);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertEquals(
                            "Redis at 127.0.0.1:" + port + " is a Sentinel, which is not supported; let redis.url name"
                                    + " the master itself, or a name or proxy that follows it",
                            assertThrows(RedisUnreachableException.class, () -> connector.open("cli"))
                                    .getMessage()));
        } finally {
            sentinel.destroyForcibly().waitFor();
        }
    }
}
