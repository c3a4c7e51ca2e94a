package io.pingagent.zabbix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How far the values are acknowledged, and how many were dropped: two slots, written in turn, so that one is whole whatever
 * happens. A slot is sequence (8 B), dropped (8 B), CRC-32 of both (4 B).
 */
final class AckFile implements Closeable {

    private static final int SLOT_BYTES = 20;

    private final FileChannel channel;
    private int slot;
    private long sequence;
    private long dropped;

    AckFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        for (int i = 0; i < 2; i++) {
            ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
            int count = channel.read(bytes, (long) i * SLOT_BYTES);
            if (count == SLOT_BYTES
                    && bytes.getInt(16) == ValueRecord.crc(bytes.array(), 0, 16)
                    && bytes.getLong(0) >= 0
                    && bytes.getLong(8) >= 0
                    && (bytes.getLong(0) > sequence || bytes.getLong(8) > dropped)) {
                sequence = bytes.getLong(0);
                dropped = bytes.getLong(8);
                slot = 1 - i;
            }
        }
    }

    /** Sequence number of the first value that is not acknowledged. */
    long sequence() {
        return sequence;
    }

    long dropped() {
        return dropped;
    }

    void write(long newSequence, long newDropped) throws IOException {
        sequence = newSequence;
        dropped = newDropped;
        ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES).putLong(newSequence).putLong(newDropped);
        bytes.putInt(ValueRecord.crc(bytes.array(), 0, 16)).flip();
        long at = (long) slot * SLOT_BYTES;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        slot = 1 - slot;
    }

    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
