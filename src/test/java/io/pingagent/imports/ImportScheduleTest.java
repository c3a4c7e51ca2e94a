package io.pingagent.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.config.ConfigException;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.zabbix.api.ApiException;
import io.pingagent.zabbix.api.HostSelection;
import io.pingagent.zabbix.api.ZabbixImport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportScheduleTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What an import throws. */
    private interface Failure {
        void happen() throws ApiException;
    }

    private final List<String> runs = new ArrayList<>();
    private final Map<String, Failure> failures = new HashMap<>();
    private List<Problem> problems = List.of();
    private long nowNanos = -5 * SECOND;

    private static ZabbixImport entry(String group, Duration every) {
        return new ZabbixImport(group, new HostSelection(List.of("Routers"), List.of(), List.of()), false, every);
    }

    private ImportSchedule schedule(ZabbixImport... entries) {
        return new ImportSchedule(
                List.of(entries),
                entry -> {
                    runs.add((nowNanos / SECOND) + " " + entry.group());
                    failures.getOrDefault(entry.group(), () -> {}).happen();
                    return new ZabbixImportResult(
                            entry.group(),
                            new ZabbixImportResult.Counts(1, 1, 0, 0, 0, 0),
                            List.of(),
                            List.of(),
                            false);
                },
                found -> problems = found,
                new SplittableRandom(1),
                () -> nowNanos);
    }

    /** Lets time pass in the steps that the schedule asks for. */
    private void pass(ImportSchedule schedule, Duration time) {
        long untilNanos = nowNanos + time.toNanos();
        while (true) {
            long waitNanos = schedule.runDue();
            assertTrue(waitNanos > 0, "it would spin");
            if (waitNanos > untilNanos - nowNanos) {
                nowNanos = untilNanos;
                return;
            }
            nowNanos += waitNanos;
        }
    }

    @Test
    void eachEntryRunsAtItsOwnInterval() {
        ImportSchedule schedule = schedule(entry("a", Duration.ofMinutes(1)), entry("b", Duration.ofMinutes(5)));
        pass(schedule, Duration.ofMinutes(10));
        assertEquals(10, runs.stream().filter(run -> run.endsWith(" a")).count());
        assertEquals(2, runs.stream().filter(run -> run.endsWith(" b")).count());
    }

    @Test
    void theFirstRunIsWithinHalfAMinute() {
        ZabbixImport[] entries = IntStream.range(0, 50)
                .mapToObj(i -> entry("g" + i, Duration.ofHours(1)))
                .toArray(ZabbixImport[]::new);
        pass(schedule(entries), Duration.ofSeconds(30));
        assertEquals(50, runs.size());
    }

    @Test
    void whileZabbixIsAwayItIsAskedEverLessOften() {
        failures.put("a", () -> {
            throw new ApiException(ApiException.Kind.AWAY, "gone", "look");
        });
        ImportSchedule schedule = schedule(entry("a", Duration.ofMinutes(10)));
        pass(schedule, Duration.ofHours(1));
        // 30 s, 1, 2, 4, 8 min, then every 10.
        assertTrue(runs.size() >= 9 && runs.size() <= 11, runs.toString());
        assertEquals(List.of("zabbix.import, group 'a': gone; look"), texts());
        failures.clear();
        pass(schedule, Duration.ofMinutes(10));
        assertEquals(List.of(), texts());
    }

    private List<String> texts() {
        return problems.stream().map(Problem::toString).toList();
    }

    @Test
    void oneEntryThatFailsCostsNoOtherEntryAnything() {
        failures.put("a", () -> {
            throw new ApiException(ApiException.Kind.NOT_PERMITTED, "no", "allow it");
        });
        failures.put("b", () -> {
            throw new ConfigException(List.of(new Problem("import of group 'b'", "half is gone", "--force")));
        });
        failures.put("c", () -> {
            throw new IllegalStateException("a defect");
        });
        failures.put("d", () -> {
            throw new RedisUnreachableException("Redis is read-only; look at it", null);
        });
        List<ZabbixImport> entries = new ArrayList<>();
        for (String group : List.of("a", "b", "c", "d", "e")) {
            entries.add(entry(group, Duration.ofMinutes(1)));
        }
        pass(schedule(entries.toArray(ZabbixImport[]::new)), Duration.ofMinutes(2));
        for (ZabbixImport entry : entries) {
            assertTrue(runs.stream().anyMatch(run -> run.endsWith(" " + entry.group())), runs.toString());
        }
        assertEquals(4, problems.size(), texts().toString());
        assertEquals("zabbix.import, group 'd': Redis is read-only; look at it", texts().get(3));
        assertTrue(texts().get(1).contains("--force"), texts().toString());
        assertTrue(texts().get(2).contains("a defect"), texts().toString());
    }

    /** Nobody wants an answer that is wrong again after 30 s. */
    @Test
    void whatIsRefusedIsTriedAgainAtTheInterval() {
        failures.put("a", () -> {
            throw new ApiException(ApiException.Kind.REFUSED, "no", "look");
        });
        pass(schedule(entry("a", Duration.ofMinutes(10))), Duration.ofMinutes(25));
        assertEquals(3, runs.size(), runs.toString());
    }

    /** A connection that breaks once is no reason to wake anybody. */
    @Test
    void redisHasToBeAwayTwiceInARow() {
        ImportSchedule schedule = schedule(entry("a", Duration.ofMinutes(1)));
        failures.put("a", () -> {
            throw new RedisUnreachableException("MISCONF; free the disk", null);
        });
        pass(schedule, Duration.ofSeconds(30));
        assertEquals(1, runs.size(), runs.toString());
        assertEquals(List.of(), texts());
        failures.clear();
        pass(schedule, Duration.ofSeconds(30));
        assertEquals(2, runs.size(), runs.toString());
        failures.put("a", () -> {
            throw new RedisUnreachableException("MISCONF; free the disk", null);
        });
        pass(schedule, Duration.ofSeconds(60));
        assertEquals(3, runs.size(), runs.toString());
        assertEquals(List.of(), texts());
        pass(schedule, Duration.ofSeconds(60));
        assertEquals(List.of("zabbix.import, group 'a': MISCONF; free the disk"), texts());
        failures.clear();
        pass(schedule, Duration.ofMinutes(2));
        assertEquals(List.of(), texts());
    }

    /** A run that takes longer than its interval would be followed by the next without a pause. */
    @Test
    void theIntervalBeginsWhenARunEnds() {
        List<Long> starts = new ArrayList<>();
        long[] runNanos = {Duration.ofMinutes(3).toNanos()};
        failures.put("a", () -> {
            starts.add(nowNanos);
            nowNanos += runNanos[0];
        });
        pass(schedule(entry("a", Duration.ofMinutes(1))), Duration.ofMinutes(20));
        for (int i = 1; i < starts.size(); i++) {
            assertEquals(Duration.ofMinutes(4).toNanos(), starts.get(i) - starts.get(i - 1));
        }
        assertTrue(starts.size() >= 4, starts.toString());
    }
}
