package io.pingagent.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifyFlagsTest {

    @ParameterizedTest
    @CsvSource({"'', KEg$sx", "KEA, ''", "A, KE", "xE, Kg$s", "KEg$sxlt, ''", "AK, E", "g$lshzxe, KE"})
    void findsWhatIsMissing(String have, String missing) {
        assertEquals(missing, NotifyFlags.missing(have));
    }
}
