package io.pingagent.zabbix.buffer;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.ZabbixValue;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment in order. What is torn or damaged is passed over: reading continues at the next
 * place where a whole record begins.
 */
@OwnedBy("caller")
final class SegmentReader implements Closeable {

    private static final int BUFFER_BYTES = 2 * (ValueRecord.HEADER_BYTES + ValueRecord.MAX_PAYLOAD_BYTES);

    private final DiskFile file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    /** Where in the file the buffer's bytes begin. */
    private long bufferAt;
    /** Behind the record just read. */
    private long nextAt;

    private long recordAt = -1;
    private int place = -1;
    private int payloadBytes;
    private boolean damaged;
    private long damagedAt;

    /** @param file closed with this */
    SegmentReader(DiskFile file) {
        this.file = file;
    }

    /**
     * Goes to the next whole record.
     *
     * @return false at the end; what is appended later can still be read
     */
    boolean next() throws IOException {
        long at = nextAt;
        while (true) {
            if (!load(at, ValueRecord.HEADER_BYTES + ValueRecord.FIXED_BYTES)) {
                return false;
            }
            int length = recordLength(at);
            if (length >= 0) {
                if (at != nextAt) {
                    damaged = true;
                    damagedAt = nextAt;
                }
                recordAt = at;
                payloadBytes = length;
                place = ValueRecord.place(buffer, payloadAt());
                nextAt = at + ValueRecord.HEADER_BYTES + length;
                return true;
            }
            at++;
        }
    }

    /** The length of the payload of the record that begins here, or -1 if none does. */
    private int recordLength(long at) throws IOException {
        int length = buffer.getInt((int) (at - bufferAt)) & 0x7fff_ffff;
        if (length < ValueRecord.FIXED_BYTES || length > ValueRecord.MAX_PAYLOAD_BYTES) {
            return -1;
        }
        int payload = (int) (at - bufferAt) + ValueRecord.HEADER_BYTES;
        int number = ValueRecord.place(buffer, payload);
        if (number <= place || number - (long) place > 1 + (at - nextAt) / ValueRecord.FIXED_BYTES) {
            return -1;
        }
        if (!load(at, ValueRecord.HEADER_BYTES + length)) {
            return -1;
        }
        payload = (int) (at - bufferAt) + ValueRecord.HEADER_BYTES;
        return ValueRecord.plausible(buffer, payload, length)
                        && buffer.getInt(payload - 4) == ValueRecord.crc(buffer.array(), payload, length)
                ? length
                : -1;
    }

    /** Makes bytes of the file be in the buffer; false if the file has not so many. */
    private boolean load(long at, int bytes) throws IOException {
        int from = (int) (at - bufferAt);
        if (at >= bufferAt && from + bytes <= buffer.limit()) {
            return true;
        }
        if (at >= bufferAt && from <= buffer.limit()) {
            buffer.position(from).compact();
        } else {
            buffer.clear();
        }
        bufferAt = at;
        while (buffer.position() < bytes) {
            int count = file.read(buffer, bufferAt + buffer.position());
            if (count <= 0) {
                break;
            }
        }
        buffer.flip();
        return buffer.limit() >= bytes;
    }

    /** Where in the file the record begins. */
    long recordAt() {
        return recordAt;
    }

    /** Its number in the segment, from 0, larger than that of the one before. */
    int place() {
        return place;
    }

    int recordBytes() {
        return ValueRecord.HEADER_BYTES + payloadBytes;
    }

    /** Whether nobody needs the value any more. */
    boolean settled() {
        return buffer.get((int) (recordAt - bufferAt)) < 0;
    }

    long clockSeconds() {
        return ValueRecord.clockSeconds(buffer, payloadAt());
    }

    ZabbixValue value() {
        ZabbixValue value = ValueRecord.decode(buffer, payloadAt(), payloadBytes);
        if (value == null) {
            throw new IllegalStateException("a record that was whole is not any more");
        }
        return value;
    }

    private int payloadAt() {
        return (int) (recordAt - bufferAt) + ValueRecord.HEADER_BYTES;
    }

    /** Where bytes were passed over that belong to no whole record and have whole ones behind them, or null. */
    @Nullable
    Long damagedAt() {
        return damaged ? damagedAt : null;
    }

    /** Bytes in the file. */
    long size() throws IOException {
        return file.size();
    }

    /** After the last record: how many values the bytes behind it were, as far as their lengths are possible. */
    int tornValues() throws IOException {
        int count = 0;
        long at = nextAt;
        long size = file.size();
        while (at < size) {
            count++;
            if (!load(at, Integer.BYTES)) {
                break;
            }
            int length = buffer.getInt((int) (at - bufferAt)) & 0x7fff_ffff;
            if (length < ValueRecord.FIXED_BYTES || length > ValueRecord.MAX_PAYLOAD_BYTES) {
                break;
            }
            at += ValueRecord.HEADER_BYTES + length;
        }
        return count;
    }

    /** Behind the last whole record. */
    long end() {
        return nextAt;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
