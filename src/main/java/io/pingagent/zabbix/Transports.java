package io.pingagent.zabbix;

import java.security.GeneralSecurityException;

/** Makes the transport that the settings ask for. */
final class Transports {

    private Transports() {}

    /** @throws TlsFileException if a key or certificate cannot be read */
    static SenderTransport create(TlsSettings settings, SocketTransport.Limits limits) throws TlsFileException {
        if (settings instanceof TlsSettings.Psk psk) {
            return new PskTransport(limits, psk.identity(), TlsFiles.pskKey(psk.keyFile()));
        }
        if (settings instanceof TlsSettings.Cert cert) {
            try {
                return new CertificateTransport(
                        limits,
                        TlsFiles.certificates(cert.caFile()),
                        TlsFiles.certificates(cert.certFile()),
                        TlsFiles.privateKey(cert.keyFile()),
                        cert.issuer(),
                        cert.subject());
            } catch (GeneralSecurityException e) {
                throw new TlsFileException(
                        "the certificate in " + cert.certFile() + " and the key in " + cert.keyFile()
                                + " cannot be used together: " + e.getMessage(),
                        e);
            }
        }
        return new PlainTransport(limits);
    }
}
