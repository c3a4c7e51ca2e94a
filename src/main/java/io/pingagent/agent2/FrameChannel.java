package io.pingagent.agent2;

import io.pingagent.base.OwnedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames on the connection with the agent: payload type (uint32, little endian, always 1 for JSON), length (the same), JSON in
 * UTF-8. One thread reads, any may write; each frame goes out whole.
 */
final class FrameChannel {

    static final int JSON = 1;

    /** Longer ones are passed over: no request of the agent comes near. */
    static final long MOST_BYTES = 1 << 20;

    private static final byte[] NOTHING = {};
    private static final int HEADER_BYTES = 8;
    private static final int READ_BYTES = 8 * 1024;
    private static final int WRITE_BYTES = 64 * 1024;
    private static final long PAUSE_MILLIS = 20;

    private final ReadableByteChannel source;
    private final GatheringByteChannel sink;
    private final ByteBuffer in =
            ByteBuffer.allocate(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private final Object writing = new Object();
    /** What is still to come of the frame that is being read; negative between two frames. */
    @OwnedBy("caller")
    private long leftBytes = -1;
    /** Of that frame; null if it is passed over. */
    private byte @Nullable [] payload;

    /** @param channel in blocking mode */
    FrameChannel(SocketChannel channel) {
        this(channel, channel);
    }

    FrameChannel(ReadableByteChannel source, GatheringByteChannel sink) {
        this.source = source;
        this.sink = sink;
    }

    /**
     * The payload of the next frame; empty if it was none of JSON or too long, and null at the end of the connection. After an
     * error, as one for want of memory, the next call continues where this one was.
     *
     * @throws IOException if the connection breaks
     */
    byte @Nullable [] read() throws IOException {
        if (leftBytes < 0) {
            if (!fill(HEADER_BYTES)) {
                return null;
            }
            int type = in.getInt();
            leftBytes = Integer.toUnsignedLong(in.getInt());
            if (type == JSON && leftBytes <= MOST_BYTES) {
                payload = new byte[(int) leftBytes];
            }
        }
        while (leftBytes > 0) {
            if (!in.hasRemaining() && !fill(1)) {
                return null;
            }
            take((int) Math.min(in.remaining(), leftBytes));
        }
        byte[] whole = payload;
        payload = null;
        leftBytes = -1;
        return whole == null ? NOTHING : whole;
    }

    private void take(int bytes) {
        byte[] taken = payload;
        if (taken == null) {
            in.position(in.position() + bytes);
        } else {
            in.get(taken, (int) (taken.length - leftBytes), bytes);
        }
        leftBytes -= bytes;
    }

    /** Whether there are so many bytes now, which is not so at the end. */
    private boolean fill(int bytes) throws IOException {
        if (in.remaining() >= bytes) {
            return true;
        }
        in.compact();
        try {
            while (in.position() < bytes) {
                if (source.read(in) < 0) {
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
                try {
                    sink.write(frame);
                } catch (OutOfMemoryError e) {
                    // A frame that has begun goes out whole: the agent could read nothing after a part.
                    if (header.position() == 0) {
                        throw e;
                    }
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
