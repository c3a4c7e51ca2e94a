package io.pingagent.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifyFlagsTest {

    @ParameterizedTest
    @CsvSource({"'', KEsx", "KEA, ''", "A, KE", "xE, Ks", "KEg$sxlt, ''", "AK, E", "g$lshzxe, KE"})
    void findsWhatIsMissing(String have, String missing) {
        assertEquals(missing, NotifyFlags.missing(have));
    }
}
