package io.pingagent.keyfile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as OpenSSL writes them. */
class PemFilesIT {

    @TempDir
    static Path files;

    @BeforeAll
    static void makeKeys() throws IOException {
        Requires.program("openssl", "openssl");
        openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pkcs8");
        openssl("rsa -in rsa.pkcs8 -traditional -out rsa.pkcs1");
        openssl("ecparam -name prime256v1 -genkey -out ec.sec1");
        openssl("pkcs8 -topk8 -nocrypt -in ec.sec1 -out ec.pkcs8");
        openssl("ecparam -name secp384r1 -genkey -noout -out ec384.sec1");
        openssl("genpkey -algorithm ED25519 -out ed25519.pkcs8");
        openssl("pkcs8 -topk8 -passout pass:x -in ec.sec1 -out encrypted.pkcs8");
        openssl("rsa -in rsa.pkcs8 -traditional -aes256 -passout pass:x -out encrypted.pkcs1");
        openssl("ec -in ec.sec1 -aes256 -passout pass:x -out encrypted.sec1");
        openssl("genpkey -algorithm X25519 -out x25519.pkcs8");
        openssl("req -x509 -new -key ec.pkcs8 -days 2 -subj /CN=a -out certificate.pem");
    }

    private static void openssl(String words) throws IOException {
        Command.check("sh", "-c", "cd \"$0\" && umask 077 && openssl " + words, files.toString());
    }

    private static PrivateKey key(String name) throws KeyFileException {
        return PemFiles.privateKey(files.resolve(name));
    }

    private static KeyFileException unusable(String name) {
        return assertThrows(KeyFileException.class, () -> key(name));
    }

    @Test
    void rsaKeysOfBothFormsAreTheSame() throws Exception {
        assertEquals("RSA", key("rsa.pkcs8").getAlgorithm());
        assertArrayEquals(key("rsa.pkcs8").getEncoded(), key("rsa.pkcs1").getEncoded());
    }

    /** The older file has the curve in front of the key as well. */
    @Test
    void ecKeysOfBothFormsAreTheSame() throws Exception {
        assertTrue(Files.readString(files.resolve("ec.sec1")).startsWith("-----BEGIN EC PARAMETERS-----"));
        ECPrivateKey newer = assertInstanceOf(ECPrivateKey.class, key("ec.pkcs8"));
        ECPrivateKey older = assertInstanceOf(ECPrivateKey.class, key("ec.sec1"));
        assertEquals(newer.getS(), older.getS());
        assertEquals(newer.getParams().getOrder(), older.getParams().getOrder());
        assertEquals("EC", key("ec384.sec1").getAlgorithm());
    }

    @Test
    void anEcKeyGoesWithItsCertificate() throws Exception {
        TlsContexts.of(List.of(), PemFiles.certificates(files.resolve("certificate.pem")), key("ec.sec1"));
    }

    @Test
    void ed25519KeysAreRead() throws Exception {
        assertEquals("EdDSA", key("ed25519.pkcs8").getAlgorithm());
    }

    @ParameterizedTest
    @ValueSource(strings = {"encrypted.pkcs8", "encrypted.pkcs1", "encrypted.sec1"})
    void aPassphraseIsRefusedWithTheWayToTakeItOff(String name) throws Exception {
        Path file = files.resolve(name);
        KeyFileException refused = unusable(name);
        assertEquals(
                "the key in '" + file + "' is protected by a passphrase, which the agent cannot ask for",
                refused.what());
        String remedy = "take the passphrase off with: openssl pkey -in " + file + " -out key.pem";
        assertEquals(remedy, refused.remedy());
        openssl(remedy.substring(remedy.indexOf("pkey")) + " -passin pass:x");
        assertFalse(key("key.pem").getAlgorithm().isEmpty());
    }

    @Test
    void aKeyOfAnotherAlgorithmIsNamedAsSuch() {
        KeyFileException other = unusable("x25519.pkcs8");
        assertTrue(other.what().endsWith("holds neither an RSA nor an EC nor an Ed25519 key"), other::what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN EC PRIVATE KEY-----\nAQID\n-----END EC PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nAQID\n-----END RSA PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nsecret!\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nAQID\n",
            })
    void aDamagedKeyIsNamedButNotQuoted(String text) throws Exception {
        SecretFiles.write(files.resolve("damaged"), text);
        KeyFileException damaged = unusable("damaged");
        assertTrue(damaged.what().startsWith("'" + files.resolve("damaged") + "' is damaged"), damaged::what);
        assertFalse(damaged.toString().contains("secret!"), damaged::toString);
    }

    @Test
    void aFileWithoutAKeyIsNamed() throws Exception {
        SecretFiles.write(files.resolve("other"), Files.readString(files.resolve("certificate.pem")));
        assertTrue(unusable("other").what().endsWith("holds no PEM private key"), unusable("other")::what);
    }

    /** Commands that end in a moment pay for each class that they load. */
    @Test
    void onlyAKeyLoadsBouncyCastle() throws Exception {
        URL ours = PemFiles.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader without = new URLClassLoader(new URL[] {ours}, null)) {
            Class<?> pemFiles = without.loadClass(PemFiles.class.getName());
            List<?> certificates = (List<?>)
                    pemFiles.getMethod("certificates", Path.class).invoke(null, files.resolve("certificate.pem"));
            assertEquals(1, certificates.size());
            InvocationTargetException lacks = assertThrows(
                    InvocationTargetException.class,
                    () -> pemFiles.getMethod("privateKey", Path.class).invoke(null, files.resolve("ec.pkcs8")));
            assertInstanceOf(NoClassDefFoundError.class, lacks.getCause());
        }
    }
}
