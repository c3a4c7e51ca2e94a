package io.pingagent.agent2;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The other end of the plugin's connection: says what a test wants, over a real Unix socket. One thread. */
final class ScriptedAgent implements AutoCloseable {

    private final @Nullable Path path;
    private final SocketChannel channel;
    private final DataInputStream in;
    private final CompletableFuture<Void> plugin = new CompletableFuture<>();

    /** Starts a plugin that finds control sockets in a directory, and connects it. */
    ScriptedAgent(Path directory) throws IOException {
        Path socket = directory.resolve("agent2");
        path = socket;
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
            Thread thread = new Thread(() -> run(socket, directory), "plugin");
            thread.setDaemon(true);
            thread.start();
            channel = server.accept();
        }
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    /** Talks with a plugin that has connected. */
    ScriptedAgent(SocketChannel connected) {
        path = null;
        channel = connected;
        in = new DataInputStream(Channels.newInputStream(channel));
    }

    private void run(Path socket, Path directory) {
        try (SocketChannel ofPlugin = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            ofPlugin.connect(UnixDomainSocketAddress.of(socket));
            new Agent2Plugin(new FrameChannel(ofPlugin), directory).run();
            plugin.complete(null);
        } catch (IOException | RuntimeException | Error e) {
            plugin.completeExceptionally(e);
        }
    }

    /** Done when the plugin's process would end. */
    CompletableFuture<Void> plugin() {
        return plugin;
    }

    static byte[] frame(int type, String json) {
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    void sendBytes(byte[] bytes, int from, int to) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, to - from);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    void send(String json) throws IOException {
        byte[] frame = frame(FrameChannel.JSON, json);
        sendBytes(frame, 0, frame.length);
    }

    /** Says where the control socket is. */
    void configure(Path socket) throws IOException {
        send("{\"id\":1,\"type\":8,\"global_options\":{\"Timeout\":30,\"SourceIP\":\"\"},\"private_options\":"
                + options("Socket", socket.toString()) + "}");
    }

    /** As the agent writes {@code Plugins.Ping.NAME=VALUE}, beside {@code System.Path}, which 6.0 leaves in. */
    static String options(String name, String value) {
        String base64 = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        return "{\"Name\":\"Ping\",\"Nodes\":[{\"Name\":\"System\",\"Nodes\":[{\"Name\":\"Path\",\"Nodes\":[{\"Value\":\"Lw==\","
                + "\"Line\":1}],\"Line\":1}],\"Line\":1},{\"Name\":\"" + name
                + "\",\"Nodes\":[{\"Value\":\"Lw==\",\"Line\":2},"
                + "{\"Value\":\"" + base64 + "\",\"Line\":3}],\"Line\":3}],\"Line\":1}";
    }

    void export(int id, String key, String parameters) throws IOException {
        send("{\"id\":" + id + ",\"type\":6,\"key\":\"" + key + "\",\"parameters\":" + parameters + ",\"timeout\":30}");
    }

    /** The next message; null at the end. */
    @Nullable
    JsonObject next() throws IOException {
        byte[] header = new byte[8];
        try {
            in.readFully(header);
        } catch (EOFException e) {
            return null;
        }
        ByteBuffer numbers = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        if (numbers.getInt() != FrameChannel.JSON) {
            throw new IOException("a frame that is not JSON");
        }
        byte[] payload = new byte[numbers.getInt()];
        in.readFully(payload);
        return JsonParser.parseString(new String(payload, StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    /** The next message that is no line of the log. */
    JsonObject answer() throws IOException {
        while (true) {
            JsonObject message = next();
            if (message == null) {
                throw new EOFException("the plugin has gone");
            }
            if (message.get("type").getAsInt() != MessageType.LOG) {
                return message;
            }
        }
    }

    static byte[] joined(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    /** As {@code kill -9} of the agent. */
    @Override
    public void close() {
        try {
            channel.close();
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
