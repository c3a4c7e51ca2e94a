package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.NotPermittedException;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.GuardedStream;
import io.pingagent.cli.shell.Interrupt;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.LoggingConfig;
import io.pingagent.testkit.SecretFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    private final Cli cli = new Cli();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "demo",
                "check-config",
                "doctor",
                "status",
                "top",
                "ping",
                "trace",
                "job",
                "job list",
                "job show",
                "job add",
                "job remove",
                "group",
                "group list",
                "group show",
                "group add",
                "group remove",
                "agent",
                "agent list",
                "agent show",
                "agent remove",
                "err-list",
                "err-list list",
                "err-list add",
                "err-list remove",
                "zabbix",
                "zabbix discovery",
                "zabbix send",
                "zabbix import",
                "zabbix setup"
            })
    void helpAndVersionEverywhere(String command) {
        Cli.Result help = cli.run((command + " --help").strip().split(" ", -1));
        assertEquals(0, help.status());
        assertTrue(help.out().startsWith("Usage: ping-agent"), help.out());
        assertTrue(help.out().contains("--config=FILE"), help.out());
        assertEquals("", help.err());
        Cli.Result version = cli.run((command + " --version").strip().split(" ", -1));
        assertEquals(0, version.status());
        assertTrue(version.out().startsWith("ping-agent "), version.out());
    }

    /** A stop of the agent is a success; a list that was read by half is none, whatever its group is called. */
    @ParameterizedTest
    @CsvSource({
        "run,true",
        "run --log-level debug,true",
        "--config run run,true",
        "--config=run --debug run,true",
        "group add run --file -,false",
        "--config run status,false",
        "--config,false",
        "--help,false"
    })
    void onlyAStopOfTheAgentIsASuccess(String commandLine, boolean isStart) {
        assertEquals(isStart, Main.startsAgent(commandLine.split(" ", -1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|ping-agent: which command? one of run, demo,",
                "nonsense|ping-agent: unknown command 'nonsense'; see 'ping-agent --help'",
                "stauts|ping-agent: unknown command 'stauts'; did you mean status?; see 'ping-agent --help'",
                "group sohw g|ping-agent: unknown command 'sohw'; did you mean show?; see 'ping-agent group --help'",
                "status --agnet x|ping-agent: unknown option '--agnet'; did you mean --agent?; see 'ping-agent status --help'",
                "job add j --group g --sepc=x|ping-agent: ",
                "top x|ping-agent: unexpected argument 'x'; see",
                "top --frames 8.5|ping-agent: invalid value for option '--frames': '8.5' is not a whole number; see",
                "top --frames 99999999999|ping-agent: invalid value for option '--frames': '99999999999' is above 2147483647; see",
                "status --limit -99999999999|ping-agent: invalid value for option '--limit': '-99999999999' is below -2147483648",
                "job add j --spec @hourly --group g --timeout soon|ping-agent: invalid value for option '--timeout': 'soon' is not a number such as 250 or 0.5; see",
                "job add j --spec @hourly --group g --pttl 1e3|ping-agent: invalid value for option '--pttl': '1e3' is not a whole number; see",
                "ping -i 8.64E8 127.0.0.1|ping-agent: invalid value for option '--interval': '8.64E8' is not a number",
                "ping -p 86400001 127.0.0.1|ping-agent: -p takes 1 to 86400000, not 86400001",
                "ping -t 0 127.0.0.1|ping-agent: -t takes 0.001 to 86400000, not 0",
                "--nonsense|ping-agent: unknown option '--nonsense'; see 'ping-agent --help'",
                "job|ping-agent: which command? one of list, show, add, remove; see 'ping-agent job --help'",
                "job add x|ping-agent: missing required options",
                "job add j --spec @hourly --group g --size 31|ping-agent: --size: 31 is not allowed; write a whole number, 32 to 1472 bytes",
                "job add j --spec @hourly --group g --allowed-loss -1|ping-agent: --allowed-loss: -1 is not allowed",
                "job add j --spec @hourly --group g --source x|ping-agent: --source: 'x' is no address; write for example 192.0.2.1 or 192.0.2.1,2001:db8::1",
                "job add j --spec @hourly --group g --count 2 --gap 200|ping-agent: --gap: '200' is no time in ms or s; write 1ms to 60s",
                "job add j --spec @hourly --group g --count 64 --gap 60s|ping-agent: --gap: 64 probes with a gap of 60000 ms",
                "ping -c x 127.0.0.1|ping-agent: invalid value for option '--count'",
                "ping -c 0 127.0.0.1|ping-agent: -c takes 1 to 1000000000, not 0",
                "ping -c 1 -l 127.0.0.1|ping-agent: -l excludes -c and -C",
                "ping -n -d 127.0.0.1|ping-agent: -n and -d exclude each other",
                "ping -b 65508 127.0.0.1|ping-agent: -b takes 0 to 65507, not 65508",
                "ping -H 300 127.0.0.1|ping-agent: -H takes 1 to 255, not 300",
                "ping -O 256 127.0.0.1|ping-agent: -O takes 0 to 255, not 256",
                "ping -a -u 127.0.0.1|ping-agent: -a and -u exclude each other",
                "ping -J 127.0.0.1|ping-agent: -J needs -c, -C or -l",
                "ping -c 1 -Q soon 127.0.0.1|ping-agent: -Q takes seconds, as 10 or 10,cumulative; not 'soon'",
                "ping -c 1 -Q 1,total 127.0.0.1|ping-agent: -Q takes seconds, as 10 or 10,cumulative; not '1,total'",
                "ping -c 1 -Q NaN 127.0.0.1|ping-agent: -Q takes seconds, as 10 or 10,cumulative; not 'NaN'",
                "ping -c 1 -Q 86401 127.0.0.1|ping-agent: -Q takes 0 to 86400, not 86401",
                "ping -x 0 127.0.0.1|ping-agent: -x takes 1 to 2147483647, not 0",
                "ping -X 0 127.0.0.1|ping-agent: -X takes 1 to 2147483647, not 0",
                "ping -k 0 127.0.0.1|ping-agent: -k takes 1 to 4294967295, not 0",
                "ping -k blue 127.0.0.1|ping-agent: -k takes a number as 256 or 0x100, not 'blue'",
                "ping -D --timestamp-format unix 127.0.0.1|ping-agent: --timestamp-format takes ctime, iso or rfc3339, not 'unix'",
                "ping --icmp-timestamp 127.0.0.1|ping-agent: --icmp-timestamp is not supported: ping sends echo requests only",
                "ping -g ::1 127.0.0.1|ping-agent: '::1' and '127.0.0.1' are not of one family",
                "ping -g fe80::1%lo fe80::2|ping-agent: 'fe80::1%lo' and 'fe80::2' are not of one zone",
                "ping -g 2001:db8::/103|ping-agent: '2001:db8::/103' is too large; the largest network is /104",
                "ping -g 2001:db8::1 2001:db8:0:2::|ping-agent: the range from '2001:db8::1' to '2001:db8:0:2::' has more than",
                "ping -g 2001:db8:0:1:: 2001:db8::1|ping-agent: '2001:db8:0:1::' comes after '2001:db8::1'",
                "ping -4 -6 127.0.0.1|ping-agent: -4 and -6 exclude each other",
                "ping -t NaN 127.0.0.1|ping-agent: invalid value for option '--timeout': 'NaN' is not a number",
                "ping -S host 127.0.0.1|ping-agent: -S takes an address",
                "ping -S 224.0.0.1 127.0.0.1|ping-agent: -S: '224.0.0.1' can never be a source: it is a multicast address,"
                        + " not a host's; write an address of this machine",
                "ping -f /nonexistent/list|ping-agent: cannot read '/nonexistent/list': there is no such file",
                "ping -g 127.0.0.1|ping-agent: -g takes a network",
                "ping -g 127.0.0.0/33|ping-agent: '127.0.0.0/33' has no prefix length from 0 to 32",
                "ping -g 10.0.0.0/7|ping-agent: '10.0.0.0/7' is too large; the largest network is /8",
                "ping -g 127.0.0.3 127.0.0.1|ping-agent: '127.0.0.3' comes after '127.0.0.1'",
                "run --log-level loud|ping-agent: --log-level takes error, warn, info, debug or trace, not 'loud'",
                "demo --duration soon|ping-agent: --duration takes a duration as 30s, 5m or 2h, not 'soon'",
                "demo --targets 1|ping-agent: --targets takes 2 to 10000, not 1",
                "group add g 0.0.0.0|ping-agent: '0.0.0.0' can never answer: it is the unspecified address, which no host has;",
                "group add g fe80::1|ping-agent: 'fe80::1' can never answer: a link-local address needs its interface;",
                "err-list add 192.0.2.1 255.255.255.255|ping-agent: '255.255.255.255' can never answer: it is the broadcast"
                        + " address, not a host's; name the hosts; nothing was changed",
                "err-list add ::ffff:192.0.2.1|ping-agent: '::ffff:192.0.2.1' can never answer: it is an IPv4 address in"
                        + " IPv6 notation; write 192.0.2.1; nothing was changed",
                "group add g 192.0.2.5/24|ping-agent: '192.0.2.5/24' means the network 192.0.2.0/24 with 254 addresses,"
                        + " or the host 192.0.2.5; write the one that is meant; nothing was added",
                "group add a,b 192.0.2.5|ping-agent: 'a,b' cannot be the name of a group: commas stand between names",
                "job add j --spec @hourly --group a,,b|ping-agent: '' cannot be the name of a group",
                "group add g gw.example.net|ping-agent: 'gw.example.net' is not an IPv4 or IPv6 address or network;"
                        + " write host:gw.example.net for a host name; nothing was added",
                "group add g host:a..b|ping-agent: 'host:a..b' has a part of 0 characters between its dots; write 1 to 63;"
                        + " nothing was added",
                "group add g host|ping-agent: 'host' is not an IPv4 or IPv6 address or network; nothing was added",
                "job add j --spec nonsense --group g|ping-agent: --spec: 'nonsense'",
                "status --limit -1|ping-agent: --limit takes 0 or more, not -1",
                "top --frames 0|ping-agent: --frames takes 1 or more, not 0",
                "err-list add 1.2.3|ping-agent: '1.2.3' is not",
            })
    void wrongUsageIsOneLineAnd64(String command, String line) {
        Cli.Result result = command == null ? cli.run() : cli.run(command.split(" ", -1));
        assertTrue(result.err().startsWith(line), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertEquals(64, result.status());
        assertEquals("", result.out());
    }

    @Test
    void namesCannotForgeKeys() {
        Cli.Result result = cli.run("job", "add", "a b", "--spec", "@hourly", "--group", "g");
        assertEquals(64, result.status());
        assertEquals(
                "ping-agent: 'a b' cannot be the name of a job: 1 to 200 characters without white space\n",
                result.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "top",
                "job list",
                "job show x",
                "job add x --spec @hourly --group g",
                "job remove x",
                "group list",
                "group show g",
                "group add g 127.0.0.1",
                "group remove g",
                "agent list",
                "agent show a",
                "agent remove a",
                "err-list list",
                "err-list add 127.0.0.1",
                "err-list remove 127.0.0.1"
            })
    void redisAwayIs69(String command) {
        // The discard port: nobody listens there.
        Cli.Result result = cli.redis(9).run(command.split(" ", -1));
        assertEquals(69, result.status());
        assertEquals(
                "ping-agent: Redis at 127.0.0.1:9 is unreachable: Connection refused; start it, or correct redis.url\n",
                result.err());
    }

    @Test
    void doctorGoesOnWithoutRedis() {
        Cli.Result result = cli.redis(9).run("doctor");
        assertEquals(69, result.status());
        assertEquals(
                List.of(
                        "ok    configuration     agent 'gza', redis://127.0.0.1:9/0",
                        "fail  redis             Redis at 127.0.0.1:9 is unreachable: Connection refused;"
                                + " start it, or correct redis.url",
                        "ok    raw sockets       IPv4 and IPv6"),
                result.outLines());
    }

    @Test
    void zabbixDiscoveryPrintsTheList() {
        assertEquals(
                List.of("[{\"{#IP}\":\"192.0.2.1\"}]"),
                cli.run("zabbix", "discovery").outLines());
        assertEquals(List.of("[]"), cli.run("zabbix", "discovery", "--err-list").outLines());
    }

    @Test
    void zabbixSendTellsWhatTheServerTook() {
        cli.environment.put("PING_AGENT_ZABBIX_SERVERS", "127.0.0.1");
        Cli.Result result = cli.run("zabbix", "send");
        assertEquals(0, result.status(), result.err());
        assertEquals(List.of("2 addresses, 1 answered; 127.0.0.1:10051 took 9 of 9 values"), result.outLines());
    }

    @Test
    void zabbixSendFailsWhenValuesAreRefused() {
        cli.environment.put("PING_AGENT_ZABBIX_SERVERS", "127.0.0.1");
        cli.operations.zabbixRefuses = 3;
        Cli.Result result = cli.run("zabbix", "send");
        assertEquals(78, result.status());
        assertTrue(result.out().contains("took 9 of 12 values"), result.out());
        assertTrue(result.err().contains("Zabbix refused 3 values of host 'gza'"), result.err());
    }

    @Test
    void zabbixSendNeedsAServerButADryRunDoesNot() {
        Cli.Result result = cli.run("zabbix", "send");
        assertEquals(78, result.status());
        assertTrue(result.err().contains("zabbix.servers"), result.err());
        assertEquals(
                List.of("\"gza\" \"k\" 1 2 \"3\""),
                cli.run("zabbix", "send", "--dry-run").outLines());
    }

    @Test
    void badConfigurationIs78AndTellsAll(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bad.yaml");
        Files.writeString(file, "agent:\n  nam: x\nredis:\n  url: http://x\n");
        for (String command : List.of("check-config", "status", "run", "job list")) {
            Cli.Result result = cli.run((command + " --config " + file).split(" ", -1));
            assertEquals(78, result.status(), command);
            assertEquals(2, result.err().lines().count(), result.err());
            assertTrue(result.err().lines().allMatch(line -> line.startsWith("ping-agent: " + file)), result.err());
        }
        Cli.Result doctor = cli.run("doctor", "--config", file.toString());
        assertEquals(78, doctor.status());
        assertEquals(2, doctor.outLines().size(), doctor.out());
    }

    @Test
    void configFromTheEnvironment(@TempDir Path directory) throws IOException {
        cli.environment.remove("PING_AGENT_AGENT_NAME");
        Path file = directory.resolve("good.yaml");
        SecretFiles.write(file, "agent:\n  name: from-file\nredis:\n  password: s3cret\n");
        cli.environment.put("PING_AGENT_CONFIG", file.toString());
        cli.environment.put("PING_AGENT_DEBUG", "1");
        Cli.Result result = cli.run("check-config");
        assertEquals("", result.err());
        assertEquals(0, result.status());
        assertTrue(result.out().contains("from-file"), result.out());
        assertFalse(result.out().contains("s3cret"), result.out());
    }

    @Test
    void missingConfigFileIs78() {
        Cli.Result result = cli.run("--config", "/nonexistent.yaml", "check-config");
        assertEquals(78, result.status());
        assertEquals(
                "ping-agent: /nonexistent.yaml: there is no such file; create it or name another one with --config\n",
                result.err());
    }

    @Test
    void notPermittedIs77() {
        cli.operations.failure = new NotPermittedException("no right to open raw sockets; grant CAP_NET_RAW");
        for (String command : List.of("run", "demo", "ping 127.0.0.1")) {
            Cli.Result result = cli.run(command.split(" ", -1));
            assertEquals(77, result.status());
            assertEquals("ping-agent: no right to open raw sockets; grant CAP_NET_RAW\n", result.err());
        }
    }

    @Test
    void pingSpeaksOfItsOptionsAndNotOfTheConfiguration() {
        cli.operations.failure =
                new ServiceUnreachableException("probe.source 192.0.2.1: no interface has this address", null);
        Cli.Result result = cli.run("ping", "-S", "192.0.2.1", "127.0.0.1");
        assertEquals(69, result.status());
        assertEquals("ping-agent: -S 192.0.2.1: no interface has this address\n", result.err());
    }

    @Test
    void serviceAwayIs69() {
        cli.operations.failure = new ServiceUnreachableException("no redis-server; install it");
        assertEquals(69, cli.run("demo").status());
    }

    @Test
    void defectsShowNoStackTraceUnlessAsked() {
        cli.operations.failure = new IllegalStateException("oops\nsecond line");
        Cli.Result result = cli.run("run");
        assertEquals(70, result.status());
        assertEquals(
                "ping-agent: unexpected java.lang.IllegalStateException: oops second line;"
                        + " run it again with --debug and report what that prints\n",
                result.err());
        assertTrue(cli.run("run", "--debug").err().contains("\tat io.pingagent."));
        cli.environment.put("PING_AGENT_DEBUG", "1");
        assertTrue(cli.run("run").err().contains("\tat io.pingagent."));
    }

    @Test
    void logLevelWins() {
        cli.run("run", "--log-level", "DEBUG");
        assertEquals(
                LoggingConfig.Level.DEBUG, cli.operations.runs.get(0).logging().level());
    }

    @Test
    void demoPrintsItsTable() {
        Cli.Result result = cli.run("demo", "--duration", "30s", "--targets", "20");
        assertEquals(0, result.status());
        assertEquals(Duration.ofSeconds(30), cli.operations.demos.get(0).duration());
        assertEquals(20, cli.operations.demos.get(0).targets());
        assertEquals(
                List.of(
                        "Redis on 127.0.0.1:1",
                        "ADDRESS             SENT RECEIVED     LOSS   LAST RTT    AVG RTT  ERR LIST",
                        "127.0.0.1             10       10       0%   0.041 ms   0.052 ms",
                        "192.0.2.1             10        0     100%          -          -  yes"),
                result.outLines());
    }

    @Test
    void brokenPipeEndsQuietly() {
        PrintStream nobody = new PrintStream(
                new GuardedStream(new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                }),
                true,
                StandardCharsets.UTF_8);
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new java.io.ByteArrayInputStream(new byte[0]),
                nobody,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                false,
                false,
                false);
        Context context = new Context(terminal, Cli.FakeOperations::new, new Interrupt(false));
        assertEquals(0, new Main(context).execute("ping", "-c", "3", "127.0.0.1"));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }
}
