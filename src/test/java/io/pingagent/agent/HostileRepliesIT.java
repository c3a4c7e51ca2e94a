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
import io.pingagent.testkit.Behaviour.Answer;
import io.pingagent.testkit.MachineWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twenty rounds against networks that answer wrongly, each address in a way of its own, over IPv4 and IPv6. */
@Tag("root")
class HostileRepliesIT {

    private static final int ROUNDS = 20;
    /** Longer than a busy machine holds up the responder. */
    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> LOSSY = new ArrayList<>(Catalogue.range("10.9.20.1", 100));
    private static final List<String> LOSSY_V6 = Catalogue.range("fd00:9::20:1", 50);

    private static final Map<String, String> DECEIVED = new TreeMap<>();
    private static final Map<String, String> HONEST_TOO = new TreeMap<>();
    private static final Map<String, String> ERRORS = new TreeMap<>();
    private static int nextHost = 1;

    private static AgentLab lab;
    private static Map<String, JsonObject> status;
    private static JsonObject stats;
    private static Set<String> keys;
    private static Set<String> errList;
    private static Map<String, Long> errorsListedAfterMillis;
    private static long slackMillis;

    @BeforeAll
    static void probe() throws Exception {
        lab = new AgentLab("hostile");
        Behaviour honest = Behaviour.honest();
        for (Answer answer : List.of(
                Answer.CORRUPT,
                Answer.FORGED,
                Answer.PADDED,
                Answer.FOREIGN_SOURCE,
                Answer.WRONG_IDENTIFIER,
                Answer.WRONG_SEQUENCE,
                Answer.GARBAGE)) {
            behave(DECEIVED, answer.name(), honest.answering(answer));
            behave(
                    HONEST_TOO,
                    answer + " before the right reply",
                    honest.answering(answer).andHonest());
        }
        for (int bytes : new int[] {0, 4, 12, 31, 40, 55}) {
            behave(DECEIVED, "truncated to " + bytes, honest.truncatedTo(bytes));
        }
        behave(DECEIVED, "late", Behaviour.delayed(TIMEOUT.plusMillis(200)));
        behave(HONEST_TOO, "duplicates", honest.duplicated(3, Duration.ofMillis(2)));
        behave(HONEST_TOO, "late duplicates", honest.duplicated(1, Duration.ofMillis(700)));
        behave(HONEST_TOO, "IP options", honest.withOptions());
        for (Answer answer : Answer.values()) {
            if (!isError(answer)) {
                continue;
            }
            behave(ERRORS, answer.name(), honest.answering(answer));
            // Eight bytes prove nothing, so only the reply or its absence decides.
            Behaviour shortQuote = honest.answering(answer).quoting(8);
            behave(DECEIVED, answer + ", short quote", shortQuote);
            behave(HONEST_TOO, answer + ", short quote, before the right reply", shortQuote.andHonest());
            behave(
                    ERRORS,
                    answer + ", options in quote",
                    honest.answering(answer).withOptionsInQuote());
        }
        lab.responder().behave("10.9.20.0/24", honest.losing(0.2));
        lab.responder().behave("fd00:9::20:0/112", honest.losing(0.2));
        Catalogue catalogue = lab.catalogue();
        catalogue.group("deceived", List.copyOf(DECEIVED.keySet()));
        catalogue.group("honest-too", List.copyOf(HONEST_TOO.keySet()));
        catalogue.group("errors", List.copyOf(ERRORS.keySet()));
        catalogue.group("lossy", LOSSY);
        catalogue.group("lossy6", LOSSY_V6);
        catalogue.job("all", "@every 1s", "deceived", "honest-too", "lossy", "lossy6");
        // So patient that only an error can settle a probe while this test runs.
        catalogue.jobWith("\"timeout\":50,", "errors", "@every 1s", "errors");
        Agent agent = lab.start("h", "redis.status-interval", "5s", "probe.timeout", TIMEOUT.toMillis() + "ms");
        await().atMost(PATIENCE).until(() -> lab.responder().requests().size() > 10);
        errorsListedAfterMillis = new TreeMap<>();
        try (MachineWatch watch = new MachineWatch()) {
            long startNanos = System.nanoTime();
            while (!errorsListedAfterMillis.keySet().containsAll(ERRORS.keySet())
                    && System.nanoTime() - startNanos < PATIENCE.toNanos() / 2) {
                for (String address : catalogue.ask(redis -> redis.smembers("agent-err-list_h"))) {
                    errorsListedAfterMillis.putIfAbsent(address, (System.nanoTime() - startNanos) / 1_000_000);
                }
                Thread.sleep(100);
            }
            slackMillis = watch.slackNanos(Duration.ofSeconds(1)) / 1_000_000;
        }
        await().atMost(PATIENCE).until(() -> {
            Map<IpAddress, long[]> times = lab.responder().requestTimes();
            return times.values().stream().allMatch(ofOne -> ofOne.length >= ROUNDS);
        });
        errList = catalogue.ask(redis -> redis.smembers("agent-err-list_h"));
        keys = catalogue.ask(redis -> redis.keys("agent-ip-last-ms_h_*"));
        agent.close();
        stats = catalogue.stats("h");
        status = catalogue.status("h");
    }

