package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Interrupt;
import io.pingagent.cli.shell.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** The README must not promise a command, an option, a configuration key or a page that does not exist. */
class ReadmeTest {

    private static final Path README = Path.of("README.md");
    private static final Path REFERENCE = Path.of("src/site/markdown/configuration.md");

    /** Fenced blocks that hold commands, and spans of code. */
    private static final Pattern SHELL_BLOCK = Pattern.compile("(?s)```sh\\n(.*?)```");

    private static final Pattern ANY_BLOCK = Pattern.compile("(?s)```.*?```");
    private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");
    private static final Pattern ANCHOR = Pattern.compile("]\\(#([^)]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    private static final Pattern KEY =
            Pattern.compile("(?:agent|redis|probe|err-list|zabbix|logging)\\.[a-z][a-z.-]*[a-z]");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private final String readme;

    ReadmeTest() throws IOException {
        readme = Files.readString(README);
    }

    @Test
    void everyCommandLineParses() {
        List<String> inBlocks = commandsInBlocks();
        List<String> lines = new ArrayList<>(inBlocks);
        lines.addAll(commandsInText());
        assertTrue(lines.size() >= 15, "only " + lines);
        List<String> wrong = new ArrayList<>();
        for (String line : lines) {
            try {
                commandTree().parseArgs(words(line));
            } catch (MissingParameterException e) {
                // In running text a command may stand without its arguments.
                if (inBlocks.contains(line)) {
                    wrong.add(line + ": " + e.getMessage());
                }
            } catch (ParameterException e) {
                wrong.add(line + ": " + e.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyCommandIsInTheTable() {
        for (String name : commandTree().getSubcommands().keySet()) {
            assertTrue(readme.contains("| `ping-agent " + name), name);
        }
    }

    @Test
    void everyConfigurationKeyExists() throws IOException {
        Set<String> known = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `(" + KEY + ")` \\|").matcher(Files.readString(REFERENCE));
        while (row.find()) {
            known.add(row.group(1));
        }
        Set<String> unknown = new TreeSet<>();
        int mentioned = 0;
        for (String span : spans()) {
            Matcher key = KEY.matcher(span);
            if (key.lookingAt() && (key.end() == span.length() || span.charAt(key.end()) == ':')) {
                mentioned++;
                unknown.add(key.group());
            }
        }
        unknown.removeAll(known);
        unknown.remove("redis.conf");
        assertTrue(mentioned > 20, "only " + mentioned);
        assertEquals(Set.of(), unknown);
    }

    @Test
    void everyLinkLeadsSomewhere() {
        Matcher link = LINK.matcher(readme);
        while (link.find()) {
            assertTrue(Files.exists(Path.of(link.group(1))), link.group(1));
        }
        Set<String> headings = new TreeSet<>();
        Matcher heading = HEADING.matcher(ANY_BLOCK.matcher(readme).replaceAll(""));
        while (heading.find()) {
            headings.add(heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 -]", "")
                    .replace(' ', '-'));
        }
        Matcher anchor = ANCHOR.matcher(readme);
        while (anchor.find()) {
            assertTrue(headings.contains(anchor.group(1)), anchor.group(1) + " in " + headings);
        }
    }

    @Test
    void nothingOfOneMachineIsLeftIn() {
        // What the demo prints is on every machine.
        String others = readme.replace("/tmp/ping-agent-demo-", "");
        assertFalse(others.contains("/home/") || others.contains("/tmp/") || others.contains("@RUN"));
    }

    private static CommandLine commandTree() {
        Context context = new Context(
                Terminal.ofProcess(),
                () -> {
                    throw new IllegalStateException("parsing needs no engine");
                },
                new Interrupt(false));
        return RootCommand.commandLine(context);
    }

    /** What stands behind {@code ping-agent} in blocks of commands. */
    private List<String> commandsInBlocks() {
        List<String> lines = new ArrayList<>();
        Matcher block = SHELL_BLOCK.matcher(readme);
        while (block.find()) {
            block.group(1)
                    .lines()
                    .flatMap(line -> Stream.of(line.split("&&")))
                    .forEach(line -> addCommand(lines, line.strip()));
        }
        return lines;
    }

    /** The same in running text and tables. */
    private List<String> commandsInText() {
        List<String> lines = new ArrayList<>();
        for (String span : spans()) {
            if (span.startsWith("ping-agent ") && !span.contains("…")) {
                addCommand(lines, span);
            }
        }
        return lines;
    }

    private static void addCommand(List<String> lines, String text) {
        Matcher command =
                Pattern.compile("(?:^|\\s|/)ping-agent (?=[a-z-])(.*)").matcher(text);
        if (command.find() && !text.startsWith("redis-cli") && !text.startsWith("sudo ln")) {
            lines.add(command.group(1));
        }
    }

    private List<String> spans() {
        List<String> spans = new ArrayList<>();
        Matcher span = SPAN.matcher(ANY_BLOCK.matcher(readme).replaceAll(""));
        while (span.find()) {
            spans.add(span.group(1));
        }
        return spans;
    }

    private static String[] words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return words.toArray(String[]::new);
    }
}
