package io.pingagent.app;

import java.util.concurrent.locks.LockSupport;

/**
 * Notices when threads of this process get no processor: what a test then measures says more about the machine than about
 * the agent. Watches until closed.
 */
final class MachineWatch implements AutoCloseable {

    private static final long NAP_NANOS = 5_000_000L;

    private final Thread thread = new Thread(this::run, "machine-watch");
    private volatile boolean closed;
    private volatile long longestStallNanos;

    MachineWatch() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long beforeNanos = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(NAP_NANOS);
            long nowNanos = System.nanoTime();
            longestStallNanos = Math.max(longestStallNanos, nowNanos - beforeNanos - NAP_NANOS);
            beforeNanos = nowNanos;
        }
    }

    long longestStallMillis() {
        return longestStallNanos / 1_000_000;
    }

    @Override
    public void close() {
        closed = true;
    }
}
