package io.pingagent.config;

import static io.pingagent.testkit.FuzzChecks.check;

import io.pingagent.model.Problem;
import io.pingagent.testkit.FuzzChecks;
import io.pingagent.testkit.FuzzSeeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any file is a configuration, which prints as one that says the same, or a list of problems with their places. */
class ConfigFuzzTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("HOSTNAME", "gza");
    private static final int MOST_PROBLEMS = 10_000;

    @ParameterizedTest
    @MethodSource("seeds")
    void anyFileIsAConfigurationOrProblems(byte[] input) throws IOException {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(ConfigFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path file = Files.createTempFile("ping-agent", ".yaml");
        try {
            Files.write(file, input);
            EffectiveConfig effective;
            try {
                effective = ConfigLoader.loadEffective(file, ENVIRONMENT);
            } catch (ConfigException e) {
                FuzzChecks.problems(e.problems(), MOST_PROBLEMS);
                for (Problem problem : e.problems()) {
                    check(namesItsPlace(problem.where(), file.toString()), "no place: " + problem);
                }
                return;
            }
            printsAsItself(file, effective);
        } finally {
            Files.delete(file);
        }
    }

    private static boolean namesItsPlace(String where, String file) {
        return where.startsWith(file) || Keys.KNOWN.find(where) != null;
    }

    private static void printsAsItself(Path file, EffectiveConfig effective) throws IOException {
        String printed = ConfigPrinter.print(effective);
        if (printed.contains(":***@")) {
            // A hidden password is not the password.
            return;
        }
        Files.write(file, printed.getBytes(StandardCharsets.UTF_8));
        String again = ConfigPrinter.print(ConfigLoader.loadEffective(file, ENVIRONMENT));
        check(withoutOrigins(printed).equals(withoutOrigins(again)), "printed\n" + printed + "\nthen\n" + again);
    }

    private static String withoutOrigins(String printed) {
        return printed.replaceAll(" +# (default|file|environment).*", "");
    }
}
