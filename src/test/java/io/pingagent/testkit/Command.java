package io.pingagent.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command that ran to its end. Any thread.
 *
 * @param exitStatus as the shell counts it
 * @param output standard output and standard error, in the order they came
 */
public record Command(int exitStatus, String output) {

    private static final long LIMIT_SECONDS = 300;

    /**
     * Runs a command to its end, at most five minutes.
     *
     * @throws IOException if it cannot be started or does not end
     */
    public static Command run(String... command) throws IOException {
        // A file and not a pipe: a grandchild that lives on would hold the pipe open.
        Path output = Files.createTempFile("ping-agent-command-", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile())
                    .start();
            try {
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException(
                            "'" + String.join(" ", command) + "' does not end: " + Files.readString(output));
                }
                Command done = new Command(process.exitValue(), Files.readString(output));
                TestLogs.note(Arrays.asList(command), done.exitStatus, done.output);
                return done;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while running " + String.join(" ", command));
            } finally {
                process.destroyForcibly();
            }
        } finally {
            Files.delete(output);
        }
    }

    /**
     * As {@link #run}, for commands that must succeed.
     *
     * @throws IOException naming the command and what it printed, if it ends with another status than 0
     */
    public static String check(String... command) throws IOException {
        Command done = run(command);
        if (done.exitStatus != 0) {
            throw new IOException(
                    "'" + String.join(" ", command) + "' ended with " + done.exitStatus + ": " + done.output.strip());
        }
        return done.output;
    }

    static String[] join(String[] first, String... second) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(String[]::new);
    }
}
