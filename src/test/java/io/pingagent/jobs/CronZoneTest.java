package io.pingagent.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which zone specs are meant, and what they do when its clocks change. */
class CronZoneTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");

    /** All firings of a spec from one time on, the end excluded. */
    private static List<String> firings(CronSpec spec, String from, String to) {
        List<String> times = new ArrayList<>();
        Instant time = spec.nextAfter(Instant.parse(from).minusSeconds(1));
        while (time != null && time.isBefore(Instant.parse(to))) {
            times.add(time.toString());
            time = spec.nextAfter(time);
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    */10 * * * * * | Europe/Berlin | 2026-03-28T22:00:00Z | PT10S
                    */10 * * * * * | Europe/Berlin | 2026-10-24T22:00:00Z | PT10S
                    0 * * * *      | Europe/Berlin | 2026-03-28T22:00:00Z | PT1H
                    0 * * * *      | Europe/Berlin | 2026-10-24T22:00:00Z | PT1H
                    */10 * * * * * | Australia/Lord_Howe | 2026-04-04T12:00:00Z | PT10S
                    */10 * * * * * | Australia/Lord_Howe | 2026-10-03T12:00:00Z | PT10S
                    */30 * * * *   | Australia/Lord_Howe | 2026-04-04T12:00:00Z | PT30M
                    */30 * * * *   | Australia/Lord_Howe | 2026-10-03T12:00:00Z | PT30M
                    @every 2h      | Australia/Lord_Howe | 2026-04-04T12:00:00Z | PT2H
                    """)
    void aCadenceThatDividesTheChangeGoesOnEvenly(String text, String zone, String from, String gap) {
        CronSpec spec = CronSpec.parse(text, ZoneId.of(zone));
        Instant time = spec.nextAfter(Instant.parse(from));
        Instant end = Instant.parse(from).plus(Duration.ofHours(8));
        while (time.isBefore(end)) {
            Instant next = spec.nextAfter(time);
            assertEquals(Duration.parse(gap), Duration.between(time, next), time.toString());
            time = next;
        }
    }

    /** 2026-03-29 at 01:00 UTC 02:00 CET becomes 03:00 CEST; 2026-10-25 at 01:00 UTC 03:00 CEST becomes 02:00 CET. */
    @Test
    void berlinLeavesOutWhatIsSkippedAndDoublesWhatIsRepeated() {
        CronSpec spec = CronSpec.parse("30 2 * * *", BERLIN);
        assertEquals(
                List.of("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"),
                firings(spec, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"));
        assertEquals(
                List.of("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"),
                firings(spec, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z"));
    }

    /** Half an hour: on 2026-04-05 02:00 becomes 01:30 at 15:00 UTC; on 2026-10-04 02:00 becomes 02:30 at 15:30 UTC. */
    @Test
    void lordHoweChangesByHalfAnHour() {
        assertEquals(
                List.of("2026-04-03T14:45:00Z", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-05T15:15:00Z"),
                firings(CronSpec.parse("45 1 * * *", LORD_HOWE), "2026-04-03T12:00:00Z", "2026-04-06T12:00:00Z"));
        assertEquals(
                List.of("2026-10-02T15:45:00Z", "2026-10-04T15:15:00Z"),
                firings(CronSpec.parse("15 2 * * *", LORD_HOWE), "2026-10-02T12:00:00Z", "2026-10-05T12:00:00Z"));
        // An hour is no multiple of the change's half: once half an hour longer.
        assertEquals(
                List.of("2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z"),
                firings(CronSpec.parse("0 * * * *", LORD_HOWE), "2026-04-04T14:00:00Z", "2026-04-04T17:00:00Z"));
    }

    @Test
    void theZoneInTheSpecWins() {
        Instant noon = Instant.parse("2026-07-01T12:00:00Z");
        Instant sixInBerlin = Instant.parse("2026-07-02T04:00:00Z");
        for (String prefix : List.of("CRON_TZ=Europe/Berlin ", "TZ=Europe/Berlin  ", " CRON_TZ=Europe/Berlin\t")) {
            CronSpec spec = CronSpec.parse(prefix + "0 6 * * *", ZoneOffset.UTC);
            assertEquals(BERLIN, spec.zone());
            assertEquals(sixInBerlin, spec.nextAfter(noon));
            assertEquals((prefix + "0 6 * * *").strip(), spec.toString());
        }
        assertEquals(
                Instant.parse("2026-07-02T06:00:00Z"),
                CronSpec.parse("0 6 * * *", ZoneOffset.UTC).nextAfter(noon));
        assertEquals(sixInBerlin, CronSpec.parse("0 6 * * *", BERLIN).nextAfter(noon));
        assertEquals(
                Instant.parse("2026-07-02T00:00:00Z"),
                CronSpec.parse("CRON_TZ=UTC @daily", BERLIN).nextAfter(noon));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    CRON_TZ=Europe/Berln 0 6 * * *  | has a bad time zone: 'Europe/Berln' is no time zone; write for example CRON_TZ=Europe/Berlin 0 6 * * *
                    CRON_TZ=europe/berlin 0 6 * * * | has a bad time zone: 'europe/berlin' is no time zone; is Europe/Berlin meant?; write for example CRON_TZ=Europe/Berlin 0 6 * * *
                    TZ= 0 6 * * *                   | has a bad time zone: '' is no time zone; write for example CRON_TZ=Europe/Berlin 0 6 * * *
                    CRON_TZ=UTC                     | has nothing after the time zone; write for example CRON_TZ=Europe/Berlin 0 6 * * *
                    CRON_TZ=UTC * * *               | has 3 fields; cron has five (minute, hour, day of month, month, weekday) or six with seconds first
                    """)
    void aBadZoneIsRefusedWithAnExample(String text, String problem) {
        assertEquals(problem, CronSpec.problemOf(text));
    }

    @Test
    void specsOfTwoZonesAreNotEqual() {
        CronSpec berlin = CronSpec.parse("0 6 * * *", BERLIN);
        assertNotEquals(berlin, CronSpec.parse("0 6 * * *", ZoneOffset.UTC));
        assertEquals(berlin, CronSpec.parse("0 6 * * *", BERLIN));
        assertEquals(berlin.hashCode(), CronSpec.parse("0 6 * * *", BERLIN).hashCode());
        CronSpecs specs = new CronSpecs(BERLIN);
        assertSame(specs.get("0 6 * * *"), specs.get("0 6 * * *"));
    }

    @Test
    void theZoneOfATextCanBeShown() {
        assertEquals("Asia/Tokyo", CronSpec.zoneNameIn(" CRON_TZ=Asia/Tokyo 0 6 * * *"));
        assertNull(CronSpec.zoneNameIn("0 6 * * *"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    */10 * * * * *   | 2026-11-22T10:00:10Z     | 2026-11-22T10:00:10Z
                    */10 * * * * *   | 2026-11-22T10:00:19.999Z | 2026-11-22T10:00:10Z
                    */10 * * * * *   | 2026-11-22T10:00:20Z     | 2026-11-22T10:00:20Z
                    */7 * * * * *    | 2026-11-22T10:00:04.5Z   | -
                    */7 * * * * *    | 2026-11-22T10:00:03.5Z   | 2026-11-22T10:00:00Z
                    0 * * * *        | 2026-11-22T10:00:59.5Z   | 2026-11-22T10:00:00Z
                    0 * * * *        | 2026-11-22T10:01:00Z     | -
                    @every 10s       | 2026-11-22T10:00:09.3Z   | 2026-11-22T10:00:00Z
                    @every 1h        | 2026-11-22T10:30:00Z     | -
                    0 0 29 2 *       | 2026-11-22T10:30:00Z     | -
                    30 2 * * *       | 2026-10-25T00:30:30Z     | 2026-10-25T00:30:00Z
                    30 2 * * *       | 2026-10-25T01:30:30Z     | 2026-10-25T01:30:00Z
                    30 2 * * *       | 2026-03-29T01:30:30Z     | -
                    """)
    void knowsWhichRoundWouldBeRunning(String text, String now, String expected) {
        Instant start = CronSpec.parse(text, BERLIN).runningSince(Instant.parse(now));
        assertEquals(
                expected,
                Stream.ofNullable(start).map(Instant::toString).findFirst().orElse(null));
    }
}
