package io.pingagent.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server on a loopback port of its own, without persistence, for one test.
 *
 * <p>It is the {@code redis-server} of the PATH or, where none is installed (never with {@code CI=true}), the embedded
 * one. The process ends with {@link #close()} and also with this JVM, however that ends. Any thread, one at a time.
 */
public final class RedisServer implements AutoCloseable {

    private static final int MAX_TAKEN_PORTS = 20;

    private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path program;
    private final int port;
    private final Path directory;
    private final Path log = TestLogs.newLog("redis");
    private final List<String> wordsBefore;
    private final List<String> extraArguments;
    private final @Nullable NetworkNamespace namespace;
    private final @Nullable PortForward forward;
    private @Nullable Guard process;

    private RedisServer(
            Path program,
            int port,
            Path directory,
            List<String> wordsBefore,
            List<String> extraArguments,
            @Nullable NetworkNamespace namespace)
            throws IOException {
        this.program = program;
        this.wordsBefore = wordsBefore;
        this.port = port;
        this.namespace = namespace;
        this.forward = namespace == null ? null : new PortForward(namespace, port);
        this.directory = directory;
        this.extraArguments = extraArguments;
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param extraArguments as on the command line of redis-server: {@code "--hz", "100"}
     * @throws UncheckedIOException if it does not start; the message holds its log
     */
    public static RedisServer started(String... extraArguments) {
        return started(null, List.of(), List.of(extraArguments));
    }

    /**
     * Starts a server inside a namespace. The same {@link #url()} leads to it from inside and, through a forwarded port,
     * from this machine; while the server is stopped, the inside is refused and the outside cut off.
     */
    public static RedisServer startedIn(NetworkNamespace namespace, String... extraArguments) {
        return started(namespace, List.of(), List.of(extraArguments));
    }

    /** As {@link #startedIn(NetworkNamespace, String...)}, with words before the command: {@code env NAME=value}. */
    public static RedisServer startedIn(
            NetworkNamespace namespace, List<String> wordsBefore, List<String> extraArguments) {
        return started(namespace, wordsBefore, extraArguments);
    }

    /**
     * As {@link #started(String...)}, with one of {@link #programs()}.
     *
     * @param program the server
     */
    public static RedisServer startedBy(Path program, String... extraArguments) {
        return started(program, null, List.of(), List.of(extraArguments));
    }

    /**
     * The servers that a test of every supported version runs with: that of the PATH, and those whose paths stand in the
     * environment variable {@code TEST_REDIS_SERVERS}, separated by colons. Never empty.
     */
    public static List<Path> programs() {
        Requires.redisServer();
        List<Path> programs = new ArrayList<>();
        try {
            programs.add(executable());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String more :
                System.getenv().getOrDefault("TEST_REDIS_SERVERS", "").split(":", -1)) {
            if (!more.isEmpty()) {
                programs.add(Path.of(more));
            }
        }
        return programs;
    }

    private static RedisServer started(
            @Nullable NetworkNamespace namespace, List<String> wordsBefore, List<String> extraArguments) {
        return started(null, namespace, wordsBefore, extraArguments);
    }

    private static RedisServer started(
            @Nullable Path program,
            @Nullable NetworkNamespace namespace,
            List<String> wordsBefore,
            List<String> extraArguments) {
        Requires.redisServer();
        try {
            for (int taken = 0; ; taken++) {
                RedisServer server =
                        onFreePort(program == null ? executable() : program, namespace, wordsBefore, extraArguments);
                try {
                    server.start();
                    return server;
                } catch (RuntimeException e) {
                    boolean isTaken = server.log().contains("Address already in use");
                    server.close();
                    if (!isTaken || taken == MAX_TAKEN_PORTS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Between the look for a free port and its use, somebody else may take it: here, and until the server binds it. */
    private static RedisServer onFreePort(
            Path program, @Nullable NetworkNamespace namespace, List<String> wordsBefore, List<String> extraArguments)
            throws IOException {
        Path directory = Files.createTempDirectory("ping-agent-redis-");
        for (int taken = 0; ; taken++) {
            try {
                return new RedisServer(program, freePort(), directory, wordsBefore, extraArguments, namespace);
            } catch (BindException e) {
                if (taken == MAX_TAKEN_PORTS) {
                    throw e;
                }
            }
        }
    }

    public int port() {
        return port;
    }

    public URI url() {
        return URI.create("redis://127.0.0.1:" + port + "/0");
    }

    /** @throws IllegalStateException while it is stopped */
    public long pid() {
        return running().childPid();
    }

    public boolean isRunning() {
        return process != null;
    }

    /** What the server printed so far, all its starts together. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts it again, empty, on the same port, and waits until it answers. Nothing happens if it runs.
     *
     * @throws UncheckedIOException if it does not start; the message holds its log
     */
    public void start() {
        if (process != null) {
            return;
        }
        try {
            List<String> command = new ArrayList<>(wordsBefore);
            command.add(program.toString());
            command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
            command.addAll(List.of("--appendonly", "no", "--daemonize", "no", "--dir", directory.toString()));
            command.addAll(extraArguments);
            Guard started =
                    Guard.of(namespace == null ? command : namespace.command(command.toArray(String[]::new)), log);
            process = started;
            long startNanos = System.nanoTime();
            while (!answers()) {
                boolean alive = ProcessHandle.of(started.childPid())
                        .flatMap(handle -> handle.info().command())
                        .isPresent();
                if (!alive || System.nanoTime() - startNanos > START_LIMIT_NANOS) {
                    stop();
                    throw new IOException("redis-server does not start on port " + port + ":\n" + log());
                }
                sleepMillis(10);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it, so that connections break as in a crash; a paused server too. Its data is gone. */
    public void stop() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    /** Stops it answering, connections stay open (SIGSTOP). */
    public void pause() {
        running().signal("STOP");
    }

    /** Lets it go on after {@link #pause()} (SIGCONT). */
    public void resume() {
        running().signal("CONT");
    }

    @Override
    public void close() {
        stop();
        if (forward != null) {
            try {
                forward.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Directories.delete(directory);
    }

    private Guard running() {
        if (process == null) {
            throw new IllegalStateException("this Redis server is stopped");
        }
        return process;
    }

    private static Path executable() throws IOException {
        Optional<Path> installed = Requires.findProgram("redis-server");
        return installed.isPresent() ? installed.get() : Embedded.EXECUTABLE;
    }

    /** Unpacked once per JVM, and removed with it. */
    private static final class Embedded {
        static final Path EXECUTABLE = unpack();

        private static Path unpack() {
            try {
                Path file = ExecutableProvider.newJarResourceProvider().get().toPath();
                // In the opposite order.
                file.getParent().toFile().deleteOnExit();
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** PONG, or the demand for a password; not while loading. */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] answer = in.readNBytes(5);
            return Arrays.equals(answer, "+PONG".getBytes(StandardCharsets.US_ASCII))
                    || Arrays.equals(answer, "-NOAU".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A port below the range from which the kernel takes local ports, where that leaves enough: from inside the range, a
     * client that keeps trying to reach a stopped server could be given that very port and connect to itself.
     */
    public static int freePort() throws IOException {
        int from = 10_000;
        int limit = 32_768;
        Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        if (Files.exists(range)) {
            int first;
            // Not Files.readString: it reads one byte first, and the kernel gives such a file in one go or not at all.
            byte[] text = new byte[64];
            try (InputStream in = Files.newInputStream(range)) {
                int length = Math.max(0, in.read(text));
                String both = new String(text, 0, length, StandardCharsets.US_ASCII);
                first = Integer.parseInt(both.strip().split("\\s+", -1)[0]);
            }
            if (first >= from + 1_000) {
                limit = first;
            }
        }
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(from, limit);
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        throw new IOException("no free loopback port between " + from + " and " + limit);
    }

    private static void sleepMillis(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Redis starts", e);
        }
    }
}
