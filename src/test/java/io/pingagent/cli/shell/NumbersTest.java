package io.pingagent.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0%",
        "0.0000001, <0.1%",
        "0.001, 0.1%",
        "0.02, 2%",
        "0.054, 5.4%",
        "0.666, 67%",
        "0.995, 99.5%",
        "0.9999999, 99.9%",
        "1, 100%",
        "-0.5, 0%",
    })
    void neverRoundsALossAwayOrUpToEverything(double ratio, String text) {
        assertEquals(text, Numbers.percent(ratio));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "119, 119 s", "120, 2 min", "7200, 2 h", "172800, 2 d", "-5, 0 s"})
    void agesInOneUnit(long seconds, String text) {
        assertEquals(text, Numbers.age(seconds));
    }
}