    /** One address of each family. */
    private static void behave(Map<String, String> group, String what, Behaviour behaviour) {
        for (String prefix : List.of("10.9.10.", "fd00:9::10:")) {
            String address = Addresses.parse(prefix + nextHost).toString();
            lab.responder().behave(address, behaviour);
            group.put(address, what);
        }
        nextHost++;
    }

    private static boolean isError(Answer answer) {
        return switch (answer) {
            case NET_UNREACHABLE,
                    HOST_UNREACHABLE,
                    PORT_UNREACHABLE,
                    ADMIN_PROHIBITED,
                    TOO_BIG,
                    TIME_EXCEEDED,
                    PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static int requests(String address) {
        return lab.responder().requestTimes(Addresses.parse(address)).length;
    }

    private static int sent(String address) {
        return status.get(address).get("SendCount").getAsInt();
    }

    private static int received(String address) {
        return status.get(address).get("ReturnCount").getAsInt();
    }

    @Test
    void whatIsNotTheRightReplyIsNotReceived() {
        DECEIVED.forEach((address, what) -> {
            assertEquals(0, received(address), what + " from " + address);
            assertTrue(sent(address) >= ROUNDS - 2, what + " from " + address + ": sent " + sent(address));
            assertTrue(errList.contains(address), what + ": " + address + " is not on the err list");
            assertFalse(keys.contains("agent-ip-last-ms_h_" + address), what + " from " + address);
        });
    }

    @Test
    void theRightReplyCountsOnceWhateverComesAlong() {
        int uncounted = 0;
        for (String address : HONEST_TOO.keySet()) {
            uncounted += requests(address) - sent(address);
        }
        // None on a machine that never stands still for a second.
        long invalidated = stats.get("invalidated").getAsLong();
        assertTrue(uncounted <= invalidated, uncounted + " not counted, " + invalidated + " invalidated");
        HONEST_TOO.forEach((address, what) -> {
            assertTrue(sent(address) > 0, what + " from " + address);
            assertEquals(sent(address), received(address), what + " from " + address);
            assertFalse(errList.contains(address), what + ": " + address + " is on the err list");
            assertTrue(keys.contains("agent-ip-last-ms_h_" + address), what + " from " + address);
        });
    }

    @Test
    void anErrorSettlesItsProbeAtOnce() {
        ERRORS.forEach((address, what) -> {
            assertEquals(0, received(address), what + " from " + address);
            assertTrue(sent(address) >= ROUNDS - 3, what + " from " + address + ": settled " + sent(address));
            Long afterMillis = errorsListedAfterMillis.get(address);
            assertTrue(
                    afterMillis != null && afterMillis < 4_000 + slackMillis,
                    what + ": " + address + " after " + afterMillis);
        });
    }

    @Test
    void lossReadsAsItIs() {
        assertLoss(LOSSY);
        assertLoss(LOSSY_V6);
    }

    private static void assertLoss(List<String> addresses) {
        int sent = 0;
        int received = 0;
        int uncounted = 0;
        for (String address : addresses) {
            assertTrue(sent(address) <= requests(address), address);
            uncounted += requests(address) - sent(address);
            sent += sent(address);
            received += received(address);
        }
        // A machine that stands still for a second makes the agent disregard what was in flight, and say so.
        long invalidated = stats.get("invalidated").getAsLong();
        assertTrue(uncounted <= invalidated, uncounted + " not counted, " + invalidated + " invalidated");
        double loss = 1 - (double) received / sent;
        // Five standard deviations.
        double margin = 5 * Math.sqrt(0.2 * 0.8 / sent);
        assertEquals(0.2, loss, margin, received + " of " + sent);
    }

    @Test
    void everyKindIsCounted() {
        assertTrue(stats.get("late").getAsLong() > 0, stats.toString());
        assertTrue(stats.get("duplicates").getAsLong() >= 2 * 3 * (ROUNDS - 3), stats.toString());
        assertTrue(stats.get("unreachable").getAsLong() >= ERRORS.size() * (ROUNDS - 3L), stats.toString());
        Set<String> reasons = new HashSet<>(stats.getAsJsonObject("refused").keySet());
        assertTrue(reasons.contains("checksum"), reasons.toString());
        assertTrue(reasons.contains("tag"), reasons.toString());
        assertTrue(reasons.contains("short_quote"), reasons.toString());
        assertTrue(reasons.contains("foreign_source"), reasons.toString());
        assertTrue(
                reasons.stream().anyMatch(reason -> reason.equals("truncated") || reason.equals("length")),
                reasons.toString());
    }
}
