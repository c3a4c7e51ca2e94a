package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.testkit.Cadence;
import io.pingagent.testkit.MachineWatch;
import io.pingagent.testkit.MovingAddress;
import io.pingagent.testkit.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;

/** An agent that probes 50 addresses every 2 s, while Redis loses jobs and groups, or refuses to show them. */
@Tag("root")
class CatalogueLossIT {

    private static final String AGENT = "loss";
    private static final List<String> ADDRESSES = Catalogue.range("10.9.1.1", 50);
    private static final Duration CADENCE = Duration.ofSeconds(2);
    private static final Duration RELOAD = Duration.ofSeconds(5);
    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private MachineWatch watch;
    private AgentLab lab;
    private Catalogue catalogue;

    @BeforeEach
    void start() {
        watch = new MachineWatch();
        lab = new AgentLab("loss");
        catalogue = lab.catalogue();
        fill(catalogue);
    }

    @AfterEach
    void stop() {
        watch.close();
        if (lab != null) {
            lab.close();
        }
    }

    private Agent startAgent(String... more) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "redis.status-interval",
                "1s",
                "redis.reload-interval",
                RELOAD.toSeconds() + "s",
                "probe.timeout",
                "5s"));
        settings.addAll(List.of(more));
        Agent agent = lab.start(AGENT, settings.toArray(String[]::new));
        await().atMost(PATIENCE)
                .until(() -> ADDRESSES.stream().allMatch(address -> count(address) > 0)
                        && catalogue.exists("agent-catalogue_loss"));
        return agent;
    }

    private static void fill(Catalogue catalogue) {
        catalogue.group("g", ADDRESSES).job("j", "*/2 * * * * *", "g");
    }

    private int count(String address) {
        return lab.responder().requestTimes(Addresses.parse(address)).length;
    }

    private String problems() {
        return String.valueOf(catalogue.stats(AGENT).get("problems"));
    }

    private void awaitProblem(String text) {
        await().atMost(PATIENCE).until(() -> problems().contains(text));
    }

    private void awaitNoProblem() {
        await().atMost(PATIENCE).until(() -> problems().equals("[]"));
    }

    private void assertNoProbeGap() {
        List<long[]> times = new ArrayList<>();
        ADDRESSES.forEach(address -> times.add(lab.responder().requestTimes(Addresses.parse(address))));
        Cadence cadence = Cadence.of(times, CADENCE);
        assertEquals(ADDRESSES.size(), cadence.addresses());
        assertTrue(cadence.isKept(CADENCE, watch.slackNanos(CADENCE)), cadence.toString());
        assertEquals(Set.of(), catalogue.ask(redis -> redis.smembers("agent-err-list_loss")));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void nothingThatRedisLosesEndsProbing() throws Exception {
        Agent agent = startAgent();
        catalogue.ask(redis -> redis.flushAll());
        awaitProblem("job-list");
        assertTrue(problems().contains("\"since\""), problems());
        fill(catalogue);
        awaitNoProblem();
        catalogue.ask(redis -> redis.del("job-list"));
        awaitProblem("the definitions of 1 job (j) still stand");
        catalogue.ask(redis -> redis.sadd("job-list", "j"));
        awaitNoProblem();
        catalogue.ask(redis -> redis.set("job_j", "{"));
        awaitProblem("stays in force");
        fill(catalogue);
        awaitNoProblem();
        assertEquals(ADDRESSES.size(), agent.engine().targetCount());
        assertNoProbeGap();
        // Honest removals are believed at once: the last name of the list, while its definition stands.
        catalogue.ask(redis -> redis.srem("job-list", "j"));
        await().atMost(PATIENCE).until(() -> agent.engine().targetCount() == 0);
        await().atMost(PATIENCE)
                .until(() -> catalogue.stats(AGENT).get("targets").getAsInt() == 0);
        assertEquals("[]", problems());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void connectionsThatAreRefusedAreAProblemLineAndChangesFollow() throws Exception {
        startAgent();
        catalogue.ask(redis -> redis.configSet("requirepass", "secret"));
        try (Jedis redis = new Jedis("127.0.0.1", lab.redis().port())) {
            redis.auth("secret");
            long sinceNanos = System.nanoTime();
            watch.awaitWithin(
                    sinceNanos,
                    RELOAD.plusSeconds(4),
                    () -> String.valueOf(redis.get("agent-stats_loss")).contains("changes are not applied"));
            assertTrue(redis.get("agent-stats_loss").contains("check the user and password"));
            redis.sadd("group_g", "10.9.3.1");
            redis.configSet("requirepass", "");
        }
        await().atMost(PATIENCE).until(() -> count("10.9.3.1") > 0);
        awaitNoProblem();
        // No room for new connections.
        try (Jedis redis = new Jedis("127.0.0.1", lab.redis().port())) {
            redis.configSet("maxclients", "1");
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(redis.get("agent-stats_loss")).contains("max number of clients"));
            redis.configSet("maxclients", "1000");
        }
        awaitNoProblem();
        assertNoProbeGap();
    }

    /** As behind a name or an address that follows the master: old connections lead to the old one. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void followsTheMasterAfterAFailover() throws Exception {
        try (RedisServer second = RedisServer.started();
                MovingAddress address = new MovingAddress(lab.redis().port())) {
            Agent agent = startAgent("redis.url", "redis://127.0.0.1:" + address.port());
            Catalogue promoted = new Catalogue(second.url());
            fill(promoted);
            address.moveTo(second.port());
            catalogue.ask(redis -> redis.replicaof("127.0.0.1", second.port()));
            await().atMost(PATIENCE)
                    .until(() -> promoted.status(AGENT).size() == ADDRESSES.size()
                            && agent.writer().connected());
            promoted.group("g", "10.9.3.1");
            await().atMost(PATIENCE).until(() -> count("10.9.3.1") > 0);
            await().atMost(PATIENCE)
                    .until(() -> promoted.ask(redis -> redis.clientList()).contains("ping-agent:loss:expiry"));
            assertNoProbeGap();
        }
    }
}
