package io.pingagent.e2e;

import io.pingagent.e2e.IntervalCheck.Run;
import io.pingagent.e2e.IntervalCheck.Sums;
import io.pingagent.e2e.ItemHistory.Row;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Command;
import io.pingagent.testkit.TrapperTap;
import io.pingagent.testkit.TunResponder.Count;
import io.pingagent.testkit.TunResponder.Request;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Measures what the bridge promises, by hand, as root; see {@link #USAGE}. Everything is real and with default settings of
 * the agent: jobs every 10 s, a push interval of 60 s. Ends with status 1 where a promise is not kept.
 */
final class ZabbixAcceptance {

    private static final String USAGE = """
            ZabbixAcceptance outages [COUNT=10]
                from the first lost probe to the problem, at a cadence of 10 s
            ZabbixAcceptance stop [ADDRESSES=1000] [MINUTES=10]
                values missing after the server was away so long, the agent killed in the middle
            ZabbixAcceptance feed [ADDRESSES=5000] [MINUTES=10]
                values refused and missing after the discovery
            needs -Dpingagent.dist=target/ping-agent""";

    private static final long SECOND = 1_000_000_000L;
    private static final long CADENCE_NANOS = 10 * SECOND;
    private static final long PUSH_NANOS = 60 * SECOND;
    /** A value's stamp is so much older than the moment it is taken, and the rounds of a busy machine are late. */
    private static final long SLACK_NANOS = CADENCE_NANOS + 5 * SECOND;

    /** What a server for some 10,000 items is given. */
    private static final String[] LARGE_SERVER = {
        "CacheUpdateFrequency=60",
        "CacheSize=256M",
        "HistoryCacheSize=64M",
        "HistoryIndexCacheSize=64M",
        "TrendCacheSize=64M",
        "ValueCacheSize=256M"
    };

    /** The agent's own memory and speed, not what the tests give it. */
    private static final String JAVA_OPTIONS = "PING_AGENT_JAVA_OPTS=";

    private static final String AGENT = "gza";

    private final ZabbixLab lab;
    private final String hostId;
    private final long startNanos = System.nanoTime();
    private Path configuration = Path.of("");
    private boolean kept = true;

    private ZabbixAcceptance(ZabbixLab lab) throws IOException {
        this.lab = lab;
        this.hostId = lab.host(AGENT);
        lab.responder().behave(Behaviour.delayed(Duration.ofMillis(5)));
    }

    public static void main(String[] arguments) throws Exception {
        String command = arguments.length == 0 ? "" : arguments[0];
        int first = arguments.length < 2 ? 0 : Integer.parseInt(arguments[1]);
        int second = arguments.length < 3 ? 10 : Integer.parseInt(arguments[2]);
        boolean kept;
        switch (command) {
            case "outages" -> {
                try (ZabbixLab lab = new ZabbixLab()) {
                    kept = new ZabbixAcceptance(lab).outages(first == 0 ? 10 : first);
                }
            }
            case "stop" -> {
                try (ZabbixLab lab = new ZabbixLab(LARGE_SERVER)) {
                    kept = new ZabbixAcceptance(lab).stop(first == 0 ? 1_000 : first, second);
                }
            }
            case "feed" -> {
                try (ZabbixLab lab = new ZabbixLab(LARGE_SERVER)) {
                    kept = new ZabbixAcceptance(lab).feed(first == 0 ? 5_000 : first, second);
                }
            }
            default -> {
                System.err.println(USAGE);
                System.exit(64);
                return;
            }
        }
        System.exit(kept ? 0 : 1);
    }

    // -- outages --

    private boolean outages(int count) throws Exception {
        List<String> addresses = Catalogue.range("10.9.1.1", 2 * count + 10);
        AgentProcess agent = start(addresses, List.of());
        await(120, "the status of every address", agent, () -> {
            ItemHistory history = ItemHistory.of(lab.zabbix(), hostId, "ping.status[%");
            return addresses.stream()
                    .noneMatch(address ->
                            history.of(ItemHistory.key("ping.status", address)).isEmpty());
        });
        say("outages: %d addresses known and up", addresses.size());
        double[] toClock = new double[count];
        double[] toApi = new double[count];
        double[] silence = new double[count];
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Outages begin at all phases of the cadence alike.
            long phaseNanos = CADENCE_NANOS * (2 * i + 1) / (2L * count);
            TimeUnit.NANOSECONDS.sleep(Math.floorMod(phaseNanos - ZabbixLab.wallNanos(), CADENCE_NANOS));
            String address = addresses.get(i);
            String name = "Ping " + address + ": Down";
            long silentNanos = System.nanoTime();
            lab.responder().behave(address, Behaviour.silent());
            await(120, name, agent, () -> lab.problems(hostId).containsKey(name));
            long seenNanos = System.nanoTime();
            long lostNanos = lab.requests(address).stream()
                    .filter(request -> !request.answered())
                    .mapToLong(Request::timeNanos)
                    .min()
                    .orElseThrow();
            var problem = lab.problems(hostId).get(name);
            long clockNanos = problem.get("clock").getAsLong() * SECOND
                    + problem.get("ns").getAsLong();
            toClock[i] = (clockNanos - ZabbixLab.wallNanos(lostNanos)) / 1e9;
            toApi[i] = (seenNanos - lostNanos) / 1e9;
            silence[i] = (seenNanos - silentNanos) / 1e9;
            lines.add(String.format(
                    "  %-9s silent at phase %4.1f s: first lost probe to problem's clock %5.2f s, to the API %5.2f s;"
                            + " silence to the API %5.2f s",
                    address, phaseNanos / 1e9, toClock[i], toApi[i], silence[i]));
            lab.responder().behave(address, Behaviour.delayed(Duration.ofMillis(5)));
            await(120, "end of " + name, agent, () -> !lab.problems(hostId).containsKey(name));
        }
        say(
                "RESULT outages (%d, jobs every 10 s, default settings and template, API asked every 0.25 s; %s)",
                count, load());
        lines.forEach(System.out::println);
        System.out.printf(
                "  median: first lost probe to problem's clock %.2f s, to the API %.2f s; silence to the API %.2f s%n",
                median(toClock), median(toApi), median(silence));
        System.out.printf(
                "  worst:  first lost probe to problem's clock %.2f s, to the API %.2f s; silence to the API %.2f s%n",
                max(toClock), max(toApi), max(silence));
        promise("median from the first lost probe to the problem in the API at most 10 s", median(toApi) <= 10);
        return kept;
    }

    // -- stop --

    private boolean stop(int count, int minutes) throws Exception {
        List<String> addresses = addresses(count);
        AgentProcess first = start(addresses, List.of());
        long firstFromNanos = awaitSettled(addresses, first);
        pause(70);
        say("stop: the server is stopped for %d min", minutes);
        long awayFromNanos = ZabbixLab.wallNanos();
        lab.zabbix().stopServer();
        pause(30L * minutes);
        say("stop: %d values wait; the agent is killed", buffered());
        first.signal("KILL");
        first.awaitEnd(20);
        long killedNanoTime = System.nanoTime();
        long killedNanos = ZabbixLab.wallNanos();
        long requestsBefore = lab.responder().count(Count.REQUESTS);
        AgentProcess second = agent();
        await(
                60,
                "the first probe of the second agent",
                second,
                () -> lab.responder().count(Count.REQUESTS) > requestsBefore);
        long secondFromNanos = lab.responder().requests().stream()
                .mapToLong(Request::timeNanos)
                .filter(nanos -> nanos > killedNanoTime)
                .map(ZabbixLab::wallNanos)
                .findFirst()
                .orElseThrow();
        pause(60L * minutes - TimeUnit.NANOSECONDS.toSeconds(ZabbixLab.wallNanos() - awayFromNanos));
        long waiting = buffered();
        say("stop: %d values wait; the server is started", waiting);
        lab.zabbix().startServer();
        long awayUntilNanos = ZabbixLab.wallNanos();
        long startedNanos = System.nanoTime();
        await(600, "an empty buffer", second, () -> buffered() < count);
        double drainSeconds = (System.nanoTime() - startedNanos) / 1e9;
        say("stop: the backlog is sent after %.1f s; two more push intervals", drainSeconds);
        pause(130);
        long untilNanos = ZabbixLab.wallNanos() - 5 * SECOND;
        pause(10);
        // What the server still has in its cache goes to the database now.
        lab.zabbix().stopServer();

        Run[] runs = {new Run(firstFromNanos, killedNanos), new Run(secondFromNanos, untilNanos)};
        say(
                "RESULT stop (%d addresses x 6 items at 60 s, server away %.0f s, kill -9 of the agent after %.0f s of it; %s)",
                count, (awayUntilNanos - awayFromNanos) / 1e9, (killedNanos - awayFromNanos) / 1e9, load());
        check(addresses, runs, awayFromNanos, awayUntilNanos);
        System.out.printf("  waiting when the server came back: %d values; sent after %.1f s%n", waiting, drainSeconds);
        System.out.println("  problems that began on the host: " + lab.problemNames(hostId));
        agentTold(second);
        return kept;
    }

    // -- feed --

    private boolean feed(int count, int minutes) throws Exception {
        List<String> addresses = addresses(count);
        try (TrapperTap tap = TrapperTap.before(lab.namespace(), lab.zabbix().serverPort())) {
            AgentProcess agent = start(addresses, List.of("servers: [\"127.0.0.1:" + tap.port() + "\"]"));
            long fromNanos = awaitSettled(addresses, agent);
            long settledNanos = System.nanoTime();
            say(
                    "feed: discovery settled %.0f s after the agent's start; fed for %d min",
                    (settledNanos - startNanos) / 1e9, minutes);
            long ticksBefore = cpuTicks(agent);
            long largestKib = 0;
            long[] kib = new long[2 * minutes];
            for (int i = 0; i < kib.length; i++) {
                pause(30);
                kib[i] = residentKib(agent);
                largestKib = Math.max(largestKib, kib[i]);
            }
            double fedSeconds = (System.nanoTime() - settledNanos) / 1e9;
            double cpuSeconds = (cpuTicks(agent) - ticksBefore) / 100.0;
            long untilNanos = ZabbixLab.wallNanos();
            pause(20);
            List<TrapperTap.Answer> answers = tap.answers();
            long refusedBefore = 0;
            long refused = 0;
            long taken = 0;
            long packets = 0;
            for (TrapperTap.Answer answer : answers) {
                if (answer.timeNanos() < settledNanos) {
                    refusedBefore += answer.failed();
                } else {
                    refused += answer.failed();
                    taken += answer.processed();
                    packets++;
                }
            }
            String log = lab.zabbix().serverLog();
            agentTold(agent);
            lab.zabbix().stopServer();
            say(
                    "RESULT feed (%d addresses x 6 items at 60 s, fed for %.0f s after the discovery settled; %s)",
                    count, fedSeconds, load());
            System.out.printf(
                    "  answers of the server: %d packets, %d values taken, %d refused (before it settled: %d refused)%n",
                    packets, taken, refused, refusedBefore);
            check(addresses, new Run[] {new Run(fromNanos, untilNanos)}, untilNanos, untilNanos);
            System.out.printf(
                    "  agent: %.1f s of CPU in %.0f s = %.1f %% of a core; resident %d MiB, at most %d MiB%n",
                    cpuSeconds,
                    fedSeconds,
                    100 * cpuSeconds / fedSeconds,
                    kib[kib.length - 1] / 1024,
                    largestKib / 1024);
            long suspicious = log.lines()
                    .filter(line -> line.matches(".*(cannot|error|failed|became not supported).*"))
                    .count();
            System.out.println("  problems that began on the host: " + lab.problemNames(hostId));
            System.out.printf(
                    "  server's log: %d lines, %d suspicious%n", log.lines().count(), suspicious);
            log.lines()
                    .filter(line -> line.matches(".*(cannot|error|failed|became not supported).*"))
                    .limit(5)
                    .forEach(line -> System.out.println("    " + line));
            promise("no value refused after the discovery settled", refused == 0 && tap.incomprehensible() == 0);
        }
        return kept;
    }

    // -- both --

    private static List<String> addresses(int count) {
        return Catalogue.range("10.9.16.1", count);
    }

    private AgentProcess start(List<String> addresses, List<String> zabbixLines) throws IOException {
        lab.catalogue().group("core", addresses).job("ten", "*/10 * * * * *", "core");
        configuration = lab.configuration(AGENT, zabbixLines);
        return agent();
    }

    private AgentProcess agent() throws IOException {
        return lab.agent(configuration, JAVA_OPTIONS);
    }

    /**
     * Waits until every address has a value of every item, and nothing waits but what was measured just now.
     *
     * @return the first probe, Unix nanoseconds
     */
    private long awaitSettled(List<String> addresses, AgentProcess agent) throws Exception {
        long items = 6L * addresses.size();
        await(
                900,
                "the discovery of " + items + " items",
                agent,
                () -> count("select count(*) from items i where i.hostid = " + hostId
                                + " and i.flags = 4 and i.key_ not like 'ping.errlist%'")
                        == items);
        say("%d items are discovered", items);
        await(
                900,
                "a value of each",
                agent,
                () -> count("select count(*) from items i where i.hostid = " + hostId
                                        + " and i.flags = 4 and i.key_ not like 'ping.errlist%'"
                                        + " and not exists (select from history h where h.itemid = i.itemid)"
                                        + " and not exists (select from history_uint h where h.itemid = i.itemid)")
                                == 0
                        && buffered() < items / 6);
        return ZabbixLab.wallNanos(lab.responder().requests().get(0).timeNanos());
    }

    private void check(List<String> addresses, Run[] runs, long awayFromNanos, long awayUntilNanos) {
        ItemHistory history = ItemHistory.of(lab.zabbix(), hostId, "ping.%[%");
        IntervalCheck check = new IntervalCheck(PUSH_NANOS, SLACK_NANOS, runs);
        Sums all = Sums.NONE;
        Map<IpAddress, long[]> requestTimes = lab.responder().requestTimes();
        long changes = 0;
        long whileAway = 0;
        long withoutProbe = 0;
        long implausible = 0;
        long fewest = Long.MAX_VALUE;
        long most = 0;
        long lossy = 0;
        long firstJitters = 0;
        for (String address : addresses) {
            List<Row> losses = history.of(ItemHistory.key("ping.loss", address));
            Set<Long> stamps =
                    new HashSet<>(losses.stream().map(Row::stampNanos).toList());
            long[] arrivals = requestTimes.getOrDefault(Addresses.parse(address), new long[0]);
            for (String item : ZabbixLab.ITEMS) {
                List<Row> rows = history.of(ItemHistory.key(item, address));
                if (item.equals("ping.status")) {
                    // Beside one per interval there are changes: up at the start of each run.
                    int before = rows.size();
                    rows = rows.stream()
                            .filter(row -> stamps.contains(row.stampNanos()))
                            .toList();
                    changes += before - rows.size();
                }
                Sums sums = check.check(rows);
                if (item.equals("ping.jitter") && sums.missing() > 0) {
                    // A run's first interval has no jitter where it has one reply only.
                    int times = history.of(ItemHistory.key("ping.rtt", address)).size();
                    if (times - rows.size() <= runs.length) {
                        firstJitters += sums.missing();
                        sums = new Sums(sums.values(), 0, sums.extra(), sums.strays());
                    }
                }
                all = all.plus(sums);
                fewest = Math.min(fewest, rows.size());
                most = Math.max(most, rows.size());
                for (Row row : rows) {
                    whileAway += row.stampNanos() >= awayFromNanos && row.stampNanos() <= awayUntilNanos ? 1 : 0;
                    implausible += plausible(item, row.value()) ? 0 : 1;
                    withoutProbe += measured(row.stampNanos(), arrivals) ? 0 : 1;
                }
            }
            lossy += losses.stream().filter(row -> row.value().signum() > 0).count();
        }
        System.out.printf(
                "  values looked at: %d (%d to %d per item), of them measured while the server was away: %d;"
                        + " changes of status beside: %d%n",
                all.values(), fewest, most, whileAway, changes);
        System.out.printf(
                "  missing: %d   in an interval that has one already: %d   outside of the agent's runs: %d   same item,"
                        + " clock and ns: %d%n",
                all.missing(), all.extra(), all.strays(), history.doubled());
        System.out.printf(
                "  stamped when nothing was probed: %d   implausible: %d   intervals with loss: %d   first intervals"
                        + " without jitter (one reply): %d%n",
                withoutProbe, implausible, lossy, firstJitters);
        Map<String, Long> places = new TreeMap<>();
        for (IntervalCheck.Hole hole : check.holes()) {
            Run run = runs[hole.run()];
            String place = String.format(
                    "run %d, after %s, before %s",
                    hole.run() + 1,
                    hole.afterNanos() == run.fromNanos() ? "its start" : tens(hole.afterNanos() - awayFromNanos),
                    hole.beforeNanos() == run.untilNanos() ? "its end" : tens(hole.beforeNanos() - awayFromNanos));
            places.merge(place, hole.missing(), Long::sum);
        }
        places.forEach((place, missing) -> System.out.printf("    %d missing in %s%n", missing, place));
        long ends = lab.zabbix()
                .serverLog()
                .lines()
                .filter(line -> line.contains("Zabbix Server stopped"))
                .count();
        System.out.printf("  the server ended in order %d times%n", ends);
        promise(
                "every interval of every item has one value with its own stamp",
                all.faultless() && history.doubled() == 0 && withoutProbe == 0 && implausible == 0);
    }

    /** To ten seconds. */
    private static String tens(long sinceAwayNanos) {
        return Math.floorDiv(sinceAwayNanos, CADENCE_NANOS) * 10 + " s";
    }

    /** 5 ms is the delay of every reply. */
    private static boolean plausible(String item, BigDecimal value) {
        double number = value.doubleValue();
        return switch (item) {
            case "ping.status" -> number == 0 || number == 1;
            case "ping.loss" -> number >= 0 && number <= 100;
            case "ping.jitter" -> number >= 0 && number < 1;
            default -> number >= 0.005 && number < 1;
        };
    }

    /** Whether a probe arrived at the responder within the timeout before; a lost one counts 1 s later. */
    private static boolean measured(long stampNanos, long[] arrivals) {
        long stamp = stampNanos - ZabbixLab.wallNanos() + System.nanoTime() + SECOND / 20;
        int at = Arrays.binarySearch(arrivals, stamp);
        int before = at >= 0 ? at : -at - 2;
        return before >= 0 && stamp - arrivals[before] < 2 * SECOND;
    }

    private long buffered() {
        var zabbix = lab.catalogue().stats(AGENT).getAsJsonObject("zabbix");
        return zabbix == null ? Long.MAX_VALUE : zabbix.get("buffered").getAsLong();
    }

    private long count(String sql) {
        return Long.parseLong(lab.zabbix().sql(sql));
    }

    private void agentTold(AgentProcess agent) {
        System.out.println("  agent's stats: " + lab.catalogue().stats(AGENT).get("zabbix"));
        agent.log()
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR ") || line.contains("Zabbix"))
                .limit(12)
                .forEach(line -> System.out.println("  agent's log: " + line));
    }

    private static long cpuTicks(AgentProcess agent) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + agent.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long residentKib(AgentProcess agent) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    private static String load() throws IOException {
        return Command.check("uptime").strip().replaceFirst(".*load", "load");
    }

    private void promise(String what, boolean isKept) {
        System.out.println((isKept ? "  kept:   " : "  BROKEN: ") + what);
        kept &= isKept;
    }

    private void say(String format, Object... arguments) {
        System.out.printf("[%6.1f s] ", (System.nanoTime() - startNanos) / 1e9);
        System.out.printf(format, arguments);
        System.out.println();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    private static void pause(long seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
    }

    private static void await(int seconds, String what, AgentProcess agent, Callable<Boolean> condition)
            throws Exception {
        long deadlineNanos = System.nanoTime() + seconds * SECOND;
        while (!condition.call()) {
            if (System.nanoTime() > deadlineNanos || !agent.isAlive()) {
                throw new IllegalStateException("no " + what + " within " + seconds + " s:\n" + agent.log());
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }
}
