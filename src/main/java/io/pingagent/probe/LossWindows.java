package io.pingagent.probe;

import io.pingagent.probe.TargetTable.Page;
import java.util.Arrays;

/**
 * The settled probes of the last 60 s of every target, exact to the second.
 *
 * <p>A window is a ring of one byte per settled probe: the second in which it was settled, modulo 128, in the upper seven
 * bits and "answered" in the lowest. Entries leave the ring 60 s later, and the two counts of the target are kept beside it,
 * so that the loss is known at any moment without a scan. Most targets are probed every 10 s and need six entries; a ring
 * that fills moves to the next size, and back when the target calms down. Rings live in slabs with free lists, so nothing is
 * allocated once the busiest moment has been seen.
 *
 * <pre>
 * ring:  [0] index of the oldest entry   [1] number of entries   [2..] entries
 * handle of a ring (kept in the table):  size class in the upper 2 bits, number of the ring in the lower 30; 0 = none
 * </pre>
 *
 * <p>Owned by {@code ping-recv}. Every target must be pruned at least once a minute (the ring's clock has 128 s).
 */
final class LossWindows {

    static final int WINDOW_SECONDS = 60;

    private static final int HEADER_BYTES = 2;
    private static final int[] RING_BYTES = {16, 64, 256};
    private static final int CLASS_SHIFT = 30;
    private static final int RINGS_PER_SLAB = 1024;

    private final Slabs[] classes = new Slabs[RING_BYTES.length];

    LossWindows() {
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new Slabs(RING_BYTES[i]);
        }
    }

    /** @param nowSeconds a monotonic count of seconds */
    void add(Page page, int index, boolean answered, long nowSeconds) {
        prune(page, index, nowSeconds);
        int handle = page.window[index];
        if (handle == 0) {
            handle = allocate(0);
            page.window[index] = handle;
        }
        int sizeClass = handle >>> CLASS_SHIFT;
        Slabs slabs = classes[sizeClass];
        byte[] slab = slabs.slab(handle);
        int at = slabs.offset(handle);
        int capacity = RING_BYTES[sizeClass] - HEADER_BYTES;
        int count = slab[at + 1] & 0xff;
        if (count == capacity) {
            if (sizeClass + 1 < RING_BYTES.length) {
                move(page, index, sizeClass + 1);
                add(page, index, answered, nowSeconds);
                return;
            }
            dropOldest(page, index, slab, at, capacity);
            count--;
        }
        int oldest = slab[at] & 0xff;
        int position = oldest + count;
        if (position >= capacity) {
            position -= capacity;
        }
        slab[at + HEADER_BYTES + position] = (byte) (nowSeconds << 1 | (answered ? 1 : 0));
        slab[at + 1] = (byte) (count + 1);
        TargetTable.setWindowCounts(page, index, page.windowCounts[index] + (1 << 16) + (answered ? 1 : 0));
    }

    /** Lets go of what is older than 60 s, and of a ring that has become too large. */
    void prune(Page page, int index, long nowSeconds) {
        int handle = page.window[index];
        if (handle == 0) {
            return;
        }
        int sizeClass = handle >>> CLASS_SHIFT;
        Slabs slabs = classes[sizeClass];
        byte[] slab = slabs.slab(handle);
        int at = slabs.offset(handle);
        int capacity = RING_BYTES[sizeClass] - HEADER_BYTES;
        while (slab[at + 1] != 0) {
            int entry = slab[at + HEADER_BYTES + (slab[at] & 0xff)] & 0xff;
            int ageSeconds = (int) (nowSeconds - (entry >>> 1)) & 127;
            if (ageSeconds < WINDOW_SECONDS) {
                break;
            }
            dropOldest(page, index, slab, at, capacity);
        }
        if (sizeClass > 0 && (slab[at + 1] & 0xff) < RING_BYTES[sizeClass - 1] / 2) {
            move(page, index, sizeClass - 1);
        }
    }

    /** Forgets everything about the target. */
    void clear(Page page, int index) {
        int handle = page.window[index];
        if (handle != 0) {
            classes[handle >>> CLASS_SHIFT].free(handle);
            page.window[index] = 0;
        }
        TargetTable.setWindowCounts(page, index, 0);
    }

    private static void dropOldest(Page page, int index, byte[] slab, int at, int capacity) {
        int oldest = slab[at] & 0xff;
        int answered = slab[at + HEADER_BYTES + oldest] & 1;
        slab[at] = (byte) (oldest + 1 == capacity ? 0 : oldest + 1);
        slab[at + 1] = (byte) ((slab[at + 1] & 0xff) - 1);
        TargetTable.setWindowCounts(page, index, page.windowCounts[index] - (1 << 16) - answered);
    }

    private void move(Page page, int index, int toClass) {
        int from = page.window[index];
        int fromClass = from >>> CLASS_SHIFT;
        Slabs slabs = classes[fromClass];
        byte[] slab = slabs.slab(from);
        int at = slabs.offset(from);
        int capacity = RING_BYTES[fromClass] - HEADER_BYTES;
        int to = allocate(toClass);
        byte[] target = classes[toClass].slab(to);
        int targetAt = classes[toClass].offset(to);
        int oldest = slab[at] & 0xff;
        int count = slab[at + 1] & 0xff;
        for (int i = 0; i < count; i++) {
            target[targetAt + HEADER_BYTES + i] = slab[at + HEADER_BYTES + (oldest + i) % capacity];
        }
        target[targetAt + 1] = (byte) count;
        slabs.free(from);
        page.window[index] = to;
    }

    private int allocate(int sizeClass) {
        return sizeClass << CLASS_SHIFT | classes[sizeClass].allocate();
    }

    /** Rings of one size. */
    private static final class Slabs {

        private final int ringBytes;
        private byte[][] slabs = new byte[0][];
        /** Number 0 stands for "no ring". */
        private int used = 1;

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
            slabs[slabIndex][at] = 0;
            slabs[slabIndex][at + 1] = 0;
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
