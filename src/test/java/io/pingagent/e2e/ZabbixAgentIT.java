package io.pingagent.e2e;

import static io.pingagent.e2e.ItemHistory.key;
import static io.pingagent.e2e.ZabbixLab.ITEMS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.e2e.ItemHistory.Row;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder.Request;
import io.pingagent.testkit.ZabbixAgentd;
import io.pingagent.zabbix.AgentItem;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ping-agent run} beside a real Zabbix server: from probes to items, values and problems. */
@Timeout(300)
@Tag("root")
class ZabbixAgentIT {

    private static final String FAST = "10.9.1.1";
    private static final String SLOW = "10.9.1.2";
    private static final String LOSSY = "10.9.1.3";
    private static final String V6 = "fd00:9::1:4";
    private static final String VICTIM = "10.9.1.5";
    private static final List<String> CORE = List.of(FAST, SLOW, V6);
    private static final List<String> EDGE = List.of(LOSSY, VICTIM);

    /** For agents that see only a part. */
    private static final String PART_WELL = "10.9.2.1";

    private static final String PART_LOSSY = "10.9.2.2";

    private static final long SECOND = 1_000_000_000L;
    private static final long INTERVAL_NANOS = 5 * SECOND;
    private static final long CADENCE_NANOS = SECOND;
    /** In the middle between two probes, so that verdicts and replies do not mix. */
    private static final long TIMEOUT_NANOS = 600_000_000L;

    /** What a busy machine may take to notice a reply, or that there is none. */
    private static final long LATENESS_NANOS = 390_000_000L;

    private static final long CLOCK_ERROR_NANOS = 10_000_000L;

    private static final Map<String, Long> DELAYS_MILLIS = Map.of(FAST, 5L, SLOW, 200L, LOSSY, 5L, V6, 5L, VICTIM, 5L);

    private static ZabbixLab lab;
    private static String hostId;
    private static AgentProcess agent;

