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
 * A loopback port that leads to one server, and later to another, as a name or a virtual address does that follows the master:
 * new connections go to the new one, those that are open stay where they are. Any thread.
 */
public final class MovingAddress implements AutoCloseable {

    private static final int PIECE_BYTES = 64 << 10;

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;

    /** @param port on loopback */
    public MovingAddress(int port) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = port;
        daemon(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** New connections lead to this loopback port from now on. */
    public void moveTo(int port) {
        target = port;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket behind = new Socket();
                open.add(client);
                open.add(behind);
                behind.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                client.setTcpNoDelay(true);
                daemon(() -> pump(client, behind));
                daemon(() -> pump(behind, client));
            } catch (IOException e) {
                // Closed, or this one caller has gone: the next.
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        byte[] piece = new byte[PIECE_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                out.write(piece, 0, read);
            }
        } catch (IOException e) {
            // One of both has gone.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "moving-address");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
