package io.pingagent.zabbix.transport;

import io.pingagent.base.DaemonThreads;
import io.pingagent.model.ZabbixServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What all transports share: names, connecting, and the deadlines of handshake, request and answer. One deadline moves
 * on with every byte that passes, so that a server that hangs costs little. The other does not, so that one that
 * trickles costs no more than its time.
 *
 * <p>Both close the socket from a timer thread ({@code ping-zabbix-timer}). A read timeout starts again with every
 * byte of a slow server, and writing has none at all.
 */
public abstract class SocketTransport implements SenderTransport {

    /**
     * How long to wait for a server. Each at least 1 ms.
     *
     * @param connect for its name, and again for the connection to each of its addresses
     * @param progress without a byte read or written
     * @param exchange altogether once connected, and 1 s more for each 32 KiB of the request
     */
    public record Limits(Duration connect, Duration progress, Duration exchange) {

        /** As Zabbix's own agents, whose timeout is 3 to 30 s. */
        public static final Limits DEFAULT =
                new Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    /** An established way to the server. */
    interface Channel {

        InputStream input() throws IOException;

        OutputStream output() throws IOException;

        /** Ends the session, where the protocol has such a message; the socket is closed afterwards. */
        void finish() throws IOException;
    }

    /** A line slower than this is too slow for values of every minute anyway. */
    private static final int MIN_BYTES_PER_SECOND = 32 * 1024;

    private final Limits limits;
    private final NameResolver names;
    private final ScheduledThreadPoolExecutor timer;

    private volatile boolean closed;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    /** The address of each server to which the last connection was made. */
    private final Map<ZabbixServer, InetAddress> lastGood = new ConcurrentHashMap<>();

    SocketTransport(Limits limits) {
        this.limits = limits;
        this.names = new NameResolver(limits.connect);
        this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("ping-zabbix-timer"));
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Makes a channel of a connected socket: the handshake, if there is one. */
    abstract Channel open(Socket socket, ZabbixServer server) throws IOException;

    /** The same failure in words that name what the user can change. */
    IOException explain(IOException e) {
        return e;
    }

    @Override
    public final byte[] exchange(ZabbixServer server, byte[] frame) throws IOException {
        if (closed) {
            throw new InterruptedIOException("the bridge stops");
        }
        NameResolver.Resolved resolved = names.resolve(server.host());
        IOException failure = null;
        for (InetAddress address : lastGoodFirst(server, resolved.addresses())) {
            try (ProgressSocket socket = new ProgressSocket()) {
                open.add(socket);
                try {
                    if (closed) {
                        throw new InterruptedIOException("the bridge stops");
                    }
                    try {
                        connect(socket, new InetSocketAddress(address, server.port()));
                    } catch (IOException e) {
                        failure = e;
                        continue;
                    }
                    lastGood.put(server, address);
                    return exchange(socket, server, frame);
                } finally {
                    open.remove(socket);
                }
            }
        }
        if (failure == null) {
            throw new IOException("the name has no address");
        }
        if (resolved.doubt() != null) {
            throw new IOException(
                    resolved.doubt() + "; at its last address: " + TransportFailureText.of(failure), failure);
        }
        throw failure;
    }

    /** A name may have an address that does not answer: not every packet waits for that. */
    private List<InetAddress> lastGoodFirst(ZabbixServer server, List<InetAddress> addresses) {
        InetAddress good = lastGood.get(server);
        if (good == null || addresses.indexOf(good) <= 0) {
            return addresses;
        }
        List<InetAddress> sorted = new ArrayList<>(addresses);
        sorted.remove(good);
        sorted.add(0, good);
        return sorted;
    }

    private void connect(Socket socket, InetSocketAddress address) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, Math.toIntExact(limits.connect.toMillis()));
        } catch (SocketTimeoutException e) {
            SocketTimeoutException late =
                    new SocketTimeoutException("no connection within " + DurationText.text(limits.connect));
            late.initCause(e);
            throw late;
        }
    }

    private byte[] exchange(ProgressSocket socket, ZabbixServer server, byte[] frame) throws IOException {
        Deadline deadline = new Deadline(socket, limits.exchange.plusSeconds(frame.length / MIN_BYTES_PER_SECOND));
        try {
            deadline.start();
            Channel channel = open(socket, server);
            channel.output().write(frame);
            channel.output().flush();
            byte[] answer = Frame.read(channel.input(), Frame.MAX_ANSWER_BYTES);
            finish(channel);
            return answer;
        } catch (IOException e) {
            String passed = deadline.passed;
            if (passed != null) {
                SocketTimeoutException late = new SocketTimeoutException(passed);
                late.initCause(e);
                throw late;
            }
            throw explain(e);
        } finally {
            deadline.end();
        }
    }

    /** Closes the socket when its time is over. Its methods are those of the timer thread and the sending one. */
    private final class Deadline implements Runnable {

        private final ProgressSocket socket;
        private final Duration whole;
        private final long startNanos = System.nanoTime();
        private @Nullable ScheduledFuture<?> next;
        private boolean ended;

        /** What the exchange took too long for, or null. */
        @Nullable
        volatile String passed;

        Deadline(ProgressSocket socket, Duration whole) {
            this.socket = socket;
            this.whole = whole;
        }

        synchronized void start() throws InterruptedIOException {
            socket.progress();
            try {
                again(Math.min(limits.progress.toNanos(), whole.toNanos()));
            } catch (RejectedExecutionException e) {
                throw new InterruptedIOException("the bridge stops");
            }
        }

        synchronized void end() {
            ended = true;
            if (next != null) {
                next.cancel(false);
            }
        }

        private void again(long nanos) {
            next = timer.schedule(this, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public synchronized void run() {
            if (ended) {
                return;
            }
            long nowNanos = System.nanoTime();
            long wholeLeft = whole.toNanos() - (nowNanos - startNanos);
            long progressLeft = limits.progress.toNanos() - (nowNanos - socket.progressNanos());
            if (wholeLeft <= 0) {
                passed = "no complete answer within " + DurationText.text(whole);
                closeQuietly(socket);
            } else if (progressLeft <= 0) {
                passed = "it accepts connections but nothing moved for " + DurationText.text(limits.progress);
                closeQuietly(socket);
            } else {
                again(Math.min(wholeLeft, progressLeft));
            }
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
