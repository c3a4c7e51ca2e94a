package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** Which expired keys count: those of addresses that have not answered for their TTL, whatever happened to Redis. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("root")
class ExpiredKeysIT {

    private static final String SILENT = "10.9.2.1";
    private static final String SHORT_LIVED = "10.9.3.1";
    private static final List<String> ADDRESSES = Catalogue.range("10.9.1.1", 100);

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private AgentLab lab;
    private Catalogue catalogue;

    @BeforeEach
    void start() {
        lab = new AgentLab("expired");
        catalogue = lab.catalogue();
        lab.responder().behave(SILENT, Behaviour.silent());
    }

    @AfterEach
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private Set<String> keys() {
        return catalogue.ask(redis -> redis.keys("agent-ip-last-ms_c_*"));
    }

    private long expiredKeys() {
        return catalogue.ask(redis -> redis.info("stats")
                .lines()
                .filter(line -> line.startsWith("expired_keys:"))
                .mapToLong(line -> Long.parseLong(line.substring("expired_keys:".length())))
                .sum());
    }

    /** All keys expire at once, as they do when the clock of the Redis host is set forward by a minute. */
    @Test
    void clockOfTheRedisHostSetForwardListsNobody() throws Exception {
        catalogue.group("g", ADDRESSES).group("s", SILENT).jobOf("c", "j", "*/5 * * * * *", "g", "s");
        // A responder that is held up must not end on the err list.
        lab.start("c", "redis.status-interval", "1s", "err-list.check-spec", "*/2 * * * * *", "probe.timeout", "4s");
        for (int i = 0; i < 3; i++) {
            await().atMost(PATIENCE).until(() -> keys().size() == ADDRESSES.size());
            await().atMost(PATIENCE).until(() -> catalogue.isErrListed("c", SILENT));
            long before = expiredKeys();
            Set<String> keys = keys();
            catalogue.ask(redis ->
                    keys.stream().mapToLong(key -> redis.pexpire(key, 1)).sum());
            // All but those that a reply has written again within this millisecond.
            await().atMost(PATIENCE).until(() -> expiredKeys() >= before + ADDRESSES.size() * 9 / 10);
            // Longer than an event takes from Redis to the err list and back.
            Thread.sleep(2_000);
            assertEquals(Set.of(SILENT), catalogue.ask(redis -> redis.smembers("agent-err-list_c")));
        }
    }

    @Test
    void firstExpiredKeyAfterAReconnectCounts() throws Exception {
        // A memory check that never comes while this runs.
        lab.start("x", "err-list.check-spec", "0 0 1 1 *", "redis.status-interval", "1s");
        await().atMost(PATIENCE).until(() -> catalogue.exists("agent-stats_x"));
        catalogue.ask(redis -> redis.clientKill(new ClientKillParams().type(ClientType.NORMAL)));
        await().atMost(PATIENCE)
                .until(() -> catalogue
                                .stats("x")
                                .getAsJsonObject("redis")
                                .get("reconnects")
                                .getAsInt()
                        > 0);
        catalogue.group("short", SHORT_LIVED);
        catalogue.ask(redis ->
                redis.set("agent_x_short", Catalogue.definition("short", "@every 12s", "\"pttl\":2,", "short")));
        catalogue.ask(redis -> redis.sadd("agent-jobs_x", "short"));
        IpAddress address = Addresses.parse(SHORT_LIVED);
        await().atMost(PATIENCE).until(() -> catalogue.isErrListed("x", SHORT_LIVED));
        await().atMost(PATIENCE).until(() -> lab.responder().requestTimes(address).length > 1);
        long[] times = lab.responder().requestTimes(address);
        assertTrue(
                times[1] - times[0] < Duration.ofSeconds(11).toNanos(),
                "the second probe came of the job, " + (times[1] - times[0]) / 1e9 + " s after the first");
    }
}
