package io.pingagent.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A server process with children of its own. It ends, children and all, when this is closed, and also when this JVM has
 * gone, {@code kill -9} included: a shell leads their process group and waits for the end of its standard input, which
 * is a pipe from here. First the server gets its own signal; what is left of the group when the
 * server's patience is over is killed. Any thread.
 */
final class ZabbixProcess implements AutoCloseable {

    private static final String SCRIPT = """
            log=$1 signal=$2 patience=$3; shift 3
            "$@" </dev/null >>"$log" 2>&1 &
            child=$!
            echo $child
            cat >/dev/null
            kill -"$signal" $child
            (sleep $patience; kill -9 $child) &
            wait $child
            kill -9 0
            """;

    private static final int PATIENCE_SECONDS = 15;

    private final Process shell;
    private final long pid;
    private final Path log;
    private final int patienceSeconds;

    private ZabbixProcess(Process shell, long pid, Path log, int patienceSeconds) {
        this.shell = shell;
        this.pid = pid;
        this.log = log;
        this.patienceSeconds = patienceSeconds;
    }

    /**
     * @param log takes standard output and standard error
     * @param stopSignal name of the signal that makes the server end in order
     * @param environment added to that of this JVM
     */
    static ZabbixProcess start(Path log, String stopSignal, Map<String, String> environment, List<String> command)
            throws IOException {
        return start(log, stopSignal, PATIENCE_SECONDS, environment, command);
    }

    /**
     * As {@link #start(Path, String, Map, List)}.
     *
     * @param patienceSeconds what the server may take to end in order
     */
    static ZabbixProcess start(
            Path log, String stopSignal, int patienceSeconds, Map<String, String> environment, List<String> command)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, "pingagent-test-guard"));
        words.add(log.toString());
        words.add(stopSignal);
        words.add(Integer.toString(patienceSeconds));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process shell = builder.start();
        StringBuilder pid = new StringBuilder();
        InputStream in = shell.getInputStream();
        for (int c = in.read(); c > '\n'; c = in.read()) {
            pid.append((char) c);
        }
        if (pid.isEmpty()) {
            throw new IOException("cannot start " + String.join(" ", command));
        }
        return new ZabbixProcess(shell, Long.parseLong(pid.toString()), log, patienceSeconds);
    }

    long pid() {
        return pid;
    }

    /** Whether it runs; not for one that has ended and waits for its parent. */
    boolean isAlive() {
        return ProcessHandle.of(pid).flatMap(handle -> handle.info().command()).isPresent();
    }

    /** What it printed so far. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it and its children, without a chance to end in order, and waits for that. */
    void kill() throws IOException {
        // It began a session of its own: its id is that of the group.
        SentSignals.send(-shell.pid(), "KILL");
        close();
    }

    /** Ends it and waits for that, at most 5 s longer than its patience. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(patienceSeconds + 5L, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + pid + " does not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            // The shell goes on by itself.
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A loopback port that is free now, below the range from which the kernel takes local ports, so that no client can
     * be given it while its server is stopped.
     */
    static int freePort() throws IOException {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                return candidate;
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        throw new IOException("no free loopback port between 12000 and 30000");
    }
}
