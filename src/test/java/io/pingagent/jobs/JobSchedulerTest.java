package io.pingagent.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What needs no firing; the rest is in {@link JobSchedulerIT}. */
class JobSchedulerTest {

    private static final CronSpec YEARLY = CronSpec.parse("@yearly");

    private final JobScheduler scheduler = new JobScheduler(InstantSource.fixed(Instant.parse("2026-07-01T00:00:00Z")));

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

    private static void ignore(String id, Instant scheduledAt, Instant next) {}
}
