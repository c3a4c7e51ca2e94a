package io.pingagent.agent2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Frames on the connection with the agent: payload type (uint32, little endian, always 1 for JSON), length (the same), JSON in
 * UTF-8. One thread reads, any may write; each frame goes out whole.
 */
final class FrameChannel {

    static final int JSON = 1;

    /** Longer ones are passed over: no request of the agent comes near. */
    static final long MOST_BYTES = 1 << 20;

    private static final int HEADER_BYTES = 8;
    private static final int READ_BYTES = 8 * 1024;
    private static final int WRITE_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final ByteBuffer in =
            ByteBuffer.allocate(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private final Object writing = new Object();

    /** @param channel in blocking mode */
    FrameChannel(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * The payload of the next frame; empty if it was none of JSON or too long, and null at the end of the connection.
     *
     * @throws IOException if the connection breaks
     */
    byte @Nullable [] read() throws IOException {
        if (!fill(HEADER_BYTES)) {
            return null;
        }
        int type = in.getInt();
        long length = Integer.toUnsignedLong(in.getInt());
        if (type != JSON || length > MOST_BYTES) {
            return skip(length) ? new byte[0] : null;
        }
        byte[] payload = new byte[(int) length];
        int read = 0;
        while (read < payload.length) {
            if (!in.hasRemaining() && !fill(1)) {
                return null;
            }
            int part = Math.min(in.remaining(), payload.length - read);
            in.get(payload, read, part);
            read += part;
        }
        return payload;
    }

    private boolean skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            if (!in.hasRemaining() && !fill(1)) {
                return false;
            }
            int part = (int) Math.min(in.remaining(), left);
            in.position(in.position() + part);
            left -= part;
        }
        return true;
    }

    /** Whether there are so many bytes now, which is not so at the end. */
    private boolean fill(int bytes) throws IOException {
        if (in.remaining() >= bytes) {
            return true;
        }
        in.compact();
        try {
            while (in.position() < bytes) {
                if (channel.read(in) < 0) {
                    return false;
                }
            }
        } finally {
            in.flip();
        }
        return true;
    }

    void write(byte[] payload) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(JSON).putInt(payload.length).flip();
        ByteBuffer body = ByteBuffer.wrap(payload);
        ByteBuffer[] frame = {header, body};
        synchronized (writing) {
            while (header.hasRemaining() || body.position() < payload.length) {
                // Java copies what it is given into memory outside its heap first.
                body.limit(Math.min(payload.length, body.position() + WRITE_BYTES));
                channel.write(frame);
            }
        }
    }
}
