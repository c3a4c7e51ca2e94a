package io.pingagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeParametersTest {

    private static ProbeParameters parse(long availableMillis, String... parameters) throws ControlException {
        return ProbeParameters.parse(List.of(parameters), availableMillis);
    }

    @Test
    void timesAreMillisecondsOrHaveAUnit() throws ControlException {
        assertEquals(
                new ProbeParameters("router", 5, 200, 1_000, 500, true),
                parse(10_000, " router ", "5", "200", "1000", "500"));
        assertEquals(
                new ProbeParameters("router", 2, 2_000, 56, 750, true),
                parse(10_000, "router", "2", "2s", "", "750ms"));
        assertEquals(new ProbeParameters("router", 1, 1_000, 56, 1_000, false), parse(10_000, "router", "1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | '' | '' | '' | count '0' is not a whole number from 1 to 1000",
                "1001 | '' | '' | '' | count '1001'",
                "x | '' | '' | '' | count 'x'",
                "1 | 19 | '' | '' | interval '19' is not from 20 to 60000 milliseconds",
                "1 | 61s | '' | '' | interval '61s'",
                "1 | 0.5s | '' | '' | interval '0.5s'",
                "1 | s | '' | '' | interval 's'",
                "1 | '' | 31 | '' | size '31' is not a whole number from 32 to 65487",
                "1 | '' | 65488 | '' | size",
                "1 | '' | '' | 9 | timeout '9' is not from 10",
                "1 | '' | '' | -1 | timeout '-1'",
                "99999999999999999999 | '' | '' | '' | count",
            })
    void whatIsOutOfRangeIsNamedWithItsRange(String count, String interval, String size, String timeout, String part) {
        ControlException refusal =
                assertThrows(ControlException.class, () -> parse(10_000, "router", count, interval, size, timeout));
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }

    /** A look-up of a name takes its part. */
    @Test
    void whatIsLeftLaterShortensTheDefaultTimeoutOrIsTooLittle() throws ControlException {
        ProbeParameters parameters = parse(3_000, "router");
        assertEquals(400, parameters.within(2_500).timeoutMillis());
        assertThrows(ControlException.class, () -> parameters.within(2_100));
        assertThrows(
                ControlException.class,
                () -> parse(3_000, "router", "3", "1s", "56", "800").within(2_899));
    }

    @Test
    void probesThatCannotBeOverInTimeAreRefusedWithTheSum() throws ControlException {
        ControlException refusal =
                assertThrows(ControlException.class, () -> parse(3_000, "router", "4", "1000", "56", "500"));
        assertTrue(
                refusal.getMessage()
                        .contains("take up to 3500 ms, and this item has 2900 ms left, of 60 s at most; lower count"),
                refusal.getMessage());
        assertThrows(ControlException.class, () -> parse(2_100, "router"));
        assertEquals(900, parse(3_000, "router").timeoutMillis());
        // One that somebody chose is not shortened.
        assertThrows(ControlException.class, () -> parse(3_000, "router", "3", "1s", "56", "1s"));
        assertThrows(ControlException.class, () -> parse(3_000, ""));
    }
}
