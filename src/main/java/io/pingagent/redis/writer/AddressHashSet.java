package io.pingagent.redis.writer;

import io.pingagent.model.IpAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A set of addresses that changes, in 16 bytes for an IPv4 address: a hundred thousand of them may be on the err list.
 * Open addressing with linear probing; a removal moves the rest of its run back. Not thread-safe.
 */
final class AddressHashSet {

    /** Distinguishes the address 0.0.0.0 from a free slot. */
    private static final long TAKEN = 1L << 32;

    private long[] table = new long[16];
    private int v4Count;
    private final Set<IpAddress> v6 = new HashSet<>();

    int size() {
        return v4Count + v6.size();
    }

    boolean contains(IpAddress address) {
        return address.isV6() ? v6.contains(address) : table[slotOf(TAKEN | address.low())] != 0;
    }

    boolean add(IpAddress address) {
        if (address.isV6()) {
            return v6.add(address);
        }
        if (v4Count * 2 >= table.length) {
            grow();
        }
        long entry = TAKEN | address.low();
        int slot = slotOf(entry);
        if (table[slot] != 0) {
            return false;
        }
        table[slot] = entry;
        v4Count++;
        return true;
    }

    boolean remove(IpAddress address) {
        if (address.isV6()) {
            return v6.remove(address);
        }
        int hole = slotOf(TAKEN | address.low());
        if (table[hole] == 0) {
            return false;
        }
        int mask = table.length - 1;
        for (int slot = (hole + 1) & mask; table[slot] != 0; slot = (slot + 1) & mask) {
            int distanceFromHome = (slot - home(table[slot])) & mask;
            if (distanceFromHome >= ((slot - hole) & mask)) {
                table[hole] = table[slot];
                hole = slot;
            }
        }
        table[hole] = 0;
        v4Count--;
        return true;
    }

    void clear() {
        table = new long[16];
        v4Count = 0;
        v6.clear();
    }

    /** In no order; the action must not change this set. */
    void forEach(Consumer<IpAddress> action) {
        for (long entry : table) {
            if (entry != 0) {
                action.accept(IpAddress.v4((int) entry));
            }
        }
        v6.forEach(action);
    }

    private int slotOf(long entry) {
        int mask = table.length - 1;
        int slot = home(entry);
        while (table[slot] != 0 && table[slot] != entry) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(long entry) {
        return (int) ((entry * 0x9e37_79b9_7f4a_7c15L) >>> 32) & (table.length - 1);
    }

    private void grow() {
        long[] before = table;
        table = new long[before.length * 2];
        for (long entry : before) {
            if (entry != 0) {
                table[slotOf(entry)] = entry;
            }
        }
    }
}
