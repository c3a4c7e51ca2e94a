package io.pingagent.zabbix.transport;

import io.pingagent.model.TlsSettings;
import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Rewrites Java's handshake errors so that they name the file and the side that refused. Stateless. */
final class CertificateFailures {

    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    private CertificateFailures() {}

    /**
     * @param own our certificate
     * @return what went wrong, with file and remedy, or {@code e} if certificates have no part in it
     */
    static IOException explain(IOException e, TlsSettings.Cert settings, X509Certificate own) {
        if (e instanceof SocketException) {
            return brokenOff(e, settings, own);
        }
        if (!(e instanceof SSLException)) {
            return e;
        }
        if (e instanceof SSLPeerUnverifiedException) {
            return new HandshakeException(
                    String.valueOf(e.getMessage()),
                    "correct zabbix.tls-server-cert-issuer and zabbix.tls-server-cert-subject, or ask whose server it is",
                    e);
        }
        IOException theirs = theirs(e, settings);
        return theirs == null ? ours(e, settings, own) : theirs;
    }

    /** We do not accept the server's certificate. */
    private static @Nullable IOException theirs(IOException e, TlsSettings.Cert settings) {
        Throwable expired = cause(e, CertificateExpiredException.class);
        if (expired != null) {
            return new HandshakeException(
                    "the server's certificate has expired (" + expired.getMessage() + ")",
                    "renew it on the server (its TLSCertFile)",
                    e);
        }
        Throwable early = cause(e, CertificateNotYetValidException.class);
        if (early != null) {
            return new HandshakeException(
                    "the server's certificate is not valid yet (" + early.getMessage() + ")",
                    "look at the clocks of both machines",
                    e);
        }
        if (cause(e, CertPathBuilderException.class) == null && cause(e, CertPathValidatorException.class) == null) {
            return null;
        }
        return new HandshakeException(
                "the server's certificate is not of an authority in '" + settings.caFile() + "'",
                "put the certificate of the authority that signed the server's into that file (zabbix.tls-ca-file)",
                e);
    }

    private static @Nullable Throwable cause(Throwable e, Class<? extends Throwable> type) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return cause;
            }
        }
        return null;
    }

    /** The server does not accept ours, or has none. */
    private static IOException ours(IOException e, TlsSettings.Cert settings, X509Certificate own) {
        Matcher alert = ALERT.matcher(String.valueOf(e.getMessage()));
        boolean refused = alert.find();
        String what = refused ? alert.group(1).toLowerCase(Locale.ROOT) : String.valueOf(e.getMessage());
        if (isExpired(own)) {
            return expired(e, settings, own);
        }
        // OpenSSL's word for a signature by another key of the same name is decrypt_error.
        if (refused
                && (what.contains("cert")
                        || List.of("unknown_ca", "access_denied", "decrypt_error")
                                .contains(what))) {
            return new HandshakeException(
                    "the server does not accept the certificate in '" + settings.certFile() + "': " + what,
                    "let the server's TLSCAFile hold the authority that signed it, or name another"
                            + " (zabbix.tls-cert-file)",
                    e);
        }
        return new HandshakeException(
                "the handshake with the certificate in '" + settings.certFile() + "' failed: " + what,
                "see that the server has a TLSCertFile, and that the host may use certificates (Encryption)",
                e);
    }

    /** In version 1.3 the server looks at our certificate after we think to be done, and its alert may get lost. */
    private static IOException brokenOff(IOException e, TlsSettings.Cert settings, X509Certificate own) {
        if (isExpired(own)) {
            return expired(e, settings, own);
        }
        return new HandshakeException(
                "the server broke off (" + e.getMessage() + "), perhaps since it does not accept the certificate in '"
                        + settings.certFile() + "'",
                "let the server's TLSCAFile hold the authority that signed it; if it does, the server's log says more",
                e);
    }

    private static boolean isExpired(X509Certificate own) {
        return own.getNotAfter().toInstant().isBefore(Instant.now());
    }

    private static IOException expired(IOException e, TlsSettings.Cert settings, X509Certificate own) {
        return new HandshakeException(
                "the server does not accept the certificate in '" + settings.certFile() + "', which expired at "
                        + own.getNotAfter().toInstant(),
                "renew it (zabbix.tls-cert-file); the agent reads the new file by itself",
                e);
    }
}
