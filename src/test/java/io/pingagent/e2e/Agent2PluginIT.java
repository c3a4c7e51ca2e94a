package io.pingagent.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Opened;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SentSignals;
import io.pingagent.testkit.TestLogs;
import io.pingagent.testkit.TunResponder;
import io.pingagent.testkit.ZabbixAgent2;
import io.pingagent.testkit.ZabbixAgent2.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plugin under real agents 2, beside a real ping-agent, asked by zabbix_get. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
@Tag("root")
class Agent2PluginIT {

    private static final String FAST = "10.9.1.1";
    private static final String SILENT = "10.9.1.2";
    private static final String V6 = "fd00:9::1:4";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int MOST_KIB = 48 * 1024;

    private final Opened open = new Opened();
    private Path directory;
    private Path socket;
    private RedisServer redis;
    private InstalledFiles distribution;
    private AgentProcess pingAgent;
    private ZabbixAgent2 agent2;

    @BeforeEach
    void start() throws IOException {
        Requires.rawSockets();
        Requires.tun();
        Requires.redisServer();
        directory = Files.createTempDirectory("pa2");
        socket = directory.resolve("gza.sock");
        NetworkNamespace namespace = open.add(NetworkNamespace.create("agent2"));
        TunResponder responder = open.add(TunResponder.start(namespace));
        responder.behave(Behaviour.delayed(Duration.ofMillis(5)));
        responder.behave(SILENT, Behaviour.silent());
        redis = open.add(RedisServer.startedIn(namespace));
        distribution = new InstalledFiles(namespace);
        Catalogue catalogue = new Catalogue(redis.url());
        catalogue.group("core", FAST, SILENT, V6).job("second", "* * * * * *", "core");
        catalogue.ask(redis -> redis.hset("target_" + FAST, "name", "fast"));
        pingAgent = pingAgent("gza", socket.toString());
    }

    private AgentProcess pingAgent(String name, String ofSocket) throws IOException {
        return open.add(new AgentProcess(
                distribution,
                List.of(),
                List.of(
                        "PING_AGENT_AGENT_NAME=" + name,
                        "PING_AGENT_AGENT_SOCKET=" + ofSocket,
                        "PING_AGENT_REDIS_STATUS_INTERVAL=1s",
                        "PING_AGENT_REDIS_URL=" + redis.url()),
                TestLogs.newLog("agent")));
    }

    @AfterEach
    void stop() throws IOException {
        open.close();
        Files.deleteIfExists(socket);
        Files.delete(directory);
    }

