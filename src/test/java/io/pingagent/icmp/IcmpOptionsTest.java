package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IcmpOptionsTest {

    private static IcmpOptions options(int payloadBytes, String interfaceName, int dscp, int ttl, int batch) {
        return new IcmpOptions(
                payloadBytes,
                new IcmpOptions.Source(null, null, null, interfaceName),
                new IcmpOptions.Marking(dscp, ttl, 0, false),
                new IcmpOptions.Buffers(1 << 20, batch, batch));
    }

    private static void assertRefused(String seen, String range, Runnable construction) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, construction::run);
        assertTrue(e.getMessage().contains(seen) && e.getMessage().contains(range), e::getMessage);
    }

    @Test
    void limitsAreAllowed() {
        assertEquals(32, options(32, "a", 0, 0, 1).payloadBytes());
        assertEquals(65_507, options(65_507, "fifteen-letters", 63, 255, 1_024).payloadBytes());
    }

    @Test
    void beyondTheLimitsNamesValueAndRange() {
        assertRefused("31", "32 to 65507", () -> options(31, null, 0, 0, 1));
        assertRefused("65508", "32 to 65507", () -> options(65_508, null, 0, 0, 1));
        assertRefused("64", "0 to 63", () -> options(56, null, 64, 0, 1));
        assertRefused("256", "0 to 255", () -> options(56, null, 0, 256, 1));
        assertRefused("0", "1 to 1024", () -> options(56, null, 0, 0, 0));
        assertRefused("'sixteen-letters-'", "1 to 15", () -> options(56, "sixteen-letters-", 0, 0, 1));
        assertRefused("''", "1 to 15", () -> options(56, "", 0, 0, 1));
    }
}
