package io.pingagent.e2e;

import io.pingagent.testkit.SentSignals;
import io.pingagent.testkit.TestLogs;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code ping-agent run} of the packaged distribution as a process, killed when closed at the latest. Its log stays, below
 * {@code target}, for the one who wonders why a test failed. One thread.
 */
public final class AgentProcess implements AutoCloseable {

    private final Path log;
    private final Process process;

    AgentProcess(InstalledFiles distribution, List<String> environment, String... moreArguments) throws IOException {
        this(distribution, List.of(), environment, TestLogs.newLog("agent"), moreArguments);
    }

    /**
     * Starts it.
     *
     * @param before words before the command: {@code nice -n 10}
     * @param environment of the agent, nothing else reaches it
     * @param log is added to
     */
    public AgentProcess(
            InstalledFiles distribution,
            List<String> before,
            List<String> environment,
            Path log,
            String... moreArguments)
            throws IOException {
        this.log = log;
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(moreArguments));
        process = new ProcessBuilder(distribution.command(before, environment, arguments.toArray(String[]::new)))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Of all agents with the same log. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param name as {@code kill} takes it: {@code STOP} */
    public void signal(String name) throws IOException {
        SentSignals.send(process.pid(), name);
    }

    /**
     * Waits for the end.
     *
     * @return the exit status
     * @throws AssertionError if it does not end in time
     */
    public int awaitEnd(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the agent does not end within " + seconds + " s: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
