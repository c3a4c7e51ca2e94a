package io.pingagent.zabbix.transport;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Zabbix's frame around a JSON text, little-endian:
 *
 * <pre>
 * "ZBXD" | flags (1 B): 1 always, 2 zlib, 4 large | length of the data (4 B, large 8 B)
 *        | length before zlib, else 0 (4 B, large 8 B) | data
 * </pre>
 */
public final class Frame {

    private static final int MAGIC = 0x4458_425a;
    private static final int FLAG_ZABBIX = 0x01;
    private static final int FLAG_ZLIB = 0x02;
    private static final int FLAG_LARGE = 0x04;
    private static final int PREFIX_BYTES = 5;
    private static final int HEADER_BYTES = PREFIX_BYTES + 8;

    /** An answer is some hundred bytes. */
    public static final int MAX_ANSWER_BYTES = 64 * 1024;

    /** Less is sent as it is: zlib would not shorten it much. */
    private static final int MIN_COMPRESSED_BYTES = 512;

    private Frame() {}

    /** @param compress whether zlib may be used */
    public static byte[] encode(byte[] data, boolean compress) {
        return encode(data, 0, data.length, compress);
    }

    public static byte[] encode(byte[] data, int offset, int length, boolean compress) {
        if (!compress || length < MIN_COMPRESSED_BYTES) {
            return header(FLAG_ZABBIX, length, 0, length)
                    .put(data, offset, length)
                    .array();
        }
        // Fastest level: the server spends less on it, too, and numbers do not shrink much more.
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(data, offset, length);
            deflater.finish();
            ByteArrayOutputStream compressed = new ByteArrayOutputStream(length / 4);
            byte[] chunk = new byte[16 * 1024];
            while (!deflater.finished()) {
                compressed.write(chunk, 0, deflater.deflate(chunk));
            }
            return header(FLAG_ZABBIX | FLAG_ZLIB, compressed.size(), length, compressed.size())
                    .put(compressed.toByteArray())
                    .array();
        } finally {
            deflater.end();
        }
    }

    /** Leaves room for what {@link #withHeader} fills in. */
    public static void reserveHeader(ByteArrayOutputStream out) {
        out.write(new byte[HEADER_BYTES], 0, HEADER_BYTES);
    }

    /**
     * Fills in the header of compressed data.
     *
     * @param frame the room for the header, and zlib's output behind it
     * @param uncompressed bytes before zlib
     */
    public static byte[] withHeader(byte[] frame, int uncompressed) {
        putHeader(ByteBuffer.wrap(frame), FLAG_ZABBIX | FLAG_ZLIB, frame.length - HEADER_BYTES, uncompressed);
        return frame;
    }

    private static ByteBuffer header(int flags, int length, int uncompressed, int capacity) {
        return putHeader(ByteBuffer.allocate(HEADER_BYTES + capacity), flags, length, uncompressed);
    }

    private static ByteBuffer putHeader(ByteBuffer frame, int flags, int length, int uncompressed) {
        return frame.order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .put((byte) flags)
                .putInt(length)
                .putInt(uncompressed);
    }

    /**
     * Reads one frame and not a byte more.
     *
     * @return the data, at most {@code maxBytes}
     * @throws BadAnswerException if it is no such frame, cut, or larger than allowed
     */
    public static byte[] read(InputStream in, int maxBytes) throws IOException {
        ByteBuffer prefix = ByteBuffer.wrap(exactly(in, PREFIX_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        int magic = prefix.getInt();
        int flags = prefix.get();
        if (magic != MAGIC || (flags & FLAG_ZABBIX) == 0 || (flags & ~(FLAG_ZABBIX | FLAG_ZLIB | FLAG_LARGE)) != 0) {
            throw new BadAnswerException("the answer is not of Zabbix's protocol");
        }
        boolean large = (flags & FLAG_LARGE) != 0;
        ByteBuffer lengths = ByteBuffer.wrap(exactly(in, large ? 16 : 8)).order(ByteOrder.LITTLE_ENDIAN);
        long length = large ? lengths.getLong() : Integer.toUnsignedLong(lengths.getInt());
        long uncompressed = large ? lengths.getLong() : Integer.toUnsignedLong(lengths.getInt());
        int dataBytes = bounded(length, maxBytes);
        if ((flags & FLAG_ZLIB) == 0) {
            return exactly(in, dataBytes);
        }
        return inflate(exactly(in, dataBytes), bounded(uncompressed, maxBytes));
    }

    private static int bounded(long length, int maxBytes) throws BadAnswerException {
        if (length < 0 || length > maxBytes) {
            throw new BadAnswerException("the answer claims " + Long.toUnsignedString(length) + " bytes, at most "
                    + maxBytes + " are allowed");
        }
        return (int) length;
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = new byte[count];
        try {
            if (in.readNBytes(bytes, 0, count) == count) {
                return bytes;
            }
        } catch (EOFException e) {
            // Reported below.
        }
        throw new BadAnswerException("the connection was closed within the answer");
    }

    private static byte[] inflate(byte[] data, int length) throws BadAnswerException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(data);
            byte[] result = new byte[length];
            int done = 0;
            while (done < length) {
                int count = inflater.inflate(result, done, length - done);
                if (count == 0) {
                    throw new BadAnswerException("the answer's zlib data are cut");
                }
                done += count;
            }
            if (inflater.inflate(new byte[1]) != 0) {
                throw new BadAnswerException("the answer's zlib data are longer than announced");
            }
            return result;
        } catch (DataFormatException e) {
            throw new BadAnswerException("the answer's zlib data are damaged");
        } finally {
            inflater.end();
        }
    }
}
