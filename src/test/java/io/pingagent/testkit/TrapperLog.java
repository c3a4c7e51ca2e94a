package io.pingagent.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;

/** A Zabbix trapper, here or inside a {@link NetworkNamespace}, that takes and remembers every value. Any thread. */
public final class TrapperLog implements AutoCloseable {

    /** In place of a count of values. */
    private static final int ACTIVE_CHECKS = -1;

    private static final int FLAG_ZLIB = 2;
    private static final int MOST_BYTES = 64 << 20;

    /**
     * A value that came.
     *
     * @param timeNanos of its arrival, {@link System#nanoTime()}
     */
    public record Value(long timeNanos, String key, String text) {}

    private final ServerSocket server;
    private final List<Value> values = new ArrayList<>();

    private TrapperLog(ServerSocket server) {
        this.server = server;
        daemon(this::accept);
    }

    /** Outside of namespaces. */
    public static TrapperLog here() throws IOException {
        return new TrapperLog(listening());
    }

    public static TrapperLog in(NetworkNamespace namespace) throws IOException {
        return new TrapperLog(namespace.call(TrapperLog::listening));
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** On the loopback of the namespace. */
    public int port() {
        return server.getLocalPort();
    }

    /** All since a moment, in the order they came. */
    public List<Value> since(long timeNanos) {
        synchronized (values) {
            return values.stream()
                    .filter(value -> value.timeNanos - timeNanos >= 0)
                    .toList();
        }
    }

    public void forget() {
        synchronized (values) {
            values.clear();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                // Closed, or this one caller has gone: the next.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            int count = take(new DataInputStream(client.getInputStream()));
            String text = count == ACTIVE_CHECKS
                    ? "{\"response\":\"success\",\"data\":[]}"
                    : "{\"response\":\"success\",\"info\":\"processed: " + count + "; failed: 0; total: " + count
                            + "; seconds spent: 0.000060\"}";
            byte[] answer = text.getBytes(StandardCharsets.UTF_8);
            OutputStream out = client.getOutputStream();
            out.write(ByteBuffer.allocate(13 + answer.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("ZBXD".getBytes(StandardCharsets.US_ASCII))
                    .put((byte) 1)
                    .putInt(answer.length)
                    .putInt(0)
                    .put(answer)
                    .array());
            out.flush();
        } catch (IOException e) {
            // A sender that gives up sends again.
        }
    }

    /**
     * A packet of the sender protocol: {@code ZBXD}, flags, length and length before compression, JSON.
     *
     * @return its values, or {@link #ACTIVE_CHECKS} if it asks for those of a host, as doctor does
     */
    private int take(DataInputStream in) throws IOException {
        byte[] header = new byte[13];
        in.readFully(header);
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        int length = fields.getInt(5);
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("a packet of " + length + " bytes");
        }
        byte[] data = in.readNBytes(length);
        if ((header[4] & FLAG_ZLIB) != 0) {
            data = new InflaterInputStream(new ByteArrayInputStream(data)).readAllBytes();
        }
        JsonObject packet =
                JsonParser.parseString(new String(data, StandardCharsets.UTF_8)).getAsJsonObject();
        long nowNanos = System.nanoTime();
        JsonArray rows = packet.getAsJsonArray("data");
        if (rows == null) {
            return ACTIVE_CHECKS;
        }
        List<Value> some = new ArrayList<>();
        for (JsonElement row : rows) {
            JsonObject object = row.getAsJsonObject();
            some.add(new Value(
                    nowNanos,
                    object.get("key").getAsString(),
                    object.get("value").getAsString()));
        }
        synchronized (values) {
            values.addAll(some);
        }
        return some.size();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "trapper-log");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
