package io.pingagent.probe;

import io.pingagent.probe.TargetTable.Page;
import java.util.Arrays;

/**
 * The settled probes of the last 60 s of every target, exact to the second.
 *
 * <p>A window is a ring of one byte per settled probe: the second in which it was settled, modulo 128, in the upper seven
 * bits and "answered" in the lowest. Entries leave the ring 60 s later, and the two counts of the target are kept beside it,
 * so that the loss is known at any moment without a scan. Most targets are probed every 10 s and need six entries, for which
 * there is room in the table; a ring that fills moves to a larger one, and back when the target calms down. Larger rings
 * live in slabs with free lists, so nothing is allocated once the busiest moment has been seen.
 *
 * <pre>
 * ring:  [0] index of the oldest entry   [1] number of entries   [2..] entries
 * handle of a larger ring (kept in the table):  size class in the upper 2 bits, number of the ring in the lower 30; 0 = none
 * </pre>
 *
 * <p>Owned by {@code ping-recv}. Every target must be pruned at least once a minute (the ring's clock has 128 s).
 */
final class LossWindows {

    static final int WINDOW_SECONDS = 60;

    /** Rings that lie in the table itself. */
    static final int SMALL_RING_BYTES = 16;

    private static final int HEADER_BYTES = 2;
    private static final int[] RING_BYTES = {SMALL_RING_BYTES, 64, 256};
    private static final int CLASS_SHIFT = 30;
    private static final int RINGS_PER_SLAB = 1024;

    /** By size class; there are none for the small rings. */
    private final Slabs[] classes = new Slabs[RING_BYTES.length];

    LossWindows() {
        for (int i = 1; i < classes.length; i++) {
            classes[i] = new Slabs(RING_BYTES[i]);
        }
    }

    /** @param nowSeconds a monotonic count of seconds */
    void add(Page page, int index, boolean answered, long nowSeconds) {
        prune(page, index, nowSeconds);
        int handle = handle(page, index);
        byte[] ring = ring(page, handle);
        int at = offset(index, handle);
        int capacity = capacity(handle);
        int count = ring[at + 1] & 0xff;
        if (count == capacity) {
            int sizeClass = handle >>> CLASS_SHIFT;
            if (sizeClass + 1 < RING_BYTES.length) {
                move(page, index, sizeClass + 1);
                add(page, index, answered, nowSeconds);
                return;
            }
            dropOldest(page, index, ring, at, capacity);
            count--;
        }
        int oldest = ring[at] & 0xff;
        int position = oldest + count;
        if (position >= capacity) {
            position -= capacity;
        }
        ring[at + HEADER_BYTES + position] = (byte) (nowSeconds << 1 | (answered ? 1 : 0));
        ring[at + 1] = (byte) (count + 1);
        TargetTable.setWindowCounts(page, index, page.windowCounts[index] + (1 << 16) + (answered ? 1 : 0));
    }

    /** Lets go of what is older than 60 s, and of a ring that has become too large. */
    void prune(Page page, int index, long nowSeconds) {
        int handle = handle(page, index);
        byte[] ring = ring(page, handle);
        int at = offset(index, handle);
        int capacity = capacity(handle);
        while (ring[at + 1] != 0) {
            int entry = ring[at + HEADER_BYTES + (ring[at] & 0xff)] & 0xff;
            int ageSeconds = (int) (nowSeconds - (entry >>> 1)) & 127;
            if (ageSeconds < WINDOW_SECONDS) {
                break;
            }
            dropOldest(page, index, ring, at, capacity);
        }
        int sizeClass = handle >>> CLASS_SHIFT;
        if (sizeClass > 0 && (ring[at + 1] & 0xff) < RING_BYTES[sizeClass - 1] / 2) {
            move(page, index, sizeClass - 1);
        }
    }

    /** Forgets everything about the target. */
    void clear(Page page, int index) {
        free(page, index);
        empty(page.rings, index * SMALL_RING_BYTES);
        TargetTable.setWindowCounts(page, index, 0);
    }

    private static void dropOldest(Page page, int index, byte[] ring, int at, int capacity) {
        int oldest = ring[at] & 0xff;
        int answered = ring[at + HEADER_BYTES + oldest] & 1;
        ring[at] = (byte) (oldest + 1 == capacity ? 0 : oldest + 1);
        ring[at + 1] = (byte) ((ring[at + 1] & 0xff) - 1);
        TargetTable.setWindowCounts(page, index, page.windowCounts[index] - (1 << 16) - answered);
    }

    private void move(Page page, int index, int toClass) {
        int from = handle(page, index);
        byte[] ring = ring(page, from);
        int at = offset(index, from);
        int capacity = capacity(from);
        int to = toClass == 0 ? 0 : toClass << CLASS_SHIFT | classes[toClass].allocate();
        byte[] target = ring(page, to);
        int targetAt = offset(index, to);
        int oldest = ring[at] & 0xff;
        int count = ring[at + 1] & 0xff;
        for (int i = 0; i < count; i++) {
            target[targetAt + HEADER_BYTES + i] = ring[at + HEADER_BYTES + (oldest + i) % capacity];
        }
        target[targetAt] = 0;
        target[targetAt + 1] = (byte) count;
        free(page, index);
        if (to != 0) {
            if (page.largeRings == null) {
                page.largeRings = new int[TargetTable.PAGE_SIZE];
            }
            page.largeRings[index] = to;
        }
    }

    private static int handle(Page page, int index) {
        int[] large = page.largeRings;
        return large == null ? 0 : large[index];
    }

    private byte[] ring(Page page, int handle) {
        return handle == 0 ? page.rings : classes[handle >>> CLASS_SHIFT].slab(handle);
    }

    private int offset(int index, int handle) {
        return handle == 0 ? index * SMALL_RING_BYTES : classes[handle >>> CLASS_SHIFT].offset(handle);
    }

    private static int capacity(int handle) {
        return RING_BYTES[handle >>> CLASS_SHIFT] - HEADER_BYTES;
    }

    /** Back to the small ring, whatever that holds. */
    private void free(Page page, int index) {
        int handle = handle(page, index);
        if (handle != 0 && page.largeRings != null) {
            classes[handle >>> CLASS_SHIFT].free(handle);
            page.largeRings[index] = 0;
        }
    }

    private static void empty(byte[] ring, int at) {
        ring[at] = 0;
        ring[at + 1] = 0;
    }

    /** Rings of one size. */
    private static final class Slabs {

        private final int ringBytes;
        private byte[][] slabs = new byte[0][];
        private int used;

        private int[] free = new int[64];
        private int freeCount;

        Slabs(int ringBytes) {
            this.ringBytes = ringBytes;
        }

        byte[] slab(int handle) {
            return slabs[number(handle) / RINGS_PER_SLAB];
        }

        int offset(int handle) {
            return number(handle) % RINGS_PER_SLAB * ringBytes;
        }

        int allocate() {
            int number = freeCount > 0 ? free[--freeCount] : used++;
            int slabIndex = number / RINGS_PER_SLAB;
            if (slabIndex >= slabs.length) {
                slabs = Arrays.copyOf(slabs, slabIndex + 1);
                slabs[slabIndex] = new byte[RINGS_PER_SLAB * ringBytes];
            }
            int at = number % RINGS_PER_SLAB * ringBytes;
            empty(slabs[slabIndex], at);
            return number;
        }

        void free(int handle) {
            if (freeCount == free.length) {
                free = Arrays.copyOf(free, freeCount * 2);
            }
            free[freeCount++] = number(handle);
        }

        private static int number(int handle) {
            return handle & (1 << CLASS_SHIFT) - 1;
        }
    }
}
