package io.pingagent.zabbix;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the records of one segment in order, and ends at the first that is torn or damaged. */
final class SegmentReader implements Closeable {

    private final DataInputStream in;

    SegmentReader(Path file) throws IOException {
        this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 64 * 1024));
    }

    /** The next payload, or null at the end of what is whole. */
    byte @Nullable [] next() throws IOException {
        try {
            int length = in.readInt();
            int crc = in.readInt();
            if (length < 16 || length > ValueRecord.MAX_PAYLOAD_BYTES) {
                return null;
            }
            byte[] payload = in.readNBytes(length);
            return payload.length == length && ValueRecord.crc(payload, 0, length) == crc ? payload : null;
        } catch (EOFException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
