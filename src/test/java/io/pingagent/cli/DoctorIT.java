package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.pingagent.app.doctor.Check;
import io.pingagent.testkit.SharedRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** {@code doctor}, and what {@code status} and {@code agent} show of an agent that is not well, against a real server. */
class DoctorIT {

    private static final String PROCESS =
            "\"startedAt\":\"2026-11-22T06:00:00Z\",\"process\":{\"pid\":4711,\"host\":\"probe1\",\"user\":\"ping-agent\","
                    + "\"uid\":998,\"v4\":true,\"v6\":true,\"receiveBufferBytes\":%d,\"receiveBufferWantedBytes\":8388608}";

    private static final String REPORT = "{" + String.format(PROCESS, 8_388_608)
            + ",\"probesPerSecond\":10,\"lately\":{\"seconds\":600,\"sent\":1000,\"received\":1000}}";

    @RegisterExtension
    private static final SharedRedis SERVER = new SharedRedis();

    private final Jedis redis = SERVER.connection();
    private final Cli cli = new Cli().redis(SERVER.port());

    private Cli.Result done(String... arguments) {
        Cli.Result result = cli.run(arguments);
        assertEquals(0, result.status(), result.out() + result.err());
        return result;
    }

    private void online(String agent) {
        redis.sadd("agent-list", agent);
        redis.set("agent-online_" + agent, "online");
    }

    /** An agent with a job that is well, and this report. */
    private void reporting(String stats) {
        online("gza");
        redis.sadd("group_g1", "192.0.2.1");
        redis.sadd("job-list", "core");
        redis.set("job_core", "{\"SPEC\":\"@hourly\",\"name\":\"core\",\"group\":[\"g1\"]}");
        redis.set("agent-stats_gza", stats);
    }

    @Test
    void doctorOfAHealthyHouse() {
        online("gza");
        redis.set("agent-stats_gza", REPORT);
        redis.configSet("notify-keyspace-events", "KEA");
        done("group", "add", "g1", "192.0.2.1");
        done("job", "add", "core", "--spec", "@hourly", "--group", "g1");
        Cli.Result result = done("doctor");
        assertTrue(result.outLines().stream().allMatch(line -> line.startsWith("ok ")), result.out());
        assertEquals(10, result.outLines().size(), result.out());
    }

    @Test
    void doctorTellsWhatIsMissing() {
        redis.configSet("notify-keyspace-events", "");
        Cli.Result result = done("doctor");
        assertTrue(result.out().contains("warn  notifications     notify-keyspace-events is ''"), result.out());
        assertTrue(result.out().contains("warn  agent             'gza' is not online"), result.out());
        assertTrue(result.out().contains("warn  jobs              there are none for agent 'gza'"), result.out());
        redis.sadd("job-list", "bad");
        redis.set("job_bad", "{}");
        Cli.Result worse = cli.run("doctor");
        assertEquals(78, worse.status());
        assertTrue(worse.out().contains("fail  jobs              job_bad: "), worse.out());
        JsonArray json =
                JsonParser.parseString(cli.run("doctor", "--json").out()).getAsJsonArray();
        assertTrue(json.size() > 5);
    }

    @Test
    void doctorTellsOfAnAgentAtItsLimitsNowAndNotOfOneThatWasSo() {
        online("gza");
        redis.set(
                "agent-stats_gza",
                "{\"probesPerSecond\":5000,\"overruns\":9,\"kernelDrops\":9,\"sendLatenessMillis\":{\"p99\":1.25},"
                        + "\"lately\":{\"seconds\":600,\"sent\":1000,\"sentLate\":10,\"overruns\":0,"
                        + "\"invalidated\":0,\"kernelDrops\":0,\"receiverStalls\":0}}");
        String well = cli.run("doctor").out();
        assertTrue(well.contains("ok    load              5,000 probes/s, 99 of 100 at most 1.3 ms late"), well);
        redis.set(
                "agent-stats_gza",
                "{\"lately\":{\"seconds\":60,\"sent\":1000,\"sentLate\":300,\"overruns\":2,"
                        + "\"invalidated\":1,\"kernelDrops\":4096,\"receiverStalls\":1}}");
        String limited = cli.run("doctor").out();
        assertFalse(limited.contains("ok    load"), limited);
        assertTrue(limited.contains("warn  late probes       30 % of the probes"), limited);
        assertTrue(limited.contains("warn  rounds overrun    2 rounds had to wait"), limited);
        assertTrue(limited.contains("warn  invalid samples   1 probe does not count"), limited);
        assertTrue(limited.contains("warn  replies dropped   4,096 packets found the receive buffer full"), limited);
        assertTrue(limited.contains("warn  stalls            1 time the agent stalled"), limited);
    }

