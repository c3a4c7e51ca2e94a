package io.pingagent.keyfile;

import static io.pingagent.keyfile.KeyFiles.quoted;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads PEM files (RFC 7468). Stateless, any thread. */
public final class PemFiles {

    private PemFiles() {}

    /**
     * The certificates of a PEM file, in its order; at least one.
     *
     * @throws KeyFileException if it cannot be read or holds none
     */
    public static List<X509Certificate> certificates(Path file) throws KeyFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(KeyFiles.open(file)))) {
                certificates.add((X509Certificate) certificate);
            }
        } catch (CertificateException e) {
            // Its message may quote the file.
            throw new KeyFileException(quoted(file) + " holds no PEM certificates", "name a PEM file");
        }
        if (certificates.isEmpty()) {
            throw new KeyFileException(quoted(file) + " holds no PEM certificate", "name a PEM file");
        }
        return certificates;
    }

    /**
     * The key of a PEM file that only its owner and group may read: PKCS #8, PKCS #1 (RSA) or SEC 1 (EC).
     *
     * @throws KeyFileException if others may read it, or it cannot be read, or it holds no such key, or the key is protected
     *     by a passphrase
     */
    public static PrivateKey privateKey(Path file) throws KeyFileException {
        return PemKeys.read(file, KeyFiles.secret(file));
    }
}
