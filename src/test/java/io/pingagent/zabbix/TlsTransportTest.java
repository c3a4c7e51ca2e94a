package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.PemFiles;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Vector;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
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
class TlsTransportTest {

    private static final SocketTransport.Limits LIMITS =
            new SocketTransport.Limits(Duration.ofSeconds(5), Duration.ofSeconds(20));
    private static final List<ZabbixValue> VALUES = List.of(new ZabbixValue("gza", "k", "1", 1_700_000_000L, 5));
    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    @TempDir
    Path directory;

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
                assertThrows(ServerAwayException.class, () -> send(server, psk("agent", KEY.replace("00", "01"))));
                assertThrows(ServerAwayException.class, () -> send(server, psk("other", KEY)));
                assertTrue(server.packets.isEmpty());
            }
        }
    }

    @Test
    void aPlainServerIsNoPskServer() throws Exception {
        try (FakeTrapper server = new FakeTrapper()) {
            assertThrows(ServerAwayException.class, () -> send(server, psk("agent", KEY)));
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

    private record Party(PrivateKey key, X509Certificate certificate) {}

    private static Party party(String subject, Party issuer, String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        KeyPair pair = generator.generateKeyPair();
        X500Name issuerName = issuer == null
                ? new X500Name(subject)
                : X500Name.getInstance(
                        issuer.certificate.getSubjectX500Principal().getEncoded());
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuerName,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(Instant.now().minusSeconds(3_600)),
                Date.from(Instant.now().plusSeconds(3_600)),
                new X500Name(subject),
                pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
        PrivateKey signer = issuer == null ? pair.getPrivate() : issuer.key;
        String signature = signer.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        return new Party(
                pair.getPrivate(),
                new JcaX509CertificateConverter()
                        .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(signer))));
    }

    private FakeTrapper certificateServer(Party ca, Party server) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", ca.certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", server.key, new char[0], new Certificate[] {server.certificate});
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
                pem("ca.pem", "CERTIFICATE", ca.certificate.getEncoded()),
                pem("cert.pem", "CERTIFICATE", own.certificate.getEncoded()),
                pem("key.pem", "PRIVATE KEY", own.key.getEncoded()),
                issuer,
                subject);
    }

    private Path pem(String name, String kind, byte[] der) throws IOException {
        return SecretFiles.write(
                directory.resolve(name),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind
                        + "-----\n");
    }

    @Test
    void certificatesAreAcceptedAndComparedAsZabbixDoes() throws Exception {
        Party ca = party("O=Lab,CN=ca", null, "RSA");
        try (FakeTrapper server = certificateServer(ca, party("O=Lab,CN=server", ca, "RSA"))) {
            for (String algorithm : List.of("RSA", "EC")) {
                Party agent = party("O=Lab,CN=agent", ca, algorithm);
                send(server, cert(ca, agent, null, null));
                send(server, cert(ca, agent, "CN=ca,O=Lab", "CN=server,O=Lab"));
                assertThrows(ServerAwayException.class, () -> send(server, cert(ca, agent, "CN=other,O=Lab", null)));
                ServerAwayException e = assertThrows(
                        ServerAwayException.class, () -> send(server, cert(ca, agent, null, "O=Lab,CN=server")));
                assertTrue(e.getMessage().contains("has the subject \"CN=server,O=Lab\""), e.getMessage());
            }
            assertEquals(4, server.packets.size());
        }
    }

    @Test
    void anotherAuthorityIsRefusedOnBothSides() throws Exception {
        Party ca = party("CN=ca", null, "EC");
        Party stranger = party("CN=ca", null, "EC");
        try (FakeTrapper server = certificateServer(ca, party("CN=server", ca, "EC"))) {
            assertThrows(
                    ServerAwayException.class,
                    () -> send(server, cert(stranger, party("CN=agent", ca, "EC"), null, null)));
            assertThrows(
                    ServerAwayException.class,
                    () -> send(server, cert(ca, party("CN=agent", stranger, "EC"), null, null)));
            assertTrue(server.packets.isEmpty());
        }
    }

    @Test
    void olderRsaKeyFilesAreRead() throws Exception {
        Party party = party("CN=a", null, "RSA");
        byte[] pkcs8 = party.key.getEncoded();
        // The RSA key is the content of the last OCTET STRING.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        assertArrayEquals(
                pkcs8,
                PemFiles.privateKey(pem("rsa.pem", "RSA PRIVATE KEY", pkcs1)).getEncoded());
    }

    @Test
    void unusableFilesAreNamedWithTheRemedy() throws Exception {
        Path ec = pem("ec.pem", "EC PRIVATE KEY", new byte[] {1, 2, 3});
        String message = assertThrows(KeyFileException.class, () -> PemFiles.privateKey(ec))
                .remedy();
        assertTrue(message.contains("openssl pkcs8 -topk8 -nocrypt"), message);
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
