package io.pingagent.zabbix.transport;

import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody with a key and a certificate. */
record Party(PrivateKey key, X509Certificate certificate) {

    private static final long HOUR_SECONDS = 3_600;

    /**
     * @param issuer null for an authority
     * @param algorithm EC or RSA
     */
    static Party of(String subject, Party issuer, String algorithm) throws IOException {
        return of(subject, issuer, algorithm, Instant.now().plusSeconds(HOUR_SECONDS));
    }

    /** One whose certificate was valid until a while ago. */
    static Party expired(String subject, Party issuer, String algorithm) throws IOException {
        return of(subject, issuer, algorithm, Instant.now().minusSeconds(HOUR_SECONDS));
    }

    private static Party of(String subject, Party issuer, String algorithm, Instant end) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            KeyPair pair = generator.generateKeyPair();
            X500Name issuerName = issuer == null
                    ? new X500Name(subject)
                    : X500Name.getInstance(
                            issuer.certificate.getSubjectX500Principal().getEncoded());
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuerName,
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(Instant.now().minusSeconds(2 * HOUR_SECONDS)),
                    Date.from(end),
                    new X500Name(subject),
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
            PrivateKey signer = issuer == null ? pair.getPrivate() : issuer.key;
            String signature = signer.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
            return new Party(
                    pair.getPrivate(),
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(signer))));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException(e);
        }
    }

    Path certificateFile(Path file) throws IOException {
        try {
            return pem(file, "CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    Path keyFile(Path file) throws IOException {
        return pem(file, "PRIVATE KEY", key.getEncoded());
    }

    static Path pem(Path file, String kind, byte[] der) throws IOException {
        return SecretFiles.write(
                file,
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind
                        + "-----\n");
    }
}
