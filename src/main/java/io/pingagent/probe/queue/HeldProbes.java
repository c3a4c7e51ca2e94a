package io.pingagent.probe.queue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.PagedTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Probes that this machine holds in the queue of a slow interface: they say nothing about their address.
 *
 * <p>A transmit stamp much later than its probe shows that there is such a queue. From then on that path is watched.
 * The kernel stamps each probe on it twice, as it enters the queue of its device and as it leaves it.
 *
 * <ul>
 *   <li>A probe that has entered and not left at its timeout is held here.
 *   <li>A probe that waits for a neighbour has not entered, so it is lost like any other.
 *   <li>Probes that were in flight when the path became known as slow are invalidated.
 * </ul>
 *
 * <p>Devices that never stamp show no late stamps either, so nothing is watched there.
 *
 * <p>A target is slow while its own newest stamp is late. Its probes then use the sockets for packets that may stay in
 * this machine for long.
 *
 * <p>Allocates a page at the first stamp of one of its targets while something is watched, and drops all pages when
 * nothing is.
 */
@OwnedBy("ping-recv")
public final class HeldProbes {

    /** A probe that left so much later than it was sent has waited in a queue. */
    public static final long SLOW_NANOS = 50_000_000L;

    /** After the last late stamp of a path. */
    public static final long WATCH_NANOS = 30_000_000_000L;

    // The fields of a target: one bit for each of the last 32 probes, the newest the lowest.
    private static final int NEWEST = 0;
    private static final int QUEUED = 1;
    private static final int LEFT = 2;
    private static final int LEFT_SEQUENCE = 3;
    private static final int LEFT_AFTER_MICROS = 4;
    /** 1 or 0; {@code ping-send} reads it, at its leisure. */
    private static final int SLOW = 5;

    private static final int FIELDS = 6;

    /** Until when each path is watched; 0: not. */
    private final AtomicLongArray watchedUntilNanos = new AtomicLongArray(DeferredProbes.PATHS);

    /** Since when. */
    private final long[] watchedSinceNanos = new long[DeferredProbes.PATHS];

    private volatile boolean isAnyWatched;
    private final PagedTable<int[]> pages =
            new PagedTable<>(TargetTable.PAGE_SHIFT, () -> new int[TargetTable.PAGE_SIZE * FIELDS]);

    /** Whether the probes on this path are to be stamped twice. */
    @AnyThread
    public boolean isWatched(int path) {
        return isAnyWatched && watchedUntilNanos.getOpaque(path) != 0;
    }

    /** Whether there is anything to be asked. */
    @AnyThread
    public boolean isAnyWatched() {
        return isAnyWatched;
    }

    /** Whether the target's probes stay in this machine for long. */
    @AnyThread
    public boolean isSlow(int targetId) {
        if (!isAnyWatched) {
            return false;
        }
        int[] fields = pages.find(targetId);
        return fields != null && fields[at(targetId) + SLOW] != 0;
    }

    /** Once a cycle: paths without late stamps are no longer watched. */
    public void cycle(long nowNanos) {
        if (!isAnyWatched) {
            return;
        }
        boolean isAny = false;
        for (int path = 0; path < DeferredProbes.PATHS; path++) {
            long untilNanos = watchedUntilNanos.getPlain(path);
            if (untilNanos != 0 && untilNanos - nowNanos < 0) {
                watchedUntilNanos.setOpaque(path, 0);
            } else {
                isAny |= untilNanos != 0;
            }
        }
        if (!isAny) {
            isAnyWatched = false;
            pages.clear();
        }
    }

    /** A probe has left this machine so long after it was sent. */
    public void transmitted(Page page, int index, int targetId, int sequence, long delayNanos, long nowNanos) {
        boolean isSlow = delayNanos >= SLOW_NANOS;
        if (!isSlow && !isAnyWatched) {
            return;
        }
        int path = DeferredProbes.path(page, index);
        if (isSlow) {
            if (!isWatched(path)) {
                watchedSinceNanos[path] = nowNanos;
            }
            // Never 0, which says that the path is not watched.
            watchedUntilNanos.setOpaque(path, nowNanos + WATCH_NANOS | 1);
            isAnyWatched = true;
        } else if (!isWatched(path)) {
            return;
        }
        int[] fields = pages.make(targetId);
        int at = at(targetId);
        mark(fields, at, sequence, LEFT);
        fields[at + SLOW] = isSlow ? 1 : 0;
        fields[at + LEFT_SEQUENCE] = sequence;
        fields[at + LEFT_AFTER_MICROS] = (int) Math.min(Integer.MAX_VALUE, Math.max(0, delayNanos / 1_000));
    }

    /** A probe has entered the queue of its device. */
    public void queued(int targetId, int sequence) {
        if (isAnyWatched) {
            mark(pages.make(targetId), at(targetId), sequence, QUEUED);
        }
    }

    /**
     * Whether a probe without a reply at its timeout has not had its time, because this machine held it.
     *
     * @param sentNanos when it was sent
     * @param dueNanos within so much a reply is to be expected
     */
    public boolean isHeld(
            Page page, int index, int targetId, int sequence, long sentNanos, long timeoutNanos, long dueNanos) {
        int path = DeferredProbes.path(page, index);
        if (!isWatched(path)) {
            return false;
        }
        int[] fields = pages.make(targetId);
        int at = at(targetId);
        if (!has(fields, at, sequence, LEFT)) {
            boolean isHeld = has(fields, at, sequence, QUEUED) || sentNanos - watchedSinceNanos[path] < 0;
            fields[at + SLOW] |= isHeld ? 1 : 0;
            return isHeld;
        }
        long leftAfterNanos = fields[at + LEFT_AFTER_MICROS] * 1_000L;
        return fields[at + LEFT_SEQUENCE] == sequence
                && leftAfterNanos >= SLOW_NANOS
                && timeoutNanos - leftAfterNanos < dueNanos;
    }

    /** The next probe of this id is another target's. */
    public void forget(int targetId) {
        int[] fields = pages.find(targetId);
        if (fields != null) {
            Arrays.fill(fields, at(targetId), at(targetId) + FIELDS, 0);
        }
    }

    private static void mark(int[] fields, int at, int sequence, int map) {
        int newer = sequence - fields[at + NEWEST];
        boolean isFirst = (fields[at + QUEUED] | fields[at + LEFT]) == 0;
        if (newer > 0 || isFirst) {
            fields[at + NEWEST] = sequence;
            fields[at + QUEUED] = newer < Integer.SIZE ? fields[at + QUEUED] << newer : 0;
            fields[at + LEFT] = newer < Integer.SIZE ? fields[at + LEFT] << newer : 0;
            newer = 0;
        }
        if (newer > -Integer.SIZE) {
            fields[at + map] |= 1 << -newer;
        }
    }

    private static boolean has(int[] fields, int at, int sequence, int map) {
        int age = fields[at + NEWEST] - sequence;
        return age >= 0 && age < Integer.SIZE && (fields[at + map] >>> age & 1) != 0;
    }

    private static int at(int targetId) {
        return (targetId & TargetTable.PAGE_MASK) * FIELDS;
    }
}