    @BeforeAll
    static void start() throws Exception {
        ZabbixLab.require();
        lab = new ZabbixLab();
        DELAYS_MILLIS.forEach(
                (address, millis) -> lab.responder().behave(address, Behaviour.delayed(Duration.ofMillis(millis))));
        lab.responder().behave(PART_LOSSY, Behaviour.honest().losing(0.5));
        lab.catalogue().group("core", CORE).group("edge", EDGE);
        lab.catalogue().group("core2", PART_WELL).group("edge2", PART_LOSSY);
        lab.catalogue().jobOf("gza", "second", "* * * * * *", "core", "edge");
        for (String name : List.of("gzb", "gzc")) {
            lab.catalogue().jobOf(name, "second", "* * * * * *", "core2", "edge2");
        }
        hostId = lab.host("gza");
        agent = lab.agent(lab.configuration("gza", List.of("push-interval: 5s"), "probe: {timeout: 600ms}"));
        // Once it is up, so that its status follows from its probes.
        ZabbixLab.until(agent::log, () -> lab.requests(LOSSY).size() >= 2);
        lab.responder().behave(LOSSY, Behaviour.delayed(Duration.ofMillis(5)).losing(0.3));
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static String report() {
        return agent.log() + lab.zabbix().serverLog();
    }

    private static List<String> addresses() {
        List<String> all = new ArrayList<>(CORE);
        all.addAll(EDGE);
        return all;
    }

    private static boolean hasValue(String host, String item, String address) {
        return lab.lastValue(host, key(item, address)) != null;
    }

    @Test
    void everyAddressAndTheAgentItselfHaveTheirItems() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (String address : addresses()) {
            ITEMS.forEach(item -> expected.add(key(item, address)));
        }
        ZabbixLab.until(
                ZabbixAgentIT::report, () -> lab.api().items(hostId).keySet().containsAll(expected));
        Map<String, JsonObject> items = lab.api().items(hostId);
        Set<String> ofAddresses = new TreeSet<>(items.keySet());
        ofAddresses.removeIf(item -> item.startsWith("ping.agent.") || item.startsWith("ping.errlist."));
        assertEquals(expected, ofAddresses);
        JsonObject item = items.get(key("ping.rtt", V6));
        assertEquals("Ping " + V6 + ": Round-trip time, avg", item.get("name").getAsString());
        Set<String> tags = new TreeSet<>();
        for (JsonElement tag : item.getAsJsonArray("tags")) {
            tags.add(tag.getAsJsonObject().get("tag").getAsString() + "="
                    + tag.getAsJsonObject().get("value").getAsString());
        }
        assertTrue(tags.containsAll(Set.of("group=core", "job=second", "address=" + V6)), tags.toString());
        assertTrue(lab.api().triggers(hostId).containsKey("Ping " + VICTIM + ": Down"));

        for (String name : items.keySet()) {
            if (name.startsWith("ping.agent.")) {
                // Counters are stored as differences, so from the second value on.
                ZabbixLab.until(
                        () -> name + "\n" + report(),
                        () -> Set.of("ping.agent.version", "ping.agent.problems.text")
                                        .contains(name)
                                ? !lab.api().history(items.get(name)).isEmpty()
                                : lab.lastValue(hostId, name) != null);
            }
        }
        assertEquals(
                AgentItem.values().length,
                items.keySet().stream()
                        .filter(name -> name.startsWith("ping.agent."))
                        .count());
        assertEquals(
                "none",
                lab.api().history(items.get("ping.agent.problems.text")).get(0).value());
        String version =
                lab.api().history(items.get("ping.agent.version")).get(0).value();
        assertEquals(lab.catalogue().stats("gza").get("version").getAsString(), version);
        assertTrue(version.matches("\\d+\\.\\d+.*"), version);
        ZabbixLab.until(ZabbixAgentIT::report, () -> "5".equals(lab.lastValue(hostId, "ping.agent.targets")));
        ZabbixLab.until(ZabbixAgentIT::report, () -> {
            long size = lab.catalogue().ask(redis -> redis.scard("agent-err-list_gza"));
            return size > 0 && Long.toString(size).equals(lab.lastValue(hostId, "ping.agent.errlist.size"));
        });
        assertEquals("1", lab.lastValue(hostId, "ping.agent.redis.state"));
        assertEquals("0", lab.lastValue(hostId, "ping.agent.buffer.dropped"));
        Row heartbeat = last(lab.history(hostId).of("ping.agent.heartbeat"));
        assertEquals(heartbeat.stampNanos() / SECOND, heartbeat.value().longValueExact());
        // The rule over the err list, too.
        ZabbixLab.until(
                ZabbixAgentIT::report, () -> lab.api().items(hostId).containsKey(key("ping.errlist.loss", LOSSY)));
        assertEquals(
                "",
                lab.api()
                        .discoveryRules(hostId)
                        .get("ping.discovery")
                        .get("error")
                        .getAsString());
    }

    private static Row last(List<Row> rows) {
        return rows.get(rows.size() - 1);
    }

    /** A probe as the responder saw it. */
    private record Probe(long settledNanos, boolean answered) {}

    private static List<Probe> probes(String address) {
        List<Probe> probes = new ArrayList<>();
        for (Request request : lab.requests(address)) {
            // A busy responder is late, with its replies, too; the agent's patience begins when it sends.
            long settledNanos = request.answered()
                    ? ZabbixLab.wallNanos(request.timeNanos()) + DELAYS_MILLIS.get(address) * 1_000_000L
                    : ZabbixLab.sentWallNanos(request) + TIMEOUT_NANOS;
            probes.add(new Probe(settledNanos, request.answered()));
        }
        probes.sort(Comparator.comparingLong(Probe::settledNanos));
        return probes;
    }

    /** The last probe that was settled by then, an answered one if wanted. */
    private static int settledBy(List<Probe> probes, long wallNanos, boolean answered) {
        int found = -1;
        for (int i = 0; i < probes.size(); i++) {
            if (probes.get(i).settledNanos <= wallNanos + CLOCK_ERROR_NANOS && (probes.get(i).answered || !answered)) {
                found = i;
            }
        }
        assertTrue(found >= 0, "no probe before " + wallNanos);
        return found;
    }

