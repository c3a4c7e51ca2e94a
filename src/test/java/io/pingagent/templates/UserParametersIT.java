package io.pingagent.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.ZabbixAgentd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** The UserParameters in a real zabbix_agentd, asked by zabbix_get, with a real Redis behind them. */
class UserParametersIT {

    private static final Path CONF = Path.of("userparameters/ping-agent.conf");
    private static final Path SCRIPT =
            Path.of("userparameters/ping-agent-redis").toAbsolutePath();
    private static final String INSTALLED = "/usr/share/ping-agent/userparameters/ping-agent-redis";

    @TempDir
    private Path directory;

    private final RedisKeys keys = new RedisKeys("gza_1");
    private RedisServer redis;
    private Jedis jedis;
    private ZabbixAgentd agentd;

    @BeforeAll
    static void requires() {
        Requires.redisServer();
        Requires.program("redis-cli", "redis-tools");
        ZabbixAgentd.require();
    }

    @BeforeEach
    void start() throws IOException {
        redis = RedisServer.started();
        jedis = new Jedis(redis.url());
        configure("url=" + redis.url(), "agent=gza_1");
        // The script of this source tree, with a configuration of this test's own.
        String command = "env PING_AGENT_REDIS_CONF=" + directory.resolve("userparameters.conf") + ' ' + SCRIPT;
        List<String> lines = Files.readAllLines(CONF).stream()
                .map(line -> line.replace(INSTALLED, command))
                .toList();
        assertEquals(7, lines.stream().filter(line -> line.contains(command)).count());
        agentd = ZabbixAgentd.started(lines);
    }

    @AfterEach
    void stop() {
        if (agentd != null) {
            agentd.close();
        }
        if (jedis != null) {
            jedis.close();
        }
        redis.close();
    }

    private void configure(String... lines) throws IOException {
        Files.write(directory.resolve("userparameters.conf"), List.of(lines));
    }

    private void fill() {
        jedis.sadd(RedisKeys.AGENT_LIST, "gza_1", "gzb");
        jedis.set(keys.online(), "online", SetParams.setParams().ex(100));
        jedis.set(keys.lastMs(address("192.0.2.1")), "11", SetParams.setParams().ex(100));
        jedis.set(
                keys.lastMs(address("2001:db8::1")),
                "11.204",
                SetParams.setParams().ex(100));
        jedis.sadd(keys.errList(), "192.0.2.2", "fe80::1%eth0");
        jedis.set(
                keys.allIpStatus(),
                IntStream.of(1, 2)
                        .mapToObj(i -> "\"192.0.2." + i + "\":{\"SendCount\":60,\"ReturnCount\":59,\"ip\":\"192.0.2."
                                + i + "\",\"InErrList\":" + (i == 2) + "}")
                        .collect(Collectors.joining(",", "{", "}")));
    }

    private static IpAddress address(String text) {
        return Addresses.parse(text);
    }

    @Test
    void answersWhatTheAgentWrote() {
        fill();
        assertEquals("1", agentd.get("ping.redis.online[]"));
        assertEquals("1", agentd.get("ping.redis.online[gza_1]"));
        assertEquals("0", agentd.get("ping.redis.online[gzb]"));
        assertEquals(
                Set.of("{\"{#AGENT}\":\"gza_1\"}", "{\"{#AGENT}\":\"gzb\"}"), rows(agentd.get("ping.redis.agents")));
        assertEquals(
                Set.of(
                        "{\"{#IP}\":\"192.0.2.1\",\"{#AGENT}\":\"gza_1\"}",
                        "{\"{#IP}\":\"192.0.2.2\",\"{#AGENT}\":\"gza_1\"}"),
                rows(agentd.get("ping.redis.discovery[]")));
        assertEquals("2", agentd.get("ping.redis.errlist.size[gza_1]"));
        assertEquals(
                Set.of(
                        "{\"{#IP}\":\"192.0.2.2\",\"{#AGENT}\":\"gza_1\"}",
                        "{\"{#IP}\":\"fe80::1%eth0\",\"{#AGENT}\":\"gza_1\"}"),
                rows(agentd.get("ping.redis.errlist.discovery[gza_1]")));
        assertEquals("11", agentd.get("ping.redis.last[gza_1,192.0.2.1]"));
        assertEquals("11.204", agentd.get("ping.redis.last[,2001:db8::1]"));
        assertEquals("1", agentd.get("ping.redis.status[gza_1,2001:db8::1]"));
        assertEquals("0", agentd.get("ping.redis.status[gza_1,192.0.2.2]"));
        assertEquals("0", agentd.get("ping.redis.status[,fe80::1%eth0]"));
    }

