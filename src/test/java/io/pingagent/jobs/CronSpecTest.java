package io.pingagent.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronSpecTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** 2026-11-22 is a Sunday. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    * * * * *            | 2026-11-22T10:00:00 | 2026-11-22T10:01:00
                    * * * * *            | 2026-11-22T10:00:59 | 2026-11-22T10:01:00
                    * * * * * *          | 2026-11-22T10:00:59 | 2026-11-22T10:01:00
                    */10 * * * * *       | 2026-11-22T10:00:09 | 2026-11-22T10:00:10
                    */10 * * * * *       | 2026-11-22T10:00:10 | 2026-11-22T10:00:20
                    */10 * * * * *       | 2026-12-31T23:59:50 | 2027-01-01T00:00:00
                    */7 * * * * *        | 2026-11-22T10:00:56 | 2026-11-22T10:01:00
                    5/20 * * * * *       | 2026-11-22T10:00:00 | 2026-11-22T10:00:05
                    5/20 * * * * *       | 2026-11-22T10:00:45 | 2026-11-22T10:01:05
                    10-20/5 0 * * * *    | 2026-11-22T10:00:15 | 2026-11-22T10:00:20
                    10-20/5 0 * * * *    | 2026-11-22T10:00:20 | 2026-11-22T11:00:10
                    1,30,59 * * * * *    | 2026-11-22T10:00:30 | 2026-11-22T10:00:59
                    0 9-17 * * 1-5       | 2026-11-20T17:00:00 | 2026-11-23T09:00:00
                    0 9-17 * * MON-FRI   | 2026-11-20T16:30:00 | 2026-11-20T17:00:00
                    0 0 * * 0            | 2026-11-22T00:00:00 | 2026-11-29T00:00:00
                    0 0 * * 7            | 2026-11-21T12:00:00 | 2026-11-22T00:00:00
                    0 0 * * sun          | 2026-11-22T00:00:00 | 2026-11-29T00:00:00
                    0 0 0 * * 7          | 2026-11-22T00:00:00 | 2026-11-29T00:00:00
                    0 0 * * 5-7          | 2026-11-21T00:00:00 | 2026-11-22T00:00:00
                    0 0 * * FRI-SUN      | 2026-11-22T00:00:00 | 2026-11-27T00:00:00
                    0 0 * * SUN-TUE      | 2026-11-24T00:00:00 | 2026-11-29T00:00:00
                    0 0 * * 1/2          | 2026-11-27T00:00:00 | 2026-11-30T00:00:00
                    0 0 * * */2          | 2026-11-22T00:00:00 | 2026-11-24T00:00:00
                    0 0 29 2 *           | 2026-11-22T00:00:00 | 2028-02-29T00:00:00
                    0 0 29 2 *           | 2096-03-01T00:00:00 | 2104-02-29T00:00:00
                    0 0 31 * *           | 2026-11-22T00:00:00 | 2026-12-31T00:00:00
                    0 0 31 * *           | 2027-01-31T00:00:00 | 2027-03-31T00:00:00
                    0 0 30 jan-mar *     | 2027-01-30T00:00:00 | 2027-03-30T00:00:00
                    0 0 13 * FRI         | 2026-11-22T00:00:00 | 2026-11-27T00:00:00
                    0 0 13 * FRI         | 2026-12-11T00:00:00 | 2026-12-13T00:00:00
                    0 0 13 * FRI         | 2026-12-13T00:00:00 | 2026-12-18T00:00:00
                    0 0 31 2 MON         | 2026-11-22T00:00:00 | 2027-02-01T00:00:00
                    0 0 */10 * *         | 2026-11-22T00:00:00 | 2026-12-01T00:00:00
                    59 59 23 31 12 *     | 2026-11-22T00:00:00 | 2026-12-31T23:59:59
                    @hourly              | 2026-11-22T10:00:00 | 2026-11-22T11:00:00
                    @daily               | 2026-11-22T10:00:00 | 2026-11-23T00:00:00
                    @midnight            | 2026-11-22T10:00:00 | 2026-11-23T00:00:00
                    @weekly              | 2026-11-22T10:00:00 | 2026-11-29T00:00:00
                    @monthly             | 2026-11-22T10:00:00 | 2026-12-01T00:00:00
                    @yearly              | 2026-11-22T10:00:00 | 2027-01-01T00:00:00
                    @annually            | 2026-11-22T10:00:00 | 2027-01-01T00:00:00
                    @every 10s           | 2026-11-22T10:00:03 | 2026-11-22T10:00:10
                    @every 1m30s         | 1970-01-01T00:00:00 | 1970-01-01T00:01:30
                    @every 1m30s         | 1970-01-01T00:01:30 | 1970-01-01T00:03:00
                    """)
    void computesTheNextTimeByHand(String spec, String after, String expected) {
        assertEquals(utc(expected), CronSpec.parse(spec, ZoneOffset.UTC).nextAfter(utc(after)));
    }

    @Test
    void aTimeWithinASecondComesBeforeTheNextSecond() {
        Instant after = utc("2026-11-22T10:00:09").plusMillis(999);
        assertEquals(
                utc("2026-11-22T10:00:10"),
                CronSpec.parse("* * * * * *", ZoneOffset.UTC).nextAfter(after));
        assertEquals(
                utc("2026-11-22T10:00:10"),
                CronSpec.parse("@every 10s", ZoneOffset.UTC).nextAfter(after));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    * * * * * *          | PT1S   | PT1S
                    */10 * * * * *       | PT10S  | PT10S
                    */7 * * * * *        | PT4S   | PT7S
                    0,1 * * * * *        | PT1S   | PT59S
                    * * * * *            | PT1M   | PT1M
                    0 9-17 * * 1-5       | PT1H   | PT64H
                    */10 * 9-17 * * 1-5  | PT10S  | PT63H10S
                    0 0 * * *            | PT24H  | PT24H
                    0 23 * * 1           | PT168H | PT168H
                    0,30 12 * * *        | PT30M  | PT23H30M
                    0 0 29 2 *           | PT35064H | PT35064H
                    0 0 1 * *            | PT672H | PT744H
                    0 0 13 * FRI         | PT24H  | PT168H
                    @every 90s           | PT90S  | PT90S
                    @hourly              | PT1H   | PT1H
                    """)
    void knowsItsGaps(String text, String shortest, String longest) {
        CronSpec spec = CronSpec.parse(text, ZoneOffset.UTC);
        assertEquals(Duration.parse(shortest), spec.shortestGap());
        assertEquals(Duration.parse(longest), spec.longestGap());
    }

    @Test
    void spreadsARoundOverItsGapButNotForHours() {
        assertEquals(10_000_000_000L, CronSpec.parse("*/10 * * * * *").spreadNanos());
        assertEquals(60_000_000_000L, CronSpec.parse("0 9-17 * * 1-5").spreadNanos());
        assertEquals(60_000_000_000L, CronSpec.parse("0 0 29 2 *").spreadNanos());
    }

    /** A wrong weekday numbering, either rule or month end shows as soon as an independent library reads the same fields. */
    @Test
    void agreesWithAnotherImplementation() {
        CronDefinition definition = CronDefinitionBuilder.defineCron()
                .withSeconds()
                .and()
                .withMinutes()
                .and()
                .withHours()
                .and()
                .withDayOfMonth()
                .and()
                .withMonth()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .and()
                .instance();
        CronParser other = new CronParser(definition);
        Random random = new Random(20261122);
        for (int i = 0; i < 300; i++) {
            String text = randomField(random, 0, 59) + " " + randomField(random, 0, 59) + " "
                    + randomField(random, 0, 23) + " " + randomField(random, 1, 28) + " " + randomField(random, 1, 12)
                    + " " + randomField(random, 0, 6);
            CronSpec spec = CronSpec.parse(text, ZoneOffset.UTC);
            ExecutionTime theirs = ExecutionTime.forCron(other.parse(text));
            ZonedDateTime time = ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)
                    .plusSeconds(random.nextInt(3 * 365 * 86_400));
            for (int step = 0; step < 5; step++) {
                ZonedDateTime expected = theirs.nextExecution(time).orElseThrow();
                assertEquals(expected.toInstant(), spec.nextAfter(time.toInstant()), text + " " + time);
                time = expected;
            }
        }
    }

    private static String randomField(Random random, int least, int most) {
        int from = least + random.nextInt(most - least);
        int to = from + 1 + random.nextInt(most - from);
        return switch (random.nextInt(5)) {
            case 0, 1 -> "*";
            case 2 -> Integer.toString(from);
            case 3 -> from + "-" + to;
            default -> from + "," + to;
        };
    }

    @Test
    void gapsHoldForEveryFiringOfAMonth() {
        for (String text : List.of("*/7 3,4 9-17 * * 1-5", "0 */25 * * * *", "30 5 0 1-10/3 * *", "0 0 0 13 * FRI")) {
            CronSpec spec = CronSpec.parse(text, ZoneOffset.UTC);
            Instant time = spec.nextAfter(utc("2026-01-01T00:00:00"));
            while (time.isBefore(utc("2026-02-01T00:00:00"))) {
                Instant next = spec.nextAfter(time);
                Duration gap = Duration.between(time, next);
                assertTrue(gap.compareTo(spec.shortestGap()) >= 0 && gap.compareTo(spec.longestGap()) <= 0, text);
                time = next;
            }
        }
    }

    @Test
    void aCadenceGoesOnEvenlyThroughBothChangesOfTheClock() {
        CronSpec spec = CronSpec.parse("*/10 * * * *", BERLIN);
        for (String day : List.of("2026-03-28T23:00:00", "2026-10-24T22:00:00")) {
            Instant time = utc(day);
            for (int i = 0; i < 36; i++) {
                Instant next = spec.nextAfter(time);
                assertEquals(Duration.ofMinutes(10), Duration.between(time, next));
                time = next;
            }
        }
    }

    @Test
    void aDailyTimeInTheSkippedHourIsLeftOutAndInTheRepeatedOneDoubled() {
        CronSpec spec = CronSpec.parse("30 2 * * *", BERLIN);
        // 2026-03-29 02:00 CET becomes 03:00 CEST.
        assertEquals(utc("2026-03-30T00:30:00"), spec.nextAfter(utc("2026-03-28T01:30:00")));
        // 2026-10-25 03:00 CEST becomes 02:00 CET.
        assertEquals(utc("2026-10-25T00:30:00"), spec.nextAfter(utc("2026-10-24T00:30:00")));
        assertEquals(utc("2026-10-25T01:30:00"), spec.nextAfter(utc("2026-10-25T00:30:00")));
        assertEquals(utc("2026-10-26T01:30:00"), spec.nextAfter(utc("2026-10-25T01:30:00")));
    }

    @Test
    void everyKeepsItsPhaseOverARestart() {
        CronSpec spec = CronSpec.parse("@every 7s", BERLIN);
        List<Instant> seen = new ArrayList<>();
        for (int restart = 0; restart < 7; restart++) {
            seen.add(spec.nextAfter(Instant.ofEpochSecond(1_795_000_000L + restart)));
        }
        assertEquals(2, seen.stream().distinct().count());
        assertTrue(seen.stream().allMatch(time -> time.getEpochSecond() % 7 == 0));
    }

    @Test
    void everyWorksBeforeTheEpoch() {
        assertEquals(Instant.EPOCH, CronSpec.parse("@every 10s", ZoneOffset.UTC).nextAfter(Instant.ofEpochSecond(-3)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0 0 31 2 *       | '0 0 31 2 *' never fires: no such day of month in these months
                    0 0 30 2 *       | '0 0 30 2 *' never fires: no such day of month in these months
                    0 0 31 4,6,9,11 *| '0 0 31 4,6,9,11 *' never fires: no such day of month in these months
                    * * *            | '* * *' has 3 fields; cron has five (minute, hour, day of month, month, weekday) or six with seconds first
                    x                | 'x' has 1 field; cron has five (minute, hour, day of month, month, weekday) or six with seconds first
                    61 * * * *       | '61 * * * *' has '61' in the field minute; allowed are 0 to 59
                    61 * * * * *     | '61 * * * * *' has '61' in the field second; allowed are 0 to 59
                    * 24 * * *       | '* 24 * * *' has '24' in the field hour; allowed are 0 to 23
                    * * 0 * *        | '* * 0 * *' has '0' in the field day of month; allowed are 1 to 31
                    * * * 13 *       | '* * * 13 *' has '13' in the field month; allowed are 1 to 12 and JAN to DEC
                    * * * * 8        | '* * * * 8' has '8' in the field weekday; allowed are 0 to 7 and SUN to SAT
                    * * * * MONDAY   | '* * * * MONDAY' has 'MONDAY' in the field weekday; allowed are 0 to 7 and SUN to SAT
                    * * * * FRI-MON  | '* * * * FRI-MON' has 'FRI-MON' in the field weekday; the range runs backwards
                    20-10 * * * *    | '20-10 * * * *' has '20-10' in the field minute; the range runs backwards
                    */0 * * * *      | '*/0 * * * *' has '*/0' in the field minute; a step is 1 to 59
                    */90 * * * *     | '*/90 * * * *' has '*/90' in the field minute; a step is 1 to 59
                    * * ? * *        | '* * ? * *' has '?' in the field day of month; write * instead
                    * * L * *        | '* * L * *' has 'L' in the field day of month; allowed are 1 to 31
                    * * * * 1#2      | '* * * * 1#2' has '1#2' in the field weekday; allowed are 0 to 7 and SUN to SAT
                    1,, * * * *      | '1,, * * * *' has '' in the field minute; allowed are 0 to 59
                    -1 * * * *       | '-1 * * * *' has '-1' in the field minute; allowed are 0 to 59
                    +5 * * * *       | '+5 * * * *' has '+5' in the field minute; allowed are 0 to 59
                    1-2-3 * * * *    | '1-2-3 * * * *' has '1-2-3' in the field minute; allowed are 0 to 59
                    99999999999 * * * * | '99999999999 * * * *' has '99999999999' in the field minute; allowed are 0 to 59
                    @every           | '@every' is unknown; write @every 10s, @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually
                    @reboot          | '@reboot' is unknown; write @every 10s, @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually
                    @every 10        | '@every 10' has no duration after @every; write for example @every 10s or @every 1h30m
                    @every 500ms     | '@every 500ms' is no whole number of seconds; write for example @every 10s
                    @every 1.5s      | '@every 1.5s' is no whole number of seconds; write for example @every 10s
                    @every 0s        | '@every 0s' is outside 1s to 366d
                    @every -5s       | '@every -5s' has no duration after @every; write for example @every 10s or @every 1h30m
                    @every 999999999d| '@every 999999999d' is outside 1s to 366d
                    """, quoteCharacter = '"')
    void refusesWithTheReason(String spec, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> CronSpec.parse(spec))
                        .getMessage());
    }

    @Test
    void anEmptySpecIsRefused() {
        assertEquals("is empty; write for example */10 * * * * *", CronSpec.problemOf("  "));
        assertNull(CronSpec.problemOf(" @hourly "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@every 1h30m", "@every 1.5h", "@every 60s", "@every 1000ms", "@every 366d"})
    void takesDurationsAsGoWritesThem(String spec) {
        assertNull(CronSpec.problemOf(spec));
    }

    private static Instant utc(String local) {
        return LocalDateTime.parse(local).toInstant(ZoneOffset.UTC);
    }
}