    @Test
    void valuesAreWhatTheResponderDidAndWhen() throws InterruptedException {
        List<String> watched = List.of(FAST, SLOW, LOSSY, V6);
        ZabbixLab.until(ZabbixAgentIT::report, () -> {
            ItemHistory history = lab.history(hostId);
            return watched.stream()
                    .allMatch(address -> history.of(key("ping.loss", address)).size() >= 7);
        });
        ItemHistory history = lab.history(hostId);
        assertEquals(0, history.doubled());
        // Until the statistics are newer than this history.
        Thread.sleep(2_500);
        JsonObject stats = lab.catalogue().stats("gza");
        boolean replyWasLate = Stream.of("late", "invalidated", "receiverStalls")
                .anyMatch(count -> stats.get(count).getAsLong() > 0);
        for (String address : watched) {
            List<Probe> probes = probes(address);
            List<Row> losses = history.of(key("ping.loss", address));
            IntervalCheck check = new IntervalCheck(
                    INTERVAL_NANOS,
                    2 * CADENCE_NANOS + TIMEOUT_NANOS,
                    new IntervalCheck.Run(
                            probes.get(0).settledNanos, last(losses).stampNanos() + CLOCK_ERROR_NANOS));
            boolean isExact = checkLosses(address, probes, losses, replyWasLate);
            for (String item : ITEMS) {
                List<Row> rows = history.of(key(item, address));
                if (item.equals("ping.status")) {
                    checkStatus(probes, rows, losses, isExact);
                } else if (!address.equals(LOSSY) || item.equals("ping.loss")) {
                    // Five lost in a row leave an interval of the lossy one without times.
                    IntervalCheck.Sums sums = check.check(rows);
                    assertTrue(sums.faultless(), item + " of " + address + ": " + sums + " " + rows);
                }
            }
            checkTimes(address, probes, history);
        }
    }

    /** One with every loss, and one at every change; what they say follows from the probes. */
    private static void checkStatus(List<Probe> probes, List<Row> statuses, List<Row> losses, boolean isExact) {
        Set<Long> stamps = statuses.stream().map(Row::stampNanos).collect(Collectors.toSet());
        // Those at the ends may be on their way.
        for (Row loss : losses.subList(1, losses.size() - 1)) {
            assertTrue(stamps.contains(loss.stampNanos()), loss + " " + statuses);
        }
        if (!isExact) {
            return;
        }
        int changes = 1;
        boolean up = true;
        int inARow = 0;
        int at = 0;
        for (Row status : statuses) {
            for (int settled = settledBy(probes, status.stampNanos(), false); at <= settled; at++) {
                inARow = probes.get(at).answered ? Math.max(0, inARow) + 1 : Math.min(0, inARow) - 1;
                boolean changed = up ? inARow <= -3 : inARow >= 3;
                up ^= changed;
                changes += changed ? 1 : 0;
            }
            assertEquals(up ? 1 : 0, status.value().intValueExact(), status + " of " + probes);
        }
        assertTrue(statuses.size() <= losses.size() + changes + 1, statuses.toString());
    }

    /** @return false if this machine was too busy to tell in which interval a probe was settled */
    private static boolean checkLosses(String address, List<Probe> probes, List<Row> losses, boolean replyWasLate) {
        int before = -1;
        int lostInAll = 0;
        for (Row row : losses) {
            int at = settledBy(probes, row.stampNanos(), false);
            long latenessNanos = row.stampNanos() - probes.get(at).settledNanos;
            assertTrue(
                    latenessNanos < CADENCE_NANOS, address + " stamped " + latenessNanos + " ns after its last probe");
            int sent = at - before;
            long lost = probes.subList(before + 1, at + 1).stream()
                    .filter(probe -> !probe.answered)
                    .count();
            lostInAll += (int) lost;
            before = at;
            if (replyWasLate || latenessNanos > LATENESS_NANOS) {
                System.out.println("note: this machine is too busy to compare the loss of " + address + " exactly");
                return false;
            }
            assertEquals(
                    Math.round(1e6 * lost / sent) / 1e4,
                    row.value().doubleValue(),
                    1e-9,
                    address + ": " + lost + " of " + sent + " lost at " + row);
        }
        assertEquals(address.equals(LOSSY), lostInAll > 0, address + " lost " + lostInAll);
        return true;
    }

