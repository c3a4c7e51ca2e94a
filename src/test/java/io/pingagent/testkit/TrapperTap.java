package io.pingagent.testkit;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;

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

    private final NetworkNamespace namespace;
    private final int serverPort;
    private final ServerSocket server;
    private final List<Answer> answers = new ArrayList<>();
    private int incomprehensible;

    private TrapperTap(NetworkNamespace namespace, int serverPort) throws IOException {
        this.namespace = namespace;
        this.serverPort = serverPort;
        this.server = namespace.call(() -> new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        daemon(this::accept);
    }

    /** @param serverPort on the loopback of the namespace */
    public static TrapperTap before(NetworkNamespace namespace, int serverPort) throws IOException {
        return new TrapperTap(namespace, serverPort);
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
                Socket upstream = namespace.call(Socket::new)) {
            namespace.call(() -> {
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

    private static void forward(Socket client, Socket upstream) {
        try {
            client.getInputStream().transferTo(upstream.getOutputStream());
            upstream.shutdownOutput();
        } catch (IOException e) {
            // Closed after the answer.
        }
    }

    private void remember(byte[] frame) throws IOException {
        if (frame.length < HEADER_BYTES) {
            return;
        }
        int length = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt(HEADER_BYTES - 2 * Integer.BYTES);
        if (frame.length != HEADER_BYTES + length) {
            return;
        }
        InputStream data = new ByteArrayInputStream(frame, HEADER_BYTES, length);
        if ((frame[4] & FLAG_ZLIB) != 0) {
            data = new InflaterInputStream(data);
        }
        Matcher counts = COUNTS.matcher(new String(data.readAllBytes(), StandardCharsets.UTF_8));
        synchronized (answers) {
            if (counts.find()) {
                answers.add(new Answer(
                        System.nanoTime(), Integer.parseInt(counts.group(1)), Integer.parseInt(counts.group(2))));
            } else {
                incomprehensible++;
            }
        }
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
