package io.pingagent.probe.round;

import io.pingagent.base.OwnedBy;

/**
 * When a round that recurs starts and how long it takes.
 *
 * <ul>
 *   <li>A round that is due while another runs waits for its end; one round waits at most.
 *   <li>A late round starts immediately and is shortened by its delay, to half at most. The round after it is on time
 *       again, without a burst.
 *   <li>After a postponed round the next takes its whole time: under overload all are late, and hurry does not help.
 * </ul>
 */
@OwnedBy("ping-send")
final class RoundClock {

    /** Lateness that is made up for within a few packets. */
    private static final long PUNCTUAL_NANOS = 10_000_000L;

    private boolean running;
    private long dueNanos;
    private long startNanos;
    private long spreadNanos;
    private boolean nextIsDue;
    private long nextStartNanos;
    private long nextSpreadNanos;
    private long postponedNanos;

    /** A round that began in the past, whatever was running before: nothing of it is made up for. */
    void join(long newDueNanos, long newSpreadNanos) {
        running = true;
        dueNanos = newDueNanos;
        startNanos = newDueNanos;
        spreadNanos = newSpreadNanos;
        nextIsDue = false;
        postponedNanos = 0;
    }

    /** A firing. Returns false if it has to be dropped, because a round is running and the next is due already. */
    boolean due(long newDueNanos, long newSpreadNanos, long nowNanos) {
        if (!running) {
            start(newDueNanos, newSpreadNanos, nowNanos);
            return true;
        }
        if (nextIsDue) {
            return false;
        }
        nextIsDue = true;
        nextStartNanos = newDueNanos;
        nextSpreadNanos = newSpreadNanos;
        return true;
    }

    /**
     * Ends the round and starts the next if that is due.
     *
     * @param earliestNanos the next round starts no sooner, unless its own time is hardly over
     * @return whether that is too late for it to keep its schedule
     */
    boolean finish(long earliestNanos) {
        running = false;
        if (!nextIsDue) {
            postponedNanos = 0;
            return false;
        }
        nextIsDue = false;
        start(nextStartNanos, nextSpreadNanos, earliestNanos);
        return earliestNanos - dueNanos > Math.max(PUNCTUAL_NANOS, nextSpreadNanos / 20);
    }

    private void start(long newDueNanos, long wantedSpreadNanos, long earliestNanos) {
        long lateNanos = earliestNanos - newDueNanos;
        running = true;
        dueNanos = newDueNanos;
        if (lateNanos <= PUNCTUAL_NANOS) {
            startNanos = newDueNanos;
            spreadNanos = wantedSpreadNanos;
        } else {
            startNanos = earliestNanos;
            spreadNanos = postponedNanos > PUNCTUAL_NANOS
                    ? wantedSpreadNanos
                    : Math.max(wantedSpreadNanos / 2, wantedSpreadNanos - lateNanos);
        }
        postponedNanos = 0;
    }

    /** The rest of the round happens so much later. */
    void postpone(long nanos) {
        startNanos += nanos;
        postponedNanos += nanos;
    }

    /**
     * Another spread from now on.
     *
     * @param isExhausted whether there is no rest of a running round for which it would hold
     */
    void changeSpread(long newSpreadNanos, boolean isExhausted) {
        // A round of which nothing is left must not hold up the next for longer than it would have.
        spreadNanos = isExhausted ? Math.min(spreadNanos, newSpreadNanos) : newSpreadNanos;
        nextSpreadNanos = newSpreadNanos;
    }

    boolean isNextDue() {
        return nextIsDue;
    }

    boolean isRunning() {
        return running;
    }

    /** When this round should have started. */
    long dueNanos() {
        return dueNanos;
    }

    long startNanos() {
        return startNanos;
    }

    /** When the next round may start. */
    long endNanos() {
        return startNanos + spreadNanos;
    }

    /** How long this round takes. */
    long spreadNanos() {
        return spreadNanos;
    }
}
