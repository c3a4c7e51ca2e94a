package io.pingagent.config;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.config.type.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Keeps the reference and the example equal to the key table. Run with {@code -Dpingagent.regenerate=true} to write
 * both.
 */
class ConfigReferenceTest {

    private static final boolean REGENERATE = Boolean.getBoolean("pingagent.regenerate");

    private static final Path REFERENCE = Path.of("src/site/markdown/configuration.md");
    private static final Path EXAMPLE = Path.of("packaging/dist/conf/ping-agent.yaml");

    private static final Map<String, String> HEADINGS = Map.ofEntries(
            entry("agent", "Who this agent is."),
            entry("redis", "Where jobs and groups are read and state is written."),
            entry("probe", "How probes are sent."),
            entry("jobs", "How the jobs in Redis are read."),
            entry("err-list", "When an address is put on the err list, how it is probed there, and when it leaves."),
            entry("history", "What the agent keeps of single probes in memory; off by default."),
            entry("zabbix", "The bridge to Zabbix; off while no server is named."),
            entry("zabbix.buffer", "Where values wait on disk while no server answers."),
            entry(
                    "path",
                    "Whether addresses that go down are traced, and how long the paths are kept; off by default."),
            entry("dns", "How the host names in groups are looked up."),
            entry("logging", "What is logged."));

    @Test
    void theReferenceIsThatOfTheCode() throws IOException {
        check(REFERENCE, reference());
    }

    @Test
    void theExampleIsThatOfTheCode() throws IOException {
        check(EXAMPLE, example());
    }

    @Test
    void theExampleLoadsAndEqualsTheDefaults() {
        Map<String, String> environment = Map.of("PING_AGENT_AGENT_NAME", "gza");
        assertEquals(ConfigTesting.load("", environment), ConfigLoader.load(EXAMPLE, environment));
    }

    @Test
    void everyKeyHasItsOwnVariable() {
        Set<String> names = new HashSet<>();
        for (Key<?> key : Keys.ALL) {
            assertTrue(names.add(key.environmentName()), key.environmentName());
            assertTrue(key.path().matches("[a-z-]+(\\.[a-z-]+)+"), key.path());
            assertTrue(key.description().endsWith("."), key.path());
            key.defaultValue();
        }
        assertTrue(names.contains("PING_AGENT_ERR_LIST_ENTER_AFTER"));
        assertTrue(names.contains("PING_AGENT_REDIS_URL"));
    }

    private static void check(Path file, String expected) throws IOException {
        if (REGENERATE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        assertEquals(
                expected,
                Files.readString(file),
                file + " differs from the key table; regenerate it with"
                        + " mvn -Dtest=ConfigReferenceTest -Dpingagent.regenerate=true test");
    }

    private static String heading(String section) {
        String heading = HEADINGS.get(section);
        if (heading == null) {
            throw new AssertionError("the section " + section + " has no heading; add one to HEADINGS");
        }
        return heading;
    }

    private static String reference() {
        StringBuilder out = new StringBuilder("""
                # Configuration

                ping-agent reads `/etc/ping-agent/ping-agent.yaml`, or the file named by `--config FILE` or by the environment variable
                `PING_AGENT_CONFIG`. Without a file the defaults below hold. An unknown key is an error.

                Every key can be overridden by an environment variable: `PING_AGENT_` and the key in capitals, with `_` for dots and dashes:
                `PING_AGENT_ERR_LIST_ENTER_AFTER=2`. Lists are written with commas: `PING_AGENT_ZABBIX_SERVERS=zbx1:10051,zbx2:10051`.
                An empty variable takes back an optional key that the file sets.
                `ping-agent check-config` prints the effective values and where each comes from.

                Durations need a unit: `500ms`, `30s`, `10m`, `1h`, `7d`. Sizes take `KiB`, `MiB` and `GiB`.
                Cron specs have five fields (minute first) or six (second first), or are `@every 10s`, `@hourly` and the like;
                weekdays are Unix's (0 and 7 are Sunday), and day of month and weekday both restricted means either.
                They are meant in the time zone of `jobs.time-zone`; `CRON_TZ=Europe/Berlin 0 6 * * *` names another.
                Put a spec in quotes in YAML.
                """);
        String section = "";
        for (Key<?> key : Keys.ALL) {
            String keySection = key.path().substring(0, key.path().indexOf('.'));
            if (!keySection.equals(section)) {
                section = keySection;
                out.append("\n## ")
                        .append(section)
                        .append("\n\n")
                        .append(heading(section))
                        .append("\n\n");
                out.append("| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n");
            }
            out.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(key.type().name())
                    .append(" | ");
            out.append(defaultCell(key))
                    .append(" | ")
                    .append(cell(key.type().range()))
                    .append(" | ");
            out.append(cell(key.description())).append(" |\n");
        }
        return out.toString();
    }

    private static <T> String defaultCell(Key<T> key) {
        T value = key.defaultValue();
        return value == null ? key.defaultNote() : "`" + key.type().format(value) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String example() {
        StringBuilder out = new StringBuilder("""
                # Configuration of ping-agent. Every value below is the default; keys without a default are commented out.
                # After a change: ping-agent check-config
                """);
        String section = "";
        for (Key<?> key : Keys.ALL) {
            String parent = key.path().substring(0, key.path().lastIndexOf('.'));
            if (!parent.equals(section) && !section.startsWith(parent + ".")) {
                out.append('\n')
                        .append(ConfigPrinter.indent(parent))
                        .append("# ")
                        .append(heading(parent))
                        .append('\n');
            }
            section = ConfigPrinter.openSections(out, section, key.path());
            appendExample(out, key);
        }
        return out.toString();
    }

    private static <T> void appendExample(StringBuilder out, Key<T> key) {
        String indent = ConfigPrinter.indent(key.path());
        String word = key.path().substring(key.path().lastIndexOf('.') + 1);
        T value = key.defaultValue();
        out.append(indent).append("# ").append(key.description());
        if (value == null) {
            out.append(" Default: ").append(key.defaultNote()).append(".\n");
            out.append(indent).append("#").append(word).append(":\n");
        } else {
            out.append('\n')
                    .append(indent)
                    .append(word)
                    .append(": ")
                    .append(key.type().format(value))
                    .append('\n');
        }
    }
}
