package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FpingRunTest {

    @Test
    void timesAreReadInMicrosecondsAndLossesAreLeftOut() {
        assertEquals(
                Map.of(TruthErrors.key(0x7f10_0001, 0), 12.0, TruthErrors.key(0xff00_00ff, 0), 1_250.0),
                FpingRun.reported(List.of(
                        "127.16.0.1    : 0.012",
                        "127.16.0.2    : -",
                        "255.0.0.255 : 1.25",
                        "ICMP Host Unreachable from 10.0.0.1 for ICMP Echo sent to 127.16.0.9")));
    }
}