    /** Its last reply lives on for a while after a loss has put it on the list. */
    @Test
    void anAddressOnTheErrListIsDownWhateverItsLastReply() {
        fill();
        assertEquals("1", agentd.get("ping.redis.status[,192.0.2.1]"));
        jedis.sadd(keys.errList(), "192.0.2.1");
        assertEquals("0", agentd.get("ping.redis.status[,192.0.2.1]"));
        assertEquals("11", agentd.get("ping.redis.last[,192.0.2.1]"));
    }

    @Test
    void theUrlMayHoldAnIpv6AddressAndLeaveOutWhatHasADefault() throws IOException {
        try (RedisServer six = RedisServer.started("--bind", "127.0.0.1 ::1")) {
            try (Jedis other = new Jedis(six.url())) {
                other.select(3);
                other.set(keys.online(), "online");
            }
            configure("url=redis://[::1]:" + six.port() + "/3", "agent=gza_1");
            assertEquals("1", script("online").output().strip());
            configure("url=redis://[::1]:" + six.port(), "agent=gza_1");
            assertEquals("0", script("online").output().strip());
        }
        configure("url=redis://127.0.0.1:x/0");
        assertTrue(script("online").output().contains("url must be redis://HOST:PORT/DATABASE"));
        configure("url=redis://[::1]", "agent=gza_1");
        assertTrue(script("online").output().contains("::1:6379")
                || script("online").exitStatus() == 0);
    }

    @Test
    void redisMayWantACertificateOfItsClients() throws IOException {
        Requires.program("openssl", "openssl");
        String at = directory.toString();
        for (String name : List.of("server", "client")) {
            Command.check(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-days",
                    "2",
                    "-subj",
                    "/CN=127.0.0.1",
                    "-addext",
                    "subjectAltName=IP:127.0.0.1",
                    "-keyout",
                    at + '/' + name + ".key",
                    "-out",
                    at + '/' + name + ".crt");
        }
        int port = RedisServer.freePort();
        try (RedisServer secure = RedisServer.started(
                "--tls-port", Integer.toString(port),
                "--tls-cert-file", at + "/server.crt",
                "--tls-key-file", at + "/server.key",
                "--tls-ca-cert-file", at + "/client.crt",
                "--tls-auth-clients", "yes")) {
            try (Jedis plain = new Jedis(secure.url())) {
                plain.set(keys.online(), "online");
            }
            String url = "url=rediss://127.0.0.1:" + port + "/0";
            String trusted = "tls-ca-file=" + at + "/server.crt";
            configure(url, "agent=gza_1", trusted);
            assertEquals(1, script("online").exitStatus());
            configure(
                    url,
                    "agent=gza_1",
                    trusted,
                    "tls-certificate-file=" + at + "/client.crt",
                    "tls-key-file=" + at + "/client.key");
            assertEquals("1", script("online").output().strip());
            configure(url, "tls-key-file=" + at + "/none.key");
            assertEquals(
                    "ping-agent: cannot read " + at + "/none.key: allow the group zabbix to",
                    script("online").output().strip());
        }
    }

    @Test
    void neverTellsAnAddressDownThatNobodyWatches() {
        fill();
        assertEquals(
                "ping-agent: gza_1 does not know the address 198.51.100.1",
                agentd.get("ping.redis.status[gza_1,198.51.100.1]"));
        assertEquals(
                "ping-agent: no reply of 192.0.2.2 within its time to live",
                agentd.get("ping.redis.last[gza_1,192.0.2.2]"));
        jedis.del(keys.online());
        assertEquals("ping-agent: the agent gza_1 is not online", agentd.get("ping.redis.status[gza_1,192.0.2.2]"));
        assertEquals("[]", agentd.get("ping.redis.discovery[nobody]"));
        assertEquals("0", agentd.get("ping.redis.errlist.size[nobody]"));
    }

