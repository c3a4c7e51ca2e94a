package io.pingagent.zabbix;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What all transports share: connecting, and one deadline over handshake, request and answer together. The deadline closes
 * the socket from a timer thread ({@code ping-zabbix-timer}), since a read time-out starts anew with every byte of a
 * slow server, and writing has none at all.
 */
abstract class SocketTransport implements SenderTransport {

    /** How long to wait for a server. Both at least 1 ms. */
    record Limits(Duration connect, Duration exchange) {

        static final Limits DEFAULT = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(60));
    }

    /** An established way to the server. */
    interface Channel {

        InputStream input() throws IOException;

        OutputStream output() throws IOException;

        /** Says farewell, where the protocol has one; the socket is closed afterwards. */
        void finish() throws IOException;
    }

    private final Limits limits;
    private final ScheduledThreadPoolExecutor timer;

    private volatile boolean closed;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    SocketTransport(Limits limits) {
        this.limits = limits;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "ping-zabbix-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Makes a channel of a connected socket: the handshake, if there is one. */
    abstract Channel open(Socket socket, ZabbixServer server) throws IOException;

    @Override
    public final byte[] exchange(ZabbixServer server, byte[] frame) throws IOException {
        IOException failure = null;
        for (InetAddress address : InetAddress.getAllByName(server.host())) {
            Socket socket = new Socket();
            try (socket) {
                open.add(socket);
                if (closed) {
                    throw new InterruptedIOException("the bridge stops");
                }
                socket.setTcpNoDelay(true);
                try {
                    socket.connect(
                            new InetSocketAddress(address, server.port()), Math.toIntExact(limits.connect.toMillis()));
                } catch (IOException e) {
                    failure = e;
                    continue;
                }
                return exchange(socket, server, frame);
            } finally {
                open.remove(socket);
            }
        }
        throw failure == null ? new IOException("the name has no address") : failure;
    }

    private byte[] exchange(Socket socket, ZabbixServer server, byte[] frame) throws IOException {
        AtomicBoolean timedOut = new AtomicBoolean();
        ScheduledFuture<?> deadline = timer.schedule(
                () -> {
                    timedOut.set(true);
                    closeQuietly(socket);
                },
                limits.exchange.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            Channel channel = open(socket, server);
            channel.output().write(frame);
            channel.output().flush();
            byte[] answer = Frame.read(channel.input(), Frame.MAX_ANSWER_BYTES);
            finish(channel);
            return answer;
        } catch (IOException e) {
            if (timedOut.get()) {
                SocketTimeoutException late =
                        new SocketTimeoutException("no complete answer within " + limits.exchange.toMillis() + " ms");
                late.initCause(e);
                throw late;
            }
            throw e;
        } finally {
            deadline.cancel(false);
        }
    }

    /** The answer is there: whatever goes wrong now is of no interest. */
    private static void finish(Channel channel) {
        try {
            channel.finish();
        } catch (IOException ignored) {
            // The server has closed already.
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is closed, then.
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(SocketTransport::closeQuietly);
        timer.shutdownNow();
    }
}
