package io.pingagent.keyfile;

import static io.pingagent.keyfile.KeyFiles.quoted;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in the forms that OpenSSL writes: PKCS #8, PKCS #1 (RSA) and SEC 1 (EC). In a class of its own, because it
 * loads Bouncy Castle, which most commands never need. Stateless, any thread.
 */
final class PemKeys {

    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final String ENCRYPTED_PKCS8 = "ENCRYPTED PRIVATE KEY";

    private PemKeys() {}

    /**
     * @param file for messages
     * @throws KeyFileException if there is no key of these forms, or it is protected by a passphrase
     */
    static PrivateKey read(Path file, byte[] pem) throws KeyFileException {
        byte[] pkcs8;
        try {
            PemObject found = firstKey(pem);
            if (found == null) {
                throw new KeyFileException(quoted(file) + " holds no PEM private key", "name a PEM file");
            }
            if (isEncrypted(found)) {
                throw new KeyFileException(
                        "the key in " + quoted(file) + " is protected by a passphrase, which the agent cannot ask for",
                        "take the passphrase off with: openssl pkey -in " + file + " -out key.pem");
            }
            pkcs8 = pkcs8(found);
        } catch (IOException | RuntimeException e) {
            // Its message may quote the file.
            throw new KeyFileException(quoted(file) + " is damaged: its key cannot be read", "put the key there again");
        }
        return key(file, pkcs8);
    }

    private static @Nullable PemObject firstKey(byte[] pem) throws IOException {
        try (PemReader reader =
                new PemReader(new InputStreamReader(new ByteArrayInputStream(pem), StandardCharsets.ISO_8859_1))) {
            PemObject next = reader.readPemObject();
            while (next != null && !isKey(next)) {
                next = reader.readPemObject();
            }
            return next;
        }
    }

    private static boolean isKey(PemObject object) {
        return List.of(PKCS8, PKCS1, SEC1, ENCRYPTED_PKCS8).contains(object.getType());
    }

    /** The older forms say it in a header ({@code Proc-Type: 4,ENCRYPTED}), and have no other headers. */
    private static boolean isEncrypted(PemObject key) {
        return key.getType().equals(ENCRYPTED_PKCS8) || !key.getHeaders().isEmpty();
    }

    private static byte[] pkcs8(PemObject key) throws IOException {
        return switch (key.getType()) {
            case PKCS1 ->
                pkcs8(
                        PKCSObjectIdentifiers.rsaEncryption,
                        DERNull.INSTANCE,
                        RSAPrivateKey.getInstance(key.getContent()));
            case SEC1 -> {
                ECPrivateKey ec = ECPrivateKey.getInstance(key.getContent());
                yield pkcs8(X9ObjectIdentifiers.id_ecPublicKey, ec.getParametersObject(), ec);
            }
            default -> key.getContent();
        };
    }

    private static byte[] pkcs8(ASN1ObjectIdentifier algorithm, ASN1Encodable parameters, ASN1Object key)
            throws IOException {
        return new PrivateKeyInfo(new AlgorithmIdentifier(algorithm, parameters), key).getEncoded();
    }

    private static PrivateKey key(Path file, byte[] pkcs8) throws KeyFileException {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // The next algorithm.
            } catch (GeneralSecurityException e) {
                throw new KeyFileException(
                        quoted(file) + " needs " + algorithm + ", which this Java lacks", "use another Java", e);
            }
        }
        throw new KeyFileException(
                quoted(file) + " holds neither an RSA nor an EC nor an Ed25519 key", "put one of these there");
    }
}
