package io.pingagent.testkit;

import java.util.Arrays;

/**
 * Packets waiting for their time, as a binary heap over due times with the packets in slots that are used again.
 *
 * <p>The heap holds slot numbers; a slot holds the packet and its length. Free slots form a stack. No garbage once the
 * slots have grown to what is in flight. One thread.
 */
final class ReplyQueue {

    /** Long enough for an echo of usual size with every header this kit adds; longer packets get their own array. */
    private static final int USUAL_LENGTH = 256;

    private long[] dueNanos = new long[1024];
    private int[] heap = new int[1024];
    private int size;

    private byte[][] packets = new byte[1024][];
    private int[] lengths = new int[1024];
    private int[] free = new int[1024];
    private int freeCount;
    private int slotCount;

    int size() {
        return size;
    }

    /** Only when not empty: {@link System#nanoTime()} at which the first one is due. */
    long firstDueNanos() {
        return dueNanos[0];
    }

    /** Only when not empty. */
    byte[] firstPacket() {
        return packets[heap[0]];
    }

    /** Only when not empty. */
    int firstLength() {
        return lengths[heap[0]];
    }

    void add(long due, byte[] packet, int length) {
        int slot = takeSlot(length);
        System.arraycopy(packet, 0, packets[slot], 0, length);
        lengths[slot] = length;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
            dueNanos = Arrays.copyOf(dueNanos, 2 * size);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (dueNanos[parent] - due <= 0) {
                break;
            }
            dueNanos[at] = dueNanos[parent];
            heap[at] = heap[parent];
            at = parent;
        }
        dueNanos[at] = due;
        heap[at] = slot;
    }

    void removeFirst() {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = heap[0];
        size--;
        long due = dueNanos[size];
        int slot = heap[size];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && dueNanos[child + 1] - dueNanos[child] < 0) {
                child++;
            }
            if (dueNanos[child] - due >= 0) {
                break;
            }
            dueNanos[at] = dueNanos[child];
            heap[at] = heap[child];
            at = child;
        }
        dueNanos[at] = due;
        heap[at] = slot;
    }

    private int takeSlot(int length) {
        int slot;
        if (freeCount > 0) {
            slot = free[--freeCount];
        } else {
            slot = slotCount++;
            if (slot == packets.length) {
                packets = Arrays.copyOf(packets, 2 * slot);
                lengths = Arrays.copyOf(lengths, 2 * slot);
            }
        }
        if (packets[slot] == null || packets[slot].length < length) {
            packets[slot] = new byte[Math.max(USUAL_LENGTH, length)];
        }
        return slot;
    }
}
