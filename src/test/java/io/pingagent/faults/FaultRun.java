package io.pingagent.faults;

import static io.pingagent.faults.FaultResult.seconds;

import com.google.gson.JsonObject;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Brings up a network and an agent, does what a fault says, and measures. One thread. */
final class FaultRun {

    /** Where logs and the filled table go. */
    static final Path DIRECTORY = Path.of("target", "fault-matrix");

    private static final long SECOND_NANOS = 1_000_000_000L;
    /** A row that is not right in time goes on for so long, to show when it is. */
    private static final long MORE_NANOS = 30 * SECOND_NANOS;

    private final Fault fault;
    private final Semaphore starting;
    private final Runnable whenItEnds;
    private final List<String> failures = new ArrayList<>();

    /**
     * @param starting held while an agent starts, which takes more of the processor than all that comes after
     * @param whenItEnds the fault, not the row
     */
    FaultRun(Fault fault, Semaphore starting, Runnable whenItEnds) {
        this.fault = fault;
        this.starting = starting;
        this.whenItEnds = whenItEnds;
    }

    FaultResult run() throws Exception {
        Files.createDirectories(DIRECTORY);
        Path log = DIRECTORY.resolve(fault.slug() + ".log");
        Files.deleteIfExists(log);
        starting.acquire();
        boolean isStarting = true;
        try (Site site = new Site(log, fault.redisEnvironment.call())) {
            fault.prepare.run(site);
            site.startAgent();
            site.awaitRight();
            starting.release();
            isStarting = false;
            return measured(site);
        } finally {
            if (isStarting) {
                starting.release();
            }
        }
    }

    private FaultResult measured(Site site) throws Exception {
        List<String> affected = fault.affected.apply(site);
        List<String> unaffected = new ArrayList<>(site.addresses());
        unaffected.removeAll(affected);
        List<String> mustNot = fault.listing == Fault.Listing.NONE ? site.addresses() : unaffected;

        Thread.sleep(Site.CADENCE.plusSeconds(2).toMillis());
        List<String> falseBefore = site.errList().everListed(site.addresses());
        site.errList().forget();
        JsonObject statsBefore = site.stats();
        int logBefore = site.agent().log().length();

        long beginNanos = System.nanoTime();
        fault.begin.run(site);
        sleepUntil(beginNanos + fault.lasting.toNanos());
        int listed = site.errList().everListed(affected).size();
        long listedNanos = site.errList().lastListedNanos(affected) - beginNanos;
        fault.end.run(site);
        long endNanos = System.nanoTime();
        whenItEnds.run();
        long rightNanos = awaitRight(site, endNanos) - endNanos;
        Thread.sleep(2 * Site.CADENCE.plusSeconds(1).toMillis());
        long settledNanos = System.nanoTime();

        List<String> falsely = site.errList().everListed(mustNot);
        check(falseBefore.isEmpty(), "on the err list before the fault: " + falseBefore);
        check(falsely.isEmpty(), "false entries of the err list, " + falsely.size() + ": " + some(falsely));
        String listing = listing(affected.size(), listed, listedNanos);
        check(
                rightNanos >= 0 && rightNanos <= fault.rightWithin.toNanos(),
                "everything right " + (rightNanos < 0 ? "never" : "after " + seconds(rightNanos))
                        + " instead of within " + fault.rightWithin);
        String gap = "no such addresses";
        if (!unaffected.isEmpty()) {
            RequestGaps gaps = gaps(site, unaffected, beginNanos - Site.CADENCE.toNanos(), settledNanos);
            gap = seconds(gaps.longestNanos());
            check(
                    gaps.longestNanos() <= fault.gapLimit.toNanos(),
                    "unaffected addresses were not probed for " + gap + " instead of " + fault.gapLimit + ", "
                            + gaps.where() + ", where the fault begins at " + Site.CADENCE);
        }
        long gapAfterNanos = gaps(
                        site,
                        site.addresses(),
                        settledNanos - 2 * Site.CADENCE.plusSeconds(1).toNanos(),
                        settledNanos)
                .longestNanos();
        check(
                gapAfterNanos <= Site.CADENCE.plusSeconds(1).toNanos(),
                "after the end the cadence is not kept: " + seconds(gapAfterNanos));
        String said = said(site, logBefore, statsBefore);
        stop(site);
        return new FaultResult(
                fault,
                gap,
                falsely.size(),
                listing,
                rightNanos < 0 ? "never" : seconds(rightNanos),
                said,
                List.copyOf(failures));
    }

    private String listing(int affected, int listed, long listedNanos) {
        int wanted = switch (fault.listing) {
            case ALL -> affected;
            case MOST -> (affected * 9 + 9) / 10;
            case NONE, ANY -> 0;
        };
        check(listed >= wanted, "affected addresses on the err list: " + listed + " of " + affected);
        check(
                wanted == 0 || listedNanos <= fault.listedWithin.toNanos(),
                "affected addresses on the err list after " + seconds(listedNanos) + " instead of "
                        + fault.listedWithin);
        return listed + " of " + affected + (listed == 0 ? "" : ", after " + seconds(listedNanos));
    }

    private String said(Site site, int logBefore, JsonObject statsBefore) {
        String log = site.agent().log();
        String said = fault.notice.find(log.substring(Math.min(logBefore, log.length())), statsBefore, site.stats());
        check(!said.isEmpty(), "nothing was said of it; wanted: " + fault.notice.wanted());
        return said.isEmpty() ? "nothing" : said;
    }

    private void stop(Site site) throws IOException, InterruptedException {
        site.agent().signal("TERM");
        int status = site.agent().awaitEnd(30);
        check(status == 0, "exit status after SIGTERM " + status);
    }

    /** @return when, or 0 if not */
    private long awaitRight(Site site, long endNanos) throws InterruptedException {
        long limitNanos = endNanos + fault.rightWithin.toNanos() + MORE_NANOS;
        while (System.nanoTime() - limitNanos < 0) {
            if (site.isRight(site.addresses()) && areAllProbed(site, endNanos)) {
                return System.nanoTime();
            }
            Thread.sleep(100);
        }
        return 0;
    }

    /**
     * What Redis holds, and probes before the end, may be of an agent that has ended since: each address was probed after
     * the end, and within its cadence and a second.
     */
    private boolean areAllProbed(Site site, long endNanos) {
        long nowNanos = System.nanoTime();
        long longestNanos = Site.CADENCE.plusSeconds(1).toNanos();
        Map<IpAddress, long[]> times = site.responder().requestTimes();
        for (String address : responding(site.addresses())) {
            long[] some = times.getOrDefault(Addresses.parse(address), new long[0]);
            if (some.length == 0 || some[some.length - 1] - endNanos < 0) {
                return false;
            }
        }
        return gaps(site, site.addresses(), nowNanos - longestNanos, nowNanos).longestNanos() < longestNanos;
    }

    private static RequestGaps gaps(Site site, List<String> addresses, long fromNanos, long untilNanos) {
        return RequestGaps.between(site.responder(), responding(addresses), fromNanos, untilNanos);
    }

    /** The router answers for a link's own address itself, unrecorded. */
    private static List<String> responding(List<String> addresses) {
        return addresses.stream().filter(address -> address.indexOf('%') < 0).toList();
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long leftNanos = nanos - System.nanoTime();
        if (leftNanos > 0) {
            Thread.sleep(Duration.ofNanos(leftNanos).toMillis());
        }
    }

    private static List<String> some(List<String> all) {
        return all.subList(0, Math.min(5, all.size()));
    }

    private void check(boolean isRight, String otherwise) {
        if (!isRight) {
            failures.add(otherwise);
        }
    }
}
