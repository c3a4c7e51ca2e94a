package io.pingagent.zabbix;

import io.pingagent.keyfile.TlsContexts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * TLS with certificates, Zabbix's {@code TLSConnect=cert}. As Zabbix does it, the server must have a certificate of the
 * given authority and, if they are given, exactly this issuer and subject; its host name is not compared.
 */
final class CertificateTransport extends SocketTransport {

    /** A name that OpenSSL prints and RFC 2253 does not list. */
    private static final Map<String, String> OIDS = Map.of("1.2.840.113549.1.9.1", "emailAddress");

    private final SSLContext context;
    private final @Nullable String issuer;
    private final @Nullable String subject;

    /**
     * @param authorities certificates of TLSCAFile
     * @param chain certificates of TLSCertFile, our own first
     * @param issuer TLSServerCertIssuer, or null for any
     * @param subject TLSServerCertSubject, or null for any
     * @throws GeneralSecurityException if key and certificates do not go together
     */
    CertificateTransport(
            Limits limits,
            List<X509Certificate> authorities,
            List<X509Certificate> chain,
            PrivateKey key,
            @Nullable String issuer,
            @Nullable String subject)
            throws GeneralSecurityException {
        super(limits);
        this.context = TlsContexts.of(authorities, chain, key);
        this.issuer = issuer;
        this.subject = subject;
    }

    @Override
    Channel open(Socket socket, ZabbixServer server) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, server.host(), server.port(), true);
        tls.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        tls.startHandshake();
        X509Certificate peer = (X509Certificate) tls.getSession().getPeerCertificates()[0];
        check("issuer", issuer, peer.getIssuerX500Principal());
        check("subject", subject, peer.getSubjectX500Principal());
        return new Channel() {
            @Override
            public InputStream input() throws IOException {
                return tls.getInputStream();
            }

            @Override
            public OutputStream output() throws IOException {
                return tls.getOutputStream();
            }

            @Override
            public void finish() throws IOException {
                tls.close();
            }
        };
    }

    /** Zabbix compares texts, the last part of the name first: {@code CN=server,O=Lab}. */
    private static void check(String what, @Nullable String wanted, X500Principal principal)
            throws SSLPeerUnverifiedException {
        String seen = principal.getName(X500Principal.RFC2253, OIDS);
        if (wanted != null && !wanted.equals(seen)) {
            throw new SSLPeerUnverifiedException(
                    "the server's certificate has the " + what + " \"" + seen + "\", configured is \"" + wanted + "\"");
        }
    }
}
