package io.pingagent.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LONG_PAUSE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final AtomicInteger turns = new AtomicInteger();

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private long reportTurn() {
        seen.add("turn " + turns.incrementAndGet());
        return LONG_PAUSE_NANOS;
    }

    @Test
    void isADaemonOfItsNameAndTakesTurnsUntilItsWorkEnds() throws InterruptedException {
        Worker worker = Worker.named("ping-test").work(() -> {
            Thread self = Thread.currentThread();
            seen.add(self.getName() + " " + self.isDaemon());
            return turns.incrementAndGet() == 3 ? Worker.END : 0;
        });
        assertFalse(worker.isAlive());
        worker.start();
        assertTrue(worker.join(PATIENCE));
        assertEquals(List.of("ping-test true", "ping-test true", "ping-test true"), List.copyOf(seen));
        assertFalse(worker.isStopping(), "nobody asked it to");
    }

    @Test
    void wakeEndsAPause() throws InterruptedException {
        Worker worker = Worker.named("ping-test").work(this::reportTurn);
        worker.start();
        assertEquals("turn 1", next());
        worker.wake();
        assertEquals("turn 2", next());
        assertTrue(worker.isAlive());
        worker.stop();
        assertTrue(worker.join(PATIENCE));
        assertEquals(2, turns.get(), "a stop takes no further turn");
    }

    @Test
    void aWorkerStoppedBeforeItsStartTakesNoTurnButDoesItsLastWork() {
        Worker worker = Worker.named("ping-test").lastly(() -> seen.add("last")).work(this::reportTurn);
        worker.stop();
        worker.start();
        assertTrue(worker.join(PATIENCE));
        assertEquals(List.of("last"), List.copyOf(seen));
    }

    @Test
    void oneThatEndsItselfDecidesWhenItHasStopped() throws InterruptedException {
        AtomicReference<Worker> self = new AtomicReference<>();
        Worker worker = Worker.named("ping-test").endsItself().work(() -> {
            int turn = turns.incrementAndGet();
            boolean isStopping = self.get().isStopping();
            seen.add("turn " + turn + " " + isStopping);
            return isStopping && turn >= 3 ? Worker.END : 0;
        });
        self.set(worker);
        worker.stop();
        worker.start();
        assertTrue(worker.join(PATIENCE));
        assertEquals(List.of("turn 1 true", "turn 2 true", "turn 3 true"), List.copyOf(seen));
    }

    @Test
    void survivesAFailureAsItsHandlerSays() throws InterruptedException {
        Worker worker = Worker.named("ping-test")
                .onFailure(failure -> {
                    seen.add(String.valueOf(failure.getMessage()));
                    return turns.get() < 3 ? 0 : Worker.END;
                })
                .lastly(() -> seen.add("last"))
                .work(() -> {
                    throw new IllegalStateException("failure " + turns.incrementAndGet());
                });
        worker.start();
        assertTrue(worker.join(PATIENCE));
        assertEquals(List.of("failure 1", "failure 2", "failure 3", "last"), List.copyOf(seen));
    }

    @Test
    void aFailureThatNobodyHandlesEndsTheThreadByTheUncaughtHandlerWithoutLastWork() {
        IllegalStateException defect = new IllegalStateException("a defect");
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Worker worker = Worker.named("ping-test").lastly(() -> seen.add("last")).work(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, cause) -> uncaught.set(cause));
            throw defect;
        });
        worker.start();
        assertTrue(worker.join(PATIENCE));
        assertSame(defect, uncaught.get());
        assertEquals(List.of(), List.copyOf(seen));
    }

    @Test
    void anErrorIsNotForTheFailureHandler() {
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Worker worker = Worker.named("ping-test")
                .onFailure(failure -> {
                    seen.add("handled");
                    return 0;
                })
                .work(() -> {
                    Thread.currentThread().setUncaughtExceptionHandler((thread, cause) -> uncaught.set(cause));
                    throw new AssertionError("an error");
                });
        worker.start();
        assertTrue(worker.join(PATIENCE));
        assertEquals("an error", String.valueOf(uncaught.get().getMessage()));
        assertEquals(List.of(), List.copyOf(seen));
    }

    @Test
    void stopNowInterruptsWhatATurnWaitsForAndTheLastWorkMayWait() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Worker worker = Worker.named("ping-test")
                .lastly(() -> seen.add("interrupted " + Thread.currentThread().isInterrupted()))
                .work(() -> {
                    seen.add("waits");
                    never.await();
                    return 0;
                });
        worker.start();
        assertEquals("waits", next());
        worker.stopNow();
        assertTrue(worker.join(PATIENCE));
        assertEquals("interrupted false", next());
    }

    @Test
    void joinGivesUpAfterItsPatience() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Worker worker = Worker.named("ping-test").work(() -> {
            end.await();
            return Worker.END;
        });
        assertTrue(worker.join(Duration.ZERO), "not started, so there is nothing to wait for");
        worker.start();
        assertFalse(worker.join(Duration.ofMillis(-1)));
        assertFalse(worker.join(Duration.ofNanos(1)));
        end.countDown();
        assertTrue(worker.join(PATIENCE));
    }

    @Test
    void anInterruptedCallerOfJoinReturnsEarlyAndStaysInterrupted() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Worker worker = Worker.named("ping-test").work(() -> {
            end.await();
            return Worker.END;
        });
        worker.start();
        Thread.currentThread().interrupt();
        assertFalse(worker.join(PATIENCE));
        assertTrue(Thread.interrupted());
        end.countDown();
        assertTrue(worker.join(PATIENCE));
    }

    @Test
    void restIsNotEndedByWakingButByStopping() throws InterruptedException {
        AtomicReference<Worker> self = new AtomicReference<>();
        AtomicBoolean wasWhole = new AtomicBoolean(true);
        Worker worker = Worker.named("ping-test").work(() -> {
            // Woken before, a pause would end at once.
            self.get().wake();
            boolean isWhole = self.get().rest(1_000);
            seen.add("rested " + isWhole);
            wasWhole.set(self.get().rest(LONG_PAUSE_NANOS));
            return 0;
        });
        self.set(worker);
        worker.start();
        assertEquals("rested true", next());
        worker.wake();
        worker.stop();
        assertTrue(worker.join(PATIENCE));
        assertFalse(wasWhole.get());
    }

    @Test
    void restEndsWithAnInterrupt() throws InterruptedException {
        AtomicReference<Worker> self = new AtomicReference<>();
        Worker worker = Worker.named("ping-test").work(() -> {
            try {
                Thread.currentThread().interrupt();
                self.get().rest(LONG_PAUSE_NANOS);
            } finally {
                seen.add("ended");
            }
            return 0;
        });
        self.set(worker);
        worker.start();
        assertTrue(worker.join(PATIENCE));
        assertEquals("ended", next());
    }

    @Test
    void startsOnce() {
        Worker worker = Worker.named("ping-test").work(() -> Worker.END);
        worker.start();
        assertThrows(IllegalThreadStateException.class, worker::start);
        assertTrue(worker.join(PATIENCE));
    }
}
