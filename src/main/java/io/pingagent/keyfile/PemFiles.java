package io.pingagent.keyfile;

import static io.pingagent.keyfile.KeyFiles.quoted;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM files (RFC 7468). Stateless, any thread. */
public final class PemFiles {

    private static final Pattern PEM_KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC |ENCRYPTED )?)PRIVATE KEY-----([^-]*)-----END ");
    private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

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
     * The key of a PEM file that only its owner and group may read: PKCS #8, or the older form of RSA keys.
     *
     * @throws KeyFileException if others may read it, or it cannot be read or holds no such key
     */
    public static PrivateKey privateKey(Path file) throws KeyFileException {
        Matcher pem = PEM_KEY.matcher(new String(KeyFiles.secret(file), StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new KeyFileException(quoted(file) + " holds no PEM private key", "name a PEM file");
        }
        String kind = pem.group(1);
        if (kind.equals("EC ") || kind.equals("ENCRYPTED ")) {
            throw new KeyFileException(
                    quoted(file) + " is an " + kind + "PRIVATE KEY",
                    "convert it with: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.group(2));
        } catch (IllegalArgumentException e) {
            throw damaged(file);
        }
        return parse(file, kind.isEmpty() ? der : pkcs8(der));
    }

    private static KeyFileException damaged(Path file) {
        return new KeyFileException(quoted(file) + " is damaged: no base64", "put the key there again");
    }

    private static PrivateKey parse(Path file, byte[] pkcs8) throws KeyFileException {
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

    /** Puts PKCS #8 around an RSA key: SEQUENCE { INTEGER 0, algorithm, OCTET STRING { key } }. */
    private static byte[] pkcs8(byte[] rsaKey) {
        byte[] octets = tagged(0x04, rsaKey);
        byte[] version = {0x02, 0x01, 0x00};
        byte[] content = new byte[version.length + RSA_ALGORITHM.length + octets.length];
        System.arraycopy(version, 0, content, 0, version.length);
        System.arraycopy(RSA_ALGORITHM, 0, content, version.length, RSA_ALGORITHM.length);
        System.arraycopy(octets, 0, content, version.length + RSA_ALGORITHM.length, octets.length);
        return tagged(0x30, content);
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 5);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >>> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
