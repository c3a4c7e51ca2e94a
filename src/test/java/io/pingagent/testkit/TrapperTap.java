package io.pingagent.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Stands between agents and a Zabbix server inside a {@link NetworkNamespace}, passes everything on, and remembers what the
 * server answered: how many values of each packet it took and refused. Any thread.
 */
public final class TrapperTap implements AutoCloseable {

    private static final Pattern COUNTS = Pattern.compile("processed: (\\d+); failed: (\\d+)");
    private static final int HEADER_BYTES = 13;
    private static final int FLAG_ZLIB = 2;

    /**
     * The answer to a packet.
     *
     * @param timeNanos of its arrival, {@link System#nanoTime()}
     */
    public record Answer(long timeNanos, int processed, int failed) {}

    /**
     * A packet of values on its way to the server.
     *
     * @param timeNanos of its last byte, {@link System#nanoTime()}
     * @param values host, key, clock and ns of each, parted by {@code |}
     */
    public record Packet(long timeNanos, List<String> values) {}

    private final @Nullable NetworkNamespace namespace;
    private final int serverPort;
    private final ServerSocket server;
    private final List<Answer> answers = new ArrayList<>();
    private final List<Packet> packets = new ArrayList<>();
    private int incomprehensible;

    private TrapperTap(@Nullable NetworkNamespace namespace, int serverPort) throws IOException {
        this.namespace = namespace;
        this.serverPort = serverPort;
        this.server = call(() -> new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        daemon(this::accept);
    }

    /** @param serverPort on the loopback of the namespace */
    public static TrapperTap before(NetworkNamespace namespace, int serverPort) throws IOException {
        return new TrapperTap(namespace, serverPort);
    }

    /** @param serverPort on the loopback of this machine, where {@link #port()} is, too */
    public static TrapperTap before(int serverPort) throws IOException {
        return new TrapperTap(null, serverPort);
    }

    private <T> T call(Callable<T> work) throws IOException {
        if (namespace != null) {
            return namespace.call(work);
        }
        try {
            return work.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Where agents are to send to, on the loopback of the namespace. */
    public int port() {
        return server.getLocalPort();
    }

    /** All so far. */
    public List<Answer> answers() {
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }

    /** All packets of values so far, taken or not; none of encrypted connections. */
    public List<Packet> packets() {
        synchronized (answers) {
            return List.copyOf(packets);
        }
    }

    /** Answers that hold no counts, such as those of encrypted connections. */
    public int incomprehensible() {
        synchronized (answers) {
            return incomprehensible;
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                daemon(() -> pass(client));
            } catch (IOException e) {
                // Closed, or this one caller has gone: the next.
            }
        }
    }

    private void pass(Socket client) {
        try (client;
                Socket upstream = call(Socket::new)) {
            call(() -> {
                upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort), 2_000);
                return upstream;
            });
            upstream.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            daemon(() -> forward(client, upstream));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] chunk = new byte[4096];
            InputStream in = upstream.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
                answer.write(chunk, 0, length);
                // Before the agent has it, so that whoever sees its effect sees this, too.
                remember(answer.toByteArray());
                out.write(chunk, 0, length);
            }
        } catch (IOException e) {
            // Nobody listens, or one of both has gone; the agent sees the same.
        }
    }

    private void forward(Socket client, Socket upstream) {
        try {
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            byte[] chunk = new byte[65_536];
            InputStream in = client.getInputStream();
            OutputStream out = upstream.getOutputStream();
            for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
                packet.write(chunk, 0, length);
                String text = whole(packet.toByteArray());
                JsonArray values = text == null
                        ? null
                        : JsonParser.parseString(text).getAsJsonObject().getAsJsonArray("data");
                if (values != null) {
                    List<String> stamps = new ArrayList<>();
                    values.forEach(value -> stamps.add(stamp(value.getAsJsonObject())));
                    synchronized (answers) {
                        packets.add(new Packet(System.nanoTime(), stamps));
                    }
                }
                out.write(chunk, 0, length);
            }
            upstream.shutdownOutput();
        } catch (IOException e) {
            // Closed after the answer.
        }
    }

    private static String stamp(JsonObject value) {
        return Stream.of("host", "key", "clock", "ns")
                .map(name -> value.has(name) ? value.get(name).getAsString() : "")
                .collect(Collectors.joining("|"));
    }

    private void remember(byte[] frame) throws IOException {
        String text = whole(frame);
        if (text == null) {
            return;
        }
        Matcher counts = COUNTS.matcher(text);
        synchronized (answers) {
            if (counts.find()) {
                answers.add(new Answer(
                        System.nanoTime(), Integer.parseInt(counts.group(1)), Integer.parseInt(counts.group(2))));
            } else {
                incomprehensible++;
            }
        }
    }

    /** The text of a frame of the protocol, or null as long as it is not complete. */
    private static @Nullable String whole(byte[] frame) throws IOException {
        if (frame.length < HEADER_BYTES) {
            return null;
        }
        int length = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt(HEADER_BYTES - 2 * Integer.BYTES);
        if (frame.length != HEADER_BYTES + length) {
            return null;
        }
        InputStream data = new ByteArrayInputStream(frame, HEADER_BYTES, length);
        if ((frame[4] & FLAG_ZLIB) != 0) {
            data = new InflaterInputStream(data);
        }
        return new String(data.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "trapper-tap");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
