package io.pingagent.zabbix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Vector;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.PSKTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** TLS 1.2 and 1.3 with a pre-shared key, Zabbix's {@code TLSConnect=psk}: the JDK has no such suites. */
final class PskTransport extends SocketTransport {

    /** What Zabbix servers offer with GnuTLS or OpenSSL, best first. */
    private static final int[] SUITES = {
        CipherSuite.TLS_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256,
        CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
        CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256,
        CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA
    };

    private final TlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
    private final byte[] identity;
    private final byte[] key;

    /**
     * @param identity Zabbix's TLSPSKIdentity
     * @param key the key's bytes, 16 to 256
     */
    PskTransport(Limits limits, String identity, byte[] key) {
        super(limits);
        this.identity = identity.getBytes(StandardCharsets.UTF_8);
        this.key = key.clone();
    }

    @Override
    Channel open(Socket socket, ZabbixServer server) throws IOException {
        TlsClientProtocol tls = new TlsClientProtocol(socket.getInputStream(), socket.getOutputStream());
        try {
            tls.connect(new Client());
        } catch (IOException e) {
            // What comes from the library is an alert's name, which tells nobody which of the keys is wrong.
            throw new IOException(
                    "the handshake with the key of identity \"" + new String(identity, StandardCharsets.UTF_8)
                            + "\" failed: " + e.getMessage(),
                    e);
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

    private final class Client extends PSKTlsClient {

        Client() {
            super(PskTransport.this.crypto, new BasicTlsPSKIdentity(PskTransport.this.identity, key.clone()));
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
                    PskTransport.this.identity, getCrypto().createSecret(key.clone())));
            return keys;
        }
    }
}
