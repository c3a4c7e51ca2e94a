package io.pingagent.agent;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.e2e.Catalogue;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Cadence;
import io.pingagent.testkit.MachineWatch;
import io.pingagent.testkit.Requires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import redis.clients.jedis.Jedis;

/**
 * Half a minute of two agents, {@code a} and {@code a_b}, on one Redis: a probes 220 addresses at 2 s and 5 s behind 5 ms
 * and 200 ms, by jobs of both layouts; a_b a few more, in the other formats. The tests look at what was gathered meanwhile.
 */
@Tag("root")
class ProbingIT {

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int WATCHED_SECONDS = 30;
    /** From here on gaps and round-trip times are not the agent's. */
    private static final int STALL_MILLIS = 100;

    private static final int ATTEMPTS = 3;

    private static final String SHARED = "10.9.7.1";
    private static final String SILENT = "10.9.8.1";
    /** In the 2 s job and in the 5 s job. */
    private static final String BOTH = "10.9.6.1";

    private static final List<String> FAST_NEAR = new ArrayList<>(Catalogue.range("10.9.1.1", 41));
    private static final List<String> FAST_FAR = Catalogue.range("10.9.2.1", 55);
    private static final List<String> SLOW_NEAR = new ArrayList<>(Catalogue.range("10.9.3.1", 45));
    private static final List<String> SLOW_FAR = new ArrayList<>(Catalogue.range("10.9.4.1", 55));

    private static AgentLab lab;
    private static long stalledMillis;
    /** What the stalls meanwhile explain, see {@link MachineWatch#slackNanos}. */
    private static long slackNanos;

    /** A failure on a machine that was too busy for all attempts proves nothing. */
    @RegisterExtension
    static final TestExecutionExceptionHandler ON_A_BUSY_MACHINE = (context, failure) -> {
        if (failure instanceof AssertionError && stalledMillis >= STALL_MILLIS && !Requires.ci()) {
            Assumptions.abort("the machine was too busy, it stood still for " + stalledMillis + " ms: " + failure);
        }
        throw failure;
    };

    private static final Map<String, List<Double>> LAST_MS = new TreeMap<>();
    private static final Map<String, Long> SHORTEST_TTL = new TreeMap<>();
    private static final Map<String, Long> LONGEST_TTL = new TreeMap<>();
    private static final Set<String> KEYS = new TreeSet<>();
    private static final Set<String> EVER_ERR_LISTED = new TreeSet<>();
    private static final Map<String, String> TYPES = new TreeMap<>();
    private static final Map<String, String> TEXTS = new TreeMap<>();
    private static final Map<String, Long> TTLS = new TreeMap<>();

    /** Of a, read while it ran, with the number of requests the responder had seen 4 s before and just then. */
    private static Map<String, JsonObject> midStatus;

    private static Map<IpAddress, Integer> seenBefore;
    private static Map<IpAddress, Integer> seenThen;
    private static Map<String, JsonObject> otherStatus;
    private static JsonObject stats;
    private static Map<IpAddress, long[]> requestsOfA;
    private static Map<String, JsonObject> finalStatus;
    private static JsonObject finalStats;
    private static Map<IpAddress, long[]> requestsBeforeOther;
    private static Set<String> keysAfterA;

    @BeforeAll
    static void probeOnACalmMachine() throws Exception {
        // A network in CIDR form has 14 hosts.
        FAST_NEAR.addAll(Catalogue.range("10.9.1.129", 14));
        SLOW_NEAR.addAll(Catalogue.range("fd00:9::3:1", 10));
        watchedProbe();
        for (int attempt = 1; attempt < ATTEMPTS && stalledMillis >= STALL_MILLIS && !isAsItShouldBe(); attempt++) {
            System.out.println("once more: the machine stood still for " + stalledMillis + " ms meanwhile");
            lab.close();
            List.of(LAST_MS, SHORTEST_TTL, LONGEST_TTL, TYPES, TEXTS, TTLS).forEach(Map::clear);
            KEYS.clear();
            EVER_ERR_LISTED.clear();
            watchedProbe();
        }
    }

    private static void watchedProbe() throws Exception {
        try (MachineWatch watch = new MachineWatch()) {
            probe();
            stalledMillis = watch.longestStallMillis();
            slackNanos = watch.slackNanos(Duration.ofSeconds(1));
        }
    }

