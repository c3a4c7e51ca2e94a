package io.pingagent.faults;

import static io.pingagent.faults.FaultResult.seconds;

import io.pingagent.e2e.InstalledFiles;
import io.pingagent.testkit.TrapperLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings up a host, does what a fault says, and measures. One thread. */
final class RedisFaultRun {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration RIGHT_WITHIN = Duration.ofSeconds(10);
    /** A row that is not right in time goes on for so long, to show when it is. */
    private static final Duration MORE = Duration.ofSeconds(40);

    private static final Duration LONGEST_GAP = RedisSite.CADENCE.plusSeconds(1);
    private static final int LONGEST_TEXT = 160;
    private static final Pattern LISTED = Pattern.compile("(\\S+) is on the err list: ");
    private static final Pattern DOWN = Pattern.compile("ping\\.status\\[\"(.*)\"\\]");

    private final RedisFault fault;
    private final Semaphore starting;
    private final List<String> failures = new ArrayList<>();

    /** @param starting held while an agent starts, which takes more of the processor than all that comes after */
    RedisFaultRun(RedisFault fault, Semaphore starting) {
        this.fault = fault;
        this.starting = starting;
    }

    RedisFaultResult run() throws Exception {
        Files.createDirectories(FaultRun.DIRECTORY);
        Path log = FaultRun.DIRECTORY.resolve(fault.slug() + ".log");
        Files.deleteIfExists(log);
        starting.acquire();
        boolean isStarting = true;
        try (RedisSite site = new RedisSite(log, fault.redisArguments)) {
            fault.prepare.run(site);
            site.startAgent();
            long startedNanos = System.nanoTime();
            check(site.awaitTruth(startedNanos, START) >= 0, "never right after the start: " + site.wrong());
            starting.release();
            isStarting = false;
            return measured(site);
        } finally {
            if (isStarting) {
                starting.release();
            }
        }
    }

    private RedisFaultResult measured(RedisSite site) throws Exception {
        TimeUnit.NANOSECONDS.sleep(LONGEST_GAP.toNanos());
        int logBefore = site.agent().log().length();
        long beginNanos = System.nanoTime();
        long endsNanos = beginNanos + fault.lasting.toNanos();
        fault.begin.run(site);
        sleepUntil(beginNanos + fault.lasting.toNanos() / 3);
        site.die(site.alive().subList(0, 5));
        sleepUntil(beginNanos + fault.lasting.toNanos() * 2 / 3);
        String status = command(site, "status", fault.status);
        String doctor = command(site, "doctor", fault.doctor);
        sleepUntil(endsNanos);
        String zabbix = zabbix(site, beginNanos);
        fault.end.run(site);
        long endNanos = System.nanoTime();

        long rightNanos = site.awaitTruth(endNanos, RIGHT_WITHIN.plus(MORE));
        check(
                rightNanos >= 0 && rightNanos <= RIGHT_WITHIN.toNanos(),
                rightNanos < 0 ? "never right: " + site.wrong() : "right after " + seconds(rightNanos));
        TimeUnit.NANOSECONDS.sleep(LONGEST_GAP.toNanos());
        RequestGaps gaps = RequestGaps.between(
                site.responder(), site.addresses(), beginNanos - RedisSite.CADENCE.toNanos(), System.nanoTime());
        check(
                gaps.longestNanos() <= LONGEST_GAP.toNanos(),
                "not probed for " + seconds(gaps.longestNanos()) + ", " + gaps.where());
        String log = site.agent().log().substring(logBefore);
        Set<String> falsely = falsely(site, log, beginNanos);
        check(falsely.isEmpty(), "called down although they answer, " + falsely.size() + ": " + falsely);
        checkDiscovery(site, beginNanos);
        String said = find("log", log, fault.log);
        stop(site);
        return new RedisFaultResult(
                fault,
                seconds(gaps.longestNanos()),
                falsely.size(),
                rightNanos < 0 ? "never" : seconds(rightNanos),
                said,
                status,
                doctor,
                zabbix,
                List.copyOf(failures));
    }

    /** Living addresses that the log or Zabbix called down at any moment. */
    private Set<String> falsely(RedisSite site, String log, long sinceNanos) {
        Set<String> down = new TreeSet<>();
        Matcher listed = LISTED.matcher(log);
        while (listed.find()) {
            down.add(listed.group(1));
        }
        for (TrapperLog.Value value : site.zabbix().since(sinceNanos)) {
            Matcher key = DOWN.matcher(value.key());
            if (key.matches() && value.text().equals("0")) {
                down.add(key.group(1));
            }
        }
        // Five have died meanwhile: who reads nothing of them would read nothing of the others either.
        check(site.dead().stream().anyMatch(down::contains), "neither the log nor Zabbix calls anybody down");
        down.removeAll(site.dead());
        return down;
    }

    /** Zabbix deletes what a shorter list leaves out. */
    private void checkDiscovery(RedisSite site, long sinceNanos) {
        for (TrapperLog.Value value : site.zabbix().since(sinceNanos)) {
            if (value.key().equals("ping.discovery")) {
                int rows = value.text().split("\\{#IP\\}", -1).length - 1;
                check(rows == site.addresses().size(), "a discovery list with " + rows + " addresses");
            }
        }
    }

    private String command(RedisSite site, String word, Pattern wanted) throws Exception {
        InstalledFiles.Result result = site.run(word);
        String text = result.out() + result.err();
        boolean isSilent = wanted.pattern().isEmpty();
        check(
                isSilent || !word.equals("doctor") || result.exitStatus() != 0,
                "doctor ends with 0 although something is wrong");
        String found = find(word, text, wanted);
        return isSilent ? "exit status " + result.exitStatus() : result.exitStatus() + ": " + found;
    }

    private String zabbix(RedisSite site, long sinceNanos) {
        StringBuilder own = new StringBuilder();
        for (TrapperLog.Value value : site.zabbix().since(sinceNanos)) {
            if (value.key().startsWith("ping.agent.")) {
                own.append(value.key())
                        .append(": ")
                        .append(value.text().replace('\n', ' '))
                        .append('\n');
            }
        }
        return find("Zabbix", own.toString(), fault.zabbix).replaceFirst("^ping\\.agent\\.problems\\.text: ", "");
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
        int from = line.indexOf(" - ");
        String text = from < 0 ? line : line.substring(from + 3);
        return text.strip()
                .replaceFirst("^(\\S+ +)?(TRACE|DEBUG|INFO|WARN|ERROR) +", "")
                .replaceAll(" {2,}", " ");
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + " …";
    }

    private void stop(RedisSite site) throws Exception {
        site.agent().signal("TERM");
        int status = site.agent().awaitEnd(30);
        check(status == 0, "exit status after SIGTERM " + status);
        check(!site.catalogue().exists("agent-online_" + RedisSite.AGENT), "agent-online stays after the end");
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
