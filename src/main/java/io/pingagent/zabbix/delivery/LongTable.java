package io.pingagent.zabbix.delivery;

import java.util.Arrays;

/**
 * A hash set with some ints for each entry, in primitive arrays. A slot takes 8 bytes and 4 per int. At most 3/4 of the
 * slots are in use; right after the table has doubled, 3/8 are. Removing entries does not shrink it. Linear probing.
 * Not thread-safe.
 */
final class LongTable {

    private static final int FIRST_SLOTS = 16;
    /** Stands for an empty slot; a key of 0 is kept as 1. */
    private static final long EMPTY = 0;

    private long[] keys = new long[FIRST_SLOTS];
    private final int[][] numbers;
    private int size;

    /** @param numbers beside each key, at least 0 */
    LongTable(int numbers) {
        this.numbers = new int[numbers][FIRST_SLOTS];
    }

    int size() {
        return size;
    }

    boolean contains(long key) {
        return find(key) >= 0;
    }

    /** The slot of a key, valid until one is added or removed, or -1. */
    int find(long key) {
        int slot = slotOf(real(key));
        return keys[slot] == EMPTY ? -1 : slot;
    }

    private static long real(long key) {
        return key == EMPTY ? 1 : key;
    }

    private int slotOf(long key) {
        int mask = keys.length - 1;
        int slot = home(key, mask);
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static int home(long key, int mask) {
        return (int) (key ^ key >>> 32) & mask;
    }

    /** The slot of a key, which is added with all numbers 0 if it is not there. */
    int put(long key) {
        long real = real(key);
        int slot = slotOf(real);
        if (keys[slot] != EMPTY) {
            return slot;
        }
        if (4 * (size + 1L) > 3L * keys.length) {
            resize(2 * keys.length);
            slot = slotOf(real);
        }
        keys[slot] = real;
        for (int[] column : numbers) {
            column[slot] = 0;
        }
        size++;
        return slot;
    }

    boolean add(long key) {
        int before = size;
        put(key);
        return size > before;
    }

    private void resize(int slots) {
        long[] oldKeys = keys;
        int[][] oldNumbers = numbers.clone();
        keys = new long[slots];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = new int[slots];
        }
        for (int old = 0; old < oldKeys.length; old++) {
            if (oldKeys[old] != EMPTY) {
                int slot = slotOf(oldKeys[old]);
                keys[slot] = oldKeys[old];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i][slot] = oldNumbers[i][old];
                }
            }
        }
    }

    boolean remove(long key) {
        int hole = find(key);
        if (hole < 0) {
            return false;
        }
        int mask = keys.length - 1;
        int slot = hole;
        while (true) {
            slot = slot + 1 & mask;
            if (keys[slot] == EMPTY) {
                break;
            }
            int home = home(keys[slot], mask);
            if ((slot - home & mask) >= (slot - hole & mask)) {
                keys[hole] = keys[slot];
                for (int[] column : numbers) {
                    column[hole] = column[slot];
                }
                hole = slot;
            }
        }
        keys[hole] = EMPTY;
        size--;
        return true;
    }

    int get(int slot, int number) {
        return numbers[number][slot];
    }

    void set(int slot, int number, int to) {
        numbers[number][slot] = to;
    }

    /** All keys, in no order. */
    long[] keys() {
        return Arrays.stream(keys).filter(key -> key != EMPTY).toArray();
    }

    /** Takes out all keys and gives back most of the memory. */
    void clear() {
        size = 0;
        keys = new long[FIRST_SLOTS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = new int[FIRST_SLOTS];
        }
    }
}
