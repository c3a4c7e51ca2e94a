package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.pages.CommandPages;
import io.pingagent.testkit.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** The front page and the site must not promise a command, an option or a configuration key that does not exist. */
class ReadmeTest {

    private static final Path COMMANDS = Path.of("src/site/markdown/commands.md");
    private static final Path REFERENCE = Path.of("src/site/markdown/configuration.md");

    private static final Pattern KEY =
            Pattern.compile("(?:agent|redis|probe|jobs|err-list|zabbix|logging)\\.[a-z][a-z.-]*[a-z]");

    private static final Path SOURCES = Path.of("src/main/java/io/pingagent");

    /** What looks like a key: a file, a counter in {@code agent-stats}, an item of Zabbix. */
    private static final Set<String> NO_KEYS = Set.of("redis.conf", "zabbix.dropped", "agent.ping");

    private static final Pattern COMMENT = Pattern.compile("\\s+# .*");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    private final List<MarkdownPage> pages;

    ReadmeTest() throws IOException {
        pages = MarkdownPage.frontPageAndSite();
    }

    @Test
    void everyCommandLineParses() {
        List<String> wrong = new ArrayList<>();
        int parsed = 0;
        for (MarkdownPage page : pages) {
            List<String> inBlocks = commandsInBlocks(page);
            List<String> lines = new ArrayList<>(inBlocks);
            lines.addAll(commandsInText(page));
            parsed += lines.size();
            for (String line : lines) {
                try {
                    CommandPages.allCommands().parseArgs(words(line));
                } catch (MissingParameterException e) {
                    // In running text a command may stand without its arguments.
                    if (inBlocks.contains(line)) {
                        wrong.add(page.path() + ": " + line + ": " + e.getMessage());
                    }
                } catch (ParameterException e) {
                    wrong.add(page.path() + ": " + line + ": " + e.getMessage());
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(parsed >= 80, "only " + parsed);
    }

    @Test
    void everyCommandIsInTheTable() throws IOException {
        String table = Files.readString(COMMANDS);
        for (String name : CommandPages.allCommands().getSubcommands().keySet()) {
            assertTrue(table.contains("| `ping-agent " + name), name);
        }
    }

    @Test
    void everyConfigurationKeyExists() throws IOException {
        Set<String> known = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `(" + KEY + ")` \\|").matcher(Files.readString(REFERENCE));
        while (row.find()) {
            known.add(row.group(1));
        }
        List<String> unknown = new ArrayList<>();
        int mentioned = 0;
        for (MarkdownPage page : pages) {
            for (String code : page.codeInText()) {
                Matcher key = KEY.matcher(code);
                if (key.lookingAt() && (key.end() == code.length() || code.charAt(key.end()) == ':')) {
                    mentioned++;
                    if (!known.contains(key.group()) && !NO_KEYS.contains(key.group()) && !isPackage(key.group())) {
                        unknown.add(page.path() + ": " + key.group());
                    }
                }
            }
        }
        assertEquals(List.of(), unknown);
        assertTrue(mentioned > 150, "only " + mentioned);
    }

    private static boolean isPackage(String name) {
        return Files.isDirectory(SOURCES.resolve(name.replace('.', '/')));
    }

    @Test
    void nothingOfOneMachineIsLeftIn() {
        for (MarkdownPage page : pages) {
            // What the demo prints is on every machine.
            String others = page.text().replace("/tmp/ping-agent-demo-", "");
            for (String path : List.of("/home/", "/tmp/", "@RUN")) {
                assertFalse(others.contains(path), page.path() + " has " + path);
            }
        }
    }

    /** What stands behind {@code ping-agent} in blocks of commands. */
    private static List<String> commandsInBlocks(MarkdownPage page) {
        List<String> lines = new ArrayList<>();
        for (String block : page.blocks("sh")) {
            block.lines()
                    .flatMap(line -> Stream.of(line.split("&&")))
                    .forEach(line -> addCommand(
                            lines, COMMENT.matcher(line).replaceFirst("").strip()));
        }
        return lines;
    }

    /** The same in running text and tables. */
    private static List<String> commandsInText(MarkdownPage page) {
        List<String> lines = new ArrayList<>();
        for (String code : page.codeInText()) {
            if (code.startsWith("ping-agent ") && !code.contains("…")) {
                addCommand(lines, code);
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

    private static String[] words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            for (int group = 1; group <= word.groupCount(); group++) {
                if (word.group(group) != null) {
                    words.add(word.group(group));
                }
            }
        }
        return words.toArray(String[]::new);
    }
}
