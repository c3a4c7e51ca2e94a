package io.pingagent.faults;

import io.pingagent.e2e.Distribution;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ping-agent run} of the packaged distribution as a process; its log is appended to a file that stays. One thread. */
final class AgentRun implements AutoCloseable {

    private final Path log;
    private final Process process;

    /**
     * @param before words before the command: {@code nice -n 10}
     * @param environment of the agent, nothing else reaches it
     */
    AgentRun(Distribution distribution, List<String> before, List<String> environment, Path log) throws IOException {
        this.log = log;
        process = new ProcessBuilder(distribution.command(before, environment, "run"))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Of all runs that wrote to the same file. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param name as {@code kill} takes it */
    void signal(String name) throws IOException {
        Processes.signal(name, process.pid());
    }

    /** @return the exit status; -1 if it did not end in time, and it is killed then */
    int awaitEnd(int seconds) throws InterruptedException {
        if (process.waitFor(seconds, TimeUnit.SECONDS)) {
            return process.exitValue();
        }
        process.destroyForcibly().waitFor();
        return -1;
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
