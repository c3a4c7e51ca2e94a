package io.pingagent.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices when threads of this process get no processor, or the whole machine stands still: what a test then measures says
 * more about the machine than about the agent. Watches until closed, with a thread per processor a small machine has. Any
 * thread.
 */
public final class MachineWatch implements AutoCloseable {

    /** Only a failure waits so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int THREADS = 2;
    private static final long NAP_NANOS = 5_000_000L;
    /** Shorter ones disturb nobody and would fill the list. */
    private static final long SHORTEST_NANOS = 5_000_000L;
    /** After so long a stall a firing of the scheduler may have been skipped, as it should be. */
    private static final long SKIPPED_FIRING_NANOS = 400_000_000L;

    private record Stall(long fromNanos, long untilNanos) {}

    private final List<Stall> stalls = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private volatile boolean closed;

    public MachineWatch() {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::run, "machine-watch");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        long beforeNanos = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(NAP_NANOS);
            long nowNanos = System.nanoTime();
            if (nowNanos - beforeNanos - NAP_NANOS >= SHORTEST_NANOS) {
                synchronized (stalls) {
                    stalls.add(new Stall(beforeNanos, nowNanos));
                }
            }
            beforeNanos = nowNanos;
        }
    }

    /** Of all since the start. */
    public long longestStallMillis() {
        synchronized (stalls) {
            return stalls.stream()
                            .mapToLong(stall -> stall.untilNanos - stall.fromNanos)
                            .max()
                            .orElse(0)
                    / 1_000_000;
        }
    }

    /** As {@link #slackNanos(long, Duration)} since the start. */
    public long slackNanos(Duration cadence) {
        return slackNanos(startNanos, cadence);
    }

    /**
     * By how much two things that happened since then may be further apart, or closer, than they should be: those who did
     * them were held up, and those who watched, too.
     *
     * @param sinceNanos {@link System#nanoTime()}
     * @param cadence in which they happen: a firing that a stall held up may be skipped
     * @return 0 on a calm machine, or almost
     */
    public long slackNanos(long sinceNanos, Duration cadence) {
        // A stall that ended just before may still be felt.
        long fromNanos = sinceNanos - 2_000_000_000L;
        long longestNanos;
        synchronized (stalls) {
            longestNanos = stalls.stream()
                    .filter(stall -> stall.untilNanos - fromNanos >= 0)
                    .mapToLong(stall -> stall.untilNanos - stall.fromNanos)
                    .max()
                    .orElse(0);
        }
        return 2 * longestNanos + (longestNanos >= SKIPPED_FIRING_NANOS ? cadence.toNanos() : 0);
    }

    /**
     * Waits for a condition that has to hold so soon after a moment; what this machine's stalls take is not counted.
     *
     * @param sinceNanos {@link System#nanoTime()}
     */
    public void awaitWithin(long sinceNanos, Duration limit, Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(50)).atMost(PATIENCE).until(condition);
        long tookNanos = System.nanoTime() - sinceNanos;
        long slackNanos = slackNanos(sinceNanos, Duration.ofSeconds(2));
        assertTrue(
                tookNanos <= limit.toNanos() + slackNanos,
                () -> "after " + tookNanos / 1e9 + " s, with stalls of " + longestStallMillis() + " ms");
    }

    @Override
    public void close() {
        closed = true;
    }
}
