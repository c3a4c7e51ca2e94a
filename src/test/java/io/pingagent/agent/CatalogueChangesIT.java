package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.testkit.Cadence;
import io.pingagent.testkit.MachineWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs and groups change while others go on; nothing waits for {@code redis.reload-interval}, which is an hour here. */
@Tag("root")
class CatalogueChangesIT {

    private static final List<String> STEADY = Catalogue.range("10.9.1.1", 30);
    private static final Duration STEADY_CADENCE = Duration.ofSeconds(2);
    /** The change is seen at once, or at the next look after 2 s; then comes the round with the address's place in it. */
    private static final Duration SOON = Duration.ofSeconds(6);

    private static AgentLab lab;
    private static MachineWatch watch;
    private static Catalogue catalogue;

    @BeforeAll
    static void start() throws Exception {
        watch = new MachineWatch();
        lab = new AgentLab("changes");
        catalogue = lab.catalogue();
        catalogue.group("steady", STEADY).job("steady", "*/2 * * * * *", "steady");
        catalogue.group("moving", Catalogue.range("10.9.2.1", 10)).job("moving", "@every 1s", "moving");
        // A responder that is held up must not end on the err list.
        lab.start("c", "redis.status-interval", "1s", "redis.reload-interval", "1h", "probe.timeout", "5s");
        await().atMost(Duration.ofSeconds(60)).until(() -> count("10.9.1.30") > 1 && count("10.9.2.1") > 1);
    }

    @AfterAll
    static void stop() {
        if (watch != null) {
            watch.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    private static int count(String address) {
        return lab.responder().requestTimes(Addresses.parse(address)).length;
    }

    private static void soon(Callable<Boolean> condition) {
        watch.awaitWithin(System.nanoTime(), SOON, condition);
    }

    private static void assertQuiet(String address) throws InterruptedException {
        int before = count(address);
        Thread.sleep(2_500);
        assertEquals(before, count(address), address + " is still probed");
    }

    @Test
    void changesTakeEffectAtOnceAndDisturbNobody() throws Exception {
        // More members of a group.
        catalogue.ask(redis -> redis.sadd("group_moving", "10.9.2.50", "10.9.2.64/30"));
        soon(() -> count("10.9.2.50") > 0 && count("10.9.2.65") > 0 && count("10.9.2.66") > 0);
        // One for another: the size stays.
        catalogue.ask(redis -> {
            try (var transaction = redis.multi()) {
                transaction.srem("group_moving", "10.9.2.50");
                transaction.sadd("group_moving", "10.9.2.51");
                return transaction.exec();
            }
        });
        soon(() -> count("10.9.2.51") > 0);
        assertQuiet("10.9.2.50");
        // Another cadence.
        long changedNanos = System.nanoTime();
        catalogue.ask(redis -> redis.set("job_moving", Catalogue.definition("moving", "@every 3s", "", "moving")));
        Thread.sleep(SOON.toMillis());
        long slowerNanos = System.nanoTime();
        // A job that appears, and a definition of the agent's own that wins over it.
        catalogue.group("late", "10.9.3.1").job("late", "@every 1s", "late");
        soon(() -> count("10.9.3.1") > 0);
        catalogue.ask(redis -> redis.set("agent_c_late", Catalogue.definition("late", "@every 1s", "", "other")));
        catalogue.group("other", "10.9.3.2");
        soon(() -> count("10.9.3.2") > 0);
        assertQuiet("10.9.3.1");
        // A job that goes.
        catalogue.ask(redis -> redis.srem("job-list", "late"));
        soon(() -> catalogue
                .ask(redis -> redis.keys("agent-ip-last-ms_c_10.9.3.*"))
                .isEmpty());
        assertQuiet("10.9.3.2");
        while (System.nanoTime() - slowerNanos < 7_500_000_000L) {
            Thread.sleep(100);
        }
        // One that is spoiled keeps nobody from anything.
        catalogue.ask(redis -> redis.set("job_moving", "nonsense"));
        soon(() -> catalogue.stats("c").getAsJsonArray("problems").toString().contains("job_moving"));

        long[] slower = Arrays.stream(lab.responder().requestTimes(Addresses.parse("10.9.2.1")))
                .filter(time -> time - slowerNanos > 0)
                .toArray();
        Cadence cadence = Cadence.of(List.of(slower), Duration.ofSeconds(3));
        long slackNanos = watch.slackNanos(changedNanos, Duration.ofSeconds(3));
        assertTrue(slower.length >= 2 && cadence.shortestGapNanos() > 2_100_000_000L - slackNanos, cadence.toString());

        List<long[]> steady = new ArrayList<>();
        STEADY.forEach(address -> steady.add(lab.responder().requestTimes(Addresses.parse(address))));
        Cadence undisturbed = Cadence.of(steady, STEADY_CADENCE);
        assertEquals(STEADY.size(), undisturbed.addresses());
        assertTrue(undisturbed.isKept(STEADY_CADENCE, watch.slackNanos(STEADY_CADENCE)), undisturbed.toString());
        assertTrue(catalogue.ask(redis -> redis.smembers("agent-err-list_c")).isEmpty());
    }
}
