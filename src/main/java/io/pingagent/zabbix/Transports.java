package io.pingagent.zabbix;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.PemFiles;
import java.security.GeneralSecurityException;

/** Makes the transport that the settings ask for. */
final class Transports {

    private Transports() {}

    /** @throws KeyFileException if a key or certificate cannot be read */
    static SenderTransport create(TlsSettings settings, SocketTransport.Limits limits) throws KeyFileException {
        if (settings instanceof TlsSettings.Psk psk) {
            return new PskTransport(limits, psk.identity(), TlsFiles.pskKey(psk.keyFile()));
        }
        if (settings instanceof TlsSettings.Cert cert) {
            try {
                return new CertificateTransport(
                        limits,
                        PemFiles.certificates(cert.caFile()),
                        PemFiles.certificates(cert.certFile()),
                        PemFiles.privateKey(cert.keyFile()),
                        cert.issuer(),
                        cert.subject());
            } catch (GeneralSecurityException e) {
                throw new KeyFileException(
                        "the certificate in '" + cert.certFile() + "' and the key in '" + cert.keyFile()
                                + "' cannot be used together: " + e.getMessage(),
                        "name the key of this certificate",
                        e);
            }
        }
        return new PlainTransport(limits);
    }
}
