package io.pingagent.app.demo;

import io.pingagent.base.AnyThread;
import io.pingagent.base.ServiceUnreachableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis of the demo's own, on a free port of loopback, without files: {@code redis-server} from the PATH, else the one that
 * comes along. It wants a random password, which only this user can read, and gives nobody what could write a file, load
 * code or change its configuration.
 */
@AnyThread
final class DemoRedis implements AutoCloseable {

    private static final long START_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STOP_PATIENCE_SECONDS = 10;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PASSWORD_BYTES = 32;
    private static final String PROGRAM = "redis-server";

    /**
     * Read from standard input. The agent's notifications are on from the start, as nobody may switch them on. The names of
     * what is taken away are those of 6.2 and newer.
     */
    private static final String CONFIGURATION = """
            port PORT
            bind 127.0.0.1
            protected-mode yes
            save ""
            appendonly no
            dir "DIRECTORY"
            notify-keyspace-events KEsx
            user default reset on #PASSWORD ~* &* +@all -@admin -@dangerous -@scripting +info +keys +config|get \
            +client|setname +client|getname +client|id +client|list
            """;

    private final int port;
    private final String description;
    private final String remedy;
    private final Process process;
    private final DemoDirectory directory;
    private final Path configFile;
    private final Path passwordFile;
    private final Object closing = new Object();

    /**
     * @param description for the user
     * @param remedy what to do if it does not start
     */
    private DemoRedis(int port, String description, String remedy, Process process, DemoDirectory directory) {
        this.port = port;
        this.description = description;
        this.remedy = remedy;
        this.process = process;
        this.directory = directory;
        this.configFile = directory.path().resolve("ping-agent.yaml");
        this.passwordFile = directory.path().resolve("password");
    }

    /**
     * @param agent name of the agent in {@link #configFile()}
     * @throws ServiceUnreachableException if neither can be started
     */
    static DemoRedis start(String agent) {
        return start(agent, DemoRedisCommand.onPath(PROGRAM));
    }

    /** @param program the server, or null for the one that comes along */
    static DemoRedis start(String agent, @Nullable Path program) {
        DemoDirectory directory = DemoDirectory.create();
        try {
            DemoRedis redis = run(agent, program, directory);
            Runtime.getRuntime().addShutdownHook(new Thread(redis::close, "ping-demo-redis-stop"));
            redis.awaitPort();
            return redis;
        } catch (ServiceUnreachableException e) {
            directory.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /** Which Redis this is and with which rights it runs, for the user. */
    String description() {
        return description;
    }

    /** A configuration of ping-agent that leads to this Redis; no other user can read it. */
    Path configFile() {
        return configFile;
    }

    /** Its one line is the password; no other user can read it. */
    Path passwordFile() {
        return passwordFile;
    }

    /** Of the shell that the server runs below. */
    long pid() {
        return process.pid();
    }

    private static DemoRedis run(String agent, @Nullable Path installed, DemoDirectory directory) {
        DemoRedisCommand command = DemoRedisCommand.forThisUser();
        int port = freePort();
        Path program = installed == null ? unpack(directory, command.unprivileged()) : installed;
        String password = randomPassword();
        Path passwordFile = directory.write("password", password + '\n');
        List<String> yaml = List.of(
                "agent:",
                "  name: " + agent,
                "redis:",
                "  url: redis://127.0.0.1:" + port + "/0",
                "  password-file: " + passwordFile,
                "  status-interval: 1s",
                "");
        directory.write("ping-agent.yaml", String.join("\n", yaml));
        String workDirectory = command.unprivileged() ? "/" : directory.path().toString();
        Path configuration = directory.write(
                "redis.conf",
                CONFIGURATION
                        .replace("PORT", Integer.toString(port))
                        .replace("PASSWORD", sha256(password))
                        .replace("DIRECTORY", workDirectory));
        List<String> words = command.words(program, directory.path(), configuration);
        try {
            Process process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String name = installed == null ? "embedded redis-server" : installed.toString();
            String remedy = installed == null
                    ? "install redis-server, or name a directory that is not mounted noexec with "
                            + DemoDirectory.OPTION
                    : "see whether '" + installed + "' starts by itself";
            return new DemoRedis(port, name + " on port " + port + ", " + rights(command), remedy, process, directory);
        } catch (IOException e) {
            throw new ServiceUnreachableException(
                    "cannot start a shell for " + program + ": " + e.getMessage() + "; see whether 'sh' works here", e);
        }
    }

    private static String rights(DemoRedisCommand command) {
        if (command.unprivileged()) {
            return "with a password, as user nobody";
        }
        return DemoRedisCommand.isRoot()
                ? "with a password, as root, because setpriv is missing or not permitted (Debian: util-linux)"
                : "with a password";
    }

    /** The library starts servers too, but leaves files behind; so it only unpacks. */
    private static Path unpack(DemoDirectory directory, boolean forNobody) {
        try {
            Path program = ExecutableProvider.newJarResourceProvider(
                            directory.path().toFile())
                    .get()
                    .toPath();
            if (forNobody) {
                directory.letOthersPass();
            }
            return program;
        } catch (NoClassDefFoundError e) {
            throw new ServiceUnreachableException(
                    "the demo needs a Redis, there is no redis-server on the PATH, and the packages bring none along;"
                            + " install one (Debian: redis-server, Fedora: redis or valkey)",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new ServiceUnreachableException(
                    "there is no redis-server on the PATH and none comes along for this machine (" + e.getMessage()
                            + "); install one (Debian: redis-server)",
                    e);
        }
    }

    private void awaitPort() {
        long deadlineNanos = System.nanoTime() + START_PATIENCE_NANOS;
        while (deadlineNanos - System.nanoTime() > 0) {
            if (!process.isAlive()) {
                throw new ServiceUnreachableException(
                        "the demo's own Redis (" + description + ") did not start: " + lastWords() + "; " + remedy);
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return;
            } catch (IOException e) {
                sleep();
            }
        }
        close();
        throw new ServiceUnreachableException("the demo's own Redis (" + description + ") does not answer; " + remedy);
    }

    private String lastWords() {
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.strip().replaceAll("\\s+", " ");
        } catch (IOException e) {
            return "no reason given";
        }
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
            throw new ServiceUnreachableException("no free port on loopback: " + e.getMessage(), e);
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** May be called more than once, also while the JVM shuts down. */
    @Override
    public void close() {
        synchronized (closing) {
            stopAndDelete();
        }
    }

    private void stopAndDelete() {
        try {
            // The shell ends the server when this pipe ends.
            process.getOutputStream().close();
            if (!process.waitFor(STOP_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
        directory.close();
    }
}
