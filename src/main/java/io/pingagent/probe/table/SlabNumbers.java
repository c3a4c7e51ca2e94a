package io.pingagent.probe.table;

import io.pingagent.base.OwnedBy;
import java.util.Arrays;

/** Numbers of places in slabs, given out and taken back. */
@OwnedBy("ping-recv")
final class SlabNumbers {

    private final int perSlab;
    private int used;
    private int[] free = new int[64];
    private int freeCount;

    SlabNumbers(int perSlab) {
        this.perSlab = perSlab;
    }

    int allocate() {
        return freeCount > 0 ? free[--freeCount] : used++;
    }

    void free(int number) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = number;
    }

    /** The slabs, with one more if the place of this number is not there yet. */
    byte[][] withSlabOf(int number, byte[][] slabs, int bytesPerPlace) {
        if (number / perSlab < slabs.length) {
            return slabs;
        }
        byte[][] longer = Arrays.copyOf(slabs, number / perSlab + 1);
        longer[number / perSlab] = new byte[perSlab * bytesPerPlace];
        return longer;
    }
}
