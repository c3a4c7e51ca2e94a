package io.pingagent.zabbix;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.PagedTable;
import io.pingagent.zabbix.StatusJudge.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of each bridged target between two pushes. {@code ping-recv} writes, {@code ping-zabbix} reads.
 *
 * <p>A target has two sets of sums. The writer adds to the active one. The reader makes the other active, and then has
 * the first for itself, complete, until the next turn. An odd counter marks the time that the writer is inside; the
 * reader waits for its end after the turn. So either the writer sees the new active set, or the reader sees the writer
 * inside. No locks, no garbage.
 *
 * <p>Only watched targets have sums, 176 bytes each. Sums lie densely, in order of allocation. A second table maps
 * target ids to places. It has pages only where a target is watched, 4 bytes an id. What only some items need is in
 * {@link OptionalSums}, if at all.
 *
 * <p>Jitter is the mean absolute difference of consecutive round-trip times: RFC 3550, section 6.4.1, D(i-1,i). It is
 * averaged over the interval instead of smoothed, since the interval is what a Zabbix value stands for.
 */
final class ValueCollector {

    private static final Status[] STATUSES = Status.values();

    private static final int PAGE_BITS = 10;
    private static final int PAGE_TARGETS = 1 << PAGE_BITS;
    private static final int PAGE_MASK = PAGE_TARGETS - 1;
    private static final int PLACE_PAGE_BITS = 12;
    private static final int PLACE_MASK = (1 << PLACE_PAGE_BITS) - 1;

    /** One set of sums, in longs. */
    private static final int SENT = 0;

    private static final int RECEIVED = 1;
    private static final int RTT_SUM = 2;
    private static final int RTT_MIN = 3;
    private static final int RTT_MAX = 4;
    private static final int JITTER_SUM = 5;
    private static final int JITTER_COUNT = 6;
    private static final int LAST_REPLY = 7;
    private static final int LAST = 8;
    private static final int SET_LONGS = 9;

    /** Behind both sets: the writer's own. */
    private static final int LAST_RTT = 2 * SET_LONGS;

    private static final int IN_A_ROW = LAST_RTT + 1;
    /** When the first of the losses in a row was found. */
    private static final int FIRST_LOSS = IN_A_ROW + 1;

    private static final int TARGET_LONGS = FIRST_LOSS + 1;

    private static final long NO_RTT = -1;

    private static final int SECOND_SET = 1;

    /** Stands for "not watched" where a place is expected. */
    private static final int NONE = 0;

    /** Sums of watched targets, by place. */
    private static final class Page {
        final long[] longs = new long[PAGE_TARGETS * TARGET_LONGS];
        final AtomicIntegerArray control = new AtomicIntegerArray(PAGE_TARGETS);
        final AtomicIntegerArray status = new AtomicIntegerArray(PAGE_TARGETS);
    }

    private final PagedTable<Page> pages = new PagedTable<>(PAGE_BITS, Page::new);
    /** By target id: the place of its sums, or {@link #NONE}. */
    private final PagedTable<AtomicIntegerArray> places =
            new PagedTable<>(PLACE_PAGE_BITS, () -> new AtomicIntegerArray(1 << PLACE_PAGE_BITS));

    /** Places that were in use before. */
    @OwnedBy("ping-zabbix")
    private final ArrayDeque<Integer> freePlaces = new ArrayDeque<>();

    @OwnedBy("ping-zabbix")
    private int nextPlace = NONE + 1;
    /** Odd while ping-recv is inside. */
    private final AtomicLong writer = new AtomicLong();

    private final StatusRing changes = new StatusRing();
    private final StatusJudge judge;
    /** Null if no item needs them. */
    private final @Nullable OptionalSums optional;
    /** Many addresses are silent, and it is being found out whether it is they. */
    private volatile boolean suspected;

    private volatile boolean isolated;
    private volatile long isolatedWallNanos;

    /**
     * @param downAfter losses in a row, at least 1
     * @param upAfter replies in a row, at least 1
     * @param onErrList whether a target is on the err list; called on ping-recv
     */
    ValueCollector(int downAfter, int upAfter, IntPredicate onErrList) {
        this(new BridgeSettings.Thresholds(downAfter, upAfter, Duration.ZERO), Set.of(), onErrList);
    }

    /** @param items that are sent */
    ValueCollector(BridgeSettings.Thresholds thresholds, Set<AddressItem> items, IntPredicate onErrList) {
        this.judge = new StatusJudge(thresholds, onErrList, () -> suspected);
        this.optional = OptionalSums.of(items, PAGE_BITS);
    }

