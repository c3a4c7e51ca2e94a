package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Where the processes of tests write, below {@code target}: the files stay for the one who wonders why a test failed, until
 * {@code mvn clean}. Their names begin with that of the test. Any thread.
 */
public final class TestLogs {

    private static final Path DIRECTORY = Path.of("target", "test-logs").toAbsolutePath();
    private static final int LONGEST_OUTPUT = 64 * 1024;

    private TestLogs() {}

    /**
     * A new file.
     *
     * @param process what writes to it: {@code redis}
     */
    public static Path newLog(String process) {
        try {
            return Files.createTempFile(Files.createDirectories(DIRECTORY), testName() + "-" + process + "-", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes a command that ran to its end, in the one file for all of its test. */
    public static void note(List<String> command, int exitStatus, String output) {
        String text = output.length() <= LONGEST_OUTPUT
                ? output
                : output.substring(0, LONGEST_OUTPUT) + "\n… (" + output.length() + " characters)";
        String entry = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS) + " $ "
                + String.join(" ", command) + '\n' + text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n")
                + "[exit status " + exitStatus + "]\n";
        try {
            Files.writeString(
                    Files.createDirectories(DIRECTORY).resolve(testName() + "-commands.log"),
                    entry,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String testName() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .map(name -> name.substring(name.lastIndexOf('.') + 1).replaceFirst("\\$.*", ""))
                        .filter(name -> name.endsWith("IT") || name.endsWith("Test"))
                        .findFirst()
                        .orElse("tests"));
    }
}
