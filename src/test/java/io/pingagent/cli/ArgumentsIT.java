package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.SharedRedis;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** What is typed arrives as it was typed: in any locale, and with words that a library would read otherwise. */
@Order(1)
class ArgumentsIT {

    @RegisterExtension
    private static final SharedRedis SERVER = new SharedRedis();

    private final Jedis redis = SERVER.connection();

    @TempDir
    Path directory;

    private record Outcome(int status, String out, String err) {}

    /** Java as from {@code java -jar}, without the start script; nothing of this process's environment reaches it. */
    private static Outcome inLocale(Map<String, String> environment, String... arguments) throws Exception {
        // The bytes, whatever the locale of this test.
        List<String> escaped = new ArrayList<>();
        for (String argument : arguments) {
            StringBuilder octal = new StringBuilder();
            for (byte each : argument.getBytes(StandardCharsets.UTF_8)) {
                octal.append(String.format("\\0%03o", each & 0xff));
            }
            escaped.add(octal.toString());
        }
        StringBuilder script = new StringBuilder("exec");
        MainProcess.words().forEach(word -> script.append(" '").append(word).append('\''));
        escaped.forEach(word -> script.append(" \"$(printf %b '").append(word).append("')\""));
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script.toString());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("PING_AGENT_REDIS_URL", SERVER.url().toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (InputStream out = process.getInputStream();
                InputStream err = process.getErrorStream()) {
            String output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output, new String(err.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    // ---- locales ----

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LANG=POSIX", "LC_ALL=xx_XX.nowhere", "LANG=C.UTF-8"})
    void namesAreUtf8InAnyLocale(String locale) throws Exception {
        Map<String, String> environment = Map.of(locale.split("=", -1)[0], locale.split("=", -1)[1]);
        Outcome first = inLocale(environment, "group", "add", "z\u00fcrich", "192.0.2.1");
        assertEquals("created group 'z\u00fcrich': added 1 member\n", first.out, first.err);
        assertEquals(0, inLocale(environment, "group", "add", "\u6771\u4eac", "192.0.2.2").status);
        assertEquals(Set.of("z\u00fcrich", "\u6771\u4eac"), redis.smembers("group-list"));
        assertEquals(Set.of("192.0.2.1"), redis.smembers("group_z\u00fcrich"));
        assertEquals(Set.of("192.0.2.2"), redis.smembers("group_\u6771\u4eac"));
        Outcome missing = inLocale(environment, "job", "show", "\u00e4\ud83d\ude00");
        assertEquals(64, missing.status);
        assertTrue(missing.err.contains("'\u00e4\ud83d\ude00'"), missing.err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL", "LANG"})
    void theEnvironmentIsUtf8InAnyLocale(String variable) throws Exception {
        Path file = Files.createTempFile(directory, "environment", ".sh");
        for (String name : List.of("z\u00fcrich", "\u6771\u4eac")) {
            Files.writeString(file, "export PING_AGENT_AGENT_NAME='" + name + "' " + variable + "=C\nexec \"$@\"\n");
            List<String> words =
                    new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH"), "sh", file.toString()));
            words.addAll(MainProcess.words());
            words.add("check-config");
            Process process = new ProcessBuilder(words).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor());
            assertTrue(out.contains("  name: \"" + name + "\" "), out);
        }
    }

    @Test
    void aFileThatTheLocaleCannotNameIsOneLineWithTheRemedy() throws Exception {
        Outcome config = inLocale(Map.of("LC_ALL", "C"), "check-config", "--config", "/tmp/\u6771\u4eac.yaml");
        assertEquals(64, config.status);
        assertEquals(
                "ping-agent: --config: '/tmp/\u6771\u4eac.yaml' cannot be the name of a file in this locale, which is not"
                        + " UTF-8; write it in UTF-8, and set LC_ALL=C.UTF-8 in the environment\n",
                config.err);
    }

    @Test
    void charactersThatWereLostAreNoName() throws IOException {
        Cli cli = new Cli().redis(SERVER.port());
        for (String[] command : new String[][] {
            {"group", "add", "\ufffd\ufffd", "192.0.2.1"},
            {"job", "add", "\ufffd", "--spec", "@hourly", "--group", "g"},
            {"job", "add", "j", "--spec", "@hourly", "--group", "\ufffd"},
            {"job", "add", "j", "--spec", "@hourly", "--group", "g", "--agent", "\ufffd"}
        }) {
            Cli.Result result = cli.run(command);
            assertEquals(64, result.status());
            assertTrue(result.err().contains("holds U+FFFD"), result.err());
            assertTrue(result.err().endsWith("write the name in UTF-8\n"), result.err());
        }
        assertEquals(Set.of(), redis.keys("*"));
        cli.environment.put("PING_AGENT_AGENT_NAME", "gz\ufffd");
        Cli.Result result = cli.run("status");
        assertEquals(78, result.status());
        assertEquals(
                "ping-agent: environment: PING_AGENT_AGENT_NAME: it holds U+FFFD, which stands for characters that were"
                        + " lost; write it in UTF-8\n",
                result.err());
    }

    @Test
    void anArgumentThatIsNotUtf8IsRefused() throws Exception {
        Path latin1 = Files.write(
                directory.resolve("latin1.sh"),
                "exec \"$@\" group add gr\u00fcn 192.0.2.1\n".getBytes(StandardCharsets.ISO_8859_1));
        List<String> words = new ArrayList<>(
                List.of("env", "-i", "PATH=" + System.getenv("PATH"), "LC_ALL=C", "sh", latin1.toString()));
        words.addAll(MainProcess.words());
        Process process = new ProcessBuilder(words).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("ping-agent: argument 3 'gr\ufffdn' is not UTF-8; let the terminal or script write UTF-8\n", err);
        assertEquals(64, process.waitFor());
    }

    // ---- words ----

    @Test
    void anArgumentWithAnAtSignIsNoFile() throws IOException {
        Path file = Files.writeString(directory.resolve("home"), "other 192.0.2.9\n");
        Cli cli = new Cli().redis(SERVER.port());
        Cli.Result group = cli.run("group", "add", "@" + file, "192.0.2.1");
        assertEquals("created group '@" + file + "': added 1 member\n", group.out(), group.err());
        assertEquals(Set.of("@" + file), redis.smembers("group-list"));
        // A directory is what '@home' meets in '/'.
        assertEquals(0, cli.run("group", "add", "@" + directory, "192.0.2.1").status());
        Cli.Result job = cli.run("job", "add", "j", "--spec", "@daily", "--group", "@" + file);
        assertEquals(0, job.status(), job.err());
        assertTrue(redis.get("job_j").contains("\"@" + file + "\""), redis.get("job_j"));
    }

    @Test
    void wordsAreTakenAsTheyAre() {
        Cli cli = new Cli().redis(SERVER.port());
        for (String name : List.of("${sys:user.name}", "$${env:HOME}", "\"quoted\"", "a=b", "--", "-")) {
            String[] add = name.startsWith("-")
                    ? new String[] {"group", "add", "--", name, "192.0.2.1"}
                    : new String[] {"group", "add", name, "192.0.2.1"};
            Cli.Result result = cli.run(add);
            assertEquals("created group '" + name + "': added 1 member\n", result.out(), result.err());
        }
    }

    @Test
    void aMistypedOptionIsNotTheValueOfTheOneBefore() {
        Cli cli = new Cli().redis(SERVER.port());
        Cli.Result result = cli.run("job", "add", "j", "--agent", "--forse", "--spec", "@hourly", "--group", "g");
        assertEquals(
                "ping-agent: unknown option '--forse'; did you mean --force?; see 'ping-agent job add --help'\n",
                result.err());
        assertEquals(64, result.status());
        assertEquals(
                64,
                cli.run("job", "add", "j", "--sp", "@hourly", "--group", "g").status());
        assertEquals(Set.of(), redis.keys("*"));
    }

    @Test
    void aDashIsAValue() {
        Cli cli = new Cli().redis(SERVER.port());
        Cli.Result result = cli.input("192.0.2.7\n").run("group", "add", "g", "--file", "-");
        assertEquals("created group 'g': added 1 member\n", result.out(), result.err());
        assertEquals(0, cli.input("127.0.0.1\n").run("ping", "-f", "-").status());
    }
}
