package io.pingagent.zabbix.transport;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.PemFiles;
import io.pingagent.keyfile.TlsContexts;
import io.pingagent.model.Problem;
import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * TLS with certificates, Zabbix's {@code TLSConnect=cert}. As Zabbix does it, the server must have a certificate of the
 * given authority. If an issuer or a subject is given, the certificate must have exactly that. Its host name is not
 * compared.
 */
final class CertificateTransport extends SocketTransport {

    /** A name that OpenSSL prints and RFC 2253 does not list. */
    private static final Map<String, String> OIDS = Map.of("1.2.840.113549.1.9.1", "emailAddress");

    /**
     * What the three files make.
     *
     * @param own our certificate
     */
    private record Identity(SSLContext context, X509Certificate own) {}

    private final TlsSettings.Cert settings;
    private final Reloaded<Identity> identity;

    /**
     * @param nanoClock as {@link System#nanoTime()}
     * @throws KeyFileException if a file cannot be used, or key and certificate do not go together
     */
    CertificateTransport(Limits limits, TlsSettings.Cert settings, LongSupplier nanoClock) throws KeyFileException {
        super(limits);
        this.settings = settings;
        this.identity = new Reloaded<>(
                "zabbix.tls-ca-file, zabbix.tls-cert-file, zabbix.tls-key-file",
                List.of(settings.caFile(), settings.certFile(), settings.keyFile()),
                () -> load(settings),
                nanoClock);
    }

    private static Identity load(TlsSettings.Cert settings) throws KeyFileException {
        List<X509Certificate> authorities = PemFiles.certificates(settings.caFile());
        List<X509Certificate> chain = PemFiles.certificates(settings.certFile());
        try {
            return new Identity(
                    TlsContexts.of(authorities, chain, PemFiles.privateKey(settings.keyFile())), chain.get(0));
        } catch (GeneralSecurityException e) {
            throw new KeyFileException(
                    "the certificate in '" + settings.certFile() + "' and the key in '" + settings.keyFile()
                            + "' cannot be used together: " + e.getMessage(),
                    "name the key of this certificate",
                    e);
        }
    }

    @Override
    Channel open(Socket socket, ZabbixServer server) throws IOException {
        SSLContext context = identity.current().context();
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, server.host(), server.port(), true);
        tls.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        tls.startHandshake();
        X509Certificate peer = (X509Certificate) tls.getSession().getPeerCertificates()[0];
        check("issuer", settings.issuer(), peer.getIssuerX500Principal());
        check("subject", settings.subject(), peer.getSubjectX500Principal());
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

    @Override
    IOException explain(IOException e) {
        return CertificateFailures.explain(e, settings, identity.current().own());
    }

    @Override
    public List<Problem> problems() {
        Problem problem = identity.problem();
        return problem == null ? List.of() : List.of(problem);
    }
}
