package io.pingagent.keyfile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Command;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {

    @TempDir
    Path directory;

    private Path file(String rights, String text) throws IOException {
        Path file = SecretFiles.write(directory.resolve("secret"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    private static KeyFileException refused(Path file) {
        return assertThrows(KeyFileException.class, () -> KeyFiles.password(file));
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, read", "rw----r--, read", "rw-r--rw-, read", "rw-r---w-, change"})
    void aSecretThatEverybodyMayReadOrChangeIsRefused(String rights, String may) throws IOException {
        Path file = file(rights, "s3cret\n");
        KeyFileException refused = refused(file);
        assertEquals("every user of this machine may " + may + " '" + file + "'", refused.what());
        assertEquals("chmod o-rwx " + file, refused.remedy());
        assertThrows(KeyFileException.class, () -> KeyFiles.secret(file));
        assertThrows(KeyFileException.class, () -> PemFiles.privateKey(file));
        assertThrows(
                KeyFileException.class,
                () -> KeyFiles.requirePrivate(Files.createSymbolicLink(directory.resolve("link"), file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rw-r-----", "rw-rw----", "r--r----x"})
    void ownerAndGroupMayReadIt(String rights) throws Exception {
        assertEquals("s3cret", KeyFiles.password(file(rights, "s3cret\n")));
    }

    @Test
    void theRemedyMendsIt() throws Exception {
        Path file = file("rw-r--rw-", "s3cret\n");
        Command.check("sh", "-c", refused(file).remedy());
        assertEquals("s3cret", KeyFiles.password(file));
    }

    @Test
    void aPipeIsTaken() throws Exception {
        Path pipe = directory.resolve("pipe");
        Command.check("mkfifo", "-m", "666", pipe.toString());
        Process writer = new ProcessBuilder("sh", "-c", "echo s3cret > \"$0\"", pipe.toString()).start();
        assertEquals("s3cret", KeyFiles.password(pipe));
        assertEquals(0, writer.waitFor());
    }

    @Test
    void filesFromWindowsAreRead() throws Exception {
        assertEquals("s3cret", KeyFiles.password(file("rw-------", "\ufeffs3cret\r\n")));
        byte[] key = "00ff\r\n".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(key, KeyFiles.secret(file("rw-------", "\ufeff00ff\r\n")));
    }

    @Test
    void certificatesAndKeysFromWindowsAreRead() throws Exception {
        Requires.program("openssl", "openssl");
        for (String kind : List.of("rsa:2048", "ec -pkeyopt ec_paramgen_curve:prime256v1", "ed25519")) {
            Path key = directory.resolve("key.pem");
            Path certificate = directory.resolve("certificate.pem");
            Command.check(
                    "sh",
                    "-c",
                    "openssl req -x509 -newkey " + kind + " -nodes -days 2 -subj /CN=a -keyout \"$0\" -out \"$1\"",
                    key.toString(),
                    certificate.toString());
            for (Path file : List.of(key, certificate)) {
                SecretFiles.write(file, "\ufeff" + Files.readString(file).replace("\n", "\r\n"));
            }
            TlsContexts.of(List.of(), PemFiles.certificates(certificate), PemFiles.privateKey(key));
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        Requires.program("openssl", "openssl");
        for (String name : List.of("one", "two")) {
            Command.check(
                    "sh",
                    "-c",
                    "cd \"$0\" && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=a -keyout " + name
                            + ".key -out " + name + ".pem",
                    directory.toString());
        }
        GeneralSecurityException refused = assertThrows(
                GeneralSecurityException.class,
                () -> TlsContexts.of(
                        List.of(),
                        PemFiles.certificates(directory.resolve("one.pem")),
                        PemFiles.privateKey(directory.resolve("two.key"))));
        assertEquals("the key is not that of the certificate", refused.getMessage());
    }

    @Test
    void nothingEndless() {
        KeyFileException password = refused(Path.of("/dev/zero"));
        assertEquals("'/dev/zero' is larger than 4096 bytes", password.what());
        assertTrue(assertThrows(KeyFileException.class, () -> PemFiles.certificates(Path.of("/dev/zero")))
                .what()
                .contains("is larger than 1048576 bytes"));
    }

    @Test
    void noMessageQuotesTheFile() throws IOException {
        for (String text : List.of("s3cret\nof two lines\n", "-----BEGIN s3cret\n", "s3cret: -----BEGIN\n-\n")) {
            Path file = file("rw-------", text);
            for (Reading reading : List.<Reading>of(KeyFiles::password, PemFiles::certificates, PemFiles::privateKey)) {
                try {
                    reading.of(file);
                } catch (KeyFileException e) {
                    java.io.StringWriter trace = new java.io.StringWriter();
                    e.printStackTrace(new java.io.PrintWriter(trace));
                    assertTrue(!(trace + e.remedy()).contains("s3cret"), trace.toString());
                }
            }
        }
    }

    private interface Reading {
        Object of(Path file) throws KeyFileException;
    }

    @Test
    void whatIsMissingIsNamed() {
        assertEquals("'/no/such' does not exist", refused(Path.of("/no/such")).what());
    }
}
