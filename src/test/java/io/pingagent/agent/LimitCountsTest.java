package io.pingagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.lang.reflect.RecordComponent;
import org.junit.jupiter.api.Test;

class LimitCountsTest {

    private static final long MINUTE = 60_000_000_000L;

    private final LimitCounts.Lately lately = new LimitCounts.Lately();

    private LimitCounts at(long nanos, long count) {
        return lately.until(new LimitCounts(
                nanos, 100 * count, count, count, count, count, count, count, count, count, count, count));
    }

    @Test
    void atFirstAllSinceTheStart() {
        assertEquals(new LimitCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), at(5, 7));
        assertEquals(new LimitCounts(10, 200, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2), at(15, 9));
    }

    /** {@code doctor} judges by each of them; one that is not written is one that never warns. */
    @Test
    void theReportHasEveryCount() throws ReflectiveOperationException {
        LimitCounts counts = new LimitCounts(60_000_000_000L, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        JsonObject json = counts.json();
        assertEquals(60, json.get("seconds").getAsLong());
        for (RecordComponent component : LimitCounts.class.getRecordComponents()) {
            String name = component.getName();
            if (!name.equals("atNanos")) {
                assertTrue(json.has(name), name);
                assertEquals(
                        component.getAccessor().invoke(counts), json.get(name).getAsLong(), name);
            }
        }
    }

    @Test
    void laterTheLastTenMinutes() {
        for (int minute = 0; minute <= 60; minute++) {
            at(minute * MINUTE, minute);
            at(minute * MINUTE + MINUTE / 2, minute);
        }
        LimitCounts recent = at(60 * MINUTE + 40, 60);
        assertEquals(10 * MINUTE + 40, recent.atNanos());
        assertEquals(10, recent.overruns());
        assertEquals(1_000, recent.sent());
    }
}
