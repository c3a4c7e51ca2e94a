package io.pingagent.faults;

import static io.pingagent.faults.FaultResult.seconds;

import com.google.gson.JsonObject;
import io.pingagent.e2e.InstalledFiles;
import io.pingagent.faults.ZabbixFault.Loss;
import io.pingagent.zabbix.WaitingValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Brings up a host, does what a fault says, and counts. One thread. */
final class ZabbixFaultRun {

    private static final Duration START = Duration.ofMinutes(1);
    /** A row that is not right in time goes on for so long, to show when it is. */
    private static final Duration MORE = Duration.ofSeconds(60);
    /** Until what was counted is in {@code agent-stats}. */
    private static final Duration STATS = Duration.ofSeconds(4);

    private static final String HEARTBEAT = "ping.agent.heartbeat";
    private static final int LONGEST_TEXT = 160;

    private final ZabbixFault fault;
    private final Semaphore starting;
    private final List<String> failures = new ArrayList<>();

    /** @param starting held while an agent starts, which takes more of the processor than all that comes after */
    ZabbixFaultRun(ZabbixFault fault, Semaphore starting) {
        this.fault = fault;
        this.starting = starting;
    }

    ZabbixFaultResult run() throws Exception {
        Files.createDirectories(FaultRun.DIRECTORY);
        Path log = FaultRun.DIRECTORY.resolve(fault.slug() + ".log");
        Files.deleteIfExists(log);
        starting.acquire();
        boolean isStarting = true;
        try (ZabbixSite site = new ZabbixSite(log, fault.addresses)) {
            fault.prepare.run(site);
            site.startAgent();
            if (site.awaitAllSince(0, START) < 0) {
                throw new IllegalStateException(
                        "no values after the start: " + site.agent().log());
            }
            starting.release();
            isStarting = false;
            return measured(site);
        } finally {
            if (isStarting) {
                starting.release();
            }
        }
    }

    private ZabbixFaultResult measured(ZabbixSite site) throws Exception {
        int logBefore = site.agent().log().length();
        long beginNanos = System.nanoTime();
        fault.begin.run(site);
        sleepUntil(beginNanos + fault.lasting.toNanos() / 2);
        String doctor = doctor(site);
        sleepUntil(beginNanos + fault.lasting.toNanos());
        String problem = find("agent-stats", site.problems(), fault.problem);
        fault.end.run(site);

        long endSeconds = site.agentSeconds();
        long rightNanos = site.awaitAllSince(endSeconds, fault.rightWithin.plus(MORE));
        check(
                rightNanos >= 0 && rightNanos <= fault.rightWithin.toNanos(),
                rightNanos < 0 ? "never right" : "right after " + seconds(rightNanos));
        awaitNothingHeld(site);
        long droppedWhileItRuns = dropped(site);
        int status = site.terminate();
        check(status == 0, "exit status after SIGTERM " + status);
        return counted(site, logBefore, droppedWhileItRuns, rightNanos, endSeconds, problem, doctor);
    }

    private ZabbixFaultResult counted(
            ZabbixSite site,
            int logBefore,
            long dropped,
            long rightNanos,
            long endSeconds,
            String problem,
            String doctor)
            throws Exception {
        long waiting = WaitingValues.of(site.buffer()).values().size();
        long doubled = site.count().doubled();
        long missing = site.count().missing(site.buffer());
        check(waiting == 0, waiting + " values still wait after the end");
        switch (fault.loss) {
            case NONE -> {
                check(missing == 0, missing + " values are missing");
                check(dropped == 0, dropped + " values are counted as dropped");
            }
            case COUNTED, OLDEST -> {
                check(missing > 0, "nothing is missing, though it must be");
                check(missing == dropped, missing + " values are missing, " + dropped + " are counted as dropped");
            }
        }
        check(
                fault.loss != Loss.OLDEST || site.count().has(HEARTBEAT, endSeconds - 5, endSeconds),
                "the newest values are missing instead of the oldest");
        check(doubled <= fault.mostDoubled, doubled + " values were taken twice");
        String log = site.agent().log();
        String said = find("log", log.substring(Math.min(logBefore, log.length())), fault.log);
        return new ZabbixFaultResult(
                fault,
                site.count().taken() + missing,
                missing,
                doubled,
                dropped,
                rightNanos < 0 ? "never" : seconds(rightNanos),
                said,
                problem,
                doctor,
                List.copyOf(failures));
    }

    /** The agent's own values go on: a few of them wait at any moment. */
    private void awaitNothingHeld(ZabbixSite site) throws InterruptedException {
        long fromNanos = System.nanoTime();
        while (System.nanoTime() - fromNanos < STATS.toNanos()) {
            JsonObject stats = site.stats();
            if (stats.has("buffered") && stats.get("buffered").getAsLong() < 6L * fault.addresses) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        // One more writing of agent-stats, which is of after that.
        TimeUnit.MILLISECONDS.sleep(1_500);
    }

    private static long dropped(ZabbixSite site) {
        JsonObject stats = site.stats();
        return stats.has("dropped") ? stats.get("dropped").getAsLong() : -1;
    }

    private String doctor(ZabbixSite site) throws Exception {
        if (fault.doctor.pattern().isEmpty()) {
            return "–";
        }
        InstalledFiles.Result result = site.run("doctor");
        return result.exitStatus() + ": " + find("doctor", result.out() + result.err(), fault.doctor);
    }

    /** The first line with it. */
    private String find(String where, String text, Pattern wanted) {
        if (wanted.pattern().isEmpty()) {
            return "–";
        }
        String found = text.lines()
                .filter(line -> wanted.matcher(line).find())
                .findFirst()
                .orElse("");
        check(!found.isEmpty(), where + " says nothing with '" + wanted + "', but: " + shortened(text));
        return shortened(message(found));
    }

    private static String message(String line) {
        return line.strip()
                .replaceFirst("^\\S+T\\S+ +(TRACE|DEBUG|INFO|WARN|ERROR) +", "")
                .replaceAll("/tmp/ping-agent-zabbix-\\d+/", "…/")
                .replaceAll(" {2,}", " ");
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + " …";
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    }

    private void check(boolean isRight, String otherwise) {
        if (!isRight) {
            failures.add(otherwise);
        }
    }
}
