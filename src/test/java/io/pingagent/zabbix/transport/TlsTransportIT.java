package io.pingagent.zabbix.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.PemFiles;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixValue;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.zabbix.FakeTrapper;
import io.pingagent.zabbix.sender.SenderClient;
import io.pingagent.zabbix.sender.ServerUnreachableException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Vector;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.PSKTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PSK against Bouncy Castle's server, certificates against the JDK's. */
@Timeout(60)
class TlsTransportIT {

    private static final SocketTransport.Limits LIMITS =
            new SocketTransport.Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final List<ZabbixValue> VALUES = List.of(new ZabbixValue("gza", "k", "1", 1_700_000_000L, 5));
    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private static final long SECONDS_5 = 5_000_000_000L;

    @TempDir
    Path directory;

    private long nowNanos;

    // -- PSK --

    @Test
    void pskIsAcceptedInBothVersions() throws Exception {
        for (ProtocolVersion version : List.of(ProtocolVersion.TLSv12, ProtocolVersion.TLSv13)) {
            try (FakeTrapper server = pskServer(version)) {
                send(server, psk("agent", KEY));
                assertEquals(VALUES, server.packets.get(0));
            }
        }
    }

    @Test
    void aWrongKeyOrIdentityIsRefused() throws Exception {
        for (ProtocolVersion version : List.of(ProtocolVersion.TLSv12, ProtocolVersion.TLSv13)) {
            try (FakeTrapper server = pskServer(version)) {
                assertThrows(
                        ServerUnreachableException.class, () -> send(server, psk("agent", KEY.replace("00", "01"))));
                assertThrows(ServerUnreachableException.class, () -> send(server, psk("other", KEY)));
                assertTrue(server.packets.isEmpty());
            }
        }
    }

    @Test
    void aPlainServerIsNoPskServer() throws Exception {
        try (FakeTrapper server = new FakeTrapper()) {
            assertThrows(ServerUnreachableException.class, () -> send(server, psk("agent", KEY)));
        }
    }

    @Test
    void aKeyFileThatZabbixWouldRefuseIsRefused() throws Exception {
        for (String text : List.of("", "12", "zz".repeat(32), "0".repeat(31), "00".repeat(257))) {
            Path file = SecretFiles.write(directory.resolve("psk"), text);
            String message = assertThrows(KeyFileException.class, () -> TlsFiles.pskKey(file))
                    .getMessage();
            assertTrue(message.contains(file.toString()), message);
        }
        assertTrue(assertThrows(KeyFileException.class, () -> TlsFiles.pskKey(directory.resolve("none")))
                .getMessage()
                .contains("does not exist"));
    }

    private TlsSettings psk(String identity, String key) throws IOException {
        return new TlsSettings.Psk(identity, SecretFiles.write(directory.resolve("psk"), key + "\n"));
    }

    private static FakeTrapper pskServer(ProtocolVersion version) {
        return new FakeTrapper(0, socket -> {
            TlsServerProtocol tls = new TlsServerProtocol(socket.getInputStream(), socket.getOutputStream());
            tls.accept(new PskServer(version));
            return new FakeTrapper.Streams(tls.getInputStream(), tls.getOutputStream());
        });
    }

    private static final class PskServer extends PSKTlsServer {

        private static final byte[] IDENTITY = "agent".getBytes(StandardCharsets.UTF_8);
        private final ProtocolVersion version;

        PskServer(ProtocolVersion version) {
            super(new BcTlsCrypto(new SecureRandom()), new Identities());
            this.version = version;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return new ProtocolVersion[] {version};
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256};
        }

        @Override
        @SuppressWarnings({"JdkObsolete", "rawtypes"})
        public TlsPSKExternal getExternalPSK(Vector identities) {
            for (Object identity : identities) {
                if (Arrays.equals(((PskIdentity) identity).getIdentity(), IDENTITY)) {
                    return new BasicTlsPSKExternal(IDENTITY, getCrypto().createSecret(keyBytes()));
                }
            }
            return null;
        }

        private static byte[] keyBytes() {
            return java.util.HexFormat.of().parseHex(KEY);
        }

        private static final class Identities implements TlsPSKIdentityManager {

            @Override
            public byte[] getHint() {
                return null;
            }

