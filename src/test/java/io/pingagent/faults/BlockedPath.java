package io.pingagent.faults;

import static io.pingagent.faults.FaultResult.seconds;
import static org.awaitility.Awaitility.await;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Many live addresses beside a path that takes no packets: probes of the live ones per 10 s before the path is blocked, which
 * is the control, and after. One thread.
 */
final class BlockedPath {

    static final int CADENCE_SECONDS = 10;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int CONTROL_SECONDS = 2 * CADENCE_SECONDS;
    /** Until the dead ones are on the err list and all the kernel's queues are full. */
    private static final int FILLING_SECONDS = CADENCE_SECONDS;

    private static final int BLOCKED_SECONDS = 3 * CADENCE_SECONDS;
    private static final double LEAST_SHARE = 0.95;

    /**
     * What was seen.
     *
     * @param controlProbes of live addresses per 10 s
     * @param blockedProbes likewise, while the path is blocked
     * @param blockedRate packets a second for the affected ones that reached the kernel's output, 0 if not counted
     */
    record Result(
            String name,
            double controlProbes,
            double blockedProbes,
            long longestGapNanos,
            int falseEntries,
            int affected,
            int listed,
            long listedNanos,
            double blockedRate,
            List<String> failures) {

        String markdown() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f (%.1f %%) | %s | %d | %s | %s |",
                    name,
                    controlProbes,
                    blockedProbes,
                    100 * blockedProbes / controlProbes,
                    seconds(longestGapNanos),
                    falseEntries,
                    listed + " of " + affected + (listed == 0 ? "" : ", after " + seconds(listedNanos)),
                    blockedRate == 0 ? "–" : String.format(Locale.ROOT, "%.0f", blockedRate));
        }
    }

    private final String name;
    private final Fault.Step prepare;
    private final Fault.Step block;
    private final List<String> live;
    private final List<String> affected;
    private int listedSeconds = Integer.MAX_VALUE;
    private String affectedNetwork = "";
    private double leastRate;
    private boolean isListingFalse;

    /** @param prepare makes links and jobs, of the live ones too */
    BlockedPath(String name, List<String> live, List<String> affected, Fault.Step prepare, Fault.Step block) {
        this.name = name;
        this.live = live;
        this.affected = affected;
        this.prepare = prepare;
        this.block = block;
    }

    String name() {
        return name;
    }

    /** All affected addresses have to be on the err list so soon. */
    BlockedPath listedWithin(int seconds) {
        listedSeconds = seconds;
        return this;
    }

    /** None of the affected addresses may be on the err list: they answer. */
    BlockedPath listsNobody() {
        isListingFalse = true;
        return this;
    }

    /** So many packets a second for this network have to reach the kernel's output. */
    BlockedPath probed(String network, double perSecond) {
        affectedNetwork = network;
        leastRate = perSecond;
        return this;
    }

    Result run() throws Exception {
        Files.createDirectories(FaultRun.DIRECTORY);
        Path log = FaultRun.DIRECTORY.resolve(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".log");
        Files.deleteIfExists(log);
        try (Site site = new Site(log, List.of())) {
            prepare.run(site);
            site.startAgent();
            // Two rounds of all live ones.
            Set<IpAddress> all = new HashSet<>();
            live.forEach(address -> all.add(Addresses.parse(address)));
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> site.responder().requestTimes().keySet().containsAll(all));
            Thread.sleep(Duration.ofSeconds(CADENCE_SECONDS).toMillis());
            return measured(site, all);
        }
    }

    private Result measured(Site site, Set<IpAddress> all) throws Exception {
        site.responder().forgetRequests();
        long controlNanos = System.nanoTime();
        Thread.sleep(CONTROL_SECONDS * 1_000L);
        final double control = probes(site, all, controlNanos, CONTROL_SECONDS);
        if (!affectedNetwork.isEmpty()) {
            site.host()
                    .check(
                            "nft",
                            "table inet count { counter c { }\nchain out { type filter hook output priority 0; ip daddr "
                                    + affectedNetwork + " counter name c; }\n}\n");
        }
        long blockNanos = System.nanoTime();
        block.run(site);
        Thread.sleep(FILLING_SECONDS * 1_000L);
        long fullNanos = System.nanoTime();
        long packets = packets(site);
        Thread.sleep(BLOCKED_SECONDS * 1_000L);
        double blockedRate = (packets(site) - packets) / ((System.nanoTime() - fullNanos) / 1e9);
        final double blocked = probes(site, all, fullNanos, BLOCKED_SECONDS);
        long untilNanos = System.nanoTime();
        long gapNanos = longestGap(site, all, controlNanos, untilNanos);
        List<String> falsely = site.errList().everListed(live);
        int listed = site.errList().everListed(affected).size();
        long listedNanos = site.errList().lastListedNanos(affected) - blockNanos;

        List<String> failures = new ArrayList<>();
        check(failures, blocked >= LEAST_SHARE * control, "live probes per 10 s: " + blocked + ", control " + control);
        check(
                failures,
                gapNanos <= (CADENCE_SECONDS + 1) * SECOND_NANOS,
                "live addresses were not probed for " + seconds(gapNanos));
        check(failures, falsely.isEmpty(), "false entries of the err list: " + falsely.size());
        if (listedSeconds < Integer.MAX_VALUE) {
            check(
                    failures,
                    listed == affected.size() && listedNanos <= listedSeconds * SECOND_NANOS,
                    "on the err list: " + listed + " of " + affected.size() + ", the last after " + seconds(listedNanos)
                            + " instead of " + listedSeconds + " s");
        }
        check(failures, !isListingFalse || listed == 0, "false entries of affected addresses: " + listed);
        check(failures, blockedRate >= leastRate, "affected addresses are probed " + blockedRate + " times a second");
        return new Result(
                name,
                control,
                blocked,
                gapNanos,
                falsely.size(),
                affected.size(),
                listed,
                listedNanos,
                blockedRate,
                List.copyOf(failures));
    }

    private static void check(Collection<String> failures, boolean isRight, String otherwise) {
        if (!isRight) {
            failures.add(otherwise);
        }
    }

    private long packets(Site site) throws Exception {
        if (affectedNetwork.isEmpty()) {
            return 0;
        }
        String text = site.host().check("nft", "list", "counter", "inet", "count", "c");
        return Long.parseLong(text.replaceAll("(?s).*packets (\\d+).*", "$1"));
    }

    /** Per 10 s. */
    private static double probes(Site site, Set<IpAddress> live, long fromNanos, int seconds) {
        long count = 0;
        for (Map.Entry<IpAddress, long[]> entry :
                site.responder().requestTimes().entrySet()) {
            if (live.contains(entry.getKey())) {
                for (long timeNanos : entry.getValue()) {
                    if (timeNanos - fromNanos >= 0 && timeNanos - fromNanos < seconds * SECOND_NANOS) {
                        count++;
                    }
                }
            }
        }
        return 10.0 * count / seconds;
    }

    private static long longestGap(Site site, Set<IpAddress> live, long fromNanos, long untilNanos) {
        Map<IpAddress, long[]> times = site.responder().requestTimes();
        long longestNanos = 0;
        for (IpAddress address : live) {
            long beforeNanos = fromNanos;
            for (long timeNanos : times.getOrDefault(address, new long[0])) {
                longestNanos = Math.max(longestNanos, timeNanos - beforeNanos);
                beforeNanos = timeNanos;
            }
            longestNanos = Math.max(longestNanos, untilNanos - beforeNanos);
        }
        return longestNanos;
    }
}
