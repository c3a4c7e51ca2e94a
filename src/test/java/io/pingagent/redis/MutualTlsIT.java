package io.pingagent.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A Redis that asks its clients for certificates ({@code --tls-auth-clients yes}). */
class MutualTlsIT {

    @TempDir
    private static Path files;

    private static RedisServer server;
    private static int tlsPort;

    @BeforeAll
    static void start() throws IOException {
        Requires.program("openssl", "openssl");
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem");
        certificate("server", "rsa:2048");
        certificate("agent", "rsa:2048");
        certificate("curve", "ec -pkeyopt ec_paramgen_curve:prime256v1");
        openssl("rsa -in agent.key -traditional -out agent.pkcs1.key");
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stranger -keyout stranger.key -out stranger.pem");
        tlsPort = RedisServer.freePort();
        server = RedisServer.started(
                "--tls-port", Integer.toString(tlsPort),
                "--tls-cert-file", file("server.pem").toString(),
                "--tls-key-file", file("server.key").toString(),
                "--tls-ca-cert-file", file("ca.pem").toString(),
                "--tls-auth-clients", "yes");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static void certificate(String name, String kind) throws IOException {
        Files.writeString(file("names"), "subjectAltName=DNS:localhost\n");
        openssl("req -newkey " + kind + " -nodes -subj /CN=" + name + " -keyout " + name + ".key -out " + name
                + ".csr");
        openssl("x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -in " + name + ".csr -out "
                + name + ".pem");
    }

    private static void openssl(String words) throws IOException {
        Command.check("sh", "-c", "cd \"$0\" && openssl " + words, files.toString());
    }

    private static Path file(String name) {
        return files.resolve(name);
    }

    private static RedisConnector connector(@Nullable String certificate, @Nullable String key) {
        return new RedisConnector(RedisSettings.of("gza", URI.create("rediss://localhost:" + tlsPort + "/0"))
                .within(Duration.ofSeconds(20), Duration.ofSeconds(20))
                .with(new RedisSettings.Certificates(
                        file("ca.pem"),
                        certificate == null ? null : file(certificate),
                        key == null ? null : file(key))));
    }

    private static String refusal(@Nullable String certificate, @Nullable String key) {
        return String.valueOf(assertThrows(
                        RedisUnreachableException.class,
                        () -> connector(certificate, key).open("cli").ping())
                .getMessage());
    }

    @Test
    void showsItsCertificate() {
        for (String[] pair :
                new String[][] {{"agent.pem", "agent.key"}, {"agent.pem", "agent.pkcs1.key"}, {"curve.pem", "curve.key"}
                }) {
            try (Jedis jedis = connector(pair[0], pair[1]).open("cli")) {
                assertEquals("PONG", jedis.ping());
            }
        }
    }

    @Test
    void saysThatTheServerAsksForACertificate() {
        String refusal = refusal(null, null);
        assertTrue(
                refusal.endsWith(
                        "does it ask for a certificate? Set redis.tls-certificate-file and redis.tls-key-file"),
                refusal);
    }

    @Test
    void saysThatTheServerDoesNotKnowTheCertificate() {
        String refusal = refusal("stranger.pem", "stranger.key");
        assertTrue(
                refusal.endsWith("does it trust the certificate in redis.tls-certificate-file? Look into its log"),
                refusal);
    }

    @Test
    void saysThatTheKeyIsAnothers() {
        String refusal = refusal("agent.pem", "stranger.key");
        assertTrue(refusal.contains("the key is not that of the certificate"), refusal);
        assertTrue(refusal.endsWith("name the key of this certificate in redis.tls-key-file"), refusal);
    }

    @Test
    void refusesAKeyThatEverybodyMayRead() throws IOException {
        Path open = SecretFiles.write(file("open.key"), Files.readAllBytes(file("agent.key")));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        String refusal = refusal("agent.pem", "open.key");
        assertTrue(
                refusal.endsWith("every user of this machine may read '" + open + "'; chmod o-rwx " + open), refusal);
    }
}
