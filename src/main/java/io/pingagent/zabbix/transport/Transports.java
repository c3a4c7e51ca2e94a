package io.pingagent.zabbix.transport;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.model.TlsSettings;
import java.util.List;
import java.util.function.LongSupplier;

/** Makes the transport that the settings ask for. */
public final class Transports {

    private Transports() {}

    /** @throws KeyFileException if a key or certificate cannot be read */
    public static SenderTransport create(TlsSettings settings, SocketTransport.Limits limits) throws KeyFileException {
        return create(settings, limits, System::nanoTime);
    }

    /** @param nanoClock when files were looked at, as {@link System#nanoTime()} */
    public static SenderTransport create(TlsSettings settings, SocketTransport.Limits limits, LongSupplier nanoClock)
            throws KeyFileException {
        if (settings instanceof TlsSettings.Psk psk) {
            return new PskTransport(
                    limits,
                    psk.identity(),
                    psk.keyFile(),
                    new Reloaded<>(
                            "zabbix.tls-psk-file",
                            List.of(psk.keyFile()),
                            () -> TlsFiles.pskKey(psk.keyFile()),
                            nanoClock));
        }
        if (settings instanceof TlsSettings.Cert cert) {
            return new CertificateTransport(limits, cert, nanoClock);
        }
        return new PlainTransport(limits);
    }
}
