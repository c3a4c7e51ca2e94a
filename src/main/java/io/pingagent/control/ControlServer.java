package io.pingagent.control;

import io.pingagent.base.DaemonThreads;
import io.pingagent.base.OneLine;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.Worker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Answers at the control socket, see {@link ControlProtocol}. One thread takes connections, as many as there are
 * connections answer them, {@value #MOST_CONNECTIONS} at most; more wait in the kernel's queue. A client that sends or takes
 * nothing is left after {@value #PATIENCE_MILLIS} ms.
 */
public final class ControlServer implements AutoCloseable {

    static final int MOST_CONNECTIONS = 16;
    static final long PATIENCE_MILLIS = 5_000;

    private static final Logger LOG = LogManager.getLogger(ControlServer.class);

    /** One that has just answered may not be idle yet. */
    private static final int MOST_THREADS = 2 * MOST_CONNECTIONS;

    private static final int STACK_BYTES = 512 * 1024;
    private static final long IDLE_SECONDS = 30;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MOST_MESSAGE_CHARACTERS = 1_000;

    private final SocketFile socket;
    private final ControlHandler handler;
    private final long patienceMillis;
    private final Semaphore free = new Semaphore(MOST_CONNECTIONS);
    private final Worker acceptor =
            Worker.named("ping-control").stackBytes(STACK_BYTES).work(this::accept);
    private final ThreadPoolExecutor workers;

    private ControlServer(SocketFile socket, ControlHandler handler, long patienceMillis, ThreadFactory factory) {
        this.socket = socket;
        this.handler = handler;
        this.patienceMillis = patienceMillis;
        this.workers = new ThreadPoolExecutor(
                0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    /** @throws ControlSocketException if the socket cannot be made */
    public static ControlServer start(Path path, ControlHandler handler) throws ControlSocketException {
        return start(path, handler, PATIENCE_MILLIS);
    }

    static ControlServer start(Path path, ControlHandler handler, long patienceMillis) throws ControlSocketException {
        return start(path, handler, patienceMillis, DaemonThreads.numbered("ping-control-", STACK_BYTES));
    }

    /** @param factory of the threads that answer */
    static ControlServer start(Path path, ControlHandler handler, long patienceMillis, ThreadFactory factory)
            throws ControlSocketException {
        ControlServer server = new ControlServer(SocketFile.listen(path), handler, patienceMillis, factory);
        server.acceptor.start();
        return server;
    }

    @OwnedBy("ping-control")
    private long accept() throws InterruptedException {
        try {
            acceptNext();
            return 0;
        } catch (ClosedChannelException e) {
            return Worker.END;
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            // Mostly for want of memory, threads or file descriptors, and that passes.
            say(e);
            return PAUSE_NANOS;
        }
    }

    @OwnedBy("ping-control")
    private void acceptNext() throws IOException, InterruptedException {
        free.acquire();
        boolean isServed = false;
        try {
            SocketChannel channel = socket.channel().accept();
            try {
                workers.execute(() -> serve(channel));
                isServed = true;
            } finally {
                if (!isServed) {
                    channel.close();
                }
            }
        } finally {
            if (!isServed) {
                free.release();
            }
        }
    }

    private static void say(Throwable cause) {
        try {
            LOG.warn("the control socket takes no connection: {}; it is tried again", cause.toString());
        } catch (Throwable e) {
            // Without memory there is no line.
        }
    }

    private void serve(SocketChannel accepted) {
        try (DeadlineChannel channel = new DeadlineChannel(accepted, deadlineNanos())) {
            ControlAnswer answer = answer(channel);
            channel.deadline(deadlineNanos());
            byte[] header = new ControlProtocol.Header(answer.isError(), answer.text().length).encoded();
            channel.write(ByteBuffer.wrap(header));
            channel.write(ByteBuffer.wrap(answer.text()));
        } catch (IOException e) {
            LOG.debug("a client of the control socket is gone or too slow: {}", e.toString());
        } finally {
            free.release();
        }
    }

    private ControlAnswer answer(DeadlineChannel channel) throws IOException {
        try {
            byte[] text = handler.answer(
                            ControlRequest.parse(channel.line(ControlProtocol.MOST_REQUEST_BYTES)), channel::isGone)
                    .getBytes(StandardCharsets.UTF_8);
            if (text.length > ControlProtocol.MOST_ANSWER_BYTES) {
                throw new ControlException("the answer has " + text.length + " bytes, more than "
                        + ControlProtocol.MOST_ANSWER_BYTES + "; ask for single addresses");
            }
            return new ControlAnswer(false, text);
        } catch (ControlException e) {
            return error(e.getMessage());
        } catch (DeadlineChannel.LineTooLongException e) {
            return error("the request has more than " + ControlProtocol.MOST_REQUEST_BYTES + " bytes; shorten it");
        } catch (RuntimeException | Error e) {
            LOG.error("a request at the control socket failed", e);
            return error("ping-agent could not answer: " + e + "; report it with the agent's log");
        }
    }

    private static ControlAnswer error(String message) {
        return new ControlAnswer(
                true, OneLine.of(message, MOST_MESSAGE_CHARACTERS).getBytes(StandardCharsets.UTF_8));
    }

    private long deadlineNanos() {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /** Whether its socket is still there for clients to find. */
    public boolean isInPlace() {
        return socket.isInPlace();
    }

    /** Takes no more questions and removes the socket. */
    @Override
    public void close() {
        acceptor.stop();
        try {
            socket.close();
        } catch (IOException e) {
            LOG.warn("the control socket cannot be removed: {}", e.toString());
        }
        acceptor.stopNow();
        workers.shutdownNow();
    }
}