    private static void checkTimes(String address, List<Probe> probes, ItemHistory history) {
        List<Row> means = history.of(key("ping.rtt", address));
        List<Row> minima = history.of(key("ping.rtt.min", address));
        List<Row> maxima = history.of(key("ping.rtt.max", address));
        BigDecimal delay = BigDecimal.valueOf(DELAYS_MILLIS.get(address), 3);
        // The newest may be on their way.
        int count = Math.min(means.size(), Math.min(minima.size(), maxima.size()));
        assertTrue(count >= 5, "times of " + address + ": " + count);
        double[] all = new double[count];
        for (int i = 0; i < count; i++) {
            Row mean = means.get(i);
            String shown = address + " " + minima.get(i) + " " + mean + " " + maxima.get(i);
            assertTrue(
                    mean.stampNanos() == minima.get(i).stampNanos()
                            && mean.stampNanos() == maxima.get(i).stampNanos(),
                    shown);
            assertTrue(
                    minima.get(i).value().compareTo(delay) >= 0
                            && mean.value().compareTo(minima.get(i).value()) >= 0
                            && maxima.get(i).value().compareTo(mean.value()) >= 0
                            && maxima.get(i).value().doubleValue() <= TIMEOUT_NANOS / 1e9,
                    shown);
            Probe probe = probes.get(settledBy(probes, mean.stampNanos(), true));
            assertTrue(mean.stampNanos() - probe.settledNanos < TIMEOUT_NANOS, shown + " " + probe);
            all[i] = mean.value().subtract(delay).doubleValue();
        }
        Arrays.sort(all);
        assertTrue(all[count / 2] < 0.15, address + " takes " + Arrays.toString(all) + " s longer than it should");
        for (Row jitter : history.of(key("ping.jitter", address))) {
            assertTrue(jitter.value().signum() >= 0 && jitter.value().doubleValue() < 0.6, jitter.toString());
        }
    }

    @Test
    void anOutageBecomesAProblemAndEndsIt() throws Exception {
        String problem = "Ping " + VICTIM + ": Down";
        ZabbixLab.until(ZabbixAgentIT::report, () -> hasValue(hostId, "ping.rtt", VICTIM));
        assertFalse(lab.problemNames(hostId).contains(problem));
        lab.responder().behave(VICTIM, Behaviour.silent());
        ZabbixLab.until(ZabbixAgentIT::report, () -> lab.problems(hostId).containsKey(problem));
        long seenNanos = System.nanoTime();
        long firstLostNanos = lab.requests(VICTIM).stream()
                .filter(request -> !request.answered())
                .mapToLong(Request::timeNanos)
                .min()
                .orElseThrow();
        JsonObject found = lab.problems(hostId).get(problem);
        long clockNanos =
                found.get("clock").getAsLong() * SECOND + found.get("ns").getAsLong();
        System.out.printf(
                "outage at a cadence of 1 s: problem's clock %.2f s, seen through the API %.2f s after the first lost probe%n",
                (clockNanos - ZabbixLab.wallNanos(firstLostNanos)) / 1e9, (seenNanos - firstLostNanos) / 1e9);
        // Whole intervals of silence: all is lost, and there is no time.
        String loss = key("ping.loss", VICTIM);
        ZabbixLab.until(ZabbixAgentIT::report, () -> {
            List<Row> losses = lab.history(hostId).of(loss);
            int size = losses.size();
            return size >= 2
                    && losses.subList(size - 2, size).stream()
                            .allMatch(row -> row.value().compareTo(BigDecimal.valueOf(100)) == 0);
        });
        ItemHistory down = lab.history(hostId);
        assertEquals(0, last(down.of(key("ping.status", VICTIM))).value().signum());
        long firstLostWallNanos = ZabbixLab.wallNanos(firstLostNanos);
        for (String item : ITEMS.subList(2, ITEMS.size())) {
            // None at all of the jitter if the outage came after the first reply.
            assertTrue(
                    down.of(key(item, VICTIM)).stream()
                            .allMatch(row -> row.stampNanos() < firstLostWallNanos + CLOCK_ERROR_NANOS),
                    item + " while down");
        }

        lab.responder().behave(VICTIM, Behaviour.delayed(Duration.ofMillis(5)));
        ZabbixLab.until(ZabbixAgentIT::report, () -> !lab.problems(hostId).containsKey(problem));
        ItemHistory up = lab.history(hostId);
        StringBuilder statuses = new StringBuilder();
        for (Row row : up.of(key("ping.status", VICTIM))) {
            statuses.append(row.value());
        }
        assertTrue(statuses.toString().matches("1+0+1+"), statuses.toString());
        ZabbixLab.until(ZabbixAgentIT::report, () -> {
            List<Row> times = lab.history(hostId).of(key("ping.rtt", VICTIM));
            return !times.isEmpty() && last(times).stampNanos() > ZabbixLab.wallNanos(seenNanos);
        });
        assertEquals(
                1, lab.problemNames(hostId).stream().filter(problem::equals).count());
    }

