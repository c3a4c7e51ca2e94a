package io.pingagent.probe;

import java.util.Arrays;

/**
 * How many addresses stopped to answer lately, and how many replies came beside that: in slots of a quarter of a second.
 * Owned by {@code ping-recv}.
 */
final class StopCounts {

    static final long SLOT_NANOS = 250_000_000L;
    /** What is compared with the replies: so many slots. */
    private static final int RECENT = 8;
    /** So long a stop may belong to an outage that is found later. */
    private static final int SLOTS = 60;

    private final int[] stops = new int[SLOTS];
    private final int[] replies = new int[SLOTS];
    private int current;
    private long slotNanos;

    StopCounts(long nowNanos) {
        slotNanos = nowNanos;
    }

    void stopped() {
        stops[current]++;
    }

    void replied() {
        replies[current]++;
    }

    boolean isSlotOver(long nowNanos) {
        return nowNanos - slotNanos >= SLOT_NANOS;
    }

    /** Begins the next slot; returns the stops of the one that falls out of memory for it. */
    int nextSlot(long nowNanos) {
        slotNanos = nowNanos - slotNanos > SLOTS * SLOT_NANOS ? nowNanos : slotNanos + SLOT_NANOS;
        current = (current + 1) % SLOTS;
        int forgotten = stops[current];
        stops[current] = 0;
        replies[current] = 0;
        return forgotten;
    }

    /** Stops and replies of the last two seconds, as a share of the stops: 0 to 1. */
    double recentShare() {
        int stopped = 0;
        int answered = 0;
        for (int i = 0; i < RECENT; i++) {
            int slot = (current + SLOTS - i) % SLOTS;
            stopped += stops[slot];
            answered += replies[slot];
        }
        return stopped == 0 ? 0 : (double) stopped / (stopped + answered);
    }

    /** Stops of the last 15 s. */
    int remembered() {
        return Arrays.stream(stops).sum();
    }

    /** Whether anybody stopped in the last two seconds. */
    boolean isAnyRecent() {
        return recentShare() > 0;
    }

    void clearStops() {
        Arrays.fill(stops, 0);
    }
}