    @Test
    void hostileParametersDoNothing() throws IOException {
        fill();
        String before = jedis.keys("*").stream().sorted().collect(Collectors.joining(" "));
        Path proof = directory.resolve("proof");
        for (String hostile : List.of(
                "$(touch " + proof + ")",
                "`touch " + proof + "`",
                "x; touch " + proof,
                "x | touch " + proof,
                "x && touch " + proof,
                "x\\n touch " + proof,
                "' touch " + proof + " '",
                "--eval",
                "-h 198.51.100.1",
                "*",
                "../../etc/passwd",
                "gza_1 FLUSHALL",
                "%s%n%x",
                "a".repeat(2_000))) {
            for (String key : List.of("online", "discovery", "errlist.size", "errlist.discovery")) {
                String answer = agentd.get("ping.redis." + key + "[\"" + hostile.replace("\"", "\\\"") + "\"]");
                assertTrue(refusedOrEmpty(answer), key + " " + hostile + ": " + answer);
            }
            for (String key : List.of("last", "status")) {
                String answer = agentd.get("ping.redis." + key + "[gza_1,\"" + hostile + "\"]");
                assertTrue(
                        answer.startsWith("ping-agent: ") || answer.startsWith("ZBX_NOTSUPPORTED"),
                        key + " " + hostile + ": " + answer);
            }
        }
        assertFalse(Files.exists(proof));
        assertEquals(before, jedis.keys("*").stream().sorted().collect(Collectors.joining(" ")));
    }

    private static boolean refusedOrEmpty(String answer) {
        return answer.startsWith("ping-agent: ")
                || answer.startsWith("ZBX_NOTSUPPORTED")
                || answer.equals("0")
                || answer.equals("[]");
    }

    /** The script itself refuses what the agent would refuse first, for those who set UnsafeUserParameters. */
    @Test
    void theScriptAloneIsSafeToo() throws IOException {
        fill();
        Path proof = directory.resolve("proof");
        for (String hostile :
                List.of("$(touch " + proof + ")", "`touch " + proof + "`", "1;touch " + proof, "*", "\n", "é")) {
            Command last = script("last-ms", "gza_1", hostile);
            assertEquals(1, last.exitStatus());
            assertEquals("ping-agent: no IP address", last.output().strip());
            String agent = script("online", hostile).output().strip();
            assertTrue(agent.equals("0") || agent.startsWith("ping-agent: an agent's name"), agent);
        }
        assertFalse(Files.exists(proof));
        jedis.sadd(RedisKeys.AGENT_LIST, "q\"\\");
        assertTrue(rows(script("agents").output().strip()).contains("{\"{#AGENT}\":\"q\\\"\\\\\"}"));
    }

