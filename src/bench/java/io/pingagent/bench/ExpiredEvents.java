package io.pingagent.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Hears when Redis says that a key has expired, on a connection and a thread of its own. By hand, because the subscriber of
 * Jedis needs a library that the product leaves out.
 */
final class ExpiredEvents implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final Map<String, Integer> indexOfKey;
    /** By {@link System#nanoTime}, 0 for none; a reader may see an event a little late. */
    private final long[] heardNanos;

    /** @param indexOfKey keys to listen for, numbered from 0 */
    ExpiredEvents(int port, Map<String, Integer> indexOfKey) throws IOException {
        this.indexOfKey = indexOfKey;
        heardNanos = new long[indexOfKey.size()];
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write("PSUBSCRIBE __keyevent@0__:expired\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String line = lines.readLine();
        while (line != null && !line.startsWith(":")) {
            line = lines.readLine();
        }
        socket.setSoTimeout(0);
        Thread thread = new Thread(() -> listen(lines), "expired-events");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen(BufferedReader lines) {
        try {
            // Of the lines of an event only the last is a key.
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Integer index = indexOfKey.get(line);
                if (index != null && heardNanos[index] == 0) {
                    heardNanos[index] = System.nanoTime();
                }
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                System.err.println("expired events: " + e);
            }
        }
    }

    /** When the key's first event came, by {@link System#nanoTime}; 0 if none has. */
    long heardNanos(int index) {
        return heardNanos[index];
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
