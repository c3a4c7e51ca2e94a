package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cleans up after this JVM, whichever way it ends, {@code kill -9} included: a shell in a session of its own waits for
 * the end of its standard input, which is a pipe from here, and then does its duty. Any thread.
 */
final class Guard implements AutoCloseable {

    private final Process shell;
    private final long childPid;

    private Guard(Process shell, long childPid) {
        this.shell = shell;
        this.childPid = childPid;
    }

    /** Runs a command when closed, or when this JVM has gone. */
    static Guard after(String... command) throws IOException {
        return new Guard(shell("cat >/dev/null; \"$@\"", List.of(command), null), 0);
    }

    /**
     * Starts a process that is killed when this is closed, or when this JVM has gone.
     *
     * @param log takes standard output and standard error
     */
    static Guard of(List<String> command, Path log) throws IOException {
        Process shell = shell(
                "log=$1; shift; \"$@\" </dev/null >>\"$log\" 2>&1 & echo $!; cat >/dev/null; kill -9 $!; wait $!",
                command,
                log);
        StringBuilder pid = new StringBuilder();
        for (int c = shell.getInputStream().read();
                c > '\n';
                c = shell.getInputStream().read()) {
            pid.append((char) c);
        }
        if (pid.isEmpty()) {
            throw new IOException("cannot start " + String.join(" ", command));
        }
        return new Guard(shell, Long.parseLong(pid.toString()));
    }

    private static Process shell(String script, List<String> arguments, @Nullable Path log) throws IOException {
        List<String> words = new ArrayList<>(List.of("setsid", "sh", "-c", script, "pingagent-test-guard"));
        if (log != null) {
            words.add(log.toString());
        }
        words.addAll(arguments);
        return new ProcessBuilder(words)
                .redirectOutput(log == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.PIPE)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process that {@link #of} started. */
    long childPid() {
        return childPid;
    }

    /** Does the duty now and waits for its end, at most a minute. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the clean-up of a test does not end (process " + shell.pid() + ")");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            // The shell goes on by itself.
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a signal by name to the process that {@link #of} started. */
    void signal(String name) {
        try {
            SentSignals.send(childPid, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
