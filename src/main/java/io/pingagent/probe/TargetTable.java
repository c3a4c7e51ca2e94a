package io.pingagent.probe;

import io.pingagent.model.IpAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Everything the engine knows of each target, as a struct of arrays in pages, because there may be a million targets.
 *
 * <p>One writer per field: address and settings are written by the registry's thread before the target is announced;
 * {@code nextSequence} by {@code ping-send}; the rest by {@code ping-recv}. Fields that other threads read are written
 * opaque, so that a reader sees them soon and never torn.
 *
 * <p>About 70 bytes a target, plus its loss window (see {@link LossWindows}).
 */
final class TargetTable {

    static final int PAGE_SHIFT = 12;
    static final int PAGE_SIZE = 1 << PAGE_SHIFT;
    static final int PAGE_MASK = PAGE_SIZE - 1;

    /** Target ids share a 32-bit word of the packet with the time-out class. */
    static final int MAX_TARGETS = 1 << 26;

    static final byte LIVE = 1;
    static final byte IN_ERR_LIST = 2;
    /** Stood on the err list at the last review, so that it has now been on it for a whole review period. */
    static final byte REVIEWED = 4;
    /** At least one probe was settled: the target may be judged. */
    static final byte JUDGEABLE = 8;

    private static final int V4_SCOPE = -1;

    private static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final VarHandle SHORTS = MethodHandles.arrayElementVarHandle(short[].class);
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle FLOATS = MethodHandles.arrayElementVarHandle(float[].class);

    /** One page of {@value #PAGE_SIZE} targets. */
    static final class Page {
        final long[] high = new long[PAGE_SIZE];
        final long[] low = new long[PAGE_SIZE];
        final int[] scope = new int[PAGE_SIZE];
        final short[] settings = new short[PAGE_SIZE];

        final int[] nextSequence = new int[PAGE_SIZE];

        /** Sequence number of the newest probe; bit i of the two maps below stands for {@code newestSequence - i}. */
        final int[] newestSequence = new int[PAGE_SIZE];

        final long[] settledMap = new long[PAGE_SIZE];
        final long[] answeredMap = new long[PAGE_SIZE];
        final long[] lastReplyNanos = new long[PAGE_SIZE];
        final float[] lastRttNanos = new float[PAGE_SIZE];
        final int[] window = new int[PAGE_SIZE];
        /** Settled probes of the last 60 s in the upper half, answered ones in the lower. */
        final int[] windowCounts = new int[PAGE_SIZE];

        final byte[] flags = new byte[PAGE_SIZE];
        final short[] lossesInARow = new short[PAGE_SIZE];
    }

    private volatile Page[] pages = new Page[0];

    /** Ids in use are below this; only the registry's thread raises it. */
    private volatile int limit;

    int limit() {
        return limit;
    }

    Page page(int targetId) {
        return pages[targetId >>> PAGE_SHIFT];
    }

    // --- the registry's thread

    /** Makes room for the id that equals the present limit. */
    int extend() {
        int targetId = limit;
        if (targetId == MAX_TARGETS) {
            throw new IllegalStateException("more than " + MAX_TARGETS + " targets");
        }
        Page[] present = pages;
        if (targetId >>> PAGE_SHIFT == present.length) {
            Page[] longer = java.util.Arrays.copyOf(present, present.length + 1);
            longer[present.length] = new Page();
            pages = longer;
        }
        limit = targetId + 1;
        return targetId;
    }

    void setAddress(int targetId, IpAddress address) {
        Page page = page(targetId);
        int i = targetId & PAGE_MASK;
        page.high[i] = address.high();
        page.low[i] = address.low();
        page.scope[i] = address.isV6() ? address.scopeId() : V4_SCOPE;
    }

    /** The settings themselves are in their table before, so that no reader meets an id that it cannot look up. */
    void setSettings(int targetId, int settingsId) {
        SHORTS.setRelease(page(targetId).settings, targetId & PAGE_MASK, (short) settingsId);
    }

    // --- any thread

    int settings(int targetId) {
        return settings(page(targetId), targetId & PAGE_MASK);
    }

    static int settings(Page page, int index) {
        return (short) SHORTS.getAcquire(page.settings, index);
    }

    IpAddress address(int targetId) {
        Page page = page(targetId);
        int i = targetId & PAGE_MASK;
        return isV6(page, i) ? IpAddress.v6(page.high[i], page.low[i], page.scope[i]) : IpAddress.v4((int) page.low[i]);
    }

    boolean hasAddress(int targetId, IpAddress address) {
        Page page = page(targetId);
        int i = targetId & PAGE_MASK;
        return page.low[i] == address.low()
                && page.high[i] == address.high()
                && page.scope[i] == (address.isV6() ? address.scopeId() : V4_SCOPE);
    }

    static boolean isV6(Page page, int index) {
        return page.scope[index] != V4_SCOPE;
    }

    static boolean has(Page page, int index, byte flag) {
        return ((byte) BYTES.getOpaque(page.flags, index) & flag) != 0;
    }

    boolean has(int targetId, byte flag) {
        return has(page(targetId), targetId & PAGE_MASK, flag);
    }

    static int windowCounts(Page page, int index) {
        return (int) INTS.getOpaque(page.windowCounts, index);
    }

    /** RTT of the last reply in nanoseconds, or a negative number if there has been none. */
    float lastRttNanos(int targetId) {
        return (float) FLOATS.getOpaque(page(targetId).lastRttNanos, targetId & PAGE_MASK);
    }

    // --- ping-recv

    static void set(Page page, int index, byte flag) {
        BYTES.setOpaque(page.flags, index, (byte) (page.flags[index] | flag));
    }

    static void clear(Page page, int index, byte flag) {
        BYTES.setOpaque(page.flags, index, (byte) (page.flags[index] & ~flag));
    }

    static void setWindowCounts(Page page, int index, int counts) {
        INTS.setOpaque(page.windowCounts, index, counts);
    }

    static void setLastRtt(Page page, int index, float rttNanos) {
        FLOATS.setOpaque(page.lastRttNanos, index, rttNanos);
    }
}
