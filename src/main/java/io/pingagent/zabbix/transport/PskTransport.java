package io.pingagent.zabbix.transport;

import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** TLS 1.2 and 1.3 with a pre-shared key, Zabbix's {@code TLSConnect=psk}: the JDK has no such suites. */
final class PskTransport extends SocketTransport {

    /** What Zabbix servers offer with GnuTLS or OpenSSL, best first. Those of version 1.3 go with the key's SHA-256. */
    private static final int[] SUITES = {
        CipherSuite.TLS_AES_128_GCM_SHA256,
        CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256,
        CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
        CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256,
        CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA
    };

    private final TlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
    private final byte[] identity;
    private final Path keyFile;
    private final Reloaded<byte[]> key;

    /**
     * @param identity Zabbix's TLSPSKIdentity
     * @param keyFile where the key is, for messages
     * @param key the key's bytes, 16 to 256
     */
    PskTransport(Limits limits, String identity, Path keyFile, Reloaded<byte[]> key) {
        super(limits);
        this.identity = identity.getBytes(StandardCharsets.UTF_8);
        this.keyFile = keyFile;
        this.key = key;
    }

    @Override
    Channel open(Socket socket, ZabbixServer server) throws IOException {
        TlsClientProtocol tls = new TlsClientProtocol(socket.getInputStream(), socket.getOutputStream());
        try {
            tls.connect(new Client(key.current()));
        } catch (IOException e) {
            throw failed(e);
        }
        return new Channel() {
            @Override
            public InputStream input() {
                return tls.getInputStream();
            }

            @Override
            public OutputStream output() {
                return tls.getOutputStream();
            }

            @Override
            public void finish() throws IOException {
                tls.close();
            }
        };
    }

    /** What comes from the library is an alert's name, which says to nobody which of the keys is wrong. */
    private HandshakeException failed(IOException e) {
        String cause =
                e instanceof TlsFatalAlertReceived || !(e instanceof EOFException || e instanceof SocketException)
                        ? String.valueOf(e.getMessage())
                        : "the server closed the connection";
        return new HandshakeException(
                "the handshake with the key of identity \"" + new String(identity, StandardCharsets.UTF_8)
                        + "\" failed: " + cause,
                "give the host in Zabbix (Encryption, Connections from host, PSK) the identity of"
                        + " zabbix.tls-psk-identity and the key in '" + keyFile + "', and wait a minute",
                e);
    }

    @Override
    public List<Problem> problems() {
        Problem problem = key.problem();
        return problem == null ? List.of() : List.of(problem);
    }

    private final class Client extends PSKTlsClient {

        private final byte[] secret;

        Client(byte[] secret) {
            super(PskTransport.this.crypto, new BasicTlsPSKIdentity(PskTransport.this.identity, secret.clone()));
            this.secret = secret.clone();
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv13.downTo(ProtocolVersion.TLSv12);
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return SUITES.clone();
        }

        /** Version 1.3 has its keys in an extension; Zabbix's keys go with SHA-256. */
        @Override
        @SuppressWarnings("JdkObsolete") // Bouncy Castle wants a Vector.
        public Vector<?> getExternalPSKs() {
            Vector<Object> keys = new Vector<>();
            keys.add(new BasicTlsPSKExternal(
                    PskTransport.this.identity, getCrypto().createSecret(secret.clone())));
            return keys;
        }
    }
}
