package io.pingagent.agent.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReloaderTest {

    @Test
    void aChangeNeverWaitsLongForOthersHoweverSlowTheLastReadingWas() {
        assertEquals(100_000_000L, Reloader.gatherNanos(0));
        assertEquals(100_000_000L, Reloader.gatherNanos(20_000_000L));
        assertEquals(1_200_000_000L, Reloader.gatherNanos(300_000_000L));
        assertEquals(2_000_000_000L, Reloader.gatherNanos(15_000_000_000L));
    }
}