    @Test
    void userParametersTellTheSame() throws Exception {
        Requires.program("redis-cli", "redis-tools");
        ZabbixAgentd.require();
        Path file = Files.write(
                lab.directory().resolve("userparameters.conf"),
                List.of("url=" + lab.redis().url(), "agent=gza"));
        String command = "env PING_AGENT_REDIS_CONF=" + file + ' '
                + Path.of("userparameters/ping-agent-redis").toAbsolutePath();
        List<String> lines = Files.readAllLines(Path.of("userparameters/ping-agent.conf")).stream()
                .map(line -> line.replace("/usr/share/ping-agent/userparameters/ping-agent-redis", command))
                .toList();
        ZabbixLab.until(
                ZabbixAgentIT::report, () -> lab.catalogue().status("gza").size() == 5);
        try (ZabbixAgentd agentd = ZabbixAgentd.started(lines)) {
            assertEquals("1", agentd.get("ping.redis.online[gza]"));
            ZabbixLab.until(agentd::log, () -> {
                String millis = agentd.get("ping.redis.last[gza," + SLOW + "]");
                return millis.matches("\\d+") && Integer.parseInt(millis) >= 200 && Integer.parseInt(millis) < 600;
            });
            assertEquals("1", agentd.get("ping.redis.status[gza," + FAST + "]"));
            ZabbixLab.until(agentd::log, () -> {
                Set<String> errList = lab.catalogue().ask(redis -> redis.smembers("agent-err-list_gza"));
                Set<String> told = new TreeSet<>();
                for (JsonElement row : JsonParser.parseString(agentd.get("ping.redis.errlist.discovery[]"))
                        .getAsJsonArray()) {
                    told.add(row.getAsJsonObject().get("{#IP}").getAsString());
                }
                return errList.contains(LOSSY)
                        && told.equals(errList)
                        && agentd.get("ping.redis.errlist.size[]").equals(Integer.toString(errList.size()));
            });
        }
    }

