package io.pingagent.pages;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.config.AllowedValues;
import io.pingagent.config.ConfigLoader;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the manual pages say is so. */
class ManualPagesTest {

    private static final ManualPage.Heading HEADING = new ManualPage.Heading("2026-11-29", "ping-agent 1");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    private Path directory;

    @Test
    void everyPageHasExamplesEnvironmentAndFiles() {
        CommandLine root = CommandPages.allCommands();
        List<CommandLine> commands = new ArrayList<>(root.getSubcommands().values());
        commands.add(root);
        for (CommandLine command : commands) {
            String page = new ManualPage(HEADING, command.getCommandSpec()).text();
            String name = command.getCommandName();
            for (String section : List.of("EXAMPLES", "ENVIRONMENT", "FILES", "EXIT STATUS")) {
                assertTrue(page.contains(".SH \"" + section + "\"\n.TP\n"), name + ": " + section);
            }
        }
    }

    @Test
    void everyExampleIsACommandLineOfItsCommand() {
        CommandLine root = CommandPages.allCommands();
        List<CommandLine> commands = new ArrayList<>(root.getSubcommands().values());
        commands.add(root);
        for (CommandLine command : commands) {
            for (ManualPageExamples.Example example : ManualPageExamples.of(command.getCommandSpec())) {
                List<String> words = new ArrayList<>();
                Matcher word = WORD.matcher(example.line());
                while (word.find()) {
                    words.add(word.group(1) != null ? word.group(1) : word.group(2));
                }
                assertEquals("ping-agent", words.remove(0));
                assertDoesNotThrow(
                        () -> CommandPages.allCommands().parseArgs(words.toArray(String[]::new)), example.line());
                assertTrue(command == root || words.get(0).equals(command.getCommandName()), example.line());
            }
        }
    }

    @Test
    void thePageOfTheConfigurationHasTheRangeOfEveryKey() throws IOException {
        String page =
                ConfigurationPage.text(HEADING, Files.readAllLines(Path.of("packaging/dist/conf/ping-agent.yaml")));
        Map<String, String> allowed = AllowedValues.byKey();
        assertTrue(allowed.get("probe.timeout").equals("duration, 1ms to 60s"), allowed.toString());
        for (Map.Entry<String, String> key : allowed.entrySet()) {
            assertTrue(page.contains("\\fB" + Roff.literal(key.getKey()) + "\\fR\n"), key.getKey());
            assertTrue(
                    page.contains(
                            Roff.text("x Allowed: " + key.getValue() + ".").substring(1)),
                    key.toString());
        }
        assertFalse(page.contains("Allowed: null"));
        assertTrue(page.contains(".SH \"UNITS\"") && page.contains(".SH \"EXAMPLE\""));
    }

    @Test
    void theExampleOfTheConfigurationLoads() throws IOException {
        Path password = SecretFiles.write(directory.resolve("redis-password"), "secret\n");
        Path file = SecretFiles.write(
                directory.resolve("ping-agent.yaml"),
                ConfigurationPage.EXAMPLE.replace("/etc/ping-agent/redis-password", password.toString()));
        assertEquals(
                Duration.ofMillis(800),
                ConfigLoader.load(file, Map.of()).probe().timeout());
    }
}
