package io.pingagent.cli;

import io.pingagent.testkit.SentSignals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program as a process of its own, as from {@code java -jar} and without the start script. Stateless. */
final class MainProcess {

    private MainProcess() {}

    /** The words of the command before those of a person. */
    static List<String> words(String... javaOptions) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of(javaOptions));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.pingagent.cli.Main"));
        return words;
    }

    /** To be started, where signals do what they do and nothing of the environment configures it but an absent Redis. */
    static ProcessBuilder builder(List<String> javaOptions, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(SentSignals.defaultDispositions());
        command.addAll(words(javaOptions.toArray(String[]::new)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PING_AGENT_"));
        // The discard port: nobody listens there.
        builder.environment().put("PING_AGENT_REDIS_URL", "redis://127.0.0.1:9/0");
        return builder;
    }
}
