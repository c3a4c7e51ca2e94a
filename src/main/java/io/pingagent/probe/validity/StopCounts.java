package io.pingagent.probe.validity;

import io.pingagent.base.OwnedBy;
import java.util.Arrays;

/**
 * How many addresses stopped answering lately, and how many replies came beside that: in slots of a quarter of a
 * second.
 */
@OwnedBy("ping-recv")
public final class StopCounts {

    static final long SLOT_NANOS = 250_000_000L;
    /** What is compared with the replies: so many slots. */
    private static final int RECENT = 8;
    /** After so many slots it is known whether what happened was an outage of the agent's own. */
    private static final int DECIDED = 24;
    /** So long a stop may belong to an outage that is found later. */
    private static final int SLOTS = 60;

    private final int[] stops = new int[SLOTS];
    private final int[] replies = new int[SLOTS];
    private final int[] sendErrors = new int[SLOTS];
    private int current;
    private long slotNanos;

    public StopCounts(long nowNanos) {
        slotNanos = nowNanos;
    }

    public void stopped() {
        stops[current]++;
    }

    public void replied() {
        replies[current]++;
    }

    /** The kernel would not send a probe. */
    public void sendError() {
        sendErrors[current]++;
    }

    /** How many send errors are now known to be none of an outage: more than 6 s old. Each is counted once. */
    public int takeOldSendErrors() {
        int old = 0;
        for (int i = DECIDED; i < SLOTS; i++) {
            int slot = (current + SLOTS - i) % SLOTS;
            old += sendErrors[slot];
            sendErrors[slot] = 0;
        }
        return old;
    }

    public boolean isSlotOver(long nowNanos) {
        return nowNanos - slotNanos >= SLOT_NANOS;
    }

    /** Begins the next slot, in place of the oldest. */
    public void nextSlot(long nowNanos) {
        if (nowNanos - slotNanos > SLOTS * SLOT_NANOS) {
            Arrays.fill(stops, 0);
            Arrays.fill(replies, 0);
            slotNanos = nowNanos;
        } else {
            slotNanos += SLOT_NANOS;
        }
        current = (current + 1) % SLOTS;
        stops[current] = 0;
        replies[current] = 0;
    }

    /** Stops and replies of the last two seconds, as a share of the stops: 0 to 1. */
    public double recentShare() {
        int stopped = 0;
        int answered = 0;
        for (int i = 0; i < RECENT; i++) {
            int slot = (current + SLOTS - i) % SLOTS;
            stopped += stops[slot];
            answered += replies[slot];
        }
        return stopped == 0 ? 0 : (double) stopped / (stopped + answered);
    }

    /** Stops of the last two seconds. */
    public int recent() {
        int stopped = 0;
        for (int i = 0; i < RECENT; i++) {
            stopped += stops[(current + SLOTS - i) % SLOTS];
        }
        return stopped;
    }

    /** Stops of the last 15 s. */
    public int remembered() {
        return Arrays.stream(stops).sum();
    }

    /** Whether anybody stopped in the last two seconds. */
    public boolean isAnyRecent() {
        return recent() > 0;
    }

    /** What happened was an outage of the agent's own. */
    public void clear() {
        Arrays.fill(stops, 0);
        Arrays.fill(sendErrors, 0);
    }
}