    // -- ping-recv --

    /** A reply of unknown hop limit. */
    @OwnedBy("ping-recv")
    void replied(int targetId, long rttNanos, long wallNanos) {
        replied(targetId, rttNanos, wallNanos, -1);
    }

    /** @param hopLimit of the reply, -1 if unknown */
    @OwnedBy("ping-recv")
    void replied(int targetId, long rttNanos, long wallNanos, int hopLimit) {
        int place = enter(targetId);
        if (place == NONE) {
            return;
        }
        Page page = pages.get(place);
        int index = place & PAGE_MASK;
        long[] longs = page.longs;
        int target = index * TARGET_LONGS;
        int control = page.control.get(index);
        int at = set(target, control);
        if (optional != null) {
            optional.replied(place, control & SECOND_SET, rttNanos, longs[at + RECEIVED], hopLimit);
        }
        if (longs[at + RECEIVED] == 0) {
            longs[at + RTT_MIN] = rttNanos;
            longs[at + RTT_MAX] = rttNanos;
        } else {
            longs[at + RTT_MIN] = Math.min(longs[at + RTT_MIN], rttNanos);
            longs[at + RTT_MAX] = Math.max(longs[at + RTT_MAX], rttNanos);
        }
        longs[at + SENT]++;
        longs[at + RECEIVED]++;
        longs[at + RTT_SUM] += rttNanos;
        long lastRttNanos = longs[target + LAST_RTT];
        if (lastRttNanos != NO_RTT) {
            longs[at + JITTER_SUM] += Math.abs(rttNanos - lastRttNanos);
            longs[at + JITTER_COUNT]++;
        }
        longs[target + LAST_RTT] = rttNanos;
        longs[at + LAST_REPLY] = wallNanos;
        longs[at + LAST] = wallNanos;
        long repliesInARow = Math.max(0, longs[target + IN_A_ROW]) + 1;
        longs[target + IN_A_ROW] = repliesInARow;
        Status before = STATUSES[page.status.get(index)];
        change(page, index, targetId, before, judge.afterReply(before, repliesInARow, targetId), wallNanos);
        leave();
    }

    @OwnedBy("ping-recv")
    void lost(int targetId, long wallNanos) {
        int place = enter(targetId);
        if (place == NONE) {
            return;
        }
        Page page = pages.get(place);
        int index = place & PAGE_MASK;
        long[] longs = page.longs;
        int target = index * TARGET_LONGS;
        int at = set(target, page.control.get(index));
        longs[at + SENT]++;
        longs[at + LAST] = wallNanos;
        long lossesInARow = Math.max(0, -longs[target + IN_A_ROW]) + 1;
        longs[target + IN_A_ROW] = -lossesInARow;
        if (lossesInARow == 1) {
            longs[target + FIRST_LOSS] = wallNanos;
        }
        // The clock may have been set back meanwhile.
        long silentNanos = Math.abs(wallNanos - longs[target + FIRST_LOSS]);
        Status before = STATUSES[page.status.get(index)];
        change(page, index, targetId, before, judge.afterLoss(before, lossesInARow, silentNanos, targetId), wallNanos);
        leave();
    }

    /** What the target has lost lately does not count. */
    @OwnedBy("ping-recv")
    void reinstated(int targetId) {
        int place = enter(targetId);
        if (place != NONE) {
            long[] longs = pages.get(place).longs;
            int inARow = (place & PAGE_MASK) * TARGET_LONGS + IN_A_ROW;
            longs[inARow] = Math.max(0, longs[inARow]);
            leave();
        }
    }

    /**
     * Marks the writer as inside, if the target is watched: then {@link #leave} must follow.
     *
     * @return the place of its sums, which nobody gives to another target meanwhile, or {@link #NONE}
     */
    @OwnedBy("ping-recv")
    private int enter(int targetId) {
        if (place(targetId) == NONE) {
            return NONE;
        }
        writer.set(writer.getPlain() + 1);
        // Again, inside: the reader may have taken the place away just before.
        int place = place(targetId);
        if (place == NONE) {
            leave();
        }
        return place;
    }

    @OwnedBy("ping-recv")
    private void leave() {
        writer.set(writer.getPlain() + 1);
    }

    /** Nobody goes down while it is being found out whether the agent itself is cut off. */
    @OwnedBy("ping-recv")
    void isolationSuspected(boolean isSuspected) {
        suspected = isSuspected;
    }

    /** The agent is cut off, or no longer: among the changes, before those of targets that come later. */
    @OwnedBy("ping-recv")
    void isolated(boolean isIsolated, long wallNanos) {
        isolatedWallNanos = wallNanos;
        isolated = isIsolated;
        changes.put(StatusRing.AGENT, !isIsolated, wallNanos);
    }

