package io.pingagent.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between an agent and a Redis server inside a {@link NetworkNamespace}: delays answers, or holds everything back as
 * a firewall does that has forgotten its connections. Any thread.
 */
public final class RedisProxy implements AutoCloseable {

    private static final int PIECE_BYTES = 64 << 10;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final NetworkNamespace namespace;
    private final ServerSocket server;
    private final int redisPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;
    private volatile boolean isHeld;

    private RedisProxy(NetworkNamespace namespace, int redisPort) throws IOException {
        this.namespace = namespace;
        this.redisPort = redisPort;
        this.server = namespace.call(() -> new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        daemon(this::accept);
    }

    /** @param redisPort on the loopback of the namespace */
    public static RedisProxy before(NetworkNamespace namespace, int redisPort) throws IOException {
        return new RedisProxy(namespace, redisPort);
    }

    /** On the loopback of the namespace. */
    public int port() {
        return server.getLocalPort();
    }

    /** Each answer from now on waits so long, those behind it too. */
    public void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /** From now on nothing passes: connections stay open and silent, new ones too. */
    public void hold() {
        isHeld = true;
    }

    /** Lets new connections pass again; those that were held are gone, as they would be behind such a firewall. */
    public void release() {
        open.forEach(RedisProxy::close);
        isHeld = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                daemon(() -> serve(client));
            } catch (IOException e) {
                // Closed, or this one caller has gone: the next.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            awaitRelease();
            try (Socket redis = namespace.call(this::connect)) {
                redis.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                open.add(redis);
                Thread back = daemon(() -> pump(redis, client, true));
                pump(client, redis, false);
                back.join();
                open.remove(redis);
            }
        } catch (IOException e) {
            // Redis is not there: the client sees the end of its connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private Socket connect() throws IOException {
        Socket redis = new Socket();
        try {
            redis.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), redisPort), 1_000);
            return redis;
        } catch (IOException e) {
            redis.close();
            throw e;
        }
    }

    private void pump(Socket from, Socket to, boolean isAnswer) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE_BYTES];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                if (isAnswer && delayNanos > 0) {
                    LockSupport.parkNanos(delayNanos);
                }
                awaitRelease();
                out.write(piece, 0, length);
                out.flush();
            }
        } catch (IOException e) {
            // One of them has gone; the other follows.
        }
    }

    private void awaitRelease() {
        while (isHeld) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a connection does not close", e);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "redis-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(RedisProxy::close);
        isHeld = false;
    }
}
