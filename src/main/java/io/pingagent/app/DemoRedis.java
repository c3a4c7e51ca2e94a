package io.pingagent.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis of the demo's own, on a free port of loopback, without files: {@code redis-server} from the PATH, else the one that
 * comes along.
 */
final class DemoRedis implements AutoCloseable {

    private static final long START_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String PROGRAM = "redis-server";

    private final int port;
    private final String description;
    private final Process process;
    private final Path directory;
    private final Object closing = new Object();

    private DemoRedis(int port, String description, Process process, Path directory) {
        this.port = port;
        this.description = description;
        this.process = process;
        this.directory = directory;
    }

    /** @throws ServiceAwayException if neither can be started */
    static DemoRedis start() {
        Path directory = createDirectory();
        try {
            DemoRedis redis = start(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(redis::close, "ping-demo-redis-stop"));
            redis.awaitPort();
            return redis;
        } catch (ServiceAwayException e) {
            delete(directory);
            throw e;
        }
    }

    private static DemoRedis start(Path directory) {
        int port = freePort();
        Path installed = onPath();
        return installed != null
                ? start(installed, installed.toString(), port, directory)
                : start(unpack(directory), "embedded redis-server", port, directory);
    }

    int port() {
        return port;
    }

    /** Which Redis this is, for the person. */
    String description() {
        return description;
    }

    private static DemoRedis start(Path program, String name, int port, Path directory) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of("--appendonly", "no", "--dir", directory.toString()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new DemoRedis(port, name + " on port " + port, process, directory);
        } catch (IOException e) {
            throw new ServiceAwayException("cannot start " + program + ": " + e.getMessage(), e);
        }
    }

    /** The library starts servers too, but leaves files behind; so it only unpacks. */
    private static Path unpack(Path directory) {
        try {
            return ExecutableProvider.newJarResourceProvider(directory.toFile())
                    .get()
                    .toPath();
        } catch (NoClassDefFoundError e) {
            throw new ServiceAwayException(
                    "the demo needs a Redis, there is no redis-server on the PATH, and the packages bring none along;"
                            + " install one (Debian: redis-server, Fedora: redis or valkey)",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new ServiceAwayException(
                    "there is no redis-server on the PATH and none comes along for this machine (" + e.getMessage()
                            + "); install one (Debian: redis-server)",
                    e);
        }
    }

    private static Path createDirectory() {
        try {
            return Files.createTempDirectory("ping-agent-demo");
        } catch (IOException e) {
            throw new ServiceAwayException("cannot create a temporary directory: " + e.getMessage(), e);
        }
    }

    private void awaitPort() {
        long deadlineNanos = System.nanoTime() + START_PATIENCE_NANOS;
        while (deadlineNanos - System.nanoTime() > 0) {
            if (!process.isAlive()) {
                break;
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return;
            } catch (IOException e) {
                sleep();
            }
        }
        close();
        throw new ServiceAwayException("the demo's own Redis (" + description + ") did not start");
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new ServiceAwayException("no free port on loopback: " + e.getMessage(), e);
        }
    }

    private static @Nullable Path onPath() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** May be called more than once, also while the JVM shuts down. */
    @Override
    public void close() {
        synchronized (closing) {
            stopAndDelete();
        }
    }

    private void stopAndDelete() {
        if (process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(3, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        delete(directory);
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tidy up after the demo's Redis", e);
        }
    }
}
