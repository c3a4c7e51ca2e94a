package io.pingagent.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.cli.Cli;
import io.pingagent.testkit.SharedRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Lists and configurations as people have them: from Windows, of the wrong kind, without an end. */
@Order(1)
class InputsIT {

    @RegisterExtension
    private static final SharedRedis SERVER = new SharedRedis();

    private final Jedis redis = SERVER.connection();

    @TempDir
    Path directory;

    private final Cli cli = new Cli().redis(SERVER.port());

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("file"), text);
    }

    @Test
    void aListFromWindowsIsRead() throws IOException {
        Path list = file("\ufeff192.0.2.1\r\n192.0.2.2 # two\r\n\r\n2001:db8::1\r\n");
        Cli.Result result = cli.run("group", "add", "g", "--file", list.toString());
        assertEquals("created group 'g': added 3 members\n", result.out(), result.err());
        assertEquals(Set.of("192.0.2.1", "192.0.2.2", "2001:db8::1"), redis.smembers("group_g"));
        assertEquals("", result.err());
        Cli.Result standardInput = cli.input("\ufeff192.0.2.3\r\n").run("group", "add", "h", "--file", "-");
        assertEquals("created group 'h': added 1 member\n", standardInput.out());
        Cli.Result mark = cli.input("\ufeff").run("group", "add", "i", "--file", "-");
        assertEquals("created group 'i': added 0 members\n", mark.out());
    }

    @Test
    void pingReadsAListFromWindows() throws IOException {
        Path list = file("\ufeff127.0.0.1\r\n127.0.0.2\r\n");
        Cli.Result result = cli.run("ping", "-f", list.toString());
        assertEquals(0, result.status(), result.err());
        assertEquals(2, result.outLines().size());
        assertTrue(result.out().startsWith("127.0.0.1 is alive"), result.out());
    }

    @Test
    void utf16IsRefusedInOneLine() throws IOException {
        for (String charset : new String[] {"UTF-16", "UTF-16LE"}) {
            byte[] text = "\ufeff192.0.2.1\r\n".getBytes(java.nio.charset.Charset.forName(charset));
            Path list = Files.write(directory.resolve("utf16"), text);
            Cli.Result result = cli.run("group", "add", "g", "--file", list.toString());
            assertEquals("ping-agent: cannot read '" + list + "': it is not UTF-8; save it as UTF-8\n", result.err());
            assertEquals(64, result.status());
            Cli.Result configuration = cli.run("check-config", "--config", list.toString());
            assertEquals("ping-agent: " + list + ": it is not UTF-8; save it as UTF-8\n", configuration.err());
        }
    }

    @Test
    void aLineWithoutEndIsRefused() throws IOException {
        Path list = file("192.0.2.1\n" + "x".repeat(10_000_000) + "\n");
        Cli.Result result = cli.run("group", "add", "g", "--file", list.toString());
        assertEquals(
                "ping-agent: cannot read '" + list
                        + "': line 2 has more than 65536 characters; write one address a line\n",
                result.err());
        assertEquals(64, cli.run("group", "add", "g", "--file", "/dev/zero").status());
        assertEquals(64, cli.run("ping", "-f", "/dev/zero").status());
    }

    @Test
    void aConfigurationFromWindowsIsRead() throws IOException {
        cli.environment.remove("PING_AGENT_AGENT_NAME");
        Path file = file("\ufeffagent:\r\n  name: gzb\r\nlogging:\r\n  level: warn\r\n");
        Cli.Result result = cli.run("check-config", "--config", file.toString());
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().lines().anyMatch(line -> line.matches("  name: gzb +# file")), result.out());
    }

    @Test
    void aConfigurationOfBracketsOrWithoutEndIsOneLine() throws IOException {
        for (String deep : new String[] {"a: " + "[".repeat(3_000), "{a: ".repeat(3_000), "- ".repeat(3_000) + "x"}) {
            Path file = file(deep);
            Cli.Result result = cli.run("check-config", "--config", file.toString());
            assertEquals(
                    "ping-agent: " + file + ": it is nested more than 20 deep; write sections and lists only\n",
                    result.err());
            assertEquals(78, result.status());
        }
        Path large = file("#".repeat(2_000_000));
        for (String endless : new String[] {"/dev/zero", large.toString()}) {
            assertEquals(
                    "ping-agent: " + endless + ": it is larger than 1048576 bytes; name the configuration file\n",
                    cli.run("check-config", "--config", endless).err());
        }
        Path values =
                file("agent: {name: " + "x".repeat(1_000_000) + "}\nredis: {url: \"" + "a:".repeat(10_000) + "\"}\n");
        cli.environment.clear();
        Cli.Result result = cli.run("check-config", "--config", values.toString());
        assertEquals(78, result.status());
        assertTrue(result.err().length() < 3_000, result.err());
    }

    @Test
    void definitionsOfBracketsAreProblems() {
        redis.sadd("job-list", "deep", "large");
        redis.set("job_deep", "{\"SPEC\":\"@hourly\",\"group\":" + "[".repeat(3_000) + "]}");
        redis.set("job_large", "{\"SPEC\":\"@hourly\",\"group\":[\"" + "g".repeat(10_000_000) + "\"]}");
        redis.sadd("agent-list", "gza");
        redis.set("agent-stats_gza", "{\"problems\":" + "[".repeat(100_000));
        redis.set("agent-all-ip-status_gza", "{\"x\":" + "[".repeat(100_000));
        for (String command : new String[] {"job list", "job show deep", "agent list", "agent show gza", "doctor"}) {
            Cli.Result result = cli.run(command.split(" ", -1));
            assertTrue(result.status() == 0 || result.status() == 78, command + ": " + result.err());
            assertTrue(!result.err().contains("unexpected"), command + ": " + result.err());
        }
        assertEquals(78, cli.run("status").status());
    }

    @Test
    void aGroupWithAMemberOfTenMegabytesIsShown() {
        redis.sadd("group-list", "g");
        redis.sadd("group_g".getBytes(StandardCharsets.UTF_8), new byte[10_000_000]);
        redis.sadd("group_g", "192.0.2.1");
        for (String command : new String[] {"group list", "group show g", "doctor"}) {
            Cli.Result result = cli.run(command.split(" ", -1));
            assertTrue(result.status() == 0 || result.status() == 78, command + ": " + result.err());
        }
    }
}
