package io.pingagent.control;

import io.pingagent.base.OwnedBy;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which nothing takes longer than until a deadline. An interrupt ends a wait.
 *
 * <p>Every method throws {@link SocketTimeoutException} when the deadline has passed.
 */
@OwnedBy("caller")
final class DeadlineChannel implements AutoCloseable {

    private static final int BUFFER_BYTES = 8 * 1024;
    private static final long RETRY_MILLIS = 10;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private long deadlineNanos;

    /**
     * Takes the channel over and closes it, also if this fails.
     *
     * @param deadlineNanos in the terms of {@link System#nanoTime}
     */
    DeadlineChannel(SocketChannel channel, long deadlineNanos) throws IOException {
        this.channel = channel;
        this.deadlineNanos = deadlineNanos;
        Selector opened = null;
        try {
            channel.configureBlocking(false);
            opened = Selector.open();
            this.selector = opened;
            this.key = channel.register(selector, 0);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            if (opened != null) {
                opened.close();
            }
            throw e;
        }
    }

    /** From now on another deadline holds. */
    void deadline(long nanos) {
        deadlineNanos = nanos;
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        while (true) {
            long leftNanos = deadlineNanos - System.nanoTime();
            if (leftNanos <= 0) {
                throw new SocketTimeoutException("no progress in time");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            selector.select(Math.max(1, leftNanos / 1_000_000));
            if (selector.selectedKeys().remove(key)) {
                return;
            }
        }
    }

    /** Connects to a Unix socket, as soon as there is room in its queue. */
    static DeadlineChannel connect(Path path, long deadlineNanos) throws IOException {
        while (true) {
            SocketChannel channel = ifRoom(path);
            if (channel != null) {
                return new DeadlineChannel(channel, deadlineNanos);
            }
            if (deadlineNanos - System.nanoTime() <= 0) {
                throw new SocketTimeoutException("no room in the queue in time");
            }
            pause();
        }
    }

    /**
     * A connection to a Unix socket; null if its queue is full. See connect(2): that is the error EAGAIN, and nothing is under
     * way then that could be waited for.
     *
     * @throws IOException if nobody listens there
     */
    static @Nullable SocketChannel ifRoom(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean isConnected = false;
        try {
            channel.configureBlocking(false);
            isConnected = channel.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException | BindException e) {
            // Refused, or not permitted.
            throw e;
        } catch (SocketException e) {
            // Java has no type of its own for EAGAIN, and texts are in the system's language.
            if (!Files.exists(path)) {
                throw e;
            }
        } finally {
            if (!isConnected) {
                channel.close();
            }
        }
        return isConnected ? channel : null;
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    /** Whether the other side has closed; shutdown(2) of its sending alone is not that. */
    boolean isGone() {
        try {
            // Never so of a connected channel but for POLLHUP, see poll(2), which counts for whatever is asked.
            key.interestOps(SelectionKey.OP_CONNECT);
            selector.selectNow();
            return selector.selectedKeys().remove(key);
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * The next line without its end.
     *
     * @param mostBytes of the line
     * @throws EOFException if the other side closes before the end of the line
     * @throws LineTooLongException if there is no end within so many bytes
     */
    String line(int mostBytes) throws IOException {
        byte[] line = new byte[mostBytes];
        int length = 0;
        while (true) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    return new String(line, 0, length, StandardCharsets.UTF_8);
                }
                if (length == mostBytes) {
                    throw new LineTooLongException();
                }
                line[length++] = next;
            }
            fill();
        }
    }

    private void fill() throws IOException {
        buffer.clear();
        try {
            int read = channel.read(buffer);
            while (read == 0) {
                await(SelectionKey.OP_READ);
                read = channel.read(buffer);
            }
            if (read < 0) {
                throw new EOFException("closed by the other side");
            }
        } finally {
            buffer.flip();
        }
    }

    /** Fills an array. */
    void read(byte[] bytes) throws IOException {
        int length = 0;
        while (length < bytes.length) {
            if (!buffer.hasRemaining()) {
                fill();
            }
            int part = Math.min(buffer.remaining(), bytes.length - length);
            buffer.get(bytes, length, part);
            length += part;
        }
    }

    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            selector.close();
        } finally {
            channel.close();
        }
    }

    /** A line has more bytes than allowed. */
    static final class LineTooLongException extends IOException {

        private static final long serialVersionUID = 1L;
    }
}