    @OwnedBy("ping-recv")
    private void change(Page page, int index, int targetId, Status before, Status now, long wallNanos) {
        if (now != before) {
            page.status.set(index, now.ordinal());
            changes.put(targetId, now == Status.UP, wallNanos);
        }
    }

    private static int set(int target, int control) {
        return (control & SECOND_SET) == 0 ? target : target + SET_LONGS;
    }

    private int place(int targetId) {
        AtomicIntegerArray some = places.find(targetId);
        return some == null ? NONE : some.get(targetId & PLACE_MASK);
    }

    // -- ping-zabbix --

    /** From now on the target is measured, from nothing. */
    @OwnedBy("ping-zabbix")
    void watch(int targetId) {
        unwatch(targetId);
        Integer free = freePlaces.poll();
        int place = free == null ? nextPlace++ : free;
        Page page = pages.make(place);
        int index = place & PAGE_MASK;
        int target = index * TARGET_LONGS;
        for (int i = 0; i < TARGET_LONGS; i++) {
            page.longs[target + i] = 0;
        }
        if (optional != null) {
            optional.watch(place);
        }
        page.longs[target + LAST_RTT] = NO_RTT;
        page.status.set(index, Status.UNKNOWN.ordinal());
        page.control.set(index, 0);
        setPlace(targetId, place);
    }

    @OwnedBy("ping-zabbix")
    void unwatch(int targetId) {
        int place = place(targetId);
        if (place != NONE) {
            setPlace(targetId, NONE);
            awaitWriterOutside();
            freePlaces.add(place);
        }
    }

    @OwnedBy("ping-zabbix")
    private void setPlace(int targetId, int place) {
        places.make(targetId).set(targetId & PLACE_MASK, place);
    }

    /** Takes what was measured since the last time; all zero for a target that is not watched. */
    @OwnedBy("ping-zabbix")
    void take(int targetId, IntervalRow row) {
        int place = place(targetId);
        if (place == NONE) {
            row.sent = 0;
            row.received = 0;
            row.status = Status.UNKNOWN;
            return;
        }
        Page page = pages.get(place);
        int index = place & PAGE_MASK;
        int control = page.control.get(index);
        page.control.set(index, control ^ SECOND_SET);
        awaitWriterOutside();
        long[] longs = page.longs;
        int at = set(index * TARGET_LONGS, control);
        row.sent = longs[at + SENT];
        row.received = longs[at + RECEIVED];
        row.rttSumNanos = longs[at + RTT_SUM];
        row.rttMinNanos = longs[at + RTT_MIN];
        row.rttMaxNanos = longs[at + RTT_MAX];
        row.jitterSumNanos = longs[at + JITTER_SUM];
        row.jitterCount = longs[at + JITTER_COUNT];
        row.lastReplyWallNanos = longs[at + LAST_REPLY];
        row.lastWallNanos = longs[at + LAST];
        row.status = STATUSES[page.status.get(index)];
        if (optional != null) {
            optional.take(place, control & SECOND_SET, row);
        }
        for (int i = 0; i < SET_LONGS; i++) {
            longs[at + i] = 0;
        }
    }

    @OwnedBy("ping-zabbix")
    boolean isIsolationSuspected() {
        return suspected;
    }

    /** Whether the agent is cut off now. */
    @OwnedBy("ping-zabbix")
    boolean isIsolated() {
        return isolated;
    }

    /** Unix nanoseconds since when it is, or is not. */
    @OwnedBy("ping-zabbix")
    long isolatedWallNanos() {
        return isolatedWallNanos;
    }

    /** Hands over the status changes since the last call, in order. */
    @OwnedBy("ping-zabbix")
    void changes(StatusRing.Reader reader) {
        changes.drain(reader);
    }

    /** Whether changes were lost since the last call: then every target's status counts as changed. */
    @OwnedBy("ping-zabbix")
    boolean takeMissedChanges() {
        return changes.takeOverflow();
    }

    @OwnedBy("ping-zabbix")
    Status status(int targetId) {
        int place = place(targetId);
        return place == NONE ? Status.UNKNOWN : STATUSES[pages.get(place).status.get(place & PAGE_MASK)];
    }

    @OwnedBy("ping-zabbix")
    private void awaitWriterOutside() {
        long turn = writer.get();
        if ((turn & 1) != 0) {
            while (writer.get() == turn) {
                Thread.onSpinWait();
            }
        }
    }
}