    @Test
    void doctorJudgesTheRunningAgentByWhatItReports() {
        reporting("{" + String.format(PROCESS, 8192) + "}");
        cli.operations.checks = List.of(Check.ok("raw sockets", "allowed to root"));
        String out = done("doctor").out();
        assertTrue(
                out.contains(
                        "ok    raw sockets       the running agent 'gza' (pid 4711 of user ping-agent on probe1, since"
                                + " 2026-11-22T06:00:00Z) reports that IPv4 and IPv6 are open"),
                out);
        assertTrue(out.contains("warn  receive buffer    the running agent reports 8 KiB of 8192 KiB wanted"), out);
        // What this process could open says nothing of the service.
        assertFalse(out.contains("allowed to root"), out);
        String shown = done("agent", "show", "gza").out();
        assertTrue(shown.contains("pid 4711 of user ping-agent on probe1"), shown);
        assertTrue(shown.contains("8 KiB of 8192 KiB wanted"), shown);
        // One that has gone reports nothing.
        redis.del("agent-online_gza");
        Cli.Result gone = cli.run("doctor");
        assertTrue(gone.out().contains("allowed to root"), gone.out());
        assertTrue(gone.out().contains("fail  agent             'gza' is not online"), gone.out());
        assertEquals(69, gone.status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"sent\":0,\"received\":0,\"lost\":0,\"sendErrors\":40,\"lastReplySecondsAgo\":5"
                        + "|fail  sending           no probe of the last minute went out|cannot send",
                "\"sent\":9,\"received\":0,\"lost\":9,\"sendErrors\":0,\"lastReplySecondsAgo\":75"
                        + "|fail  replies           no probe was answered for 75 s, 9 of the last minute were lost|no replies"
            })
    void aDeadInstrumentDoesNotLookHealthy(String lastMinute, String line, String state) {
        reporting("{\"lately\":{\"seconds\":600,\"sent\":90000,\"received\":80000,\"sendErrors\":40},"
                + "\"lastMinute\":{\"seconds\":60," + lastMinute + "}}");
        Cli.Result result = cli.run("doctor");
        assertEquals(69, result.status(), result.out());
        assertTrue(result.out().contains(line), result.out());
        assertFalse(result.out().contains("ok    load"), result.out());
        for (String[] command : new String[][] {{"status"}, {"agent", "list"}, {"top", "--frames", "1"}}) {
            String out = done(command).out();
            assertTrue(out.contains("gza    " + state), out);
        }
        assertTrue(done("agent", "show", "gza").out().contains(state));
        assertTrue(done("status", "--json").out().contains("\"health\": \"" + state + "\""));
    }

    @Test
    void aPauseInWhichNothingWasLostIsNoSilence() {
        reporting("{\"lately\":{\"seconds\":600,\"sent\":9,\"received\":9},\"lastMinute\":{\"seconds\":60,\"sent\":1,"
                + "\"received\":0,\"lost\":0,\"sendErrors\":0,\"lastReplySecondsAgo\":500}}");
        done("doctor");
        assertTrue(done("status").out().contains("gza    online"));
    }

    @ParameterizedTest
    @CsvSource({"redis,fail,69", "state,fail,69", "catalogue,fail,78", "network,warn,0", "zabbix,warn,0"})
    void whatPeopleHaveToMendFailsWithItsBeginning(String source, String outcome, int status) {
        reporting("{\"problems\":[{\"source\":\"" + source + "\",\"where\":\"job_x\",\"what\":\"no JSON\",\"remedy\":"
                + "\"mend it\",\"since\":\"2026-11-22T06:10:00Z\"}]}");
        Cli.Result result = cli.run("doctor");
        assertTrue(
                result.out()
                        .contains(outcome + "  agent's report    job_x: no JSON (since 2026-11-22T06:10:00Z); mend it"),
                result.out());
        assertEquals(status, result.status(), result.out());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T06:10:00Z,12345,' (since 2026-11-22T06:10:00Z, 12,345 times)'",
        "'',2,' (2 times)'",
        "'',1,''"
    })
    void aProblemTellsHowManyTimesItHappened(String since, int times, String history) {
        reporting("{\"problems\":[{\"source\":\"state\",\"where\":\"agent-list\",\"what\":\"refused\",\"remedy\":"
                + "\"allow it\",\"since\":\"" + since + "\",\"times\":" + times + "}]}");
        String line = "agent-list: refused" + history + "; allow it\n";
        String doctor = cli.run("doctor").out();
        assertTrue(doctor.contains("fail  agent's report    " + line), doctor);
        String status = done("status").err();
        assertTrue(status.contains("ping-agent: agent 'gza': " + line), status);
        String shown = done("agent", "show", "gza").err();
        assertTrue(shown.contains("ping-agent: " + line), shown);
    }

    @Test
    void aHangingRedisEndsInALine() throws IOException {
        // Connections are made by the kernel, and nobody answers.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Cli.Result result = new Cli().redis(silent.getLocalPort()).run("doctor");
            assertEquals(69, result.status(), result.out());
            assertTrue(result.out().contains("fail  redis             "), result.out());
            assertTrue(result.out().contains("ok    raw sockets       "), result.out());
        }
    }

    @Test
    void anIncompleteInstallationIsNoHangingCheck() {
        cli.operations.beforeZabbixChecks = () -> {
            throw new NoClassDefFoundError("com/example/Gone");
        };
        Cli.Result result = cli.run("doctor");
        assertEquals(69, result.status(), result.out());
        assertTrue(
                result.err().startsWith("ping-agent: the installation is not complete, a class is missing"),
                result.err());
        assertFalse(result.out().contains("no answer within"), result.out());
    }

    @Test
    void aHangingZabbixEndsInALine() {
        reporting(REPORT);
        CountDownLatch never = new CountDownLatch(1);
        cli.operations.beforeZabbixChecks = () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        Cli.Result result = cli.run("doctor");
        assertEquals(69, result.status(), result.out());
        assertTrue(result.out().contains("fail  zabbix            no answer within 5 s; look at"), result.out());
    }
}
