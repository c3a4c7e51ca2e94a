package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Cadence;
import io.pingagent.testkit.MachineWatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The err list of the whole agent. Agent {@code r} reviews it every 4 s and lets go of who loses less than half; agent
 * {@code m} reviews it as usual, so that nobody's replies of before an outage let him go for a moment.
 */
@Tag("root")
class ErrListIT {

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int REVIEW_SECONDS = 4;

    private static final String TWO_SECONDS = "10.9.1.1";
    private static final String CONTROL = "10.9.1.2";
    private static final String TEN_SECONDS = "10.9.1.3";
    private static final String V6 = "fd00:9::1:1";
    private static final String SHORT_LIVED = "10.9.1.4";
    private static final String BY_HAND = "10.9.2.1";
    private static final String RETIRED = "10.9.2.2";
    private static final String RETIRED_CONTROL = "10.9.2.3";

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static MachineWatch watch;
    private static AgentLab lab;
    private static Catalogue catalogue;

    @BeforeAll
    static void start() throws Exception {
        watch = new MachineWatch();
        lab = new AgentLab("errlist");
        catalogue = lab.catalogue();
        catalogue.group("control", CONTROL).jobOf("r", "control", "*/2 * * * * *", "control");
        catalogue.group("ten", TEN_SECONDS).jobOf("m", "ten", "*/10 * * * * *", "ten");
        catalogue.group("hand", BY_HAND, RETIRED, RETIRED_CONTROL).jobOf("m", "hand", "*/2 * * * * *", "hand");
        lab.start(
                "r",
                "redis.status-interval",
                "1s",
                "err-list.review-spec",
                "*/" + REVIEW_SECONDS + " * * * * *",
                "err-list.recover-loss",
                "50%");
        lab.start("m", "redis.status-interval", "1s");
        await().atMost(PATIENCE)
                .until(() -> catalogue.ask(redis -> redis.exists("agent-ip-last-ms_m_" + TEN_SECONDS)
                        && redis.exists("agent-ip-last-ms_m_" + BY_HAND)));
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

    private static long[] requestsSince(String address, long sinceNanos) {
        return Arrays.stream(lab.responder().requestTimes(Addresses.parse(address)))
                .filter(time -> time - sinceNanos >= 0)
                .toArray();
    }

    private static boolean isListedInStatus(String agent, String address) {
        JsonObject entry = catalogue.status(agent).get(address);
        return entry != null && entry.get("InErrList").getAsBoolean();
    }

    private static void assertCadence(String address, long fromNanos, long untilNanos, Duration every) {
        long[] times = Arrays.stream(requestsSince(address, fromNanos))
                .filter(time -> untilNanos - time >= 0)
                .toArray();
        Cadence cadence = Cadence.of(List.of(times), every);
        String said = address + ": " + cadence;
        long slackNanos = watch.slackNanos(fromNanos, every);
        // The first may come a whole round after a change.
        long wanted = Math.max(2, (untilNanos - fromNanos - slackNanos) / every.toNanos() - 2);
        assertTrue(cadence.requests() >= wanted, said);
        assertTrue(cadence.isKept(every, slackNanos), said);
    }

    @Test
    void silenceIsListedInTimeProbedEverySecondAndForgivenAtAFullReview() throws Exception {
        // Not before now: the fewer replies of before the outage, the sooner the loss of the last minute is high.
        catalogue.group("two", TWO_SECONDS, V6).jobOf("r", "two", "*/2 * * * * *", "two");
        await().atMost(PATIENCE)
                .until(() -> catalogue.exists("agent-ip-last-ms_r_" + TWO_SECONDS)
                        && catalogue.exists("agent-ip-last-ms_r_" + V6));
        long silentNanos = System.nanoTime();
        lab.responder().behave(TWO_SECONDS, Behaviour.silent());
        lab.responder().behave(TEN_SECONDS, Behaviour.silent());
        lab.responder().behave(V6, Behaviour.silent());
        // Cadence, timeout, and two seconds.
        Duration limit = Duration.ofSeconds(2 + 1 + 2);
        watch.awaitWithin(
                silentNanos, limit, () -> catalogue.isErrListed("r", TWO_SECONDS) && catalogue.isErrListed("r", V6));
        long listedNanos = System.nanoTime();
        watch.awaitWithin(silentNanos, Duration.ofSeconds(10 + 1 + 2), () -> catalogue.isErrListed("m", TEN_SECONDS));
        long tenListedNanos = System.nanoTime();
        // More than a review period, and none of them is forgiven while it is silent.
        Thread.sleep(8_000);
        long untilNanos = System.nanoTime();
        assertCadence(TWO_SECONDS, listedNanos + 2 * SECOND_NANOS, untilNanos, Duration.ofSeconds(1));
        assertCadence(V6, listedNanos + 2 * SECOND_NANOS, untilNanos, Duration.ofSeconds(1));
        assertCadence(TEN_SECONDS, tenListedNanos + 2 * SECOND_NANOS, untilNanos, Duration.ofSeconds(1));
        assertCadence(CONTROL, silentNanos, untilNanos, Duration.ofSeconds(2));
        assertTrue(isListedInStatus("r", TWO_SECONDS));
        assertTrue(isListedInStatus("m", TEN_SECONDS));
        // A responder that stood still for longer than the timeout has lost a probe of the good one, too.
        boolean isCalm = watch.slackNanos(silentNanos, Duration.ofSeconds(1)) < SECOND_NANOS;
        assertFalse(isCalm && isListedInStatus("r", CONTROL));
        int listed = catalogue.stats("r").get("errList").getAsInt();
        assertTrue(listed == 2 || !isCalm && listed == 3, "listed: " + listed);
        assertFalse(catalogue.exists("agent-ip-last-ms_r_" + TWO_SECONDS));

        lab.responder().behave(TWO_SECONDS, Behaviour.honest());
        long recoveredNanos = System.nanoTime();
        // More than half of the probes of the last minute have to be answered, then comes the next review.
        long[] listedMillis = new long[1];
        watch.awaitWithin(
                recoveredNanos,
                Duration.ofSeconds((recoveredNanos - silentNanos) / SECOND_NANOS + REVIEW_SECONDS + 2),
                () -> {
                    long askedMillis = System.currentTimeMillis();
                    boolean isListed = catalogue.isErrListed("r", TWO_SECONDS);
                    listedMillis[0] = isListed ? askedMillis : listedMillis[0];
                    return !isListed;
                });
        long leftMillis = System.currentTimeMillis();
        long leftNanos = System.nanoTime();
        long slackMillis = watch.slackNanos(recoveredNanos, Duration.ofSeconds(REVIEW_SECONDS)) / 1_000_000;
        // It was on the list when Redis was asked last, and is not now: in between it left, soon after a review.
        long reviewMillis = leftMillis / (REVIEW_SECONDS * 1_000) * (REVIEW_SECONDS * 1_000);
        assertTrue(
                listedMillis[0] - reviewMillis < 1_500 + slackMillis,
                "left " + (listedMillis[0] - reviewMillis) + " to " + (leftMillis - reviewMillis) + " ms after");
        assertTrue(catalogue.exists("agent-ip-last-ms_r_" + TWO_SECONDS));
        assertTrue(catalogue.isErrListed("r", V6));
        assertTrue(catalogue.isErrListed("m", TEN_SECONDS));
        Thread.sleep(7_000);
        assertFalse(catalogue.isErrListed("r", TWO_SECONDS));
        assertFalse(isListedInStatus("r", TWO_SECONDS));
        assertCadence(TWO_SECONDS, leftNanos + 2 * SECOND_NANOS, System.nanoTime(), Duration.ofSeconds(2));
    }

    @Test
    void editsByHandAreHonoured() throws Exception {
        catalogue.ask(redis -> redis.sadd("agent-err-list_m", BY_HAND, "192.0.2.77", "nonsense"));
        await().atMost(PATIENCE).until(() -> isListedInStatus("m", BY_HAND));
        await().atMost(PATIENCE)
                .until(() -> catalogue.ask(redis -> redis.smembers("agent-err-list_m")).stream()
                        .noneMatch(member -> member.equals("nonsense") || member.startsWith("192.")));
        long addedNanos = System.nanoTime();
        Thread.sleep(5_000);
        assertCadence(BY_HAND, addedNanos + SECOND_NANOS / 2, System.nanoTime(), Duration.ofSeconds(1));
        catalogue.ask(redis -> redis.srem("agent-err-list_m", BY_HAND));
        await().atMost(PATIENCE).until(() -> !isListedInStatus("m", BY_HAND));
        long removedNanos = System.nanoTime();
        Thread.sleep(6_500);
        assertCadence(BY_HAND, removedNanos + SECOND_NANOS / 2, System.nanoTime(), Duration.ofSeconds(2));
        assertFalse(catalogue.isErrListed("m", BY_HAND));
    }

    @Test
    void anAddressThatNoJobNamesLeavesNothingBehind() throws Exception {
        lab.responder().behave(RETIRED, Behaviour.silent());
        await().atMost(PATIENCE).until(() -> catalogue.isErrListed("m", RETIRED));
        assertTrue(catalogue.exists("agent-ip-last-ms_m_" + RETIRED_CONTROL));
        catalogue.ask(redis -> redis.srem("group_hand", RETIRED, RETIRED_CONTROL));
        watch.awaitWithin(
                System.nanoTime(),
                Duration.ofSeconds(5),
                () -> !catalogue.isErrListed("m", RETIRED)
                        && catalogue.ask(redis -> redis.keys("*" + RETIRED)).isEmpty()
                        && catalogue
                                .ask(redis -> redis.keys("*" + RETIRED_CONTROL))
                                .isEmpty());
        // For what is on its way to the responder.
        Thread.sleep(500);
        long removedNanos = System.nanoTime();
        Thread.sleep(3_000);
        for (String address : List.of(RETIRED, RETIRED_CONTROL)) {
            assertEquals(0, requestsSince(address, removedNanos).length, address + " is still probed");
            assertFalse(catalogue.status("m").containsKey(address), address);
            assertTrue(catalogue.ask(redis -> redis.keys("*" + address)).isEmpty(), address);
        }
    }

    /** The replies come in time, only the key of the job lives shorter than its cadence: the expired event alone decides. */
    @Test
    void anExpiredKeyIsListedAtOnce() throws Exception {
        catalogue.group("short", SHORT_LIVED);
        catalogue.ask(redis ->
                redis.set("agent_x_short", Catalogue.definition("short", "@every 12s", "\"pttl\":2,", "short")));
        catalogue.ask(redis -> redis.sadd("agent-jobs_x", "short"));
        // A memory check that never comes while this runs.
        try (Agent agent = lab.start("x", "err-list.check-spec", "0 0 1 1 *", "redis.status-interval", "1s")) {
            IpAddress address = Addresses.parse(SHORT_LIVED);
            await().atMost(PATIENCE).until(() -> lab.responder().requestTimes(address).length > 0);
            long probedNanos = lab.responder().requestTimes(address)[0];
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(PATIENCE)
                    .until(() -> catalogue.isErrListed("x", SHORT_LIVED));
            long nanos = System.nanoTime() - probedNanos;
            assertTrue(nanos >= 2 * SECOND_NANOS, "after " + nanos / 1e9 + " s");
            long slackNanos = watch.slackNanos(probedNanos, Duration.ofSeconds(1));
            // A writer that stood still does not take an expired key for silence: then it is one of a later round.
            assertTrue(
                    nanos < 4 * SECOND_NANOS + slackNanos || slackNanos > SECOND_NANOS, "after " + nanos / 1e9 + " s");
            assertTrue(agent.engine().targetCount() == 1);
        }
    }
}
