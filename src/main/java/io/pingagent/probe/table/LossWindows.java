package io.pingagent.probe.table;

import io.pingagent.base.OwnedBy;
import io.pingagent.probe.table.TargetTable.Page;

/**
 * The settled probes of the last 60 s of every target, exact to the second. A probe is answered, lost, or unknown: this
 * machine may have lost the reply itself or could not send.
 *
 * <p>A window is a ring of one byte per settled probe. The byte is 3 x (second in which it was settled, modulo 84) +
 * kind of sample. Entries leave the ring 60 s later. The counts of the target are kept beside it, so that the loss is
 * known at any moment without a scan. Most targets are probed every 10 s and need six entries, for which there is room
 * in the table. A ring that fills moves to a larger one, and then to {@link SecondBuckets}, which count any rate. It
 * moves back when the target calms down. Larger rings live in slabs with free lists, so nothing is allocated once the
 * busiest moment has been seen.
 *
 * <pre>
 * ring:  [0] index of the oldest entry   [1] number of entries   [2..] entries
 * handle of a larger ring (kept in the table):
 *        size class in the upper 2 bits, number of the ring in the lower 30; 0 = none
 * </pre>
 *
 * <p>Every target must be pruned at least every 24 s (the ring's clock has 84 s).
 */
@OwnedBy("ping-recv")
public final class LossWindows {

    static final int WINDOW_SECONDS = 60;

    /** Kinds of samples. */
    public static final int LOST = 0;

    public static final int ANSWERED = 1;
    /** In neither of the two counts. */
    public static final int UNKNOWN = 2;

    /** Rings that lie in the table itself. */
    static final int SMALL_RING_BYTES = 16;

    private static final int KINDS = 3;
    private static final int CLOCK_SECONDS = 84;

    private static final int HEADER_BYTES = 2;
    private static final int LARGE_RING_BYTES = 64;
    private static final int CLASS_SHIFT = 30;
    private static final int NUMBER_MASK = (1 << CLASS_SHIFT) - 1;

    private static final int SMALL = 0;
    private static final int LARGE = 1;
    private static final int BUCKETS = 2;

    private static final int RINGS_PER_SLAB = 1024;

    private final SlabNumbers largeNumbers = new SlabNumbers(RINGS_PER_SLAB);
    private byte[][] largeSlabs = new byte[0][];
    private final SecondBuckets buckets = new SecondBuckets();

    /**
     * @param kind {@link #LOST}, {@link #ANSWERED} or {@link #UNKNOWN}
     * @param nowSeconds a count of seconds that only goes up
     */
    public void add(Page page, int index, int kind, long nowSeconds) {
        prune(page, index, nowSeconds);
        int handle = handle(page, index);
        if (sizeClass(handle) == BUCKETS) {
            buckets.add(page, index, number(handle), kind, nowSeconds);
            return;
        }
        byte[] ring = ring(page, handle);
        int at = offset(index, handle);
        int capacity = capacity(handle);
        int count = ring[at + 1] & 0xff;
        if (count == capacity) {
            if (sizeClass(handle) == SMALL) {
                moveRing(page, index, LARGE);
            } else {
                moveToBuckets(page, index, nowSeconds);
            }
            add(page, index, kind, nowSeconds);
            return;
        }
        int position = (ring[at] & 0xff) + count;
        if (position >= capacity) {
            position -= capacity;
        }
        ring[at + HEADER_BYTES + position] = (byte) (clock(nowSeconds) * KINDS + kind);
        ring[at + 1] = (byte) (count + 1);
        count(page, index, kind, 1);
    }

    /** Lets go of what is older than 60 s, and of a ring that has become too large. */
    public void prune(Page page, int index, long nowSeconds) {
        prune(page, index, nowSeconds, nowSeconds);
    }

    /**
     * The same after a pause that was longer than the ring's clock allows.
     *
     * @param beforeSeconds when the pause began: all entries are younger than 84 s by then
     */
    public void prune(Page page, int index, long beforeSeconds, long nowSeconds) {
        int handle = handle(page, index);
        if (sizeClass(handle) == BUCKETS) {
            if (buckets.prune(page, index, number(handle), nowSeconds) < capacity(LARGE << CLASS_SHIFT) / 2) {
                moveFromBuckets(page, index, nowSeconds);
            }
            return;
        }
        byte[] ring = ring(page, handle);
        int at = offset(index, handle);
        int capacity = capacity(handle);
        int clock = clock(beforeSeconds);
        long pauseSeconds = nowSeconds - beforeSeconds;
        while (ring[at + 1] != 0) {
            int entry = ring[at + HEADER_BYTES + (ring[at] & 0xff)] & 0xff;
            if (ageSeconds(entry, clock) + pauseSeconds < WINDOW_SECONDS) {
                break;
            }
            dropOldest(page, index, ring, at, capacity);
        }
        if (sizeClass(handle) == LARGE && (ring[at + 1] & 0xff) < SMALL_RING_BYTES / 2) {
            moveRing(page, index, SMALL);
        }
    }

    /** Forgets everything about the target. */
    public void clear(Page page, int index) {
        free(page, index);
        empty(page.rings, index * SMALL_RING_BYTES);
        TargetTable.setWindowCounts(page, index, 0);
        TargetTable.setUnknownCount(page, index, 0);
    }

