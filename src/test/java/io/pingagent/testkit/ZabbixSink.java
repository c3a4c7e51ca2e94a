package io.pingagent.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A Zabbix trapper inside a {@link NetworkNamespace} that can misbehave, and remembers how often it took each value. A value
 * is taken when its packet is read and before it is answered, as a server does it; a trapper that misbehaves takes none.
 * Discovery lists are taken and not remembered. Any thread.
 */
public final class ZabbixSink implements AutoCloseable {

    /** What becomes of a connection. */
    public enum Manner {
        TAKES,
        /** Nobody listens. */
        REFUSES,
        /** Connected, and then nothing: neither read nor answered, even if the manner changes. */
        HANGS,
        /** Reads all, and answers with bytes of another protocol. */
        ANSWERS_GARBAGE,
        /** Reads all, answers with a byte a second, and never to the end. */
        DRIPS,
        /** Reads all, and answers that every value failed. */
        FAILS_ALL,
        /** Reads half of a packet, and resets the connection. */
        RESETS
    }

    /** A value's identity: no two values of an agent have the same. */
    public record Stamp(String host, String key, long clockSeconds, int nanos) {}

    private static final int FLAG_ZLIB = 2;
    private static final int HEADER_BYTES = 13;
    private static final int MOST_BYTES = 64 << 20;
    /** Keys of the discovery lists end in it. */
    private static final String DISCOVERY = "discovery";

    private final NetworkNamespace namespace;
    private final int port;
    private final Map<Stamp, Integer> taken = new HashMap<>();
    private final Map<String, Long> newest = new HashMap<>();
    private final Set<Socket> dripping = new HashSet<>();
    /** Kept, or the connections would end with their garbage collection. */
    private final List<Socket> hanging = new ArrayList<>();

    private InetAddress address = InetAddress.getLoopbackAddress();
    private @Nullable ServerSocket server;
    private volatile Manner manner = Manner.TAKES;

    private ZabbixSink(NetworkNamespace namespace) throws IOException {
        this.namespace = namespace;
        this.port = RedisServer.freePort();
        listen();
    }

    public static ZabbixSink in(NetworkNamespace namespace) throws IOException {
        return new ZabbixSink(namespace);
    }

    /** On the loopback of the namespace. */
    public int port() {
        return port;
    }

    /** From now on, for new connections; those that drip are reset. */
    public synchronized void behave(Manner next) throws IOException {
        manner = next;
        for (Socket socket : dripping) {
            reset(socket);
        }
        dripping.clear();
        if (next == Manner.REFUSES) {
            stopListening();
        } else if (server == null) {
            listen();
        }
    }

    /** From now on somewhere else on the loopback device, and nowhere else: {@code 127.0.0.2}. */
    public synchronized void moveTo(String other) throws IOException {
        stopListening();
        address = InetAddress.getByName(other);
        listen();
    }

    private void listen() throws IOException {
        ServerSocket listening = namespace.call(() -> {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 50);
            return socket;
        });
        server = listening;
        daemon(() -> accept(listening));
    }

    private void stopListening() throws IOException {
        ServerSocket listening = server;
        server = null;
        if (listening != null) {
            listening.close();
        }
    }

    /** How often each value was taken. */
    public Map<Stamp, Integer> taken() {
        synchronized (taken) {
            return new HashMap<>(taken);
        }
    }

    /** The Unix second of the newest value of each key. */
    public Map<String, Long> newest() {
        synchronized (taken) {
            return new HashMap<>(newest);
        }
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                // Closed, or this one caller has gone: the next.
            }
        }
    }

    private void serve(Socket client) {
        Manner now = manner;
        if (now == Manner.HANGS) {
            synchronized (this) {
                hanging.add(client);
            }
            return;
        }
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            byte[] header = in.readNBytes(HEADER_BYTES);
            if (header.length < HEADER_BYTES) {
                return;
            }
            int length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(5);
            if (length < 0 || length > MOST_BYTES) {
                throw new IOException("a packet of " + length + " bytes");
            }
            if (now == Manner.RESETS || now == Manner.REFUSES) {
                // Or it came just before nobody listened any more.
                in.readNBytes(length / 2);
                reset(client);
                return;
            }
            answer(now, client, packet(header, in.readNBytes(length)));
        } catch (IOException e) {
            // A sender that gives up sends again.
        }
    }

    private static JsonObject packet(byte[] header, byte[] data) throws IOException {
        byte[] text = (header[4] & FLAG_ZLIB) == 0
                ? data
                : new InflaterInputStream(new ByteArrayInputStream(data)).readAllBytes();
        return JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
    }

    private void answer(Manner now, Socket client, JsonObject packet) throws IOException {
        OutputStream out = client.getOutputStream();
        if (now == Manner.ANSWERS_GARBAGE) {
            out.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        boolean hasValues = packet.has("data") && packet.get("data").isJsonArray();
        int count = hasValues ? packet.getAsJsonArray("data").size() : 0;
        if (now == Manner.TAKES && hasValues) {
            take(packet);
        }
        String text = hasValues
                ? "{\"response\":\"success\",\"info\":\"processed: " + (now == Manner.FAILS_ALL ? 0 : count)
                        + "; failed: " + (now == Manner.FAILS_ALL ? count : 0) + "; total: " + count
                        + "; seconds spent: 0.000060\"}"
                : "{\"response\":\"success\",\"data\":[]}";
        byte[] answer = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = ByteBuffer.allocate(HEADER_BYTES + answer.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("ZBXD".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .putInt(answer.length)
                .putInt(0)
                .put(answer)
                .array();
        if (now == Manner.DRIPS) {
            drip(client, out, frame);
        } else {
            out.write(frame);
        }
    }

    private void drip(Socket client, OutputStream out, byte[] frame) throws IOException {
        synchronized (this) {
            if (manner != Manner.DRIPS) {
                reset(client);
                return;
            }
            dripping.add(client);
        }
        try {
            for (int i = 0; i < frame.length - 1; i++) {
                out.write(frame[i]);
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(JsonObject packet) {
        synchronized (taken) {
            for (JsonElement element : packet.getAsJsonArray("data")) {
                JsonObject row = element.getAsJsonObject();
                String key = row.get("key").getAsString();
                if (!key.endsWith(DISCOVERY)) {
                    Stamp stamp = new Stamp(
                            row.get("host").getAsString(),
                            key,
                            row.get("clock").getAsLong(),
                            row.get("ns").getAsInt());
                    taken.merge(stamp, 1, Integer::sum);
                    newest.merge(key, stamp.clockSeconds, Math::max);
                }
            }
        }
    }

    private static void reset(Socket client) throws IOException {
        if (!client.isClosed()) {
            client.setSoLinger(true, 0);
            client.close();
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "zabbix-sink");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void close() throws IOException {
        stopListening();
        for (Socket socket : hanging) {
            socket.close();
        }
    }
}
