package io.pingagent.zabbix.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.zabbix.FakeTrapper;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against OpenSSL itself, with which Zabbix is built by its makers: both versions, keys and certificates. */
@Timeout(60)
class OpenSslTransportIT {

    private static final SocketTransport.Limits LIMITS =
            new SocketTransport.Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final List<ZabbixValue> VALUES = List.of(new ZabbixValue("gza", "k", "1", 1_700_000_000L, 5));
    private static final byte[] GOOD =
            FakeTrapper.frame("{\"response\":\"success\",\"info\":\"processed: 1; failed: 0; total: 1\"}", false);
    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    @TempDir
    Path directory;

    @BeforeAll
    static void require() {
        Requires.program("openssl", "openssl");
    }

    /**
     * Sends once to {@code openssl s_server}.
     *
     * @return what arrived there
     */
    private List<ZabbixValue> send(TlsSettings settings, String... options) throws Exception {
        int port = RedisServer.freePort();
        List<String> command = new ArrayList<>(
                List.of("openssl", "s_server", "-quiet", "-naccept", "1", "-accept", "127.0.0.1:" + port));
        command.addAll(List.of(options));
        Process server = new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile())
                .start();
        List<ZabbixValue> arrived = new ArrayList<>();
        Thread answering = new Thread(() -> {
            try {
                arrived.addAll(FakeTrapper.readValues(server.getInputStream()));
                server.getOutputStream().write(GOOD);
                server.getOutputStream().flush();
            } catch (IOException e) {
                // Nothing arrived.
            }
        });
        answering.start();
        try (SenderClient client = new SenderClient(
                List.of(new ZabbixServer("127.0.0.1", port)),
                Transports.create(settings, LIMITS),
                () -> 1_700_000_000_000_000_000L,
                true)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> listens(port) || !server.isAlive());
            client.send(VALUES);
        } finally {
            server.destroyForcibly();
            server.waitFor(5, TimeUnit.SECONDS);
            answering.join(5_000);
        }
        return arrived;
    }

    private static boolean listens(int port) throws IOException {
        String local = String.format(Locale.ROOT, ":%04X 00000000:0000 0A", port);
        return Files.readString(Path.of("/proc/net/tcp")).contains(local);
    }

    private void assertFails(TlsSettings settings, String what, String... options) {
        String message = assertThrows(ServerUnreachableException.class, () -> send(settings, options))
                .getMessage();
        assertTrue(message.contains(what), message);
    }

    private TlsSettings psk(String identity, String key) throws IOException {
        return new TlsSettings.Psk(identity, SecretFiles.write(directory.resolve("psk"), key + "\n"));
    }

    @Test
    void keysGoWithBothVersions() throws Exception {
        for (String suite : List.of("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256")) {
            String[] options = {"-nocert", "-tls1_3", "-ciphersuites", suite, "-psk", KEY, "-psk_identity", "agent"};
            assertEquals(VALUES, send(psk("agent", KEY), options), suite);
            assertFails(psk("agent", KEY.replace("00", "01")), "the handshake with the key of identity", options);
            assertFails(psk("other", KEY), "the handshake with the key of identity \"other\" failed", options);
        }
        for (String suite : List.of("ECDHE-PSK-AES128-CBC-SHA256", "PSK-AES128-GCM-SHA256")) {
            String[] options = {"-nocert", "-tls1_2", "-cipher", suite, "-psk", KEY, "-psk_identity", "agent"};
            assertEquals(VALUES, send(psk("agent", KEY), options), suite);
            assertFails(psk("agent", KEY.replace("00", "01")), "the handshake with the key of identity", options);
        }
    }

    @Test
    void certificatesGoWithBothVersionsAndAreVerifiedByBothSides() throws Exception {
        Party ca = Party.of("O=Lab,CN=ca", null, "EC");
        Party server = Party.of("O=Lab,CN=server", ca, "RSA");
        Party agent = Party.of("O=Lab,CN=agent", ca, "EC");
        Party stranger = Party.of("O=Lab,CN=ca", null, "EC");
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertEquals(VALUES, send(cert(ca, agent), server(ca, server, version)), version);
            assertFails(
                    cert(stranger, agent),
                    "the server's certificate is not of an authority in '" + directory.resolve("ca.pem"),
                    server(ca, server, version));
            assertFails(
                    cert(ca, Party.of("CN=agent", stranger, "EC")),
                    "in '" + directory.resolve("cert.pem"),
                    server(ca, server, version));
            assertFails(
                    cert(ca, Party.expired("CN=agent", ca, "EC")),
                    "', which expired at 20",
                    server(ca, server, version));
            assertFails(
                    cert(ca, agent),
                    "the server's certificate has expired",
                    server(ca, Party.expired("CN=server", ca, "RSA"), version));
        }
    }

    private TlsSettings cert(Party ca, Party own) throws IOException {
        return new TlsSettings.Cert(
                ca.certificateFile(directory.resolve("ca.pem")),
                own.certificateFile(directory.resolve("cert.pem")),
                own.keyFile(directory.resolve("key.pem")),
                null,
                null);
    }

    private String[] server(Party ca, Party server, String version) throws IOException {
        return new String[] {
            version,
            "-cert",
            server.certificateFile(directory.resolve("server.pem")).toString(),
            "-key",
            server.keyFile(directory.resolve("server.key")).toString(),
            "-CAfile",
            ca.certificateFile(directory.resolve("server-ca.pem")).toString(),
            "-Verify",
            "1",
            "-verify_return_error"
        };
    }
}
