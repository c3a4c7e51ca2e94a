package io.pingagent.probe.queue;

import io.pingagent.base.OwnedBy;

/** A growing first-in-first-out queue of ints. */
@OwnedBy("caller")
public final class IntQueue {

    private int[] values = new int[16];
    private int head;
    private int size;

    public void add(int value) {
        if (size == values.length) {
            int[] larger = new int[size * 2];
            for (int i = 0; i < size; i++) {
                larger[i] = values[head + i & size - 1];
            }
            values = larger;
            head = 0;
        }
        values[head + size & values.length - 1] = value;
        size++;
    }

    public int peek() {
        return values[head];
    }

    public int remove() {
        int value = values[head];
        head = head + 1 & values.length - 1;
        size--;
        return value;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }
}
