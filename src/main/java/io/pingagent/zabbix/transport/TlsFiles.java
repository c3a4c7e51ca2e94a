package io.pingagent.zabbix.transport;

import io.pingagent.keyfile.KeyFileException;
import io.pingagent.keyfile.KeyFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** Reads Zabbix's key files. Messages never quote what is in a file: it may be a secret. */
final class TlsFiles {

    private static final int MIN_PSK_BYTES = 16;
    private static final int MAX_PSK_BYTES = 256;

    private TlsFiles() {}

    /** The key in a TLSPSKFile. */
    static byte[] pskKey(Path file) throws KeyFileException {
        String text = new String(KeyFiles.secret(file), StandardCharsets.ISO_8859_1).strip();
        byte[] key;
        try {
            key = HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(
                    "'" + file + "' is no line of hexadecimal digits", "make one with: openssl rand -hex 32");
        }
        if (key.length < MIN_PSK_BYTES || key.length > MAX_PSK_BYTES) {
            throw new KeyFileException(
                    "'" + file + "' has " + 2 * key.length + " hexadecimal digits, Zabbix allows 32 to 512",
                    "make one with: openssl rand -hex 32");
        }
        return key;
    }
}
