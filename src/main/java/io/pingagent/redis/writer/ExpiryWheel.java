package io.pingagent.redis.writer;

import io.pingagent.base.OwnedBy;
import java.util.Arrays;

/**
 * When the keys of targets that lost a probe are to be checked. Redis expires a key late unless somebody asks for it,
 * so the writer asks just after the TTL.
 *
 * <p>A hashed timing wheel: slots of 16 ms, each the head of a list that goes through {@link TargetPages}.
 *
 * <ul>
 *   <li>A target is in the wheel at most once ({@code IN_WHEEL}).
 *   <li>It is checked only if that is still {@code WATCHED}: a reply in the meantime ends the watch without a search.
 *   <li>A target beyond one turn (65 s) is put back when its slot comes by.
 *   <li>{@code GONE} remembers that its key is known to have expired, so that later losses cost nothing.
 * </ul>
 */
@OwnedBy("ping-redis")
final class ExpiryWheel {

    private static final int TICK_BITS = 4;
    private static final int TICK_MILLIS = 1 << TICK_BITS;
    private static final int SLOTS = 4096;
    private static final int TURN_MILLIS = SLOTS << TICK_BITS;

    private final TargetPages pages;
    private final int[] heads = new int[SLOTS];

    /** When the next slot to be visited begins: a multiple of a tick, wraps like all times here. */
    private int nextTickMillis;

    /** Kept here until taken, so that a lost connection loses none. */
    private int[] due = new int[64];

    private int dueCount;
    private int dueTaken;

    ExpiryWheel(TargetPages pages, int nowMillis) {
        this.pages = pages;
        this.nextTickMillis = nowMillis & -TICK_MILLIS;
        Arrays.fill(heads, TargetPages.NONE);
    }

    /** Checks the target when its key has expired, as far as {@link TargetPages#expiresAt} knows. */
    void watch(int target, int nowMillis) {
        int state = pages.watch(target);
        if ((state & (TargetPages.WATCHED | TargetPages.GONE)) != 0) {
            return;
        }
        if (pages.expiresAt(target) == 0) {
            pages.expiresAt(target, nowMillis);
        }
        pages.watch(target, state | TargetPages.WATCHED);
        if ((state & TargetPages.IN_WHEEL) == 0) {
            add(target);
        }
    }

    /** The key is being written with this expiry: no check, until the next loss. */
    void written(int target, int expiresAtMillis) {
        pages.keepWatch(target, TargetPages.IN_WHEEL, expiresAtMillis);
    }

    /**
     * The answer to a check.
     *
     * @param remainingMillis as {@code PTTL} says it: -2 for a key that has gone, -1 for one without a TTL
     */
    void checked(int target, long remainingMillis, int nowMillis) {
        int state = pages.watch(target);
        if ((state & TargetPages.WATCHED) == 0) {
            return;
        }
        if (remainingMillis < 0) {
            int gone = remainingMillis == -2 ? TargetPages.GONE : 0;
            pages.watch(target, state & TargetPages.IN_WHEEL | gone);
            return;
        }
        int expiresAt = nowMillis + (int) Math.min(remainingMillis + 1, Integer.MAX_VALUE / 2);
        pages.expiresAt(target, expiresAt == 0 ? 1 : expiresAt);
        if ((state & TargetPages.IN_WHEEL) == 0) {
            add(target);
        }
    }

    /** The target has gone, or its check was refused. */
    void cancel(int target) {
        pages.keepWatch(target, TargetPages.IN_WHEEL, 0);
    }

    boolean hasDue() {
        return dueTaken < dueCount;
    }

    /** A target to be checked now; only if {@link #hasDue}. */
    int takeDue() {
        return due[dueTaken++];
    }

    /** Makes due every target whose time has come. */
    void advance(int nowMillis) {
        if (dueTaken == dueCount) {
            dueTaken = 0;
            dueCount = 0;
        }
        if (nowMillis - nextTickMillis > TURN_MILLIS) {
            nextTickMillis = (nowMillis & -TICK_MILLIS) - TURN_MILLIS;
        }
        // A slot is visited when its tick is over: whatever is due in it is due then.
        while (nowMillis - nextTickMillis >= TICK_MILLIS) {
            int slot = slotOf(nextTickMillis);
            nextTickMillis += TICK_MILLIS;
            int target = heads[slot];
            heads[slot] = TargetPages.NONE;
            while (target != TargetPages.NONE) {
                int following = pages.wheelNext(target);
                visit(target, nowMillis);
                target = following;
            }
        }
    }

    private void visit(int target, int nowMillis) {
        int state = pages.watch(target) & ~TargetPages.IN_WHEEL;
        pages.watch(target, state);
        if ((state & TargetPages.WATCHED) == 0) {
            return;
        }
        if (pages.expiresAt(target) - nowMillis > 0) {
            add(target);
        } else {
            if (dueCount == due.length) {
                due = Arrays.copyOf(due, dueCount * 2);
            }
            due[dueCount++] = target;
        }
    }

    private void add(int target) {
        int expiresAt = pages.expiresAt(target);
        int slot = slotOf(expiresAt - nextTickMillis < 0 ? nextTickMillis : expiresAt);
        pages.wheelNext(target, heads[slot]);
        heads[slot] = target;
        pages.watch(target, pages.watch(target) | TargetPages.IN_WHEEL);
    }

    /** Ticks and slots are powers of two, so this runs on when the milliseconds wrap. */
    private static int slotOf(int millis) {
        return (millis >>> TICK_BITS) & (SLOTS - 1);
    }
}
