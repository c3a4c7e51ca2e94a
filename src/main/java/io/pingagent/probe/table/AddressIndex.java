package io.pingagent.probe.table;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * From address to target id: open addressing over ids, the addresses themselves are in the {@link TargetTable}.
 *
 * <p>One writer (the registry's thread), any number of readers without locks: a reader sees an id only after its
 * address, and checks the address again.
 */
@AnyThread
public final class AddressIndex {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int EMPTY = 0;
    private static final int DELETED = -1;

    private final TargetTable table;
    /** Target id + 1, {@link #EMPTY} or {@link #DELETED}. */
    private volatile int[] slots = new int[64];

    private int used;
    private final AtomicInteger live = new AtomicInteger();

    public AddressIndex(TargetTable table) {
        this.table = table;
    }

    /** Returns the target's id, or -1. */
    public int find(IpAddress address) {
        int[] present = slots;
        int mask = present.length - 1;
        for (int i = hash(address.high(), address.low()) & mask; ; i = i + 1 & mask) {
            int slot = (int) SLOT.getAcquire(present, i);
            if (slot == EMPTY) {
                return -1;
            }
            if (slot != DELETED && table.hasAddress(slot - 1, address)) {
                return slot - 1;
            }
        }
    }

    /**
     * Finds an address given as bits, whatever its scope; for addresses quoted in ICMP errors. Returns -1 if unknown.
     */
    public int find(boolean isV6, long high, long low) {
        int[] present = slots;
        int mask = present.length - 1;
        for (int i = hash(high, low) & mask; ; i = i + 1 & mask) {
            int slot = (int) SLOT.getAcquire(present, i);
            if (slot == EMPTY) {
                return -1;
            }
            if (slot != DELETED) {
                TargetTable.Page page = table.page(slot - 1);
                int index = slot - 1 & TargetTable.PAGE_MASK;
                if (TargetTable.low(page, index) == low
                        && TargetTable.high(page, index) == high
                        && TargetTable.isV6(page, index) == isV6) {
                    return slot - 1;
                }
            }
        }
    }

    /** Adds a target whose address is in the table and not yet here. */
    @OwnedBy("caller")
    public void add(int targetId) {
        if (used * 2 >= slots.length) {
            rehash();
        }
        put(slots, targetId);
        used++;
        live.incrementAndGet();
    }

    @OwnedBy("caller")
    public void remove(int targetId, IpAddress address) {
        int[] present = slots;
        int mask = present.length - 1;
        for (int i = hash(address.high(), address.low()) & mask; present[i] != EMPTY; i = i + 1 & mask) {
            if (present[i] == targetId + 1) {
                SLOT.setRelease(present, i, DELETED);
                live.decrementAndGet();
                return;
            }
        }
    }

    public int size() {
        return live.get();
    }

    @OwnedBy("caller")
    private void rehash() {
        int[] present = slots;
        int capacity = Math.max(64, Integer.highestOneBit(live.get() * 2 + 1) * 2);
        int[] fresh = new int[capacity];
        for (int slot : present) {
            if (slot > 0) {
                put(fresh, slot - 1);
            }
        }
        used = live.get();
        slots = fresh;
    }

    @OwnedBy("caller")
    private void put(int[] into, int targetId) {
        TargetTable.Page page = table.page(targetId);
        int index = targetId & TargetTable.PAGE_MASK;
        int mask = into.length - 1;
        int i = hash(TargetTable.high(page, index), TargetTable.low(page, index)) & mask;
        while (into[i] > 0) {
            i = i + 1 & mask;
        }
        SLOT.setRelease(into, i, targetId + 1);
    }

    private static int hash(long high, long low) {
        long mixed = (low ^ high * 0x9e3779b97f4a7c15L) * 0xd6e8feb86659fd93L;
        return (int) (mixed >>> 32 ^ mixed >>> 17);
    }
}