            @Override
            public byte[] getPSK(byte[] identity) {
                return Arrays.equals(identity, IDENTITY) ? keyBytes() : null;
            }
        }
    }

    // -- certificates --

    private FakeTrapper certificateServer(Party ca, Party server) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", ca.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", server.key(), new char[0], new Certificate[] {server.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new FakeTrapper(0, (Socket socket) -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
            tls.setNeedClientAuth(true);
            tls.startHandshake();
            return new FakeTrapper.Streams(tls.getInputStream(), tls.getOutputStream());
        });
    }

    private TlsSettings cert(Party ca, Party own, String issuer, String subject) throws Exception {
        return new TlsSettings.Cert(
                ca.certificateFile(directory.resolve("ca.pem")),
                own.certificateFile(directory.resolve("cert.pem")),
                own.keyFile(directory.resolve("key.pem")),
                issuer,
                subject);
    }

    private Path pem(String name, String kind, byte[] der) throws IOException {
        return Party.pem(directory.resolve(name), kind, der);
    }

    @Test
    void certificatesAreAcceptedAndComparedAsZabbixDoes() throws Exception {
        Party ca = Party.of("O=Lab,CN=ca", null, "RSA");
        try (FakeTrapper server = certificateServer(ca, Party.of("O=Lab,CN=server", ca, "RSA"))) {
            for (String algorithm : List.of("RSA", "EC")) {
                Party agent = Party.of("O=Lab,CN=agent", ca, algorithm);
                send(server, cert(ca, agent, null, null));
                send(server, cert(ca, agent, "CN=ca,O=Lab", "CN=server,O=Lab"));
                assertThrows(
                        ServerUnreachableException.class, () -> send(server, cert(ca, agent, "CN=other,O=Lab", null)));
                ServerUnreachableException e = assertThrows(
                        ServerUnreachableException.class, () -> send(server, cert(ca, agent, null, "O=Lab,CN=server")));
                assertTrue(e.getMessage().contains("has the subject \"CN=server,O=Lab\""), e.getMessage());
            }
            assertEquals(4, server.packets.size());
        }
    }

    @Test
    void anotherAuthorityIsRefusedOnBothSides() throws Exception {
        Party ca = Party.of("CN=ca", null, "EC");
        Party stranger = Party.of("CN=ca", null, "EC");
        try (FakeTrapper server = certificateServer(ca, Party.of("CN=server", ca, "EC"))) {
            assertThrows(
                    ServerUnreachableException.class,
                    () -> send(server, cert(stranger, Party.of("CN=agent", ca, "EC"), null, null)));
            assertThrows(
                    ServerUnreachableException.class,
                    () -> send(server, cert(ca, Party.of("CN=agent", stranger, "EC"), null, null)));
            assertTrue(server.packets.isEmpty());
        }
    }

    @Test
    void failedHandshakesNameTheFileAndTheRemedy() throws Exception {
        Party ca = Party.of("CN=ca", null, "EC");
        Party stranger = Party.of("CN=ca", null, "EC");
        try (FakeTrapper server = certificateServer(ca, Party.of("CN=server", ca, "EC"))) {
            assertFails(
                    server,
                    cert(stranger, Party.of("CN=agent", ca, "EC"), null, null),
                    "the server's certificate is not of an authority in '" + directory.resolve("ca.pem"),
                    "zabbix.tls-ca-file");
            assertFails(
                    server,
                    cert(ca, Party.of("CN=agent", stranger, "EC"), null, null),
                    "in '" + directory.resolve("cert.pem"),
                    "TLSCAFile");
            assertFails(
                    server,
                    cert(ca, Party.expired("CN=agent", ca, "EC"), null, null),
                    "the server does not accept the certificate in '" + directory.resolve("cert.pem")
                            + "', which expired at 20",
                    "renew it (zabbix.tls-cert-file)");
        }
        try (FakeTrapper server = certificateServer(ca, Party.expired("CN=server", ca, "EC"))) {
            assertFails(
                    server,
                    cert(ca, Party.of("CN=agent", ca, "EC"), null, null),
                    "the server's certificate has expired",
                    "renew it on the server");
        }
        try (FakeTrapper server = pskServer(ProtocolVersion.TLSv13)) {
            assertFails(
                    server,
                    psk("agent", KEY.replace("00", "01")),
                    "the handshake with the key of identity \"agent\" failed",
                    directory.resolve("psk").toString());
        }
    }

    private static void assertFails(FakeTrapper server, TlsSettings settings, String what, String remedy) {
        try (SenderClient client = client(server, Transports.create(settings, LIMITS))) {
            String message = assertThrows(ServerUnreachableException.class, () -> client.send(VALUES))
                    .getMessage();
            assertTrue(message.contains(what), message);
            String shown = client.problems().get(0).remedy();
            assertTrue(shown.contains(remedy), shown);
        } catch (KeyFileException e) {
            throw new AssertionError(e);
        }
    }

    // -- files that change --

    @Test
    void aKeyThatChangesIsReadAgainAndABrokenOneKeepsTheOld() throws Exception {
        try (FakeTrapper server = pskServer(ProtocolVersion.TLSv12);
                SenderTransport transport =
                        Transports.create(psk("agent", KEY.replace("00", "01")), LIMITS, () -> nowNanos);
                SenderClient client = client(server, transport)) {
            assertThrows(ServerUnreachableException.class, () -> client.send(VALUES));
            psk("agent", KEY);
            assertThrows(ServerUnreachableException.class, () -> client.send(VALUES), "looked at a moment ago");
            nowNanos += SECONDS_5;
            client.send(VALUES);
            assertEquals(List.of(), client.problems());

            psk("agent", "half a ke");
            nowNanos += SECONDS_5;
            client.send(VALUES);
            assertEquals(1, client.problems().size());
            assertEquals("zabbix.tls-psk-file", client.problems().get(0).where());
            assertTrue(client.problems().get(0).what().contains("what was there before stays in use"));
            psk("agent", KEY);
            nowNanos += SECONDS_5;
            client.send(VALUES);
            assertEquals(List.of(), client.problems());
        }
    }

    @Test
    void aRenewedCertificateIsUsedOnceItsKeyIsThereToo() throws Exception {
        Party ca = Party.of("CN=ca", null, "EC");
        Party renewed = Party.of("CN=agent", ca, "EC");
        try (FakeTrapper server = certificateServer(ca, Party.of("CN=server", ca, "EC"));
                SenderTransport transport = Transports.create(
                        cert(ca, Party.expired("CN=agent", ca, "EC"), null, null), LIMITS, () -> nowNanos);
                SenderClient client = client(server, transport)) {
            assertThrows(ServerUnreachableException.class, () -> client.send(VALUES));
            renewed.certificateFile(directory.resolve("cert.pem"));
            nowNanos += SECONDS_5;
            assertThrows(ServerUnreachableException.class, () -> client.send(VALUES));
            assertTrue(
                    transport.problems().get(0).what().contains("cannot be used together"),
                    transport.problems().toString());
            renewed.keyFile(directory.resolve("key.pem"));
            nowNanos += SECONDS_5;
            client.send(VALUES);
            assertEquals(List.of(), client.problems());
        }
    }

    private static SenderClient client(FakeTrapper server, SenderTransport transport) {
        return new SenderClient(List.of(server.address()), transport, () -> 1_700_000_000_000_000_000L, true);
    }

    @Test
    void olderRsaKeyFilesAreRead() throws Exception {
        Party party = Party.of("CN=a", null, "RSA");
        byte[] pkcs8 = party.key().getEncoded();
        // The RSA key is the content of the last OCTET STRING.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        assertArrayEquals(
                pkcs8,
                PemFiles.privateKey(pem("rsa.pem", "RSA PRIVATE KEY", pkcs1)).getEncoded());
    }

    @Test
    void unusableFilesAreNamedWithTheRemedy() throws Exception {
        Path encrypted = pem("encrypted.pem", "ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3});
        String message = assertThrows(KeyFileException.class, () -> PemFiles.privateKey(encrypted))
                .remedy();
        assertTrue(message.contains("openssl pkey -in " + encrypted), message);
        Path damaged = pem("damaged.pem", "PRIVATE KEY", new byte[] {1, 2, 3});
        assertThrows(KeyFileException.class, () -> PemFiles.privateKey(damaged));
        assertThrows(KeyFileException.class, () -> PemFiles.certificates(damaged));
    }

    private static void send(FakeTrapper server, TlsSettings settings) throws Exception {
        try (SenderClient client = new SenderClient(
                List.of(server.address()),
                Transports.create(settings, LIMITS),
                () -> 1_700_000_000_000_000_000L,
                true)) {
            client.send(VALUES);
        }
    }
}
