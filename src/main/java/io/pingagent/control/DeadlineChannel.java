package io.pingagent.control;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A connection on which nothing takes longer than until a deadline. One thread; an interrupt ends a wait.
 *
 * <p>Every method throws {@link SocketTimeoutException} when the deadline has passed.
 */
final class DeadlineChannel implements AutoCloseable {

    private static final int BUFFER_BYTES = 8 * 1024;

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
        } catch (IOException | RuntimeException e) {
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

    /** Only of a channel that is not connected yet. */
    void connect(SocketAddress address) throws IOException {
        if (!channel.connect(address)) {
            await(SelectionKey.OP_CONNECT);
            channel.finishConnect();
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
