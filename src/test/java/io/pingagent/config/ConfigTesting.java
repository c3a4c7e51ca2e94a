package io.pingagent.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pingagent.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Loads configurations from texts. */
final class ConfigTesting {

    private ConfigTesting() {}

    static Config load(String yaml, Map<String, String> environment) {
        return effective(yaml, environment).config();
    }

    static EffectiveConfig effective(String yaml, Map<String, String> environment) {
        return withFile(yaml, file -> ConfigLoader.loadEffective(file, environment));
    }

    /** The problems' texts, with FILE for the path of the file. */
    static List<String> problems(String yaml, Map<String, String> environment) {
        return withFile(
                yaml,
                file ->
                        assertThrows(ConfigException.class, () -> ConfigLoader.load(file, environment))
                                .problems()
                                .stream()
                                .map(Problem::toString)
                                .map(text -> text.replace(file.toString(), "FILE"))
                                .toList());
    }

    private interface Use<T> {
        T with(Path file);
    }

    private static <T> T withFile(String yaml, Use<T> use) {
        try {
            Path file = Files.createTempFile("ping-agent", ".yaml");
            try {
                Files.writeString(file, yaml);
                return use.with(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
