package io.pingagent.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How to connect, by Zabbix's own parameters. */
public sealed interface TlsSettings {

    /** TLSConnect=unencrypted. */
    record Unencrypted() implements TlsSettings {}

    /**
     * TLSConnect=psk.
     *
     * @param keyFile one line of 32 to 512 hexadecimal digits
     */
    record Psk(String identity, Path keyFile) implements TlsSettings {}

    /**
     * TLSConnect=cert; all files PEM.
     *
     * @param issuer TLSServerCertIssuer, or null for any
     * @param subject TLSServerCertSubject, or null for any
     */
    record Cert(
            Path caFile,
            Path certFile,
            Path keyFile,
            @Nullable String issuer,
            @Nullable String subject) implements TlsSettings {}
}
