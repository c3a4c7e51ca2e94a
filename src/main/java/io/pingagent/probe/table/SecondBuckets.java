package io.pingagent.probe.table;

import io.pingagent.base.OwnedBy;
import io.pingagent.probe.table.TargetTable.Page;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Loss windows of the busiest targets: for each of the last 60 s, how many samples of each kind. Any rate up to 65,535
 * probes a minute is counted exactly. Beyond that what is newest stays out of the count until older ones have left.
 *
 * <pre>
 * buckets of a target:  last second pruned to, low 32 bits (4 bytes)
 *                       60 x { lost (u16), answered (u16), unknown (u16) }, at the second modulo 60
 * </pre>
 *
 * <p>Part of {@link LossWindows}.
 */
@OwnedBy("ping-recv")
final class SecondBuckets {

    private static final int SECONDS = LossWindows.WINDOW_SECONDS;
    private static final int KINDS = 3;
    private static final int COUNT_BYTES = 2;
    private static final int BUCKET_BYTES = KINDS * COUNT_BYTES;
    private static final int HEADER_BYTES = 4;
    private static final int BYTES = HEADER_BYTES + SECONDS * BUCKET_BYTES;
    private static final int PER_SLAB = 256;
    private static final int MOST = 0xffff;

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final SlabNumbers numbers = new SlabNumbers(PER_SLAB);
    private byte[][] slabs = new byte[0][];

    /** Empty ones. */
    int allocate(long nowSeconds) {
        int number = numbers.allocate();
        slabs = numbers.withSlabOf(number, slabs, BYTES);
        byte[] slab = slab(number);
        int at = offset(number);
        for (int i = HEADER_BYTES; i < BYTES; i += COUNT_BYTES) {
            SHORTS.set(slab, at + i, (short) 0);
        }
        INTS.set(slab, at, (int) nowSeconds);
        return number;
    }

    void free(int number) {
        numbers.free(number);
    }

    /** Counts one sample; the target must have been pruned to this second. */
    void add(Page page, int index, int number, int kind, long nowSeconds) {
        int present =
                kind == LossWindows.UNKNOWN ? TargetTable.unknownCount(page, index) : page.windowCounts[index] >>> 16;
        if (present < MOST) {
            put(number, kind, nowSeconds, 1);
            LossWindows.count(page, index, kind, 1);
        }
    }

    /** Adds samples that are in the target's counts already. */
    void put(int number, int kind, long second, int samples) {
        byte[] slab = slab(number);
        int at = at(number, kind, second);
        SHORTS.set(slab, at, (short) ((short) SHORTS.get(slab, at) + samples));
    }

    int get(int number, int kind, long second) {
        return (short) SHORTS.get(slab(number), at(number, kind, second)) & MOST;
    }

    /** Lets go of what is older than 60 s; the number of samples that are left. */
    int prune(Page page, int index, int number, long nowSeconds) {
        byte[] slab = slab(number);
        int header = offset(number);
        int passed = (int) nowSeconds - (int) INTS.get(slab, header);
        for (int i = Math.min(SECONDS, passed) - 1; i >= 0; i--) {
            for (int kind = 0; kind < KINDS; kind++) {
                int at = at(number, kind, nowSeconds - i);
                int samples = (short) SHORTS.get(slab, at) & MOST;
                if (samples != 0) {
                    SHORTS.set(slab, at, (short) 0);
                    LossWindows.count(page, index, kind, -samples);
                }
            }
        }
        INTS.set(slab, header, (int) nowSeconds);
        return (page.windowCounts[index] >>> 16) + TargetTable.unknownCount(page, index);
    }

    private byte[] slab(int number) {
        return slabs[number / PER_SLAB];
    }

    private static int offset(int number) {
        return number % PER_SLAB * BYTES;
    }

    private static int at(int number, int kind, long second) {
        return offset(number) + HEADER_BYTES + Math.floorMod(second, SECONDS) * BUCKET_BYTES + kind * COUNT_BYTES;
    }
}
