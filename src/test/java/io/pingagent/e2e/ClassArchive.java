package io.pingagent.e2e;

import io.pingagent.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * An archive of the classes that commands and agents use, made as the packages make theirs, once per JVM: tests start the
 * program hundreds of times, and each start takes half the processor time with it. Without an archive the program
 * only starts more slowly. Any thread.
 */
final class ClassArchive {

    private static final Path DIRECTORY = Path.of("target", "class-archive").toAbsolutePath();
    private static final List<String> JVM = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djna.platform.library.path=/lib");

    /** An agent that says so has loaded what it needs to run. */
    private static final String WITHOUT_REDIS = "is unreachable";

    private static final long LIMIT_SECONDS = 120;

    private ClassArchive() {}

    /** Options of Java; none if there is no archive. */
    static String option(Path program) {
        return Made.fromJarOf(program);
    }

    private static final class Made {

        private static String option = "";
        private static boolean isTried;

        static synchronized String fromJarOf(Path program) {
            if (!isTried) {
                isTried = true;
                try {
                    option = make(program.resolve("../../lib/ping-agent.jar")
                            .normalize()
                            .toAbsolutePath());
                } catch (IOException e) {
                    System.err.println("no archive of classes: " + e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return option;
        }
    }

    private static String make(Path jar) throws IOException, InterruptedException {
        Files.createDirectories(DIRECTORY);
        Path commands = DIRECTORY.resolve("commands");
        Path agent = DIRECTORY.resolve("agent");
        Path names = DIRECTORY.resolve("names");
        Path archive = DIRECTORY.resolve("classes.jsa");
        Process rehearsal = java(jar, commands, "io.pingagent.cli.Rehearsal");
        Process running = java(jar, agent, "io.pingagent.cli.Main", "run");
        try {
            awaitLine(log(agent), running);
            running.destroy();
            if (!rehearsal.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)
                    || !running.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the rehearsal does not end");
            }
        } finally {
            rehearsal.destroyForcibly();
            running.destroyForcibly();
        }
        Set<String> all = new LinkedHashSet<>(Files.readAllLines(commands));
        all.addAll(Files.readAllLines(agent));
        all.removeIf(line -> line.startsWith("@lambda-proxy ") && line.contains("picocli/"));
        Files.write(names, all);
        Files.deleteIfExists(archive);
        Command.check(
                java(),
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + names,
                "-XX:SharedArchiveFile=" + archive,
                "-XX:+UseG1GC",
                "-XX:-UsePerfData",
                "-cp",
                jar.toString());
        return " -XX:SharedArchiveFile=" + archive;
    }

    private static void awaitLine(Path log, Process process) throws IOException, InterruptedException {
        long fromNanos = System.nanoTime();
        while (!Files.readString(log).contains(WITHOUT_REDIS)) {
            if (!process.isAlive() || System.nanoTime() - fromNanos > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
                throw new IOException("the agent does not run: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static Path log(Path names) {
        return Path.of(names + ".log");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Process java(Path jar, Path names, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(java(), "-XX:DumpLoadedClassList=" + names));
        words.addAll(JVM);
        words.addAll(List.of("-cp", jar.toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log(names).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PING_AGENT_"));
        // Nobody listens there.
        builder.environment().put("PING_AGENT_REDIS_URL", "redis://127.0.0.1:1/0");
        builder.environment().put("PING_AGENT_AGENT_NAME", "rehearsal");
        return builder.start();
    }
}
