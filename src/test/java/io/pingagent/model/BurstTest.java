package io.pingagent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurstTest {

    private static final long MILLI = 1_000_000L;

    @ParameterizedTest
    @CsvSource({
        "1, 0, 10000, 1000", "5, 200, 10000, 1000", "5, 200, 1000, 1000", "64, 1, 1000, 100", "64, 1, 1000, 1000",
        "20, 10, 1000, 2200", "3, 400, 1000, 60000", "2, 999, 1000, 1", "7, 100, 1000, 50", "10, 111, 1000, 1500"
    })
    void countsInFlightAsASimulationDoes(int count, long gapMillis, long intervalMillis, long timeoutMillis) {
        Burst burst = new Burst(count, gapMillis * MILLI);
        List<Long> sentMillis = new ArrayList<>();
        for (long firing = 0; firing <= timeoutMillis + 3 * intervalMillis; firing += intervalMillis) {
            for (int i = 0; i < count; i++) {
                sentMillis.add(firing + i * gapMillis);
            }
        }
        int most = 0;
        for (long from : sentMillis) {
            if (from < intervalMillis * 2 && from >= intervalMillis) {
                int inFlight = (int) sentMillis.stream()
                        .filter(sent -> sent >= from && sent <= from + timeoutMillis)
                        .count();
                most = Math.max(most, inFlight);
            }
        }
        assertEquals(most, burst.mostInFlight(intervalMillis * MILLI, timeoutMillis * MILLI));
    }

    @Test
    void oneProbeHasNoGapAndSeveralHaveOne() {
        assertThrows(IllegalArgumentException.class, () -> new Burst(1, MILLI));
        assertThrows(IllegalArgumentException.class, () -> new Burst(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new Burst(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Burst(65, MILLI));
        assertEquals(800 * MILLI, new Burst(5, 200 * MILLI).lengthNanos());
    }
}