    private static boolean isAsItShouldBe() {
        ProbingIT judge = new ProbingIT();
        try {
            judge.everyAddressIsProbedRegularly();
            judge.lastMsIsTheTruth();
            judge.lastMsLivesForTwoRoundsAndATimeout();
            judge.keysAreThoseOfTheContract();
            judge.statusIsWhatTheResponderSaw();
            judge.statusAtTheEndCountsEveryRequest();
            judge.anAddressOfTwoJobsHasOneState();
            judge.nobodyWhoAnswersIsEverOnTheErrList();
            judge.theErrListIsProbedEverySecond();
            judge.theOtherAgentKeepsToItsOwnKeys();
            judge.whatCannotBeUsedIsToldByKey();
            return true;
        } catch (AssertionError | RuntimeException e) {
            System.out.println("not as it should be: " + e.getMessage());
            return false;
        }
    }

    private static void probe() throws Exception {
        lab = new AgentLab("probing");
        lab.responder().behave("10.9.0.0/16", Behaviour.delayed(Duration.ofMillis(5)));
        lab.responder().behave("fd00:9::/64", Behaviour.delayed(Duration.ofMillis(5)));
        lab.responder().behave("10.9.2.0/24", Behaviour.delayed(Duration.ofMillis(200)));
        lab.responder().behave("10.9.4.0/24", Behaviour.delayed(Duration.ofMillis(200)));
        lab.responder().behave(SILENT, Behaviour.silent());
        Catalogue catalogue = lab.catalogue();
        catalogue
                .group("fast-near", FAST_NEAR.subList(0, 41))
                .group("fast-net", "10.9.1.128/28")
                .group("fast-far", FAST_FAR)
                .group("slow-near", SLOW_NEAR)
                .group("shared", SHARED)
                .group("both", BOTH)
                .group("own", SILENT, "10.9.8.2");
        // The earlier layout's list of groups.
        catalogue.ask(redis -> redis.sadd("group_slow-far", SLOW_FAR.toArray(String[]::new)));
        catalogue.ask(redis -> redis.sadd("groups-list", "slow-far"));
        catalogue.job("shared", "*/2 * * * * *", "shared");
        // a's jobs: one defined for everybody, one only for a, which wins over the definition for everybody.
        catalogue.ask(redis -> redis.set(
                "job_fast",
                Catalogue.definition("fast", "*/2 * * * * *", "", "fast-near", "fast-net", "fast-far", "both")));
        catalogue.ask(redis -> redis.sadd("agent-jobs_a", "fast"));
        catalogue.jobOf("a", "slow", "*/5 * * * * *", "slow-near", "slow-far", "both");
        catalogue.ask(redis -> redis.set("job_slow", Catalogue.definition("slow", "0 0 * * *", "", "own")));
        catalogue.jobOf("a_b", "own", "@every 2s", "own");
        // What cannot be used must not disturb the rest.
        catalogue.jobText("broken", "{\"SPEC\":");
        catalogue.job("aimless", "*/2 * * * * *", "nowhere");
        catalogue.group("mixed", "10.9.7.2", "not-an-address");
        catalogue.job("mixed", "*/2 * * * * *", "mixed");

        Agent a = lab.start("a", "redis.status-interval", "2s");
        Agent other = lab.start(
                "a_b", "redis.status-interval", "1s", "redis.last-ms-format", "decimal", "redis.per-ip-status", "true");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> lab.responder().requests().size() > 50);
        watch();
        a.close();
        finalStatus = catalogue.status("a");
        finalStats = catalogue.stats("a");
        requestsOfA = withoutOther(lab.responder().requestTimes());
        KEYS.addAll(catalogue.ask(redis -> redis.keys("*")));
        keysAfterA = catalogue.ask(redis -> redis.keys("*"));
        other.close();
    }

    /** Twice a second, what Redis says. */
    private static void watch() throws Exception {
        long endNanos = System.nanoTime() + WATCHED_SECONDS * SECOND_NANOS;
        try (Jedis redis = lab.catalogue().connect()) {
            Thread.sleep(6_000);
            while (endNanos - System.nanoTime() > 0) {
                for (String key : redis.keys("agent-ip-last-ms_a_*")) {
                    long ttlMillis = redis.pttl(key);
                    String text = redis.get(key);
                    if (text == null) {
                        continue;
                    }
                    String rest = key.substring("agent-ip-last-ms_a_".length());
                    if (!rest.startsWith("b_")) {
                        assertTrue(Pattern.matches("[1-9][0-9]*", text), key + " is " + text);
                    }
                    LAST_MS.computeIfAbsent(rest, unused -> new ArrayList<>()).add(Double.valueOf(text));
                    SHORTEST_TTL.merge(rest, ttlMillis, Math::min);
                    LONGEST_TTL.merge(rest, ttlMillis, Math::max);
                }
                KEYS.addAll(redis.keys("*"));
                for (String key : List.of("agent-err-list_a", "agent-err-list_a_b")) {
                    redis.smembers(key).forEach(member -> EVER_ERR_LISTED.add(key + " " + member));
                }
                Thread.sleep(500);
            }
            for (String key : KEYS) {
                TYPES.put(key, redis.type(key));
                TTLS.put(key, redis.pttl(key));
                if (redis.type(key).equals("string")) {
                    TEXTS.put(key, redis.get(key));
                }
            }
            TEXTS.put("agents", new TreeSet<>(redis.smembers("agent-list")).toString());
        }
        seenBefore = counts();
        Thread.sleep(4_000);
        midStatus = lab.catalogue().status("a");
        seenThen = counts();
        otherStatus = lab.catalogue().status("a_b");
        stats = lab.catalogue().stats("a");
        requestsBeforeOther = lab.responder().requestTimes();
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static Map<IpAddress, Integer> counts() {
        Map<IpAddress, Integer> counts = new TreeMap<>();
        lab.responder().requestTimes().forEach((address, times) -> counts.put(address, times.length));
        return counts;
    }

    /** Addresses that only a probes. */
    private static Map<IpAddress, long[]> withoutOther(Map<IpAddress, long[]> times) {
        Map<IpAddress, long[]> own = new TreeMap<>(times);
        for (String text : List.of(SHARED, SILENT, "10.9.8.2", "10.9.7.2")) {
            own.remove(Addresses.parse(text));
        }
        return own;
    }

    private static List<String> all220() {
        List<String> all = new ArrayList<>();
        List.of(FAST_NEAR, FAST_FAR, SLOW_NEAR, SLOW_FAR).forEach(all::addAll);
        assertEquals(220, new HashSet<>(all).size());
        return all;
    }

    private static List<long[]> times(List<String> near, List<String> far) {
        List<long[]> times = new ArrayList<>();
        near.forEach(text -> times.add(requestsOfA.get(Addresses.parse(text))));
        far.forEach(text -> times.add(requestsOfA.get(Addresses.parse(text))));
        return times;
    }

    @Test
    void everyAddressIsProbedRegularly() {
        assertCadence(times(FAST_NEAR, FAST_FAR), Duration.ofSeconds(2));
        assertCadence(times(SLOW_NEAR, SLOW_FAR), Duration.ofSeconds(5));
    }

    private static void assertCadence(List<long[]> times, Duration every) {
        Cadence cadence = Cadence.of(times, every);
        String said = cadence.toString();
        assertEquals(110, cadence.addresses(), said);
        assertTrue(
                cadence.requests() >= 110L * ((WATCHED_SECONDS - slackNanos / SECOND_NANOS) / every.toSeconds()), said);
        assertTrue(cadence.isKept(every, slackNanos), said);
        // What a stall held up comes in one burst.
        assertTrue(cadence.largestShare() <= 0.3 + (double) slackNanos / every.toNanos(), said);
    }

    @Test
    void lastMsIsTheTruth() {
        assertRtt(FAST_NEAR, 5, 9);
        assertRtt(SLOW_NEAR, 5, 9);
        assertRtt(FAST_FAR, 200, 215);
        assertRtt(SLOW_FAR, 200, 215);
    }

    /** On a machine with other work some replies really take longer, because the responder wakes late; none takes less. */
    private static void assertRtt(List<String> addresses, int least, int most) {
        List<Double> values = new ArrayList<>();
        for (String address : addresses) {
            List<Double> own = LAST_MS.get(address);
            assertTrue(own != null, address + " has no last-ms");
            values.addAll(own);
        }
        values.sort(null);
        assertTrue(values.get(0) >= least, "a reply cannot be back after " + values.get(0) + " ms");
        long tooLong = values.stream().filter(value -> value > most).count();
        assertTrue(tooLong * 10 <= values.size(), "above " + most + " ms: " + tooLong + " of " + values.size());
    }

    @Test
    void lastMsLivesForTwoRoundsAndATimeout() {
        assertTtl(FAST_NEAR, 5_000, 2_000);
        assertTtl(FAST_FAR, 5_000, 2_000);
        assertTtl(SLOW_NEAR, 11_000, 5_000);
        assertTtl(SLOW_FAR, 11_000, 5_000);
        // Of several jobs, the shortest.
        assertTtl(List.of(BOTH), 5_000, 2_000);
    }

    private static void assertTtl(List<String> addresses, long ttlMillis, long cadenceMillis) {
        for (String address : addresses) {
            assertTrue(LONGEST_TTL.get(address) <= ttlMillis, address + " lives for " + LONGEST_TTL.get(address));
            assertTrue(
                    LONGEST_TTL.get(address) > ttlMillis - cadenceMillis,
                    address + " lives for only " + LONGEST_TTL.get(address));
            assertTrue(
                    SHORTEST_TTL.get(address) > ttlMillis - 1.3 * cadenceMillis - 700 - slackNanos / 1e6,
                    address + " is not renewed: " + SHORTEST_TTL.get(address));
        }
    }

    @Test
    void keysAreThoseOfTheContract() {
        Pattern contract = Pattern.compile(
                "agent-list|(agent-online|agent-owner|agent-catalogue|agent-err-list|agent-all-ip-status|agent-stats)_(a|a_b)"
                        + "|agent-ip-last-ms_(a|a_b)_[0-9a-f.:]+|ip_a_b_[0-9a-f.:]+"
                        + "|agent-jobs_(a|a_b)|agent_a_slow|agent_a_b_own|job-list|job_[a-z]+|groups?-list|group_[a-z-]+");
        assertEquals(
                List.of(),
                KEYS.stream().filter(key -> !contract.matcher(key).matches()).toList());
        Set<String> lastMs = new TreeSet<>();
        KEYS.stream()
                .filter(key -> key.startsWith("agent-ip-last-ms_a_1") || key.startsWith("agent-ip-last-ms_a_f"))
                .forEach(lastMs::add);
        assertEquals(220 + 3, lastMs.size(), lastMs.toString());
        assertEquals("[a, a_b]", TEXTS.get("agents"));
        Map.of("a", 2_000, "a_b", 1_000).forEach((agent, statusMillis) -> {
            assertEquals("set", TYPES.get("agent-list"));
            assertEquals("online", TEXTS.get("agent-online_" + agent));
            long onlineMillis = TTLS.get("agent-online_" + agent);
            assertTrue(onlineMillis > 15_000 && onlineMillis <= 30_000, "online for " + onlineMillis);
            assertEquals("string", TYPES.get("agent-all-ip-status_" + agent));
            long statsMillis = TTLS.get("agent-stats_" + agent);
            assertTrue(statsMillis > statusMillis && statsMillis <= 3 * statusMillis, "stats live for " + statsMillis);
        });
    }

    @Test
    void statusIsWhatTheResponderSaw() {
        Set<String> expected = new TreeSet<>(all220());
        expected.addAll(List.of(SHARED, BOTH, "10.9.7.2"));
        assertEquals(expected, midStatus.keySet());
        for (String text : all220()) {
            JsonObject entry = midStatus.get(text);
            assertEquals(List.of("SendCount", "ReturnCount", "ip", "InErrList"), List.copyOf(entry.keySet()));
            assertEquals(text, entry.get("ip").getAsString());
            assertFalse(isCalm() && entry.get("InErrList").getAsBoolean(), text);
            int sent = entry.get("SendCount").getAsInt();
            assertTrue(sent == entry.get("ReturnCount").getAsInt() || !isCalm(), text);
            IpAddress address = Addresses.parse(text);
            // Never those in flight; and not older than the interval.
            assertTrue(
                    sent <= seenThen.get(address) && (sent >= seenBefore.get(address) || !isCalm()),
                    text + ": " + sent + " of " + seenBefore.get(address) + " to " + seenThen.get(address));
        }
    }

    @Test
    void statusAtTheEndCountsEveryRequest() {
        int uncounted = 0;
        int unanswered = 0;
        for (String text : all220()) {
            int requests = requestsOfA.get(Addresses.parse(text)).length;
            int sent = finalStatus.get(text).get("SendCount").getAsInt();
            assertTrue(sent == requests || !isCalm(), text + ": " + sent + " of " + requests);
            uncounted += requests - sent;
            unanswered += sent - finalStatus.get(text).get("ReturnCount").getAsInt();
        }
        assertTrue(uncounted <= finalStats.get("invalidated").getAsInt(), uncounted + " not counted: " + finalStats);
        assertTrue(unanswered <= finalStats.get("lost").getAsInt(), unanswered + " not answered: " + finalStats);
        assertTrue(unanswered == 0 || !isCalm(), unanswered + " not answered");
    }

    /** No stall was so long that the responder answered after the timeout, or probes did not count. */
    private static boolean isCalm() {
        return stalledMillis < 800;
    }

    @Test
    void anAddressOfTwoJobsHasOneState() {
        long[] times = requestsOfA.get(Addresses.parse(BOTH));
        int sent = finalStatus.get(BOTH).get("SendCount").getAsInt();
        assertTrue(sent == times.length || !isCalm(), sent + " of " + times.length);
        int fast = requestsOfA.get(Addresses.parse(FAST_NEAR.get(0))).length;
        int slow = requestsOfA.get(Addresses.parse(SLOW_NEAR.get(0))).length;
        assertEquals(fast + slow, times.length, 2 + slackNanos / 1e9);
    }

    @Test
    void nobodyWhoAnswersIsEverOnTheErrList() {
        if (isCalm()) {
            assertEquals(Set.of("agent-err-list_a_b " + SILENT), EVER_ERR_LISTED);
        } else {
            assertTrue(EVER_ERR_LISTED.contains("agent-err-list_a_b " + SILENT));
        }
    }

    @Test
    void theErrListIsProbedEverySecond() {
        long[] times = requestsBeforeOther.get(Addresses.parse(SILENT));
        long[] late = Arrays.copyOfRange(times, times.length - 20, times.length);
        Cadence cadence = Cadence.of(List.of(late), Duration.ofSeconds(1));
        assertTrue(cadence.isKept(Duration.ofSeconds(1), slackNanos), cadence.toString());
        JsonObject entry = otherStatus.get(SILENT);
        assertTrue(entry.get("InErrList").getAsBoolean());
        assertEquals(0, entry.get("ReturnCount").getAsInt());
    }

    @Test
    void theOtherAgentKeepsToItsOwnKeys() {
        assertEquals(Set.of(SHARED, "10.9.7.2", SILENT, "10.9.8.2"), otherStatus.keySet());
        assertFalse(LAST_MS.containsKey("10.9.8.2"), "a has a key of an address of a_b");
        assertFalse(LAST_MS.containsKey("b_" + SILENT));
        String decimal = TEXTS.get("agent-ip-last-ms_a_b_10.9.8.2");
        assertTrue(Pattern.matches("[5-9]\\.[0-9]{3}", decimal), decimal);
        JsonObject perIp = JsonParser.parseString(TEXTS.get("ip_a_b_10.9.8.2")).getAsJsonObject();
        assertEquals(Set.of("send_count", "return_count", "ip", "err"), perIp.keySet());
        assertEquals("10.9.8.2", perIp.get("ip").getAsString());
        assertFalse(perIp.get("err").getAsBoolean());
        assertTrue(TTLS.get("ip_a_b_10.9.8.2") > 0);
        assertFalse(keysAfterA.contains("agent-online_a"));
        assertFalse(keysAfterA.contains("agent-owner_a"));
        assertTrue(keysAfterA.contains("agent-online_a_b"));
        assertTrue(keysAfterA.contains("agent-ip-last-ms_a_b_10.9.8.2"));
        assertNull(TEXTS.get("ip_a_" + SHARED));
    }

    @Test
    void whatCannotBeUsedIsToldByKey() {
        List<String> problems = new ArrayList<>();
        for (JsonElement problem : stats.getAsJsonArray("problems")) {
            JsonObject object = problem.getAsJsonObject();
            problems.add(object.get("where").getAsString() + ": "
                    + object.get("what").getAsString());
            assertFalse(object.get("remedy").getAsString().isEmpty(), object.toString());
        }
        assertEquals(3, problems.size(), problems.toString());
        for (String key : List.of("job_broken", "nowhere", "group_mixed")) {
            assertEquals(
                    1,
                    problems.stream().filter(problem -> problem.contains(key)).count(),
                    key + " in " + problems);
        }
        assertTrue(problems.toString().contains("not-an-address"), problems.toString());
        assertEquals(223, stats.get("targets").getAsInt());
        for (String count : List.of("lost", "late", "overruns")) {
            assertTrue(stats.get(count).getAsInt() == 0 || !isCalm(), count + " in " + stats);
        }
        assertEquals("{}", stats.get("refused").toString());
        assertEquals(
                "SUBSCRIBED",
                stats.getAsJsonObject("redis").get("notifications").getAsString());
    }
}
