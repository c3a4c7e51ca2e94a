package io.pingagent.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MillisTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0.000",
        "499, 0.000",
        "500, 0.001",
        "41000, 0.041",
        "999499, 0.999",
        "1000000, 1.00",
        "5234000, 5.23",
        "10000000, 10.0",
        "99940000, 99.9",
        "100000000, 100",
        "1234500000, 1235",
        "999999000000, 999999",
        "1000000000000, 1.000e+06",
    })
    void hasAsManyDigitsAsFping(long nanos, String text) {
        assertEquals(text, Millis.format(nanos));
    }
}
