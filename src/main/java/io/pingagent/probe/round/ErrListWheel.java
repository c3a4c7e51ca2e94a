package io.pingagent.probe.round;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.util.Arrays;

/**
 * The targets on the err list, each in the bucket of the second (or whatever {@code err-list.spec} says) in which it is
 * probed. The bucket follows from the target id, so that a target is probed at regular intervals however many come and
 * go.
 *
 * <p>Adding and removing are linear in one of {@value #BUCKETS} buckets.
 */
@OwnedBy("ping-send")
@SuppressWarnings("NonAtomicVolatileUpdate") // the size has one writer
public final class ErrListWheel {

    private static final int BUCKET_BITS = 10;
    private static final int BUCKETS = 1 << BUCKET_BITS;
    /** See {@link JobPlan}: consecutive ids lie evenly. */
    private static final int GOLDEN = 0x9e3779b9;

    private final int[][] buckets = new int[BUCKETS][0];
    private final int[] sizes = new int[BUCKETS];

    @OwnedBy("ping-send")
    private volatile int size;

    private final RoundClock time = new RoundClock();
    private int bucket;
    private int position;

    public boolean add(int targetId) {
        int home = home(targetId);
        int count = sizes[home];
        for (int i = 0; i < count; i++) {
            if (buckets[home][i] == targetId) {
                return false;
            }
        }
        if (count == buckets[home].length) {
            buckets[home] = Arrays.copyOf(buckets[home], Math.max(4, count * 2));
        }
        buckets[home][count] = targetId;
        sizes[home]++;
        size++;
        return true;
    }

    public void remove(int targetId) {
        int home = home(targetId);
        int[] members = buckets[home];
        int count = sizes[home];
        for (int i = 0; i < count; i++) {
            if (members[i] != targetId) {
                continue;
            }
            int hole = i;
            if (time.isRunning() && home == bucket && i < position) {
                // Keep those already probed before the position, those to come behind it.
                members[i] = members[--position];
                hole = position;
            }
            members[hole] = members[count - 1];
            sizes[home]--;
            size--;
            return;
        }
    }

    @AnyThread
    public int size() {
        return size;
    }

    /** A firing of the err-list spec. Returns false if the round before the last is still running: dropped. */
    public boolean due(long dueNanos, long newSpreadNanos, long nowNanos) {
        boolean wasRunning = time.isRunning();
        boolean isTaken = time.due(dueNanos, newSpreadNanos, nowNanos);
        if (!wasRunning) {
            start();
        }
        return isTaken;
    }

    /** Whether the round is running and its next member, or its end, is due. Moves over empty buckets. */
    public boolean isDue(long nowNanos) {
        while (time.isRunning() && bucket < BUCKETS && position >= sizes[bucket]) {
            bucket++;
            position = 0;
        }
        return time.isRunning() && nextProbeNanos() - nowNanos <= 0;
    }

    public boolean hasProbe() {
        return bucket < BUCKETS;
    }

    /** Monotonic time of the next member, or one already past when only the end is left; meaningful while running. */
    public long nextProbeNanos() {
        // Divided first: the spread may be a year.
        return time.startNanos() + (bucket == BUCKETS ? 0 : time.spreadNanos() / BUCKETS * bucket);
    }

    public int targetId() {
        return buckets[bucket][position];
    }

    public void advance() {
        position++;
    }

    /** Takes back the last {@link #advance}; nothing else may have happened since. */
    void stepBack() {
        position--;
    }

    /** Ends the round. Returns true if the next has been due for so long that it cannot keep its schedule. */
    public boolean finish(long nowNanos) {
        boolean overran = time.finish(nowNanos);
        if (time.isRunning()) {
            start();
        }
        return overran;
    }

    public boolean isRunning() {
        return time.isRunning();
    }

    private void start() {
        bucket = 0;
        position = 0;
    }

    private static int home(int targetId) {
        return targetId * GOLDEN >>> 32 - BUCKET_BITS;
    }
}
