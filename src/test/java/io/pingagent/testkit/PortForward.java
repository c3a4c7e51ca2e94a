package io.pingagent.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A loopback port of the machine that leads to the same loopback port inside a {@link NetworkNamespace}. Where nobody
 * listens inside, a connection is accepted and closed at once. Any thread.
 */
final class PortForward implements AutoCloseable {

    private final NetworkNamespace namespace;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    PortForward(NetworkNamespace namespace, int port) throws IOException {
        this.namespace = namespace;
        this.server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket outer = server.accept();
                daemon(() -> connect(outer));
            } catch (IOException e) {
                // Closed, or this one caller has gone: the next.
            }
        }
    }

    private void connect(Socket outer) {
        open.add(outer);
        try (outer;
                Socket inner = namespace.call(() -> connectInside(server.getLocalPort()))) {
            open.add(inner);
            if (server.isClosed()) {
                return;
            }
            outer.setTcpNoDelay(true);
            Thread back = daemon(() -> pump(inner, outer));
            pump(outer, inner);
            back.join();
            open.remove(inner);
        } catch (IOException e) {
            // Nobody listens inside.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(outer);
        }
    }

    private static Socket connectInside(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Until either end closes; then closes both. */
    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // Closed by the other direction or by a crash inside.
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "port-forward");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
