package io.pingagent.probe;

/**
 * When a round that recurs starts and how long it takes. Owned by {@code ping-send}.
 *
 * <p>A round that is due while another runs waits for its end and starts then, one at most. One that starts late starts now,
 * not in the past, because catching up would be a burst, and takes as much less time as it is late, so that the round after
 * it is on time again; yet never less than half its time, because under overload all are late and hurry does not help.
 */
final class RoundClock {

    /** Lateness that is made up for within a few packets. */
    private static final long PUNCTUAL_NANOS = 10_000_000L;

    private boolean running;
    private long startNanos;
    private long spreadNanos;
    private boolean nextIsDue;
    private long nextStartNanos;
    private long nextSpreadNanos;

    /** A firing. Returns false if it has to be dropped, because a round is running and the next is due already. */
    boolean due(long dueNanos, long newSpreadNanos, long nowNanos) {
        if (!running) {
            start(dueNanos, newSpreadNanos, nowNanos);
            return true;
        }
        if (nextIsDue) {
            return false;
        }
        nextIsDue = true;
        nextStartNanos = dueNanos;
        nextSpreadNanos = newSpreadNanos;
        return true;
    }

    /** Ends the round and starts the next if that is due. Returns true if that is too late for it to keep its schedule. */
    boolean finish(long nowNanos) {
        running = false;
        if (!nextIsDue) {
            return false;
        }
        nextIsDue = false;
        start(nextStartNanos, nextSpreadNanos, nowNanos);
        return nowNanos - nextStartNanos > Math.max(PUNCTUAL_NANOS, nextSpreadNanos / 20);
    }

    private void start(long dueNanos, long wantedSpreadNanos, long nowNanos) {
        long lateNanos = nowNanos - dueNanos;
        running = true;
        if (lateNanos <= PUNCTUAL_NANOS) {
            startNanos = dueNanos;
            spreadNanos = wantedSpreadNanos;
        } else {
            startNanos = nowNanos;
            spreadNanos = Math.max(wantedSpreadNanos / 2, wantedSpreadNanos - lateNanos);
        }
    }

    /** Another spread from now on, also for the rest of a running round. */
    void changeSpread(long newSpreadNanos) {
        spreadNanos = newSpreadNanos;
        nextSpreadNanos = newSpreadNanos;
    }

    boolean isRunning() {
        return running;
    }

    long startNanos() {
        return startNanos;
    }

    /** How long this round takes. */
    long spreadNanos() {
        return spreadNanos;
    }
}
