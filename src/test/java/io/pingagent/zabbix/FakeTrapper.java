package io.pingagent.zabbix;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.model.ZabbixServer;
import io.pingagent.model.ZabbixValue;
import io.pingagent.testkit.RedisServer;
import io.pingagent.zabbix.transport.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A trapper in the test's own process: by default a good one that knows some keys, on request as hostile as wanted. */
public final class FakeTrapper implements Closeable {

    /** What it does with a connection. */
    public interface Behaviour {

        void serve(InputStream in, OutputStream out) throws IOException;
    }

    /** Puts something around the connection: TLS. */
    public interface Wrapper {

        Streams wrap(Socket socket) throws IOException;
    }

    public record Streams(InputStream in, OutputStream out) {}

    private final ServerSocket listener;
    private final Wrapper wrapper;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    public final List<List<ZabbixValue>> packets = new CopyOnWriteArrayList<>();
    public final List<ZabbixValue> accepted = new CopyOnWriteArrayList<>();
    final List<String> failures = new CopyOnWriteArrayList<>();
    public final Set<String> unknownKeys = ConcurrentHashMap.newKeySet();
    public final Set<String> unknownHosts = ConcurrentHashMap.newKeySet();
    public volatile Behaviour behaviour = this::serveWell;
    public volatile boolean compressAnswers;
    /** What it says to the question for a host's checks. */
    volatile String checks = "{\"response\":\"success\",\"data\":[]}";
    /** Values that came, taken or not. */
    public final AtomicInteger received = new AtomicInteger();

    public FakeTrapper() {
        this(0, socket -> new Streams(socket.getInputStream(), socket.getOutputStream()));
    }

    public FakeTrapper(int port) {
        this(port, socket -> new Streams(socket.getInputStream(), socket.getOutputStream()));
    }

    /** @param port 0 for one that no client can be given, not even while nobody listens there */
    public FakeTrapper(int port, Wrapper wrapper) {
        this.wrapper = wrapper;
        try {
            listener =
                    new ServerSocket(port == 0 ? RedisServer.freePort() : port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::acceptAll);
    }

    public ZabbixServer address() {
        return new ZabbixServer("127.0.0.1", listener.getLocalPort());
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "fake-trapper");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Streams streams = wrapper.wrap(socket);
            behaviour.serve(streams.in, streams.out);
            streams.out.flush();
        } catch (IOException e) {
            failures.add(String.valueOf(e.getMessage()));
        } finally {
            open.remove(socket);
        }
    }

    public void serveWell(InputStream in, OutputStream out) throws IOException {
        JsonObject request = readRequest(in);
        if ("active checks".equals(request.get("request").getAsString())) {
            out.write(frame(checks, compressAnswers));
            return;
        }
        List<ZabbixValue> values = valuesOf(request);
        received.addAndGet(values.size());
        packets.add(values);
        int failed = 0;
        for (ZabbixValue value : values) {
            if (unknownKeys.contains(value.key()) || unknownHosts.contains(value.host())) {
                failed++;
            } else {
                accepted.add(value);
            }
        }
        String answer = "{\"response\":\"success\",\"info\":\"processed: " + (values.size() - failed) + "; failed: "
                + failed + "; total: " + values.size() + "; seconds spent: 0.000060\"}";
        out.write(frame(answer, compressAnswers));
    }

    public static List<ZabbixValue> readValues(InputStream in) throws IOException {
        return valuesOf(readRequest(in));
    }

    private static JsonObject readRequest(InputStream in) throws IOException {
        return JsonParser.parseString(new String(Frame.read(in, 64 << 20), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    private static List<ZabbixValue> valuesOf(JsonObject request) throws IOException {
        if (!"sender data".equals(request.get("request").getAsString())) {
            throw new IOException("not sender data");
        }
        List<ZabbixValue> values = new ArrayList<>();
        for (JsonElement element : request.getAsJsonArray("data")) {
            JsonObject object = element.getAsJsonObject();
            values.add(new ZabbixValue(
                    object.get("host").getAsString(),
                    object.get("key").getAsString(),
                    object.get("value").getAsString(),
                    object.get("clock").getAsLong(),
                    object.get("ns").getAsInt()));
        }
        return values;
    }

    public static byte[] frame(String json, boolean compress) {
        return Frame.encode((compress ? json + " ".repeat(600) : json).getBytes(StandardCharsets.UTF_8), compress);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
            // Until the acceptor is gone, the kernel still takes connections.
            threads.get(0).join(5_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
