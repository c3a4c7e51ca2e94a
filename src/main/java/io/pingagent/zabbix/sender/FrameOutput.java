package io.pingagent.zabbix.sender;

import io.pingagent.base.OwnedBy;
import io.pingagent.zabbix.transport.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Data to a {@link Frame} with zlib while it is made, so that the whole of it is never in memory uncompressed.
 */
@OwnedBy("caller")
final class FrameOutput extends OutputStream {

    /** What Zabbix takes of one packet, before zlib (1 GiB). */
    static final long MAX_DATA_BYTES = 1L << 30;

    private static final int CHUNK_BYTES = 64 * 1024;

    private final long maxBytes;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream(CHUNK_BYTES);
    private final DeflaterOutputStream out;
    private long written;

    FrameOutput() {
        this(MAX_DATA_BYTES);
    }

    /** @param maxBytes of data, at most {@link Integer#MAX_VALUE} */
    FrameOutput(long maxBytes) {
        this.maxBytes = maxBytes;
        Frame.reserveHeader(compressed);
        this.out = new DeflaterOutputStream(compressed, deflater, CHUNK_BYTES);
    }

    /** @throws IOException if it is more than a server takes */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        written += length;
        if (written > maxBytes) {
            throw new IOException("it is longer than the " + (maxBytes >> 20) + " MiB that a Zabbix server takes");
        }
        out.write(bytes, offset, length);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** Ends the data. Once only. */
    byte[] finish() throws IOException {
        out.finish();
        return Frame.withHeader(compressed.toByteArray(), Math.toIntExact(written));
    }

    /** Frees native memory; needed whether it was finished or not. */
    @Override
    public void close() {
        deflater.end();
    }
}
