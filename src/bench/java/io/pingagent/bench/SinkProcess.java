package io.pingagent.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A Zabbix trapper that accepts every value and keeps none. Its threads are this JVM's, which is measured by itself.
 *
 * <pre>{@code
 * "ZBXD"  u8 flags (1 always, 2 compressed, 4 large)
 * u32 length, u32 length before compression              // little endian; u64 each if large
 * payload
 * }</pre>
 */
final class SinkProcess implements AutoCloseable {

    private static final byte[] KEY = "\"key\":".getBytes(StandardCharsets.US_ASCII);
    private static final int COMPRESSED = 2;
    private static final int LARGE = 4;

    private final ServerSocket listener;
    private final AtomicLong values = new AtomicLong();

    SinkProcess() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::acceptAll);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Values accepted so far. Any thread. */
    long values() {
        return values.get();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "zabbix-sink");
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            while (true) {
                byte[] payload = read(in);
                int count = count(payload);
                values.addAndGet(count);
                String answer = "{\"response\":\"success\",\"info\":\"processed: " + count + "; failed: 0; total: " + count
                        + "; seconds spent: 0.000100\"}";
                byte[] text = answer.getBytes(StandardCharsets.US_ASCII);
                ByteBuffer out = ByteBuffer.allocate(13 + text.length).order(ByteOrder.LITTLE_ENDIAN);
                out.put("ZBXD".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
                out.putInt(text.length).putInt(0).put(text);
                socket.getOutputStream().write(out.array());
                socket.getOutputStream().flush();
            }
        } catch (EOFException e) {
            // The agent has closed its connection.
        } catch (IOException | DataFormatException e) {
            System.err.println("zabbix sink: " + e);
        }
    }

    private static byte[] read(DataInputStream in) throws IOException, DataFormatException {
        byte[] magic = new byte[4];
        in.readFully(magic);
        int flags = in.readUnsignedByte();
        boolean large = (flags & LARGE) != 0;
        ByteBuffer lengths = ByteBuffer.allocate(large ? 16 : 8).order(ByteOrder.LITTLE_ENDIAN);
        in.readFully(lengths.array());
        int length = (int) (large ? lengths.getLong() : lengths.getInt());
        int plainLength = (int) (large ? lengths.getLong() : lengths.getInt());
        byte[] payload = new byte[length];
        in.readFully(payload);
        if ((flags & COMPRESSED) == 0) {
            return payload;
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(payload);
            byte[] plain = new byte[plainLength];
            int done = 0;
            while (done < plainLength && !inflater.finished()) {
                done += inflater.inflate(plain, done, plainLength - done);
            }
            return plain;
        } finally {
            inflater.end();
        }
    }

    /** Inside of a value the quotes of this text would be escaped. */
    private static int count(byte[] json) {
        int count = 0;
        for (int i = 0; i + KEY.length <= json.length; i++) {
            int matched = 0;
            while (matched < KEY.length && json[i + matched] == KEY[matched]) {
                matched++;
            }
            if (matched == KEY.length && (i == 0 || json[i - 1] != '\\')) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
