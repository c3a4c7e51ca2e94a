package io.pingagent.zabbix.buffer;

import io.pingagent.model.ZabbixValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A value in a segment file, big-endian:
 *
 * <pre>
 * length of the payload (4 B) | CRC-32 of the payload (4 B) | payload:
 * place in the segment (4 B) | clock (8 B) | nanos (4 B)
 * | length of host (2 B) | host | length of key (2 B) | key | value
 * </pre>
 *
 * The highest bit of the length is set once nobody needs the value any more. The place, counted from 0, says how many
 * values a damage has cost.
 */
final class ValueRecord {

    static final int HEADER_BYTES = 8;
    /** Zabbix takes keys of 2,048 characters; our values are short numbers or a line of text. */
    static final int MAX_PAYLOAD_BYTES = 128 * 1024;
    /** Of the shortest payload. */
    static final int FIXED_BYTES = 20;
    /** In the first byte of a record. */
    static final int SETTLED = 0x80;

    private static final int CLOCK_AT = 4;
    private static final int HOST_AT = 16;

    private ValueRecord() {}

    /** Whether a value is not far too long for an item. */
    static boolean fits(ZabbixValue value) {
        // A character takes up to 3 bytes.
        return value.host().length() <= 0xffff / 3
                && value.key().length() <= 0xffff / 3
                && FIXED_BYTES
                                + 3L * value.host().length()
                                + 3L * value.key().length()
                                + 3L * value.value().length()
                        <= MAX_PAYLOAD_BYTES;
    }

    /**
     * @param place number in the segment, from 0
     * @throws IllegalArgumentException if the value is far too long for an item
     */
    static byte[] encode(ZabbixValue value, int place) {
        byte[] host = value.host().getBytes(StandardCharsets.UTF_8);
        byte[] key = value.key().getBytes(StandardCharsets.UTF_8);
        byte[] text = value.value().getBytes(StandardCharsets.UTF_8);
        int length = FIXED_BYTES + host.length + key.length + text.length;
        if (host.length > 0xffff || key.length > 0xffff || length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("a value of " + length + " bytes is too long");
        }
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + length)
                .putInt(length)
                .putInt(0)
                .putInt(place)
                .putLong(value.clockSeconds())
                .putInt(value.nanos())
                .putShort((short) host.length)
                .put(host)
                .putShort((short) key.length)
                .put(key)
                .put(text);
        bytes.putInt(4, crc(bytes.array(), HEADER_BYTES, length));
        return bytes.array();
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Whether the lengths and the time in a payload are possible; cheap, before the CRC is looked at. */
    static boolean plausible(ByteBuffer bytes, int payloadAt, int length) {
        int nanos = bytes.getInt(payloadAt + CLOCK_AT + Long.BYTES);
        int keyAt = HOST_AT + 2 + Short.toUnsignedInt(bytes.getShort(payloadAt + HOST_AT));
        if (bytes.getInt(payloadAt) < 0 || nanos < 0 || nanos > 999_999_999 || keyAt + 2 > length) {
            return false;
        }
        return keyAt + 2 + Short.toUnsignedInt(bytes.getShort(payloadAt + keyAt)) <= length;
    }

    static int place(ByteBuffer bytes, int payloadAt) {
        return bytes.getInt(payloadAt);
    }

    static long clockSeconds(ByteBuffer bytes, int payloadAt) {
        return bytes.getLong(payloadAt + CLOCK_AT);
    }

    /** @return null if its lengths or its time are impossible: written by something else, or on a bad disk */
    static @Nullable ZabbixValue decode(ByteBuffer bytes, int payloadAt, int length) {
        if (length < FIXED_BYTES || !plausible(bytes, payloadAt, length)) {
            return null;
        }
        int hostBytes = Short.toUnsignedInt(bytes.getShort(payloadAt + HOST_AT));
        int keyAt = HOST_AT + 2 + hostBytes;
        int keyBytes = Short.toUnsignedInt(bytes.getShort(payloadAt + keyAt));
        int textAt = keyAt + 2 + keyBytes;
        return new ZabbixValue(
                text(bytes, payloadAt + HOST_AT + 2, hostBytes),
                text(bytes, payloadAt + keyAt + 2, keyBytes),
                text(bytes, payloadAt + textAt, length - textAt),
                bytes.getLong(payloadAt + CLOCK_AT),
                bytes.getInt(payloadAt + CLOCK_AT + Long.BYTES));
    }

    private static String text(ByteBuffer bytes, int at, int length) {
        byte[] text = new byte[length];
        bytes.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
