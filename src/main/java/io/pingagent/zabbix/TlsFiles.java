package io.pingagent.zabbix;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

/** Reads Zabbix's key and certificate files. Messages never quote what is in a file: it may be a secret. */
final class TlsFiles {

    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MIN_PSK_BYTES = 16;
    private static final int MAX_PSK_BYTES = 256;
    private static final Pattern PEM_KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC |ENCRYPTED )?)PRIVATE KEY-----([^-]*)-----END ");
    private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private TlsFiles() {}

    /** The key in a TLSPSKFile. */
    static byte[] pskKey(Path file) throws TlsFileException {
        String text = new String(read(file), StandardCharsets.ISO_8859_1).strip();
        byte[] key;
        try {
            key = HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new TlsFileException(file + " is no line of hexadecimal digits");
        }
        if (key.length < MIN_PSK_BYTES || key.length > MAX_PSK_BYTES) {
            throw new TlsFileException(
                    file + " has " + 2 * key.length + " hexadecimal digits, Zabbix allows 32 to 512");
        }
        return key;
    }

    /** The certificates of a PEM file, in its order; at least one. */
    static List<X509Certificate> certificates(Path file) throws TlsFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read(file)))) {
                certificates.add((X509Certificate) certificate);
            }
        } catch (CertificateException e) {
            throw new TlsFileException(file + " holds no PEM certificates: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new TlsFileException(file + " holds no PEM certificate");
        }
        return certificates;
    }

    /** The key of a PEM file: PKCS #8, or the older form of RSA keys. */
    static PrivateKey privateKey(Path file) throws TlsFileException {
        Matcher pem = PEM_KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new TlsFileException(file + " holds no PEM private key");
        }
        String kind = pem.group(1);
        if (kind.equals("EC ") || kind.equals("ENCRYPTED ")) {
            throw new TlsFileException(file + " is an " + kind
                    + "PRIVATE KEY; convert it with: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.group(2));
        } catch (IllegalArgumentException e) {
            throw new TlsFileException(file + " is damaged: no base64");
        }
        return parse(file, kind.isEmpty() ? der : pkcs8(der));
    }

    private static PrivateKey parse(Path file, byte[] pkcs8) throws TlsFileException {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // The next algorithm.
            } catch (GeneralSecurityException e) {
                throw new TlsFileException(file + ": " + e.getMessage(), e);
            }
        }
        throw new TlsFileException(file + " holds neither an RSA nor an EC nor an Ed25519 key");
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

    private static byte[] read(Path file) throws TlsFileException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new TlsFileException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new TlsFileException(file + " does not exist", e);
        } catch (IOException e) {
            throw new TlsFileException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
