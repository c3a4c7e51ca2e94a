package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GapsTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void gapsAreTakenWithinAnAddressAndByWhenTheyEnd() {
        Map<Integer, List<Long>> times = Map.of(
                1, List.of(0L, 10 * SECOND, 21 * SECOND, 33 * SECOND),
                2, List.of(5 * SECOND),
                3, List.of(0L, SECOND));
        Quantiles gaps = Gaps.between(times, 10 * SECOND, 21 * SECOND, address -> address != 3);
        assertEquals(1, gaps.count());
        assertEquals(11, gaps.quantile(1));
    }
}
