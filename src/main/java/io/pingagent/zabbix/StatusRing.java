package io.pingagent.zabbix;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Status changes from {@code ping-recv} to {@code ping-zabbix}; one writer, one reader, no garbage. */
final class StatusRing {

    /** In place of a target: the agent itself, "up" while it is not cut off from its network. */
    static final int AGENT = -1;

    interface Reader {

        /** @param wallNanos Unix nanoseconds of the probe that decided it */
        void changed(int targetId, boolean up, long wallNanos);
    }

    private static final int CAPACITY = 1 << 14;
    private static final int MASK = CAPACITY - 1;

    private final AtomicLongArray slots = new AtomicLongArray(2 * CAPACITY);
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();
    private final AtomicBoolean overflowed = new AtomicBoolean();

    void put(int targetId, boolean up, long wallNanos) {
        long at = tail.get();
        if (at - head.get() == CAPACITY) {
            overflowed.set(true);
            return;
        }
        int slot = 2 * (int) (at & MASK);
        slots.setPlain(slot, (long) targetId << 1 | (up ? 1 : 0));
        slots.setPlain(slot + 1, wallNanos);
        tail.setRelease(at + 1);
    }

    void drain(Reader reader) {
        long end = tail.getAcquire();
        for (long at = head.get(); at < end; at++) {
            int slot = 2 * (int) (at & MASK);
            long word = slots.getPlain(slot);
            long wallNanos = slots.getPlain(slot + 1);
            head.setRelease(at + 1);
            reader.changed((int) (word >> 1), (word & 1) != 0, wallNanos);
        }
    }

    /** Whether changes were lost since the last call: then compare all states. */
    boolean takeOverflow() {
        return overflowed.getAndSet(false);
    }
}
