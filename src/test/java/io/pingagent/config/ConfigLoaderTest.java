package io.pingagent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.TransmitStamps;
import io.pingagent.model.ZabbixServer;
import io.pingagent.redis.RedisUrl;
import io.pingagent.testkit.SecretFiles;
import io.pingagent.zabbix.AddressItem;
import io.pingagent.zabbix.BridgeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    private static final Map<String, String> NAMED = Map.of("PING_AGENT_AGENT_NAME", "gza");

    @TempDir
    Path directory;

    @Test
    void theDefaultsAreThoseOfTheContract() {
        Config config = ConfigTesting.load("", NAMED);
        assertEquals(new AgentConfig("gza", null, new HistoryConfig(Duration.ZERO, 64 << 20)), config.agent());
        assertEquals(Duration.ofSeconds(30), config.redis().onlineTtl());
        assertEquals("redis://127.0.0.1:6379/0", config.redis().url().location());
        assertEquals(Duration.ofSeconds(10), config.redis().statusInterval());
        assertEquals(Duration.ofSeconds(60), config.jobs().reloadInterval());
        assertFalse(config.redis().decimalLastMs());
        assertEquals(Duration.ofSeconds(1), config.probe().timeout());
        assertEquals(100_000, config.probe().engine().rateLimitPerSecond());
        assertEquals(56, config.probe().icmp().payloadBytes());
        assertEquals(64 << 20, config.probe().icmp().buffers().receiveBytes());
        assertNull(config.probe().sourceV4());
        assertEquals(TransmitStamps.AUTO, config.probe().engine().transmitStamps());
        assertEquals(new ErrListConfig("* * * * * *", "*/5 * * * * *", "0 * * * * *"), config.errList());
        assertEquals(1, config.probe().engine().enterAfterLosses());
        assertEquals(0.02, config.probe().engine().recoverLossRatio());
        assertFalse(config.zabbix().isOn());
        assertEquals("gza", config.zabbix().host());
        BridgeSettings.Values values = config.zabbix().bridge().values();
        assertEquals(Duration.ofSeconds(60), values.pushInterval());
        assertEquals(Duration.ofMinutes(10), values.discoveryInterval());
        assertEquals(
                EnumSet.range(AddressItem.STATUS, AddressItem.JITTER),
                values.items(),
                "what needs memory of its own is opt-in");
        assertFalse(config.probe().path().onDown());
        assertEquals(LoggingConfig.Level.INFO, config.logging().level());
    }

    @Test
    void readsTheContractsExample() {
        Config config = ConfigTesting.load("""
                agent:
                  name: gza                 # default: the short host name
                  online-ttl: 30s
                redis:
                  url: redis://127.0.0.1:6379/0   # rediss:// for TLS; user:password@ or password-file
                  status-interval: 10s
                probe:
                  timeout: 1s
                  rate-limit: 100000        # packets per second, all jobs together
                  size: 56                  # payload bytes
                err-list:
                  enter-after: 1
                  spec: "* * * * * *"
                  check-spec: "*/5 * * * * *"
                  review-spec: "0 * * * * *"
                  recover-loss: 2%
                zabbix:
                  servers: ["127.0.0.1:10051"]    # absent: bridge off; several: tried in order
                  host: gza                 # the Zabbix host that owns the items; default: agent.name
                  push-interval: 60s
                  discovery-interval: 10m
                """, Map.of());
        assertEquals(
                List.of(new ZabbixServer("127.0.0.1", 10_051)),
                config.zabbix().bridge().access().servers());
        assertTrue(config.zabbix().isOn());
        assertEquals("gza", config.agent().name());
    }

    @Test
    void theEnvironmentWinsOverTheFile() {
        Config config = ConfigTesting.load(
                "probe: {timeout: 2s, interface: eth0, source: 192.0.2.1}\nerr-list: {enter-after: 3}\n",
                Map.of(
                        "PING_AGENT_PROBE_TIMEOUT", "3s",
                        "PING_AGENT_PROBE_INTERFACE", "",
                        "PING_AGENT_ZABBIX_SERVERS", "a:1, [2001:db8::1]:2,2001:db8::2,b",
                        "PING_AGENT_JAVA_OPTS", "-Xmx1g",
                        "PING_AGENT_CONFIG", "/nowhere",
                        "HOME", "/root"));
        assertEquals(Duration.ofSeconds(3), config.probe().timeout());
        assertNull(config.probe().icmp().source().interfaceName());
        assertEquals(3, config.probe().engine().enterAfterLosses());
        assertEquals(
                List.of(
                        new ZabbixServer("a", 1),
                        new ZabbixServer("2001:db8::1", 2),
                        new ZabbixServer("2001:db8::2", 10_051),
                        new ZabbixServer("b", 10_051)),
                config.zabbix().bridge().access().servers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[192.0.2.1, \"2001:db8::1\"]", "[\"2001:db8::1\", 192.0.2.1]", "192.0.2.1, 2001:db8::1"})
    void aSourceIsOneAddressOfEachFamily(String source) {
        ProbeSettings probe =
                ConfigTesting.load("probe:\n  source: " + source, NAMED).probe();
        assertEquals(Addresses.parse("192.0.2.1"), probe.sourceV4());
        assertEquals(Addresses.parse("2001:db8::1"), probe.sourceV6());
    }

    @ParameterizedTest
    @CsvSource({"auto, AUTO", "on, ON", "off, OFF", "'\"off\"', OFF", "On, ON"})
    void onAndOffAreWordsWhateverYamlTakesThemFor(String text, TransmitStamps expected) {
        assertEquals(
                expected,
                ConfigTesting.load("probe:\n  transmit-timestamps: " + text, NAMED)
                        .probe()
                        .engine()
                        .transmitStamps());
    }

    @ParameterizedTest
    @CsvSource({"0x10, 16", "4294967295, -1", "0xffffffff, -1", "0, 0"})
    void aMarkIsUnsigned(String text, int bits) {
        assertEquals(
                bits,
                ConfigTesting.load("probe: {mark: " + text + "}", NAMED)
                        .probe()
                        .icmp()
                        .marking()
                        .mark());
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "1.5s, PT1.5S", "1m, PT1M", "1 s, PT1S"})
    void readsDurations(String text, String expected) {
        assertEquals(
                Duration.parse(expected),
                ConfigTesting.load("probe: {timeout: " + text + "}", NAMED)
                        .probe()
                        .timeout());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    probe: {timeout: 30}|FILE:1: probe.timeout: '30' has no unit; write for example 30s; allowed is 1ms to 60s
                    probe: {timeout: 61s}|FILE:1: probe.timeout: '61s' is not allowed; write 1ms to 60s
                    probe: {timeout: 0ms}|FILE:1: probe.timeout: '0ms' is not allowed; write 1ms to 60s
                    probe: {timeout: 5sec}|FILE:1: probe.timeout: '5sec' has the unknown unit 'sec'; use ms, s, m, h or d, as in 1ms to 60s
                    probe: {timeout: -1s}|FILE:1: probe.timeout: '-1s' is not a duration; write 1ms to 60s
                    probe: {timeout: 999999999999999999d}|FILE:1: probe.timeout: '999999999999999999d' is not allowed; write 1ms to 60s
                    probe: {timeout: [1s, 2s]}|FILE:1: probe.timeout: a list of 2 is not allowed; write one value: 1ms to 60s
                    probe: {timeout: {a: b}}|FILE:1: probe.timeout: it is a value, not a section; write probe.timeout and its value on one line
                    probe: {size: 31}|FILE:1: probe.size: '31' is not allowed; write 32 to 1472
                    probe: {size: 1473}|FILE:1: probe.size: '1473' is not allowed; write 32 to 1472
                    probe: {size: big}|FILE:1: probe.size: 'big' is not a whole number; write 32 to 1472
                    probe: {rate-limit: 0}|FILE:1: probe.rate-limit: '0' is not allowed; write 1 to 10000000
                    probe: {dscp: 64}|FILE:1: probe.dscp: '64' is not allowed; write 0 to 63
                    probe: {ttl: 0}|FILE:1: probe.ttl: '0' is not allowed; write 1 to 255
                    probe: {mark: 4294967296}|FILE:1: probe.mark: '4294967296' is not allowed; write 0 to 4294967295, or 0x0 to 0xffffffff
                    probe: {dont-fragment: maybe}|FILE:1: probe.dont-fragment: 'maybe' is not allowed; write true or false
                    probe: {receive-buffer: 64MB}|FILE:1: probe.receive-buffer: '64MB' has the unknown unit 'MB'; use KiB, MiB or GiB (or none for bytes), as in 64KiB to 1GiB
                    probe: {receive-buffer: 2GiB}|FILE:1: probe.receive-buffer: '2GiB' is not allowed; write 64KiB to 1GiB
                    probe: {source: host}|FILE:1: probe.source: 'host' is not an IPv4 or IPv6 address or network; write an IPv4 or IPv6 address, not a name
                    probe: {source: 0.0.0.0}|FILE:1: probe.source: '0.0.0.0' can never be a source: it is the unspecified address, which no host has; write an address of this machine
                    probe: {source: 239.1.2.3}|FILE:1: probe.source: '239.1.2.3' can never be a source: it is a multicast address, not a host's; write an address of this machine
                    probe: {source: 'fe80::1'}|FILE:1: probe.source: 'fe80::1' can never be a source: a link-local address needs its interface; write fe80::1%eth0 with the right one
                    probe: {source: '::ffff:192.0.2.1'}|FILE:1: probe.source: '::ffff:192.0.2.1' can never be a source: it is an IPv4 address in IPv6 notation; write 192.0.2.1
                    probe: {source: [192.0.2.1, 192.0.2.2]}|FILE:1: probe.source: it has 2 IPv4 addresses; write one IPv4 and one IPv6 address at most
                    probe: {interface: an-interface-name}|FILE:1: probe.interface: 'an-interface-name' is not allowed; write an interface name of 1 to 15 characters
                    err-list: {recover-loss: 2}|FILE:1: err-list.recover-loss: '2' has no percent sign; write for example 2%; allowed is above 0% to 100%
                    err-list: {recover-loss: 0%}|FILE:1: err-list.recover-loss: '0%' is not allowed; write above 0% to 100%
                    err-list: {spec: ""}|FILE:1: err-list.spec: it is empty; write five-field cron, six-field cron with seconds first, or @every 10s
                    redis: {url: "http://h"}|FILE:1: redis.url: 'http://h' does not begin with redis:// or rediss://; write redis://HOST:PORT/DATABASE, or rediss:// for TLS
                    redis: {url: "redis://h:70000"}|FILE:1: redis.url: 'redis://h:70000' has a port outside 1 to 65535; write redis://HOST:PORT/DATABASE, or rediss:// for TLS
                    redis: {url: "redis://h/x"}|FILE:1: redis.url: 'redis://h/x' has '/x' where the number of the database belongs; write redis://HOST:PORT/DATABASE, or rediss:// for TLS
                    redis: {last-ms-format: s}|FILE:1: redis.last-ms-format: 's' is not allowed; write one of ms, decimal
                    redis: {tls-ca-file: /dev/null}|FILE:1: redis.tls-ca-file: it is not used without TLS; write rediss:// in redis.url or remove it
                    redis: {password-file: secret}|FILE:1: redis.password-file: it is not an absolute path; let it begin with /
                    redis: {password-file: /no/such}|FILE:1: redis.password-file: '/no/such' does not exist; create it, or name another
                    agent: {name: "a b"}|FILE:1: agent.name: 'a b' has white space or control characters, or is longer than 128 characters; write a name of 1 to 128 characters without white space
                    agent: {name: ""}|FILE:1: agent.name: it is empty; write a name or remove the key
                    zabbix: {servers: ["h:0"]}|FILE:1: zabbix.servers: 'h:0' is not allowed; write HOST, HOST:PORT or [IPv6]:PORT with a port of 1 to 65535
                    zabbix: {servers: [h, "h:10051"]}|FILE:1: zabbix.servers: 'h:10051' is there twice; remove one
                    zabbix: {servers: [h, [i]]}|FILE:1: zabbix.servers: an element of the list is not a word; write ["a", "b"]
                    zabbix: {items: [status, mood]}|FILE:1: zabbix.items: 'mood' is not allowed; write one of status, loss, rtt, rtt.min, rtt.max, jitter, rtt.p50, rtt.p95, rtt.p99, rtt.stddev, ttl, path
                    zabbix: {host: "a/b"}|FILE:1: zabbix.host: 'a/b' is not allowed; write a Zabbix host name of 1 to 128 letters, digits, spaces and . _ -
                    zabbix: {host-per-address: true, host: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg}|FILE:1: zabbix.host: 'aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg' is too long for zabbix.host-per-address; set zabbix.host to a name of at most 64 characters
                    zabbix: {tls-psk-identity: me}|FILE:1: zabbix.tls-psk-identity: it is not used with zabbix.tls-connect: unencrypted; remove it or set zabbix.tls-connect: psk
                    logging: {level: loud}|FILE:1: logging.level: 'loud' is not allowed; write one of error, warn, info, debug, trace
                    probe: 5|FILE:1: probe: it is a section, not a value; write its keys below it, indented
                    probe: {time-out: 1s}|FILE:1: probe.time-out: unknown key; did you mean probe.timeout?
                    err_list: {enter-after: 1}|FILE:1: err_list: unknown key; did you mean err-list?
                    zabbix: {items: [status, path]}|FILE:1: zabbix.items: path needs path.on-down: true; set path.on-down: true, or remove path
                    path: {max-hops: 65}|FILE:1: path.max-hops: '65' is not allowed; write 1 to 64
                    probe: {recover-loss: 1%}|FILE:1: probe.recover-loss: unknown key; did you mean err-list.recover-loss?
                    probe: {colour-of-the-cable: red}|FILE:1: probe.colour-of-the-cable: unknown key; remove it; known here are timeout, rate-limit, size, source, interface, dscp, ttl, mark, dont-fragment, transmit-timestamps, receive-buffer, identifier-interval, isolation-share, canaries
                    metrics: 5|FILE:1: metrics: unknown key; remove it; known here are agent, redis, probe, path, jobs, dns, err-list, history, zabbix, logging
                    [1]|FILE:1: it holds no sections; write for example 'redis:' and below it '  url: redis://…'
                    ? [a]: 5|FILE:1: a key is not a word; write 'key: value'
                    """)
    void refusesWithPlaceReasonAndRemedy(String yaml, String message) {
        assertEquals(List.of(message), ConfigTesting.problems(yaml, Map.of("HOSTNAME", "gza")));
    }

    @Test
    void tellsAllProblemsAtOnceWithTheirLines() {
        assertEquals(
                List.of(
                        "FILE:4: probe.timeout: the key is there twice, first in line 2; remove one",
                        "environment: PING_AGENT_PROBE_TIME_OUT: unknown variable; did you mean PING_AGENT_PROBE_TIMEOUT?",
                        "environment: PING_AGENT_SPEED_OF_LIGHT: unknown variable; unset it; the reference lists all"
                                + " variables",
                        "environment: PING_AGENT_REDIS_STATUS_INTERVAL: '10' has no unit; write for example 10s;"
                                + " allowed is 1s to 1h",
                        "FILE:3: probe.size: 'x' is not a whole number; write 32 to 1472"),
                ConfigTesting.problems(
                        "probe:\n  timeout: 1s\n  size: x\n  timeout: 2s\n",
                        Map.of(
                                "PING_AGENT_PROBE_TIME_OUT", "1s",
                                "PING_AGENT_SPEED_OF_LIGHT", "c",
                                "PING_AGENT_REDIS_STATUS_INTERVAL", "10")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe:\n  timeout: 1s\n bad: x\n", "probe: [", "a: b\n---\nc: d\n", "\tprobe: 1", "a: *x"})
    void brokenYamlIsOneProblemWithALine(String yaml) {
        List<String> problems = ConfigTesting.problems(yaml, NAMED);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(problems.get(0).matches("FILE:\\d+: it is not valid YAML: .*; fix .*"), problems.get(0));
    }

    @Test
    void aFileThatIsNotTextIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("bin.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        ConfigException refusal = assertThrows(ConfigException.class, () -> ConfigLoader.load(file, NAMED));
        assertEquals(file + ": it is not UTF-8; save it as UTF-8", refusal.getMessage());
    }

    @Test
    void aMissingNamedFileIsAnErrorAndAMissingDefaultFileIsNot() {
        Path missing = directory.resolve("missing.yaml");
        String message = missing + ": there is no such file; create it or name another one with --config";
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> ConfigLoader.load(missing, NAMED))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(
                                ConfigException.class,
                                () -> ConfigLoader.load(null, Map.of("PING_AGENT_CONFIG", missing.toString())))
                        .getMessage());
        if (Files.notExists(ConfigLoader.DEFAULT_FILE)) {
            assertEquals("gza", ConfigLoader.load(null, NAMED).agent().name());
        }
    }

    @Test
    void aCronSpecThatNeverFiresIsRefused() {
        List<String> problems = ConfigTesting.problems("err-list: {review-spec: 0 0 31 2 *}", NAMED);
        assertEquals(1, problems.size(), problems.toString());
        assertTrue(
                problems.get(0).startsWith("FILE:1: err-list.review-spec: '0 0 31 2 *' never fires"), problems.get(0));
        assertTrue(problems.get(0).contains("; write five-field cron"), problems.get(0));
    }

    @Test
    void anAgentNameThatZabbixRefusesNeedsAZabbixHostOnlyWithABridge() {
        Map<String, String> environment = Map.of("PING_AGENT_AGENT_NAME", "gz@a");
        assertEquals("gz@a", ConfigTesting.load("", environment).zabbix().host());
        assertEquals(
                List.of(
                        "zabbix.host: the agent's name 'gz@a' is not valid as a Zabbix host; set zabbix.host to a Zabbix"
                                + " host name of 1 to 128 letters, digits, spaces and . _ -"),
                ConfigTesting.problems("zabbix: {servers: [h]}", environment));
    }

    @Test
    void pskAndCertificatesNeedTheirFiles() {
        assertEquals(
                List.of(
                        "FILE:1: zabbix.tls-connect: psk needs zabbix.tls-psk-identity; set zabbix.tls-psk-identity",
                        "FILE:1: zabbix.tls-connect: psk needs zabbix.tls-psk-file; set zabbix.tls-psk-file"),
                ConfigTesting.problems("zabbix: {tls-connect: psk}", NAMED));
        assertEquals(
                3, ConfigTesting.problems("zabbix: {tls-connect: cert}", NAMED).size());
        assertEquals(
                List.of(
                        "FILE:1: zabbix.tls-psk-file: '/no/such' is not a file that this user can read; create it or fix"
                                + " its permissions"),
                ConfigTesting.problems(
                        "zabbix: {tls-connect: psk, tls-psk-identity: me, tls-psk-file: /no/such}", NAMED));
    }

    @Test
    void aPasswordIsReadFromWhereverItStands() throws IOException {
        RedisUrl fromUrl = redis("url: \"rediss://me:p%40ss@[::1]/3\"");
        assertEquals("p@ss", fromUrl.password());
        assertEquals("me", fromUrl.user());
        assertEquals("rediss://[::1]:6379/3", fromUrl.location());
        Path file = SecretFiles.write(directory.resolve("password"), " s3cret \n");
        assertEquals("s3cret", redis("password-file: " + file).password());
        assertEquals("0123", redis("password: 0123\n  user: u").password());
        assertNull(redis("url: \"redis://h\"").password());
    }

    @Test
    void aPasswordGivenTwiceIsRefused() {
        assertEquals(
                List.of("environment: PING_AGENT_REDIS_PASSWORD: the password is given more than once; keep one of"
                        + " redis.url, redis.password and redis.password-file"),
                ConfigTesting.problems(
                        "redis: {url: \"redis://:a@h\"}",
                        Map.of("PING_AGENT_AGENT_NAME", "gza", "PING_AGENT_REDIS_PASSWORD", "b")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis: {url: \"redis://u:s3cret@h:70000\"}",
                "redis: {url: \"redis://u:s3cret#@h\"}",
                "redis: {url: \"redis://u:s3cret%@h\"}",
                "redis: {url: \"u:s3cret@h\"}",
                "redis: {url: \"redis://u:s3cret/@h\"}",
                "redis: {password: \"s3cret\\n\"}",
                "redis: {password: [s3cret, x]}",
                "redis: {password-file: s3cret}",
                "redis: {password: *s3cret}",
                "redis: {password:s3cret}",
                "redis: {password=s3cret}",
                "redis:\n  password: @s3cret",
                "redis:\n  password: %s3cret",
                "redis:\n  password: `s3cret",
                "redis:\n  password: !<s3cret",
                "redis:\n  password: !s3cret!x y",
                "redis:\n  password: a: s3cret",
                "redis:\n  password: \"\\qs3cret\"",
                "redis:\n  password: \"s3cret",
                "redis:\n  password:s3cret",
                "redis: redis://u:s3cret@h",
                "redis://u:s3cret@h",
            })
    void noMessageShowsAPassword(String yaml) {
        List<String> problems = ConfigTesting.problems(yaml, NAMED);
        assertEquals(1, problems.size());
        assertFalse(problems.get(0).contains("s3cret"), problems.get(0));
    }

    @Test
    void noPrintShowsAPassword() {
        for (String yaml : List.of("redis: {url: \"redis://u:s3cret@h\"}", "redis: {password: s3cret}")) {
            EffectiveConfig effective = ConfigTesting.effective(yaml, NAMED);
            assertEquals("s3cret", effective.config().redis().url().password());
            assertFalse(effective.config().toString().contains("s3cret"));
            assertFalse(ConfigPrinter.print(effective).contains("s3cret"));
        }
    }

    @Test
    void thePrintNamesTheOriginOfEachValue() {
        String print = ConfigPrinter.print(ConfigTesting.effective(
                "probe: {timeout: 1500ms, source: \"2001:db8::1\"}\nredis: {url: \"redis://u:p@h\"}", NAMED));
        for (String line : List.of(
                "agent:",
                "  name: gza # environment: PING_AGENT_AGENT_NAME",
                "  url: redis://u:***@h:6379/0 # file",
                "  password: null # default: none",
                "  timeout: 1500ms # file",
                "  source: [\"2001:db8::1\"] # file",
                "  spec: \"* * * * * *\" # default",
                "  recover-loss: 2% # default",
                "zabbix:",
                "  buffer:",
                "    max-size: 256MiB # default",
                "  host: gza # default")) {
            assertTrue(print.replaceAll(" +#", " #").lines().anyMatch(line::equals), line + "\nnot in\n" + print);
        }
    }

    @Test
    void thePrintIsAConfigurationWithTheSameMeaning() {
        Map<String, String> environment = Map.of("HOSTNAME", "x");
        String yaml = """
                agent: {name: "0x10"}
                probe: {mark: 0xff, identifier-interval: 90s}
                zabbix: {servers: ["[2001:db8::1]:5", "h"], groups: ["a: b", "no", 'q"\\'], host: gza}
                """;
        EffectiveConfig first = ConfigTesting.effective(yaml, environment);
        assertEquals(first.config(), ConfigTesting.load(ConfigPrinter.print(first), environment));
    }

    private static RedisUrl redis(String yaml) {
        return ConfigTesting.load("redis:\n  " + yaml, NAMED).redis().url();
    }

    @Test
    void theTimeZoneOfSpecsIsThatOfTheMachineUnlessSet() {
        ZoneId machine = ZoneId.systemDefault();
        assertEquals(machine, ConfigTesting.load("", NAMED).jobs().timeZone());
        String yaml = "jobs:\n  time-zone: Europe/Berlin\n";
        assertEquals(
                ZoneId.of("Europe/Berlin"),
                ConfigTesting.load(yaml, NAMED).jobs().timeZone());
        Map<String, String> takenBack = new HashMap<>(NAMED);
        takenBack.put("PING_AGENT_JOBS_TIME_ZONE", "");
        assertEquals(machine, ConfigTesting.load(yaml, takenBack).jobs().timeZone());
        takenBack.put("PING_AGENT_JOBS_TIME_ZONE", "UTC");
        assertEquals(
                ZoneId.of("UTC"), ConfigTesting.load(yaml, takenBack).jobs().timeZone());
        assertTrue(ConfigPrinter.print(ConfigTesting.effective(yaml, NAMED)).contains("time-zone: Europe/Berlin"));
    }

    @Test
    void aBadTimeZoneIsAProblemWithAnExample() {
        assertEquals(
                List.of(
                        "FILE:2: jobs.time-zone: 'europe/berlin' is no time zone; is Europe/Berlin meant?; write an IANA"
                                + " name such as Europe/Berlin, or UTC"),
                ConfigTesting.problems("jobs:\n  time-zone: europe/berlin\n", NAMED));
    }
}
