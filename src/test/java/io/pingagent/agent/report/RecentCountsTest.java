package io.pingagent.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.pingagent.model.PublishedCounter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecentCountsTest {

    private static final long MINUTE = 60_000_000_000L;

    private final RecentCounts lately = new RecentCounts();

    /** Each counter its own multiple of the count. */
    private static CounterReadings readings(long nanos, long count) {
        return CounterReadings.of(
                nanos,
                LongStream.rangeClosed(1, PublishedCounter.values().length)
                        .map(factor -> factor * count)
                        .toArray());
    }

    private CounterReadings at(long nanos, long count) {
        return lately.until(readings(nanos, count));
    }

    private static void assertGrowth(long nanos, long count, CounterReadings growth) {
        assertEquals(nanos, growth.atNanos());
        for (PublishedCounter counter : PublishedCounter.values()) {
            assertEquals((counter.ordinal() + 1) * count, growth.get(counter), counter.name());
        }
    }

    @Test
    void atFirstAllSinceTheStart() {
        assertGrowth(0, 0, at(5, 7));
        assertGrowth(10, 2, at(15, 9));
    }

    @Test
    void laterTheLastTenMinutes() {
        for (int minute = 0; minute <= 60; minute++) {
            at(minute * MINUTE, minute);
            at(minute * MINUTE + MINUTE / 2, minute);
        }
        assertGrowth(10 * MINUTE + 40, 10, at(60 * MINUTE + 40, 60));
    }

    /** {@code doctor} judges by each of them; one that is not written is one that never warns. */
    @Test
    void theReportHasEveryCountByItsName() {
        JsonObject json = RecentCounts.json(readings(60_000_000_000L, 1));
        assertEquals(
                Set.of(
                        "seconds",
                        "sent",
                        "received",
                        "sendErrors",
                        "sendDeferred",
                        "sendOmitted",
                        "sendHeld",
                        "sentLate",
                        "overruns",
                        "invalidated",
                        "kernelDrops",
                        "receiverStalls"),
                json.keySet());
        assertEquals(60, json.get("seconds").getAsLong());
        RecentCounts.PUBLISHED.forEach(counter ->
                assertEquals(counter.ordinal() + 1, json.get(counter.recent()).getAsLong(), counter.name()));
    }

    @Test
    void noNameStandsForTwoCounters() {
        List<String> names = List.of(PublishedCounter.values()).stream()
                .map(PublishedCounter::total)
                .toList();
        assertEquals(names.size(), new HashSet<>(names).size());
    }
}
