package io.pingagent.e2e;

import static org.awaitility.Awaitility.await;

import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.SentSignals;
import io.pingagent.testkit.TestLogs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * {@code bin/ping-agent} of the packaged distribution, run inside a namespace or on this machine, with an environment of its
 * own. Any thread.
 */
public final class InstalledFiles {

    private static final long LIMIT_SECONDS = 90;

    /**
     * A command that ran to its end.
     *
     * @param out standard output
     * @param err standard error
     */
    public record Result(int exitStatus, String out, String err) {

        List<String> outLines() {
            return out.lines().toList();
        }
    }

    private final @Nullable NetworkNamespace namespace;
    private final Path program;

    /** Run on this machine. */
    public InstalledFiles() {
        this(null);
    }

    public InstalledFiles(@Nullable NetworkNamespace namespace) {
        this.namespace = namespace;
        String directory = System.getProperty("pingagent.dist", "");
        program = Path.of(directory, "bin", "ping-agent");
        if (!Files.isExecutable(program)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("no distribution in '" + directory + "'");
            }
            throw new TestAbortedException("no distribution in '" + directory + "': run mvn verify");
        }
    }

    /** Words that run it inside; nothing of this process's environment reaches it but what Java needs. */
    public List<String> command(List<String> before, List<String> environment, String... arguments) {
        List<String> words = new ArrayList<>(before);
        words.addAll(List.of("env", "-i"));
        words.addAll(SentSignals.defaultDispositions());
        words.add("PATH=" + System.getenv("PATH") + ":/usr/sbin:/sbin");
        words.add("JAVA_HOME=" + System.getProperty("java.home"));
        words.add("PING_AGENT_JAVA_OPTS=-Xmx256m -XX:TieredStopAtLevel=1" + ClassArchive.option(program));
        words.addAll(environment);
        words.add(program.toString());
        words.addAll(Arrays.asList(arguments));
        return inside(words.toArray(String[]::new));
    }

    private List<String> inside(String... words) {
        return namespace == null ? List.of(words) : namespace.command(words);
    }

    /** Runs it to its end. */
    public Result run(List<String> environment, String... arguments) throws Exception {
        return finished(command(List.of(), environment, arguments));
    }

    /** As {@link #run}, with words before the command: {@code nice -n 10}. */
    public Result runAfter(List<String> before, List<String> environment, String... arguments) throws Exception {
        return finished(command(before, environment, arguments));
    }

    /** Runs any command inside to its end. */
    Result other(String... command) throws Exception {
        return finished(inside(command));
    }

    static Result finished(List<String> command) throws Exception {
        return finished(command, new File("/dev/null"));
    }

    /** @param input what the command reads from standard input */
    static Result finished(List<String> command, File input) throws Exception {
        return finished(command, input, Duration.ZERO);
    }

    /** Interrupts a command so long after it has begun to print, as Ctrl-C does. */
    static Result interrupted(List<String> command, Duration after) throws Exception {
        return finished(command, new File("/dev/null"), after);
    }

    /** @param interrupted how long after it has begun to print; zero to let it end by itself */
    private static Result finished(List<String> command, File input, Duration interrupted) throws Exception {
        Path out = Files.createTempFile("ping-agent-it-", ".out");
        Path err = Files.createTempFile("ping-agent-it-", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(input)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                if (!interrupted.isZero()) {
                    await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
                            .until(() -> !process.isAlive() || Files.size(out) + Files.size(err) > 0);
                    if (!process.waitFor(interrupted.toMillis(), TimeUnit.MILLISECONDS)) {
                        SentSignals.send(process.pid(), "INT");
                    }
                }
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            String.join(" ", command) + " does not end: " + read(out) + "\n" + read(err));
                }
                Result result = new Result(process.exitValue(), read(out), read(err));
                TestLogs.note(command, result.exitStatus, result.out + result.err);
                return result;
            } finally {
                process.destroyForcibly();
            }
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file);
    }
}