    @Test
    void onlyTheGroupsAndItemsAndErrListThatAreWanted() throws Exception {
        String partId = lab.host("gzb");
        String errListId = lab.host("gzc");
        AgentProcess part = lab.agent(
                lab.configuration("gzb", List.of("push-interval: 3s", "groups: [core2]", "items: [status, loss]")));
        // A responder that is held up must not bring the good address on the err list.
        AgentProcess errListOnly = lab.agent(lab.configuration(
                "gzc",
                List.of("push-interval: 3s", "err-list-only: true"),
                "err-list: {recover-loss: 0.1%}",
                "probe: {timeout: 5s}"));
        ZabbixLab.until(() -> part.log() + lab.zabbix().serverLog(), () -> {
            return lab.history(partId).of(key("ping.loss", PART_WELL)).size() >= 3;
        });
        ItemHistory ofPart = lab.history(partId);
        Set<String> keys = new TreeSet<>(ofPart.keys());
        keys.removeIf(name -> name.startsWith("ping.agent."));
        assertEquals(Set.of(key("ping.status", PART_WELL), key("ping.loss", PART_WELL)), keys);
        assertFalse(lab.api().items(partId).containsKey(key("ping.status", PART_LOSSY)));

        ZabbixLab.until(() -> errListOnly.log() + lab.zabbix().serverLog(), () -> {
            return lab.history(errListId).of(key("ping.loss", PART_LOSSY)).size() >= 3;
        });
        assertTrue(lab.api().items(errListId).containsKey(key("ping.loss", PART_WELL)));
        ItemHistory ofErrList = lab.history(errListId);
        for (String item : ITEMS) {
            List<Row> rows = ofErrList.of(key(item, PART_WELL));
            // A change of status is always told: here that it is up.
            assertEquals(item.equals("ping.status") ? 1 : 0, rows.size(), item + ": " + rows);
        }
        Set<String> problems = new TreeSet<>(lab.problems(partId).keySet());
        // A busy machine may give the agent problems of its own.
        problems.removeIf(problem -> problem.startsWith("Ping agent: "));
        assertEquals(Set.of(), problems);
    }

    @Test
    void commandsWorkWithoutARunningAgent() throws Exception {
        lab.catalogue().jobOf("gzd", "second", "* * * * * *", "core2", "edge2");
        Path configuration = lab.configuration("gzd", List.of("groups: [core2]"));
        InstalledFiles.Result discovery = lab.command(configuration, "zabbix", "discovery");
        assertEquals(0, discovery.exitStatus(), discovery.err());
        assertEquals(
                JsonParser.parseString("[{\"{#IP}\":\"" + PART_WELL
                        + "\",\"{#GROUP}\":\"core2\",\"{#JOB}\":\"second\",\"{#AGENT}\":\"gzd\",\"{#NAME}\":\""
                        + PART_WELL + "\",\"{#LABELS}\":\"\",\"{#PARENT}\":\"\",\"{#LABEL.SITE}\":\"\",\"{#WHO}\":\""
                        + PART_WELL + "\",\"{#ITEMS}\":\"\"}]"),
                JsonParser.parseString(discovery.out()));

        // No such host yet.
        InstalledFiles.Result doctor = lab.command(configuration, "doctor", "--json");
        assertEquals(78, doctor.exitStatus(), doctor.out() + doctor.err());
        assertEquals("fail", outcome(doctor, "zabbix"));
        assertTrue(doctor.out().contains("does not know host 'gzd'"), doctor.out());
        InstalledFiles.Result refused = lab.command(configuration, "zabbix", "send");
        assertEquals(78, refused.exitStatus(), refused.out() + refused.err());
        assertTrue(refused.err().contains("of host 'gzd'"), refused.err());

        String id = lab.host("gzd");
        assertEquals("ok", outcome(lab.command(configuration, "doctor", "--json"), "zabbix"));
        // The first push makes the items, which take values from the next on.
        ZabbixLab.until(
                refused::err, () -> lab.command(configuration, "zabbix", "send").exitStatus() == 0);
        // The server writes a second later.
        ZabbixLab.until(refused::err, () -> ITEMS.stream().allMatch(item -> hasValue(id, item, PART_WELL)));
        assertEquals("1", lab.lastValue(id, key("ping.status", PART_WELL)));
        assertEquals(0, Double.parseDouble(lab.lastValue(id, key("ping.loss", PART_WELL))));
    }

    private static String outcome(InstalledFiles.Result doctor, String what) {
        for (JsonElement check : JsonParser.parseString(doctor.out()).getAsJsonArray()) {
            if (check.getAsJsonObject().get("check").getAsString().equals(what)) {
                return check.getAsJsonObject().get("outcome").getAsString();
            }
        }
        return "none in " + doctor.out();
    }
}
