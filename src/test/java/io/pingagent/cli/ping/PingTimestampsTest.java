package io.pingagent.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** The named forms are those of fping's manual, for the same moment. */
class PingTimestampsTest {

    /** 2024-06-10T05:50:00.123456789Z. */
    private static final long MOMENT = 1_717_998_600_123_456_789L;

    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

    @Test
    void namedFormsAreLocalTime() {
        assertEquals("Mon Jun 10 07:50:00 2024", PingTimestamps.CTIME.format(MOMENT, ZURICH));
        assertEquals("2024-06-10T07:50:00+0200", PingTimestamps.ISO.format(MOMENT, ZURICH));
        assertEquals("2024-06-10 07:50:00", PingTimestamps.RFC3339.format(MOMENT, ZURICH));
    }

    @Test
    void unixTimeHasFiveDecimals() {
        assertEquals("1717998600.12345", PingTimestamps.UNIX.format(MOMENT, ZURICH));
    }

    /** strftime's %e in %c, and %z at Greenwich. */
    @Test
    void smallDaysHaveABlankAndGreenwichHasAnOffset() {
        long march = 1_709_251_200_000_000_000L;
        assertEquals("Fri Mar  1 00:00:00 2024", PingTimestamps.CTIME.format(march, ZoneId.of("UTC")));
        assertEquals("2024-03-01T00:00:00+0000", PingTimestamps.ISO.format(march, ZoneId.of("UTC")));
    }
}
