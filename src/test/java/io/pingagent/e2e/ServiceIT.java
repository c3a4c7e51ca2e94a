package io.pingagent.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.model.Addresses;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Cadence;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.MachineWatch;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.RedisServer;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.SentSignals;
import io.pingagent.testkit.TestLogs;
import io.pingagent.testkit.TunResponder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The agent as a service: what its process does at start, on signals, when killed, and when something is missing. */
@Tag("root")
class ServiceIT {

    private static final String SICK = "10.9.1.1";
    private static final String WELL = "10.9.1.2";
    /** Takes the place of the healthy one. */
    private static final String OTHER = "10.9.1.3";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private NetworkNamespace namespace;
    private InstalledFiles distribution;

    @BeforeAll
    static void requires() {
        Requires.tun();
        Requires.redisServer();
        Requires.program("setpriv", "util-linux");
    }

    @BeforeEach
    void start() {
        namespace = opened(NetworkNamespace.create("service"));
        distribution = new InstalledFiles(namespace);
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    private static int requests(TunResponder responder, String address) {
        return responder.requestTimes(Addresses.parse(address)).length;
    }

    @Test
    void waitsForRedisReloadsOnHangupSurvivesAKillAndStopsCleanly() throws Exception {
        MachineWatch watch = opened(new MachineWatch());
        TunResponder responder = opened(TunResponder.start(namespace));
        // A server that announces nothing, and does not let itself be told to.
        RedisServer redis = opened(RedisServer.startedIn(namespace, "--rename-command", "CONFIG", ""));
        Catalogue catalogue = new Catalogue(redis.url());
        redis.stop();
        List<String> environment = List.of(
                "PING_AGENT_AGENT_NAME=svc",
                "PING_AGENT_REDIS_URL=" + redis.url(),
                "PING_AGENT_REDIS_STATUS_INTERVAL=1s",
                // A responder that is held up must not bring the good ones on the err list.
                "PING_AGENT_PROBE_TIMEOUT=3s",
                "PING_AGENT_REDIS_RELOAD_INTERVAL=1h");
        AgentProcess first = opened(new AgentProcess(distribution, environment));
        await().atMost(PATIENCE).until(() -> first.log().contains("waiting for Redis"));
        assertTrue(first.log().contains("127.0.0.1:" + redis.port()), first.log());
        assertTrue(first.isAlive());
        assertEquals(0, responder.requests().size());
        redis.start();
        catalogue.group("g", WELL).group("sick", SICK).job("j", "*/2 * * * * *", "g", "sick");
        await().atMost(PATIENCE).until(() -> catalogue.exists("agent-online_svc"));
        // What was read before the jobs were written is read again when asked for.
        first.signal("HUP");
        await().atMost(PATIENCE).until(() -> catalogue.status("svc").size() == 2);
        assertEquals(
                1,
                first.log()
                        .lines()
                        .filter(line -> line.contains("waiting for Redis"))
                        .count(),
                first.log());
        await().atMost(PATIENCE)
                .until(() -> first.log()
                                .lines()
                                .filter(line -> line.contains("notify-keyspace-events"))
                                .count()
                        == 1);

        // One member for another: only reading the group again can tell, as this server announces nothing.
        catalogue.ask(redisNow -> redisNow.srem("group_g", WELL));
        catalogue.ask(redisNow -> redisNow.sadd("group_g", OTHER));
        Thread.sleep(500);
        first.signal("HUP");
        await().atMost(PATIENCE).until(() -> requests(responder, OTHER) > 0);
        assertTrue(first.log().contains("SIGHUP"), first.log());

        // With the memory check and the timeout alone.
        responder.behave(SICK, Behaviour.silent());
        watch.awaitWithin(System.nanoTime(), Duration.ofSeconds(2 + 3 + 2), () -> catalogue.isErrListed("svc", SICK));

        first.signal("KILL");
        assertEquals(128 + 9, first.awaitEnd(60));
        assertTrue(catalogue.exists("agent-online_svc"));
        assertTrue(catalogue.isErrListed("svc", SICK));
        responder.behaveHonestly();
        responder.forgetRequests();
        List<String> patient = new ArrayList<>(environment);
        patient.add("PING_AGENT_ERR_LIST_ENTER_AFTER=1000");
        // It answers again: no review lets it go however long this takes.
        patient.add("PING_AGENT_ERR_LIST_REVIEW_SPEC=0 0 1 1 *");
        AgentProcess second = opened(new AgentProcess(distribution, patient));
        await().atMost(PATIENCE).until(() -> requests(responder, SICK) >= 8);
        long[] times = responder.requestTimes(Addresses.parse(SICK));
        Cadence cadence =
                Cadence.of(List.of(Arrays.copyOfRange(times, times.length - 4, times.length)), Duration.ofSeconds(1));
        assertTrue(
                cadence.medianGapNanos() > 700_000_000L && cadence.medianGapNanos() < 1_300_000_000L,
                cadence.toString());
        assertTrue(catalogue.isErrListed("svc", SICK));
        await().atMost(PATIENCE).until(() -> {
            JsonObject entry = catalogue.status("svc").get(SICK);
            return entry != null && entry.get("InErrList").getAsBoolean();
        });

        commandsTellOfIt(environment, catalogue);

        // No loss counts and nothing is announced: only the memory check is left, after two rounds and a timeout,
        // every 5 s.
        responder.behave(OTHER, Behaviour.silent());
        watch.awaitWithin(
                System.nanoTime(), Duration.ofSeconds(2 * 2 + 3 + 5 + 2), () -> catalogue.isErrListed("svc", OTHER));
        await().atMost(PATIENCE)
                .until(() -> second.log().contains(OTHER + " is on the err list: no reply for longer than its TTL"));

        second.signal("TERM");
        assertEquals(0, second.awaitEnd(60), second.log());
        assertFalse(catalogue.exists("agent-online_svc"));
        assertEquals(Set.of("svc"), catalogue.ask(redisNow -> redisNow.smembers("agent-list")));
        assertTrue(second.log().lines().reduce((one, next) -> next).orElse("").contains("has stopped"), second.log());
        assertFalse(second.log().contains(" ERROR "), second.log());
    }

    private void commandsTellOfIt(List<String> environment, Catalogue catalogue) throws Exception {
        InstalledFiles.Result status = distribution.run(environment, "status", "--json", "--all");
        assertEquals(0, status.exitStatus(), status.err());
        JsonArray agents =
                JsonParser.parseString(status.out()).getAsJsonObject().getAsJsonArray("agents");
        assertEquals(1, agents.size());
        JsonObject agent = agents.get(0).getAsJsonObject();
        assertEquals("svc", agent.get("name").getAsString());
        assertTrue(agent.get("online").getAsBoolean());
        assertEquals(2, agent.get("targets").getAsInt());
        assertEquals(1, agent.get("errList").getAsInt());
        assertEquals(2, agent.getAsJsonArray("addresses").size());
        assertEquals(2, agent.getAsJsonObject("stats").get("targets").getAsInt());

        InstalledFiles.Result table = distribution.run(environment, "status");
        assertEquals(0, table.exitStatus(), table.err());
        assertTrue(
                table.out().contains("svc")
                        && table.out().contains("online")
                        && table.out().contains(SICK),
                table.out());

        InstalledFiles.Result doctor = distribution.run(environment, "doctor", "--json");
        // The agent has told that nobody announces expired keys: a service that is needed is away.
        assertEquals(69, doctor.exitStatus(), doctor.out() + doctor.err());
        boolean warnsOfNotifications = false;
        for (JsonElement element : JsonParser.parseString(doctor.out()).getAsJsonArray()) {
            JsonObject check = element.getAsJsonObject();
            warnsOfNotifications |= check.get("outcome").getAsString().equals("warn")
                    && check.toString().contains("notify-keyspace-events");
        }
        assertTrue(warnsOfNotifications, doctor.out());

        InstalledFiles.Result errList = distribution.run(environment, "err-list", "list");
        assertEquals(0, errList.exitStatus(), errList.err());
        assertTrue(errList.out().contains(SICK), errList.out());
        assertTrue(catalogue.isErrListed("svc", SICK));
    }

    @Test
    void saysWithItsExitStatusWhatIsMissing() throws Exception {
        List<String> environment = List.of("PING_AGENT_REDIS_URL=redis://127.0.0.1:9/0");
        for (String command : List.of("run", "ping 127.0.0.1")) {
            InstalledFiles.Result result = InstalledFiles.finished(distribution.command(
                    List.of("setpriv", "--bounding-set=-net_raw"), environment, command.split(" ", -1)));
            assertEquals(77, result.exitStatus(), command + ": " + result.err());
            assertTrue(result.err().contains("CAP_NET_RAW"), result.err());
            assertOneLine(result);
        }
        List<String> unknownKey = List.of("PING_AGENT_PROBE_TIMEOT=1s");
        for (String command : List.of("run", "check-config")) {
            InstalledFiles.Result result = distribution.run(unknownKey, command);
            assertEquals(78, result.exitStatus(), command + ": " + result.err());
            assertTrue(result.err().contains("PING_AGENT_PROBE_TIMEOT"), result.err());
            assertOneLine(result);
        }
        InstalledFiles.Result away = distribution.run(environment, "status");
        assertEquals(69, away.exitStatus(), away.err());
        assertTrue(away.err().contains("127.0.0.1:9"), away.err());
        assertOneLine(away);
        InstalledFiles.Result wrong = distribution.run(environment, "run", "--nonsense");
        assertEquals(64, wrong.exitStatus(), wrong.err());
        assertOneLine(wrong);
    }

    private static void assertOneLine(InstalledFiles.Result result) {
        assertEquals(
                1,
                result.err()
                        .lines()
                        .filter(line -> line.startsWith("ping-agent: "))
                        .count(),
                result.err());
        assertEquals("", result.out());
    }

    @Test
    void theDemoShowsItselfAndLeavesNothingBehind() throws Exception {
        long startNanos = System.nanoTime();
        InstalledFiles.Result demo = distribution.run(List.of(), "demo", "--duration", "8s");
        long seconds = (System.nanoTime() - startNanos) / 1_000_000_000L;
        assertEquals(0, demo.exitStatus(), demo.err());
        assertTrue(seconds >= 8, "ended after " + seconds + " s");
        assertTrue(demo.out().contains("redis-server"), demo.out());
        String lastFrame = demo.out();
        assertTrue(lastFrame.contains("127.0.0.2"), lastFrame);
        assertTrue(lastFrame.contains("127.255.255.255"), lastFrame);
        assertFalse(demo.err().contains("Exception"), demo.err());
        // Whatever still ran would be in the namespace.
        await().atMost(PATIENCE)
                .until(() ->
                        Command.check("ip", "netns", "pids", namespace.name()).isBlank());
    }

    @Test
    void aKilledDemoLeavesNothingBehindEither() throws Exception {
        Path temporary = Files.createTempDirectory("ping-agent-demo-it-");
        Path out = TestLogs.newLog("demo");
        Process demo = new ProcessBuilder(distribution.command(
                        List.of(), List.of("JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + temporary), "demo"))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            await().atMost(PATIENCE).until(() -> Files.readString(out).contains("127.255.255.255"));
            String said = Files.readString(out);
            String configuration = said.replaceFirst("(?s).*status --config (\\S+).*", "$1");
            assertTrue(configuration.startsWith(temporary.toString()), said);
            // As the demo says: another terminal looks inside.
            await().atMost(PATIENCE)
                    .until(() -> distribution
                            .run(List.of(), "status", "--config", configuration)
                            .out()
                            .contains("online"));
            if (Requires.hasProgram("redis-cli")) {
                String command = said.replaceFirst("(?s).*\nor: ([^\n]+)\n.*", "$1");
                InstalledFiles.Result members =
                        distribution.other("sh", "-c", command + " --raw GET agent-online_demo");
                assertEquals("online", members.out().strip(), command + members.err());
            }
        } finally {
            // SIGKILL: nothing of the demo itself can tidy up.
            demo.destroyForcibly();
        }
        await().atMost(PATIENCE)
                .until(() ->
                        Command.check("ip", "netns", "pids", namespace.name()).isBlank());
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(
                    List.of(),
                    left.filter(file -> file.getFileName().toString().startsWith("ping-agent"))
                            .toList());
        }
        Command.check("rm", "-r", temporary.toString());
    }

    @Test
    void saysAtItsStartThatNohupMadeItDeaf() throws Exception {
        List<String> words = new ArrayList<>(distribution.command(
                List.of(), List.of("PING_AGENT_AGENT_NAME=deaf", "PING_AGENT_REDIS_URL=redis://127.0.0.1:9/0"), "run"));
        words.add(words.indexOf("-i") + 1 + SentSignals.defaultDispositions().size(), "--ignore-signal=HUP");
        Path log = TestLogs.newLog("agent");
        Process agent = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().atMost(PATIENCE).until(() -> Files.readString(log).contains("waiting for Redis"));
            assertTrue(Files.readString(log).contains("SIGHUP is ignored, as after nohup"), Files.readString(log));
            SentSignals.send(agent.pid(), "TERM");
            assertTrue(agent.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, agent.exitValue());
        } finally {
            agent.destroyForcibly();
        }
    }
}
