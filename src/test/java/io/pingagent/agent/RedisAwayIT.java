package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Cadence;
import io.pingagent.testkit.MachineWatch;
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

/** Redis comes late, stops answering, and comes back empty, while the agent probes 50 addresses every 2 s. */
@Tag("root")
class RedisAwayIT {

    private static final String AGENT = "away";
    private static final String SILENT = "10.9.2.1";
    private static final List<String> ADDRESSES = Catalogue.range("10.9.1.1", 50);
    private static final Duration CADENCE = Duration.ofSeconds(2);
    /** A responder that is held up must not end on the err list. */
    private static final String TIMEOUT = "5s";

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private MachineWatch watch;
    private AgentLab lab;
    private Catalogue catalogue;

    @BeforeEach
    void start() {
        watch = new MachineWatch();
        lab = new AgentLab("away");
        catalogue = lab.catalogue();
        lab.responder().behave(SILENT, Behaviour.silent());
    }

    @AfterEach
    void stop() {
        watch.close();
        if (lab != null) {
            lab.close();
        }
    }

    private void fill() {
        catalogue.group("g", ADDRESSES).group("silent", SILENT);
        catalogue.job("j", "*/2 * * * * *", "g", "silent");
    }

    private boolean isWholeStateThere() {
        return catalogue.ask(redis -> redis.keys("agent-ip-last-ms_away_*")).size() == ADDRESSES.size()
                && catalogue.ask(redis -> redis.smembers("agent-err-list_away")).equals(Set.of(SILENT))
                && catalogue.exists("agent-online_away")
                && catalogue.exists("agent-stats_away")
                && catalogue.ask(redis -> redis.sismember("agent-list", AGENT))
                && catalogue.status(AGENT).size() == ADDRESSES.size() + 1;
    }

    private void awaitWholeStateSoon(long sinceNanos) {
        watch.awaitWithin(sinceNanos, Duration.ofSeconds(5), this::isWholeStateThere);
    }

    private void assertNoProbeGap() {
        List<long[]> times = new ArrayList<>();
        ADDRESSES.forEach(address -> times.add(lab.responder().requestTimes(Addresses.parse(address))));
        Cadence cadence = Cadence.of(times, CADENCE);
        assertEquals(ADDRESSES.size(), cadence.addresses());
        assertTrue(cadence.isKept(CADENCE, watch.slackNanos(CADENCE)), cadence.toString());
    }

    /** Also that nothing was probed twice or lost meanwhile. */
    private void assertNobodyElseListed(Duration during) throws InterruptedException {
        long endNanos = System.nanoTime() + during.toNanos();
        while (endNanos - System.nanoTime() > 0) {
            assertEquals(Set.of(SILENT), catalogue.ask(redis -> redis.smembers("agent-err-list_away")));
            Thread.sleep(200);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void comesLateStopsAndComesBackEmpty() throws Exception {
        lab.redis().stop();
        lab.start(AGENT, "redis.status-interval", "1s", "probe.timeout", TIMEOUT);
        Thread.sleep(2_500);
        assertEquals(0, lab.responder().requests().size());
        lab.redis().start();
        fill();
        await().atMost(PATIENCE).until(this::isWholeStateThere);

        lab.redis().stop();
        Thread.sleep(8_000);
        lab.redis().start();
        awaitWholeStateSoon(System.nanoTime());
        // The jobs are gone from this Redis, but a restart is no order to stop probing.
        assertNobodyElseListed(Duration.ofSeconds(4));
        assertNoProbeGap();
        await().atMost(PATIENCE)
                .until(() -> catalogue
                        .stats(AGENT)
                        .getAsJsonArray("problems")
                        .toString()
                        .contains("job-list"));
        assertEquals(ADDRESSES.size() + 1, catalogue.stats(AGENT).get("targets").getAsInt());
        assertTrue(catalogue
                        .stats(AGENT)
                        .getAsJsonObject("redis")
                        .get("reconnects")
                        .getAsInt()
                >= 1);

        fill();
        await().atMost(PATIENCE)
                .until(() -> catalogue.stats(AGENT).getAsJsonArray("problems").isEmpty());
        // The subscription is renewed too: a new member is probed at once.
        catalogue.group("g", "10.9.3.1");
        watch.awaitWithin(
                System.nanoTime(),
                Duration.ofSeconds(6),
                () -> lab.responder().requestTimes(Addresses.parse("10.9.3.1")).length > 0);
        assertNoProbeGap();
        assertNobodyElseListed(Duration.ofSeconds(1));
    }

    /** So long that every key has expired when Redis goes on; the shorter one ends before the agent has given it up. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void standsStillAndGoesOn() throws Exception {
        catalogue.group("g", ADDRESSES).group("silent", SILENT);
        catalogue.jobWith("\"pttl\":3,", "j", "*/2 * * * * *", "g", "silent");
        lab.start(AGENT, "redis.status-interval", "1s", "probe.timeout", TIMEOUT);
        await().atMost(PATIENCE).until(this::isWholeStateThere);
        for (long seconds : new long[] {4, 9}) {
            lab.redis().pause();
            Thread.sleep(seconds * 1_000);
            lab.redis().resume();
            assertNobodyElseListed(Duration.ofSeconds(4));
            awaitWholeStateSoon(System.nanoTime());
        }
        assertNoProbeGap();
        assertFalse(catalogue.isErrListed(AGENT, ADDRESSES.get(0)));
    }
}
