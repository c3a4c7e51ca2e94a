package io.pingagent.agent2;

import io.pingagent.base.DaemonThreads;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Has the plugin do what it does every day, so that Java learns the classes to put into the archive with which it starts
 * faster. Run by the package when it is installed.
 */
final class PluginRehearsal {

    private static final String[] MESSAGES = {
        "{\"id\":1,\"type\":2,\"version\":\"6.4.0\"}",
        "{\"id\":2,\"type\":9,\"private_options\":null}",
        "{\"id\":3,\"type\":8,\"global_options\":{\"Timeout\":3,\"SourceIP\":\"\"},\"private_options\":{\"Name\":\"Ping\","
                + "\"Nodes\":[{\"Name\":\"Other\",\"Nodes\":[{\"Value\":\"Lw==\",\"Line\":3}],\"Line\":3}],\"Line\":1}}",
        "{\"id\":4,\"type\":4}",
        "{\"id\":5,\"type\":6,\"key\":\"ping.get\",\"parameters\":[\"\"],\"timeout\":60}",
        "{\"id\":6,\"type\":6,\"key\":\"ping.status\",\"parameters\":[\"a\"],\"timeout\":60}",
    };

    /** Answers, among them two lines of the log. */
    private static final int ANSWERS = 6;

    private static final long MOST_SECONDS = 30;

    private PluginRehearsal() {}

    /** @param arguments a directory for its sockets */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path ofAgent = directory.resolve("agent2");
        Path ofControl = directory.resolve("rehearsal.sock");
        try (ServerSocketChannel agent = listen(ofAgent);
                ServerSocketChannel control = listen(ofControl)) {
            start("limit", PluginRehearsal::endInTime);
            start("control", () -> answer(control));
            start("plugin", () -> play(ofAgent, directory));
            try (SocketChannel channel = agent.accept()) {
                FrameChannel frames = new FrameChannel(channel);
                for (String message : MESSAGES) {
                    frames.write(message.getBytes(StandardCharsets.UTF_8));
                }
                for (int i = 0; i < ANSWERS; i++) {
                    frames.read();
                }
            }
        } finally {
            Files.deleteIfExists(ofAgent);
            Files.deleteIfExists(ofControl);
        }
    }

    private static ServerSocketChannel listen(Path path) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
    }

    /** Something that may fail. */
    private interface Part {
        void run() throws IOException;
    }

    private static void start(String name, Part part) {
        DaemonThreads.start(name, () -> {
            try {
                part.run();
            } catch (IOException e) {
                // A rehearsal that ends early leaves a smaller archive.
            }
        });
    }

    /** A plugin that does not come must not hold up the installation of the package. */
    private static void endInTime() {
        try {
            TimeUnit.SECONDS.sleep(MOST_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static void answer(ServerSocketChannel control) throws IOException {
        try (SocketChannel channel = control.accept()) {
            channel.read(ByteBuffer.allocate(1024));
            channel.write(ByteBuffer.wrap("OK 2\n{}".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static void play(Path ofAgent, Path directory) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(ofAgent));
            new Agent2Plugin(new FrameChannel(channel), directory).run();
        }
    }
}