    /** Brings the counts of a target up to date. */
    static void count(Page page, int index, int kind, int change) {
        if (kind == UNKNOWN) {
            TargetTable.setUnknownCount(page, index, TargetTable.unknownCount(page, index) + change);
        } else {
            int answered = kind == ANSWERED ? change : 0;
            TargetTable.setWindowCounts(page, index, page.windowCounts[index] + (change << 16) + answered);
        }
    }

    private static int clock(long seconds) {
        return Math.floorMod(seconds, CLOCK_SECONDS);
    }

    private static int ageSeconds(int entry, int clock) {
        int age = clock - entry / KINDS;
        return age < 0 ? age + CLOCK_SECONDS : age;
    }

    private static void dropOldest(Page page, int index, byte[] ring, int at, int capacity) {
        int oldest = ring[at] & 0xff;
        int kind = (ring[at + HEADER_BYTES + oldest] & 0xff) % KINDS;
        ring[at] = (byte) (oldest + 1 == capacity ? 0 : oldest + 1);
        ring[at + 1] = (byte) ((ring[at + 1] & 0xff) - 1);
        count(page, index, kind, -1);
    }

    private void moveRing(Page page, int index, int toClass) {
        int from = handle(page, index);
        byte[] ring = ring(page, from);
        int at = offset(index, from);
        int capacity = capacity(from);
        int to = toClass == SMALL ? 0 : allocateLarge();
        byte[] target = ring(page, to);
        int targetAt = offset(index, to);
        int oldest = ring[at] & 0xff;
        int count = ring[at + 1] & 0xff;
        for (int i = 0; i < count; i++) {
            target[targetAt + HEADER_BYTES + i] = ring[at + HEADER_BYTES + (oldest + i) % capacity];
        }
        target[targetAt] = 0;
        target[targetAt + 1] = (byte) count;
        replaceHandle(page, index, to);
    }

    private void moveToBuckets(Page page, int index, long nowSeconds) {
        int from = handle(page, index);
        byte[] ring = ring(page, from);
        int at = offset(index, from);
        int capacity = capacity(from);
        int number = buckets.allocate(nowSeconds);
        int clock = clock(nowSeconds);
        for (int i = 0; i < (ring[at + 1] & 0xff); i++) {
            int entry = ring[at + HEADER_BYTES + ((ring[at] & 0xff) + i) % capacity] & 0xff;
            buckets.put(number, entry % KINDS, nowSeconds - ageSeconds(entry, clock), 1);
        }
        replaceHandle(page, index, BUCKETS << CLASS_SHIFT | number);
    }

    /** What the buckets hold fits into half a large ring. */
    private void moveFromBuckets(Page page, int index, long nowSeconds) {
        int number = number(handle(page, index));
        int to = allocateLarge();
        byte[] ring = ring(page, to);
        int at = offset(index, to);
        int count = 0;
        for (long second = nowSeconds - WINDOW_SECONDS + 1; second <= nowSeconds; second++) {
            for (int kind = 0; kind < KINDS; kind++) {
                for (int i = buckets.get(number, kind, second); i > 0; i--) {
                    ring[at + HEADER_BYTES + count++] = (byte) (clock(second) * KINDS + kind);
                }
            }
        }
        ring[at + 1] = (byte) count;
        replaceHandle(page, index, to);
    }

    private int allocateLarge() {
        int number = largeNumbers.allocate();
        largeSlabs = largeNumbers.withSlabOf(number, largeSlabs, LARGE_RING_BYTES);
        int handle = LARGE << CLASS_SHIFT | number;
        empty(largeSlabs[number / RINGS_PER_SLAB], offset(0, handle));
        return handle;
    }

    private void replaceHandle(Page page, int index, int to) {
        free(page, index);
        if (to != 0) {
            if (page.largeRings == null) {
                page.largeRings = new int[TargetTable.PAGE_SIZE];
            }
            page.largeRings[index] = to;
        }
    }

    /** Back to the small ring, whatever that holds. */
    private void free(Page page, int index) {
        int handle = handle(page, index);
        if (handle != 0 && page.largeRings != null) {
            if (sizeClass(handle) == BUCKETS) {
                buckets.free(number(handle));
            } else {
                largeNumbers.free(number(handle));
            }
            page.largeRings[index] = 0;
        }
    }

    private static int handle(Page page, int index) {
        int[] large = page.largeRings;
        return large == null ? 0 : large[index];
    }

    private static int sizeClass(int handle) {
        return handle >>> CLASS_SHIFT;
    }

    private static int number(int handle) {
        return handle & NUMBER_MASK;
    }

    private byte[] ring(Page page, int handle) {
        return handle == 0 ? page.rings : largeSlabs[number(handle) / RINGS_PER_SLAB];
    }

    private static int offset(int index, int handle) {
        return handle == 0 ? index * SMALL_RING_BYTES : number(handle) % RINGS_PER_SLAB * LARGE_RING_BYTES;
    }

    private static int capacity(int handle) {
        return (handle == 0 ? SMALL_RING_BYTES : LARGE_RING_BYTES) - HEADER_BYTES;
    }

    private static void empty(byte[] ring, int at) {
        ring[at] = 0;
        ring[at + 1] = 0;
    }
}
