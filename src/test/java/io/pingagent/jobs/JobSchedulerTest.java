package io.pingagent.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What needs no firing; the rest is in {@link JobSchedulerIT}. */
class JobSchedulerTest {

    private static final CronSpec YEARLY = CronSpec.parse("@yearly");

    private static final Instant START = Instant.parse("2026-07-01T00:00:00Z");

    private Instant wallTime = START;
    private long monotonicNanos = 1_000;

    private final JobScheduler scheduler = new JobScheduler(() -> wallTime, () -> monotonicNanos);

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void anIdIsScheduledOnce() {
        scheduler.schedule("a", YEARLY, JobSchedulerTest::ignore);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> scheduler.schedule("a", YEARLY, JobSchedulerTest::ignore));
        assertEquals("'a' is scheduled already", e.getMessage());
    }

    @Test
    void anUnknownIdIsNeitherRescheduledNorUnscheduled() {
        assertThrows(IllegalArgumentException.class, () -> scheduler.reschedule("b", YEARLY));
        assertFalse(scheduler.unschedule("b"));
    }

    @Test
    void anUnscheduledIdIsFreeAgain() {
        scheduler.schedule("a", YEARLY, JobSchedulerTest::ignore);
        assertTrue(scheduler.unschedule("a"));
        scheduler.schedule("a", YEARLY, JobSchedulerTest::ignore);
        assertTrue(scheduler.unschedule("a"));
    }

    @Test
    void nothingIsScheduledAfterTheEnd() {
        scheduler.close();
        scheduler.close();
        assertThrows(IllegalStateException.class, () -> scheduler.schedule("a", YEARLY, JobSchedulerTest::ignore));
    }

    @Test
    void aFiringDueBetweenAStepBackAndItsDetectionComesAtOnce() {
        pass(Duration.ofMillis(1_950));
        schedule("*/2 * * * * *");
        assertEquals(START.plusSeconds(2), scheduler.next("a"));
        step(Duration.ofMinutes(-1));
        pass(Duration.ofMillis(100));
        scheduler.clockStepped();
        assertEquals(wallTime, scheduler.next("a"));
    }

    @Test
    void aStepThatMovesTheSpecByMuchOfAnIntervalDelaysNoFiring() {
        pass(Duration.ofMillis(7_500));
        schedule("*/10 * * * * *");
        step(Duration.ofSeconds(-67));
        pass(Duration.ofMillis(100));
        scheduler.clockStepped();
        assertEquals(wallTime.plusMillis(2_400), scheduler.next("a"), "the time at which it would have fired");
    }

    @Test
    void aStepThatMovesTheSpecALittleFollowsTheSpec() {
        pass(Duration.ofMillis(1_500));
        schedule("*/10 * * * * *");
        step(Duration.ofSeconds(-61));
        scheduler.clockStepped();
        assertEquals(START.minusSeconds(50), scheduler.next("a"), "a second later than it would have fired");
        step(Duration.ofSeconds(61 + 7));
        scheduler.clockStepped();
        assertEquals(START.plusSeconds(10), scheduler.next("a"), "sooner than it would have fired");
    }

    @Test
    void aStepByWholeIntervalsFiresTheNextOccurrenceOnce() {
        // Triggers count whole milliseconds, so an armed firing is a little early.
        pass(Duration.ofNanos(1_500_500_000));
        schedule("*/10 * * * * *");
        step(Duration.ofMinutes(-1));
        scheduler.clockStepped();
        assertEquals(START.minusSeconds(50), scheduler.next("a"));
    }

    @Test
    void aTimeOfTheDayIsTheWallClocks() {
        schedule("0 3 * * *");
        Instant three = scheduler.next("a");
        pass(Duration.between(START, three).minusSeconds(30));
        step(Duration.ofMinutes(-1));
        scheduler.clockStepped();
        assertEquals(three, scheduler.next("a"));
    }

    @Test
    void aTimeOfTheDayThatTheClockHasPassedOverFiresAtOnce() {
        schedule("0 3 * * *");
        pass(Duration.between(START, scheduler.next("a")).minusSeconds(30));
        step(Duration.ofMinutes(1));
        scheduler.clockStepped();
        assertEquals(wallTime, scheduler.next("a"));
    }

    @Test
    void whatBecameDueBeforeTheStartIsSkipped() {
        schedule("*/2 * * * * *");
        pass(Duration.ofMinutes(5));
        scheduler.start();
        assertEquals(wallTime.plusSeconds(2), scheduler.next("a"));
    }

    private void schedule(String spec) {
        scheduler.schedule("a", CronSpec.parse(spec), JobSchedulerTest::ignore);
    }

    private void pass(Duration time) {
        wallTime = wallTime.plus(time);
        monotonicNanos += time.toNanos();
    }

    private void step(Duration by) {
        wallTime = wallTime.plus(by);
    }

    private static void ignore(String id, Instant scheduledAt, Instant next) {}
}