    private void soon(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).untilAsserted(assertion);
    }

    private JsonElement json(String key) {
        String value = agent2.get(key);
        try {
            return JsonParser.parseString(value);
        } catch (RuntimeException e) {
            throw new AssertionError(key + ": " + value + "\n" + agent2.log() + pingAgent.log(), e);
        }
    }

    private JsonObject row(String agent, String address) {
        for (JsonElement row : json("ping.get[" + agent + "]").getAsJsonObject().getAsJsonArray("data")) {
            if (row.getAsJsonObject().get("ip").getAsString().equals(address)) {
                return row.getAsJsonObject();
            }
        }
        throw new AssertionError("no row of " + address);
    }

    private void assertRefused(String key, String part) {
        String value = agent2.get(key);
        assertTrue(value.startsWith("ZBX_NOTSUPPORTED") && value.contains(part), key + ": " + value);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aDayInTheLifeOfThePlugin(Version version) throws Exception {
        version.require();
        Path program = Path.of(System.getProperty("pingagent.dist"), "bin", "zabbix-agent2-plugin")
                .toAbsolutePath();
        soon(() -> assertTrue(Files.exists(socket), pingAgent::log));
        agent2 = open.add(ZabbixAgent2.started(version, "Ping", program, "Socket=" + socket));

        valuesAreWhatTheResponderDoes();
        wrongQuestionsAreAnErrorText();
        anotherAgentIsReadFromRedis();
        probesGoOutFromThisHost();
        aHundredAtOnce();
        redisAwayAndBack();
        pingAgentAwayAndBack();
        signalsOfAServiceManagerDoNotEndThePlugin();
        theAgentMayBeRestarted();

        ProcessHandle plugin = agent2.plugin();
        agent2.kill();
        soon(() -> assertFalse(plugin.isAlive(), "an orphan"));
    }

    private void valuesAreWhatTheResponderDoes() {
        soon(() -> assertEquals("0", agent2.get("ping.status[gza," + SILENT + "]"), pingAgent::log));
        soon(() -> assertTrue(row("gza", FAST).has("jitter"), "jitter"));
        JsonObject fast = row("", FAST);
        assertEquals("core", fast.get("group").getAsString());
        assertEquals("second", fast.get("job").getAsString());
        assertEquals(1, fast.get("status").getAsInt());
        assertEquals(0, fast.get("errlist").getAsInt());
        assertTrue(fast.get("rtt").getAsDouble() >= 0.005, fast.toString());
        JsonObject silent = row("gza", SILENT);
        assertEquals(0, silent.get("status").getAsInt());
        assertEquals(1, silent.get("errlist").getAsInt());
        assertEquals(100, silent.get("loss").getAsDouble());
        assertFalse(silent.has("rtt") || silent.has("jitter"), silent.toString());

        soon(() -> assertEquals(
                1, json("ping.agent.get").getAsJsonObject().get("errlist").getAsInt()));
        JsonObject agent = json("ping.agent.get").getAsJsonObject();
        assertEquals("gza", agent.get("name").getAsString());
        assertEquals(3, agent.get("targets").getAsInt());
        assertEquals(1, agent.get("redis").getAsInt());
        assertEquals(0, agent.get("isolated").getAsInt());
        assertFalse(agent.has("zabbix"), "it sends nothing to Zabbix");

        TreeSet<String> discovered = new TreeSet<>();
        for (JsonElement row : json("ping.discovery[gza]").getAsJsonArray()) {
            assertEquals("core", row.getAsJsonObject().get("{#GROUP}").getAsString());
            assertEquals("gza", row.getAsJsonObject().get("{#AGENT}").getAsString());
            String address = row.getAsJsonObject().get("{#IP}").getAsString();
            assertEquals(
                    address.equals(FAST) ? "fast" : address,
                    row.getAsJsonObject().get("{#NAME}").getAsString());
            discovered.add(address);
        }
        assertEquals(new TreeSet<>(List.of(FAST, SILENT, V6)), discovered);
        soon(() -> assertEquals(1, json("ping.errlist.get").getAsJsonArray().size()));

        soon(() -> assertEquals("1", agent2.get("ping.status[gza," + V6 + "]")));
        assertEquals("100", agent2.get("ping.loss[gza,\"" + SILENT + "\"]"));
        // Digits of nanoseconds: a number would have come with six.
        assertTrue(agent2.get("ping.rtt[gza," + FAST + "]").matches("0\\.0\\d+"), "seconds");
        assertTrue(agent2.get("ping.jitter[," + FAST + "]").matches("0(\\.\\d+)?"), "seconds");
    }

    private void wrongQuestionsAreAnErrorText() {
        assertRefused("ping.status[gza]", "write ping.status[agent,address]");
        assertRefused("ping.get[a,b]", "write ping.get[agent]");
        assertRefused("ping.rtt[gza,192.0.2.99]", "does not probe 192.0.2.99");
        assertRefused("ping.rtt[gza," + SILENT + "]", "does not answer");
        assertRefused("ping.loss[gza,router]", "router");
        assertRefused("ping.get[nobody]", "knows no agent 'nobody'");
        assertRefused("ping.probe[" + FAST + ",0]", "ount '0' is not");
        assertRefused("ping.probe[224.0.0.1]", "can never answer");
        assertRefused("ping.probe[no-such-name.invalid]", "no-such-name.invalid");
        assertRefused("ping.probe[" + FAST + ",100,1s]", "lower count");
    }

    /** Without a control socket, as on another host. */
    private void anotherAgentIsReadFromRedis() throws Exception {
        AgentProcess other = pingAgent("gzb", "none");
        soon(() -> assertTrue(row("gzb", FAST).has("rtt"), other::log));
        soon(() -> assertEquals("0", agent2.get("ping.status[gzb," + SILENT + "]")));
        assertEquals("core", row("gzb", FAST).get("group").getAsString());
        assertEquals("1", agent2.get("ping.status[gzb," + V6 + "]"));
        JsonObject agent = json("ping.agent.get[gzb]").getAsJsonObject();
        assertEquals(1, agent.get("online").getAsInt());
        assertEquals(3, agent.get("targets").getAsInt());
        assertEquals(3, json("ping.discovery[gzb]").getAsJsonArray().size());
        other.signal("TERM");
        other.awaitEnd(60);
        assertEquals(
                0, json("ping.agent.get[gzb]").getAsJsonObject().get("online").getAsInt());
    }

    private void probesGoOutFromThisHost() {
        JsonObject fast = json("ping.probe[" + FAST + ",3,50,1000,5s]").getAsJsonObject();
        assertEquals(3, fast.get("sent").getAsInt());
        assertEquals(3, fast.get("received").getAsInt());
        assertEquals(0, fast.get("loss").getAsDouble());
        assertTrue(fast.getAsJsonObject("rtt").get("min").getAsDouble() >= 0.005, fast.toString());
        assertEquals(
                2,
                json("ping.probe[" + V6 + ",2,50ms,,5s]")
                        .getAsJsonObject()
                        .get("received")
                        .getAsInt());
        JsonObject silent = json("ping.probe[" + SILENT + ",2,20,,200]").getAsJsonObject();
        assertEquals(0, silent.get("received").getAsInt());
        assertEquals(100, silent.get("loss").getAsDouble());
        assertFalse(silent.has("rtt"), silent.toString());
        assertEquals(
                "127.0.0.1",
                json("ping.probe[localhost,1]").getAsJsonObject().get("address").getAsString());
    }

    private void aHundredAtOnce() throws Exception {
        ExecutorService askers = Executors.newFixedThreadPool(100);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(askers.submit(() -> agent2.get("ping.status[gza," + FAST + "]")));
            }
            for (Future<String> answer : answers) {
                assertEquals("1", answer.get(), () -> agent2.log() + pingAgent.log());
            }
        } finally {
            askers.shutdownNow();
        }
        long kib = residentKib(agent2.plugin().pid());
        assertTrue(kib <= MOST_KIB, kib + " KiB");
    }

    private static long residentKib(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("process " + pid + " is gone");
    }

    private void redisAwayAndBack() {
        redis.stop();
        soon(() -> assertEquals(
                0, json("ping.agent.get").getAsJsonObject().get("redis").getAsInt()));
        assertEquals("1", agent2.get("ping.status[gza," + FAST + "]"));
        assertEquals("core", row("gza", FAST).get("group").getAsString());
        assertRefused("ping.get[gzb]", "Redis");
        redis.start();
        soon(() -> assertEquals(
                1, json("ping.agent.get").getAsJsonObject().get("redis").getAsInt()));
        new Catalogue(redis.url()).group("core", FAST, SILENT, V6).job("second", "* * * * * *", "core");
    }

    private void pingAgentAwayAndBack() throws Exception {
        pingAgent.signal("TERM");
        assertEquals(0, pingAgent.awaitEnd(60));
        assertFalse(Files.exists(socket), "removed with the agent");
        assertRefused("ping.get", "o ping-agent runs here");
        pingAgent = pingAgent("gza", socket.toString());
        soon(() -> assertEquals("1", agent2.get("ping.status[gza," + FAST + "]"), pingAgent::log));
        // What a killed agent leaves is replaced.
        pingAgent.signal("KILL");
        pingAgent.awaitEnd(60);
        assertTrue(Files.exists(socket), "left behind");
        assertRefused("ping.get", "cannot be asked");
        pingAgent = pingAgent("gza", socket.toString());
        soon(() -> assertEquals("1", agent2.get("ping.status[gza," + FAST + "]"), pingAgent::log));
    }

    private void signalsOfAServiceManagerDoNotEndThePlugin() throws Exception {
        ProcessHandle plugin = agent2.plugin();
        for (String signal : List.of("TERM", "INT", "HUP")) {
            SentSignals.send(plugin.pid(), signal);
            assertEquals("1", agent2.get("ping.status[gza," + FAST + "]"), signal);
        }
        assertEquals(plugin, agent2.plugin());
    }

    private void theAgentMayBeRestarted() {
        ProcessHandle before = agent2.plugin();
        agent2.restart();
        soon(() -> assertFalse(before.isAlive(), "the plugin of the agent before"));
        assertEquals("1", agent2.get("ping.status[gza," + FAST + "]"));
    }
}