    private Command script(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 3];
        command[0] = "env";
        command[1] = "PING_AGENT_REDIS_CONF=" + directory.resolve("userparameters.conf");
        command[2] = SCRIPT.toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return Command.run(command);
    }

    @Test
    void saysWhenAListIsLongerThanZabbixCarries() {
        jedis.set(keys.online(), "online", SetParams.setParams().ex(100));
        jedis.sadd(
                keys.errList(),
                IntStream.range(0, 20_000)
                        .mapToObj(i -> "10.0." + i / 250 + '.' + i % 250)
                        .toArray(String[]::new));
        assertEquals("20000", agentd.get("ping.redis.errlist.size[]"));
        String answer = agentd.get("ping.redis.errlist.discovery[]");
        assertTrue(answer.startsWith("ping-agent: 20000 rows are "), answer);
        assertTrue(answer.contains("use the trapper rule of the template"), answer);
        jedis.set(keys.allIpStatus(), "x".repeat(3_000_000));
        answer = agentd.get("ping.redis.discovery[]");
        assertTrue(answer.startsWith("ping-agent: the status of gza_1 is 3000000 bytes"), answer);

        // What just fits arrives whole.
        jedis.del(keys.errList());
        jedis.sadd(
                keys.errList(),
                IntStream.range(0, 11_500)
                        .mapToObj(i -> "10.0." + i / 250 + '.' + i % 250)
                        .toArray(String[]::new));
        assertEquals(11_500, rows(agentd.get("ping.redis.errlist.discovery[]")).size());
    }

    @Test
    void saysWhyThereIsNoValue() throws IOException {
        fill();
        jedis.set("agent-err-list_wrong", "text");
        assertTrue(agentd.get("ping.redis.errlist.size[wrong]").startsWith("ping-agent: Redis: WRONGTYPE"));
        jedis.configSet("requirepass", "secret");
        assertTrue(agentd.get("ping.redis.online[]").startsWith("ping-agent: Redis: NOAUTH"));
        configure("url=redis://u:secret@127.0.0.1:" + redis.port() + "/0");
        String answer = agentd.get("ping.redis.online[]");
        assertTrue(answer.contains("do not belong into url"), answer);
        assertFalse(answer.contains("secret"), answer);
        configure("url=" + redis.url(), "no-such-line=1");
        assertTrue(agentd.get("ping.redis.online[]").contains("unknown line 'no-such-line'"));
        redis.pause();
        configure("url=" + redis.url());
        // Zabbix waits 3 s; a busy machine may take longer once or twice.
        long shortestNanos = Long.MAX_VALUE;
        for (int i = 0; i < 3 && shortestNanos > 3_000_000_000L; i++) {
            long startNanos = System.nanoTime();
            assertEquals("ping-agent: Redis does not answer within 2 s", agentd.get("ping.redis.online[]"));
            shortestNanos = Math.min(shortestNanos, System.nanoTime() - startNanos);
        }
        assertTrue(shortestNanos < 3_000_000_000L, shortestNanos + " ns");
        redis.resume();
        redis.stop();
        assertTrue(agentd.get("ping.redis.online[]").startsWith("ping-agent: Redis: Could not connect"));
    }

    @Test
    void filesFromWindowsAreRead() throws IOException {
        fill();
        jedis.configSet("requirepass", "hunter2-secret");
        Path file = Files.writeString(directory.resolve("redis.password"), "\ufeffhunter2-secret\r\n");
        configure("\ufeffurl=" + redis.url() + "\r", "agent=gza_1\r", "\r", "# note\r", "password-file=" + file + "\r");
        assertEquals("1", agentd.get("ping.redis.online[]"));
        configure("\ufeff# note\r", "url=" + redis.url() + "\r", "agent=gza_1\r", "password=hunter2-secret\r");
        assertEquals("1", agentd.get("ping.redis.online[]"));
    }

    @Test
    void thePasswordIsNeverInTheProcessList() throws IOException {
        fill();
        jedis.configSet("requirepass", "hunter2-secret");
        jedis.auth("hunter2-secret");
        configure("url=" + redis.url(), "agent=gza_1", "password=hunter2-secret");
        assertEquals("1", agentd.get("ping.redis.online[]"));
        Path file = Files.writeString(directory.resolve("redis.password"), "hunter2-secret\n");
        configure("url=" + redis.url(), "agent=gza_1", "password-file=" + file);
        assertEquals("1", agentd.get("ping.redis.online[]"));
        jedis.aclSetUser(
                "zabbix", "on", ">hunter2-secret", "~agent-*", "+get", "+strlen", "+scard", "+smembers", "+sismember");
        configure("url=" + redis.url(), "agent=gza_1", "user=zabbix", "password=hunter2-secret");
        assertEquals("0", agentd.get("ping.redis.status[,192.0.2.2]"));
        assertEquals(2, rows(agentd.get("ping.redis.discovery[]")).size());
        assertEquals(2, rows(agentd.get("ping.redis.errlist.discovery[]")).size());

        // A redis-cli that waits is there to be looked at, for 2 s.
        redis.pause();
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < 10 && seen.indexOf("--raw") < 0; i++) {
            Process waiting = new ProcessBuilder(
                            "env",
                            "PING_AGENT_REDIS_CONF=" + directory.resolve("userparameters.conf"),
                            SCRIPT.toString(),
                            "online")
                    .redirectErrorStream(true)
                    .start();
            while (seen.indexOf("--raw") < 0 && waiting.isAlive()) {
                waiting.descendants().forEach(child -> seen.append(arguments(child)));
            }
            waiting.destroy();
        }
        redis.resume();
        assertTrue(seen.indexOf("redis-cli") >= 0, seen.toString());
        assertTrue(seen.indexOf("--raw") >= 0, seen.toString());
        assertFalse(seen.indexOf("hunter2") >= 0, seen.toString());
    }

    private static String arguments(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    private static Set<String> rows(String document) {
        assertTrue(document.startsWith("[") && document.endsWith("]"), document);
        Set<String> rows = new TreeSet<>();
        JsonParser.parseString(document)
                .getAsJsonArray()
                .forEach(row -> assertTrue(rows.add(row.toString()), row.toString()));
        return rows;
    }
}
