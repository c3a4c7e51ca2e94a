package io.pingagent.zabbix;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A value in a segment file, big-endian:
 *
 * <pre>
 * length of the payload (4 B) | CRC-32 of the payload (4 B) | payload:
 * clock (8 B) | nanos (4 B) | length of host (2 B) | host | length of key (2 B) | key | value
 * </pre>
 */
final class ValueRecord {

    static final int HEADER_BYTES = 8;
    /** Zabbix takes keys of 2,048 characters; our values are short numbers or a line of text. */
    static final int MAX_PAYLOAD_BYTES = 128 * 1024;

    private static final int FIXED_BYTES = 16;

    private ValueRecord() {}

    /** @throws IllegalArgumentException if the value is far too long for an item */
    static byte[] encode(ZabbixValue value) {
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

    /**
     * @param payload of at least 16 bytes, whose CRC was right
     * @return null if its lengths or its time are impossible: written by something else, or on a bad disk
     */
    static @Nullable ZabbixValue decode(byte[] payload) {
        ByteBuffer bytes = ByteBuffer.wrap(payload);
        long clockSeconds = bytes.getLong();
        int nanos = bytes.getInt();
        try {
            String host = text(bytes, Short.toUnsignedInt(bytes.getShort()));
            String key = text(bytes, Short.toUnsignedInt(bytes.getShort()));
            return new ZabbixValue(host, key, text(bytes, bytes.remaining()), clockSeconds, nanos);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
    }

    private static String text(ByteBuffer bytes, int length) {
        byte[] text = new byte[Math.min(length, bytes.remaining() + 1)];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
