package io.pingagent.bench;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the programs that are measured, so that none outlives this JVM. Stateless. */
final class Processes {

    private static final Path DISTRIBUTION = Path.of("target/ping-agent");

    private Processes() {}

    /** Words that run a command which ends with this JVM's main thread, however that ends. */
    static List<String> guarded(List<String> command) {
        List<String> words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        words.addAll(command);
        return words;
    }

    static List<String> agentCommand(String... arguments) {
        List<String> words =
                new ArrayList<>(List.of(DISTRIBUTION.resolve("bin/ping-agent").toString()));
        words.addAll(Arrays.asList(arguments));
        return words;
    }

    /** The JVM options with which the product's start script runs the agent, asked from the script itself. */
    static List<String> productJvmOptions() throws IOException {
        Path home = Files.createTempDirectory("ping-agent-bench-java-");
        Path java = home.resolve("bin/java");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        if (!java.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + java + " executable");
        }
        try {
            List<String> words = output(Map.of("JAVA_HOME", home.toString()), agentCommand("run"))
                    .lines()
                    .toList();
            int jar = words.indexOf("-jar");
            if (jar < 0) {
                throw new IOException("the start script runs no jar: " + words);
            }
            return words.subList(0, jar);
        } finally {
            Files.delete(java);
            Files.delete(home.resolve("bin"));
            Files.delete(home);
        }
    }

    /** A JVM of the product's kind with a main class of the benchmark. */
    static List<String> childJvm(List<String> jvmOptions, String main, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        words.addAll(jvmOptions);
        words.addAll(List.of("-cp", DISTRIBUTION + "/lib/*:target/test-classes", main));
        words.addAll(arguments);
        return guarded(words);
    }

    /** The first line of a program's output, or a dash if it cannot be run. */
    static String firstLine(String... command) {
        try {
            return output(Map.of(), List.of(command)).lines().findFirst().orElse("-");
        } catch (IOException e) {
            return "-";
        }
    }

    /** Runs a program to its end: its standard output and error. */
    static String output(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.redirectInput(new File("/dev/null")).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Waits for a process that ends by itself. */
    static void awaitEnd(Process process, int seconds) throws IOException {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IOException("process " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Asks it to end, insists after some seconds. */
    static void stop(Process process, int seconds) throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    static void pauseMillis(long millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
