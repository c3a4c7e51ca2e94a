package io.pingagent.jobs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What takes real time: Quartz fires by the system's clock alone. The tests wait most of the time, so they do it together;
 * no other class runs meanwhile.
 */
@Execution(ExecutionMode.SAME_THREAD)
class JobSchedulerIT {

    private static final CronSpec EVERY_SECOND = CronSpec.parse("* * * * * *");

    /** Far more than a test takes; only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The system's clock, set by so many milliseconds. */
    private final AtomicLong steppedMillis = new AtomicLong();

    private final InstantSource wallClock = () -> Instant.now().plusMillis(steppedMillis.get());

    private final JobScheduler scheduler = new JobScheduler(wallClock, System::nanoTime);

    private final List<Instant> fired = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void eachOccurrenceFiresOnceAndOnTime() {
        List<Instant> announced = new CopyOnWriteArrayList<>();
        List<Long> delaysMillis = new CopyOnWriteArrayList<>();
        scheduler.schedule("a", EVERY_SECOND, (id, scheduledAt, next) -> {
            delaysMillis.add(Duration.between(scheduledAt, wallClock.instant()).toMillis());
            announced.add(next);
            fired.add(scheduledAt);
        });
        scheduler.start();
        awaitFirings(5);
        assertConsecutiveSeconds();
        for (int i = 1; i < fired.size(); i++) {
            assertEquals(announced.get(i - 1), fired.get(i));
        }
        assertTrue(delaysMillis.stream().allMatch(millis -> millis >= -10), delaysMillis.toString());
        // A busy machine may hold up one or the other.
        assertTrue(delaysMillis.stream().filter(millis -> millis < 500).count() >= 3, delaysMillis.toString());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void dayOfMonthAndWeekdayTogetherFireOnce() {
        // Every day matches by date and today also by weekday.
        scheduler.schedule("a", CronSpec.parse("* * * 1-31 * 0-6"), this::record);
        scheduler.start();
        awaitFirings(4);
        assertConsecutiveSeconds();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aForwardStepOfTheWallClockNeitherFreezesNorBursts() {
        stepDuringCadence(Duration.ofHours(1));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aBackwardStepOfTheWallClockNeitherFreezesNorBursts() {
        stepDuringCadence(Duration.ofHours(-1));
    }

    private void stepDuringCadence(Duration step) {
        scheduler.schedule("a", EVERY_SECOND, this::record);
        scheduler.start();
        awaitFirings(2);
        steppedMillis.addAndGet(step.toMillis());
        scheduler.clockStepped();
        int before = fired.size();
        long startNanos = System.nanoTime();
        awaitFirings(before + 3);
        long elapsedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        assertTrue(elapsedMillis > 1_500, "burst: 3 firings in " + elapsedMillis + " ms");
        assertTrue(elapsedMillis < 20_000, "frozen: 3 firings in " + elapsedMillis + " ms");
        Duration jump = Duration.between(fired.get(before - 1), fired.get(before));
        assertTrue(jump.minus(step).abs().compareTo(Duration.ofSeconds(20)) < 0, "the new wall time rules: " + jump);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void anUnnoticedForwardStepFiresOnceAndGoesOn() {
        scheduler.schedule("a", EVERY_SECOND, this::record);
        scheduler.start();
        awaitFirings(1);
        steppedMillis.addAndGet(3_600_000);
        int before = fired.size();
        awaitFirings(before + 3);
        assertEquals(fired.size(), new HashSet<>(fired).size());
        Duration jump = Duration.between(fired.get(before - 1), fired.get(before + 2));
        assertTrue(jump.toMinutes() >= 59, "skipped, not made up for: " + jump);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aStalledListenerLosesFiringsInsteadOfBunchingThem() throws InterruptedException {
        CountDownLatch stalled = new CountDownLatch(3);
        CountDownLatch release = new CountDownLatch(1);
        Firing stall = (id, scheduledAt, next) -> {
            stalled.countDown();
            hold(release);
        };
        // Both workers are held, so the third one cannot fire.
        scheduler.schedule("stall-1", EVERY_SECOND, stall);
        scheduler.schedule("stall-2", EVERY_SECOND, stall);
        scheduler.start();
        await().atMost(PATIENCE).until(() -> stalled.getCount() <= 1);
        scheduler.unschedule("stall-1");
        scheduler.unschedule("stall-2");
        scheduler.schedule("a", EVERY_SECOND, this::record);
        assertFalse(stalled.await(2_200, TimeUnit.MILLISECONDS));
        assertEquals(0, fired.size());
        Instant released = wallClock.instant();
        release.countDown();
        awaitFirings(3);
        assertTrue(fired.stream().filter(time -> time.isBefore(released)).count() <= 1, "one late at most: " + fired);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void anotherSpecTakesEffectAndOthersGoOn() {
        List<Instant> others = new CopyOnWriteArrayList<>();
        scheduler.schedule("a", CronSpec.parse("@yearly"), this::record);
        scheduler.schedule("b", EVERY_SECOND, (id, scheduledAt, next) -> others.add(scheduledAt));
        scheduler.start();
        scheduler.reschedule("a", EVERY_SECOND);
        awaitFirings(2);
        await().atMost(PATIENCE).until(() -> others.size() >= 2);
        assertTrue(scheduler.unschedule("a"));
        assertFalse(scheduler.unschedule("a"));
        int count = fired.size();
        int otherCount = others.size();
        await().atMost(PATIENCE).until(() -> others.size() >= otherCount + 2);
        assertTrue(fired.size() <= count + 1, "only a firing under way may end");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aFailingListenerIsCalledAgain() {
        scheduler.schedule("a", EVERY_SECOND, (id, scheduledAt, next) -> {
            fired.add(scheduledAt);
            throw new IllegalStateException("on purpose");
        });
        scheduler.start();
        awaitFirings(4);
        assertConsecutiveSeconds();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void threadsAreDaemonsAndSayWhoTheyAre() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        scheduler.schedule("a", EVERY_SECOND, (id, scheduledAt, next) -> threads.add(Thread.currentThread()));
        scheduler.start();
        await().atMost(PATIENCE).until(() -> !threads.isEmpty());
        assertTrue(threads.get(0).getName().startsWith("ping-quartz-worker"), threads.toString());
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("uartz"))
                .forEach(thread -> {
                    assertTrue(thread.isDaemon(), thread.getName());
                    assertTrue(thread.getName().startsWith("ping-quartz-"), thread.getName());
                });
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void nothingFiresBeforeTheStartOrAfterTheEnd() {
        scheduler.schedule("a", EVERY_SECOND, this::record);
        await().during(Duration.ofMillis(1_100)).atMost(PATIENCE).until(fired::isEmpty);
        scheduler.start();
        awaitFirings(1);
        scheduler.close();
        int count = fired.size();
        await().during(Duration.ofMillis(1_100)).atMost(PATIENCE).until(() -> fired.size() == count);
        assertThrows(IllegalStateException.class, () -> scheduler.schedule("b", EVERY_SECOND, this::record));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aHangingListenerDoesNotHoldUpTheEnd() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        scheduler.schedule("a", EVERY_SECOND, (id, scheduledAt, next) -> {
            begun.countDown();
            hold(release);
        });
        scheduler.start();
        hold(begun);
        long startNanos = System.nanoTime();
        scheduler.close();
        long elapsedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        release.countDown();
        assertTrue(elapsedMillis >= 1_900 && elapsedMillis < 15_000, elapsedMillis + " ms");
    }

    private void record(String id, Instant scheduledAt, Instant next) {
        fired.add(scheduledAt);
    }

    private void awaitFirings(int count) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> fired.size() >= count);
    }

    /** One gap is forgiven: an occurrence that a busy machine missed by a second is skipped, as it should be. */
    private void assertConsecutiveSeconds() {
        List<Instant> times = List.copyOf(fired);
        int gaps = 0;
        for (int i = 1; i < times.size(); i++) {
            Duration step = Duration.between(times.get(i - 1), times.get(i));
            assertTrue(step.compareTo(Duration.ofSeconds(1)) >= 0 && step.toNanosPart() == 0, times.toString());
            if (step.toSeconds() > 1) {
                gaps++;
            }
        }
        assertTrue(gaps <= 1, times.toString());
    }

    private static void hold(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
