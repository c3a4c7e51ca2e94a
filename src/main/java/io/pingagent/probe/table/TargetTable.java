package io.pingagent.probe.table;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine knows of each target, as a struct of arrays in pages, because there may be a million targets.
 *
 * <p>One writer per field:
 *
 * <ul>
 *   <li>The thread that adds the target writes address, settings and the first {@code nextSequence}, before the target
 *       is announced.
 *   <li>{@code ping-send} writes {@code nextSequence} from then on.
 *   <li>{@code ping-recv} writes the rest.
 * </ul>
 *
 * <p>Fields that other threads read are written opaque, so that a reader sees them soon and never torn.
 *
 * <p>A target takes 53 bytes, its loss window included unless that is a large one. In a page with IPv6 targets it takes
 * 20 more. In a page with a target that had more than 32 probes in flight it takes 8 more.
 */
@AnyThread
public final class TargetTable {

    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_SIZE = 1 << PAGE_SHIFT;
    public static final int PAGE_MASK = PAGE_SIZE - 1;

    /** Target ids share a 32-bit word of the packet, see {@link TargetWord}. */
    public static final int MAX_TARGETS = 1 << TargetWord.ID_BITS;

    public static final byte LIVE = 1;
    public static final byte IN_ERR_LIST = 2;
    /** Stood on the err list at the last review, so that it has now been on it for a whole review period. */
    public static final byte REVIEWED = 4;
    /** At least one probe was settled: the target may be judged. */
    public static final byte JUDGEABLE = 8;
    /** A probe since the last reply could not be sent when it was due, because this machine's queues were full. */
    public static final byte UNSENT = 16;
    // The upper three flags are a number, see SampleValidity.

    private static final int IS_V4 = -1;
    private static final int REPLY_TICK_BITS = 24;

    private static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final VarHandle SHORTS = MethodHandles.arrayElementVarHandle(short[].class);
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle FLOATS = MethodHandles.arrayElementVarHandle(float[].class);

    /** One page of {@value #PAGE_SIZE} targets. */
    public static final class Page {
        final int[] v4 = new int[PAGE_SIZE];
        /** Null as long as the page has had IPv4 targets only. */
        @Nullable
        V6Addresses v6;

        final short[] settings = new short[PAGE_SIZE];
        /** In place of those above in a page that needs more than 16 bits for them, else null. */
        volatile int @Nullable [] wideSettings;

        public final int[] nextSequence = new int[PAGE_SIZE];

        /** Sequence number of the newest probe; bit i of the two maps below stands for {@code newestSequence - i}. */
        public final int[] newestSequence = new int[PAGE_SIZE];

        final int[] settledMap = new int[PAGE_SIZE];
        final int[] answeredMap = new int[PAGE_SIZE];
        /** The 32 probes before those, null as long as none of them was ever still unsettled: all are settled then. */
        @Nullable
        OlderProbes older;

        /**
         * Boot time, see {@code Pauses}, in units of 2^{@value #REPLY_TICK_BITS} ns (17 ms), which wraps after 417
         * days.
         */
        final int[] lastReplyTicks = new int[PAGE_SIZE];

        public final float[] lastRttNanos = new float[PAGE_SIZE];
        /** The small loss windows, see {@link LossWindows}. */
        final byte[] rings = new byte[PAGE_SIZE * LossWindows.SMALL_RING_BYTES];
        /** Handles of larger loss windows, 0 for none; null as long as the page has had none. */
        int @Nullable [] largeRings;
        /** Settled probes of the last 60 s in the upper half, answered ones in the lower. */
        public final int[] windowCounts = new int[PAGE_SIZE];
        /** Samples of the last 60 s that are in neither, up to 65,535; null as long as the page has had none. */
        short @Nullable [] unknownCounts;

        public final byte[] flags = new byte[PAGE_SIZE];
        /** Marks of {@code IsolationGuard}; null as long as none of the page's targets has had one. */
        public volatile byte @Nullable [] marks;

        public final short[] lossesInARow = new short[PAGE_SIZE];
    }

    /** Upper halves of the two maps of probes. */
    private static final class OlderProbes {
        final int[] settledMap = new int[PAGE_SIZE];
        final int[] answeredMap = new int[PAGE_SIZE];

        OlderProbes() {
            Arrays.fill(settledMap, -1);
            Arrays.fill(answeredMap, -1);
        }
    }

    /** Addresses of IPv6 targets of a page. */
    private static final class V6Addresses {
        final long[] high = new long[PAGE_SIZE];
        final long[] low = new long[PAGE_SIZE];
        /** Number of the zone, or {@link #IS_V4} if the target is an IPv4 one. */
        final int[] zone = new int[PAGE_SIZE];

        V6Addresses() {
            Arrays.fill(zone, IS_V4);
        }
    }

    private volatile Page[] pages = new Page[0];

    /** Ids in use are below this; only the registry's thread raises it. */
    private volatile int limit;

    public int limit() {
        return limit;
    }

    public Page page(int targetId) {
        return pages[targetId >>> PAGE_SHIFT];
    }

    // --- the registry's thread

    /** Makes room for the id that equals the present limit. */
    @OwnedBy("caller")
    public int extend() {
        int targetId = limit;
        if (targetId == MAX_TARGETS) {
            throw new IllegalStateException("more than " + MAX_TARGETS + " targets");
        }
        Page[] present = pages;
        if (targetId >>> PAGE_SHIFT == present.length) {
            Page[] longer = Arrays.copyOf(present, present.length + 1);
            longer[present.length] = new Page();
            pages = longer;
        }
        limit = targetId + 1;
        return targetId;
    }

    @OwnedBy("caller")
    public void setAddress(int targetId, IpAddress address) {
        Page page = page(targetId);
        int i = targetId & PAGE_MASK;
        V6Addresses v6 = page.v6;
        if (!address.isV6()) {
            page.v4[i] = address.v4Bits();
            if (v6 != null) {
                v6.zone[i] = IS_V4;
            }
            return;
        }
        if (v6 == null) {
            v6 = new V6Addresses();
        }
        v6.high[i] = address.high();
        v6.low[i] = address.low();
        v6.zone[i] = address.zone();
        page.v6 = v6;
    }

    /** The settings themselves are in their table before, so that no reader meets an id that it cannot look up. */
    @OwnedBy("caller")
    public void setSettings(int targetId, int settingsId) {
        Page page = page(targetId);
        int[] wide = page.wideSettings;
        if (wide == null && settingsId > 0xffff) {
            wide = new int[PAGE_SIZE];
            for (int i = 0; i < PAGE_SIZE; i++) {
                wide[i] = page.settings[i] & 0xffff;
            }
            page.wideSettings = wide;
        }
        if (wide == null) {
            SHORTS.setRelease(page.settings, targetId & PAGE_MASK, (short) settingsId);
        } else {
            INTS.setRelease(wide, targetId & PAGE_MASK, settingsId);
        }
    }

    // --- any thread

    public int settings(int targetId) {
        return settings(page(targetId), targetId & PAGE_MASK);
    }

    public static int settings(Page page, int index) {
        int[] wide = page.wideSettings;
        return wide == null
                ? (short) SHORTS.getAcquire(page.settings, index) & 0xffff
                : (int) INTS.getAcquire(wide, index);
    }

    public IpAddress address(int targetId) {
        Page page = page(targetId);
        int i = targetId & PAGE_MASK;
        V6Addresses v6 = page.v6;
        return v6 == null || v6.zone[i] == IS_V4
                ? IpAddress.v4(page.v4[i])
                : IpAddress.v6(v6.high[i], v6.low[i], v6.zone[i]);
    }

    boolean hasAddress(int targetId, IpAddress address) {
        Page page = page(targetId);
        int i = targetId & PAGE_MASK;
        return low(page, i) == address.low()
                && high(page, i) == address.high()
                && isV6(page, i) == address.isV6()
                && zone(page, i) == address.zone();
    }

    public static boolean isV6(Page page, int index) {
        V6Addresses v6 = page.v6;
        return v6 != null && v6.zone[index] != IS_V4;
    }

    /** Upper 64 bits of an IPv6 address, 0 for IPv4. */
    public static long high(Page page, int index) {
        V6Addresses v6 = page.v6;
        return v6 == null || v6.zone[index] == IS_V4 ? 0 : v6.high[index];
    }

    /** Lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 one. */
    public static long low(Page page, int index) {
        V6Addresses v6 = page.v6;
        return v6 == null || v6.zone[index] == IS_V4 ? page.v4[index] & 0xffff_ffffL : v6.low[index];
    }

    /** Zone of a link-local IPv6 address, see {@link io.pingagent.model.Zones}, else 0. */
    public static int zone(Page page, int index) {
        V6Addresses v6 = page.v6;
        return v6 == null ? 0 : Math.max(0, v6.zone[index]);
    }

    /** Probes of the page's targets that are remembered one by one. */
    public static int rememberedProbes(Page page) {
        return page.older == null ? Integer.SIZE : Long.SIZE;
    }

    /** The last 64 probes, a bit for each that is settled, the newest in the lowest. */
    public static long settledMap(Page page, int index) {
        OlderProbes older = page.older;
        return join(older == null ? -1 : older.settledMap[index], page.settledMap[index]);
    }

    /** Whether a probe is settled, or too old to be remembered. */
    @OwnedBy("ping-recv")
    public boolean isSettled(int targetId, int sequence) {
        Page page = page(targetId);
        int index = targetId & PAGE_MASK;
        int age = page.newestSequence[index] - sequence;
        return age < 0 || age >= rememberedProbes(page) || (settledMap(page, index) >>> age & 1) != 0;
    }

    @OwnedBy("ping-recv")
    public static void setSettledMap(Page page, int index, long map) {
        page.settledMap[index] = (int) map;
        int upper = (int) (map >>> Integer.SIZE);
        if (page.older == null && upper != -1) {
            page.older = new OlderProbes();
        }
        if (page.older != null) {
            page.older.settledMap[index] = upper;
        }
    }

    /** As {@link #settledMap}, a bit for each probe that was answered; older ones count as answered. */
    public static long answeredMap(Page page, int index) {
        OlderProbes older = page.older;
        return join(older == null ? -1 : older.answeredMap[index], page.answeredMap[index]);
    }

    @OwnedBy("ping-recv")
    public static void setAnsweredMap(Page page, int index, long map) {
        page.answeredMap[index] = (int) map;
        if (page.older != null) {
            page.older.answeredMap[index] = (int) (map >>> Integer.SIZE);
        }
    }

    private static long join(int upper, int lower) {
        return (long) upper << Integer.SIZE | lower & 0xffff_ffffL;
    }

    /** How long ago the target answered, by the boot time of {@code Pauses}, to within 17 ms. */
    public static long silentNanos(Page page, int index, long nowBootNanos) {
        int ticks = (int) (nowBootNanos >> REPLY_TICK_BITS) - (int) INTS.getOpaque(page.lastReplyTicks, index);
        return (long) ticks << REPLY_TICK_BITS;
    }

    public long silentNanos(int targetId, long nowBootNanos) {
        return silentNanos(page(targetId), targetId & PAGE_MASK, nowBootNanos);
    }

    @OwnedBy("ping-recv")
    public static void setLastReply(Page page, int index, long bootNanos) {
        INTS.setOpaque(page.lastReplyTicks, index, (int) (bootNanos >> REPLY_TICK_BITS));
    }

    public static boolean has(Page page, int index, byte flag) {
        return ((byte) BYTES.getOpaque(page.flags, index) & flag) != 0;
    }

    /** Whether the target has one of these marks, see {@code IsolationGuard}. */
    public static boolean isMarked(Page page, int index, byte mark) {
        byte[] marks = page.marks;
        return marks != null && ((byte) BYTES.getOpaque(marks, index) & mark) != 0;
    }

    public boolean has(int targetId, byte flag) {
        return has(page(targetId), targetId & PAGE_MASK, flag);
    }

    public static int windowCounts(Page page, int index) {
        return (int) INTS.getOpaque(page.windowCounts, index);
    }

    /** Samples of the last 60 s of which it is not known whether they would have been answered, 0 to 65,535. */
    public static int unknownCount(Page page, int index) {
        short[] counts = page.unknownCounts;
        return counts == null ? 0 : (short) SHORTS.getOpaque(counts, index) & 0xffff;
    }

    /** RTT of the last reply in nanoseconds, or a negative number if there has been none. */
    public float lastRttNanos(int targetId) {
        return (float) FLOATS.getOpaque(page(targetId).lastRttNanos, targetId & PAGE_MASK);
    }

    // --- ping-recv

    @OwnedBy("ping-recv")
    public static void set(Page page, int index, byte flag) {
        BYTES.setOpaque(page.flags, index, (byte) (page.flags[index] | flag));
    }

    @OwnedBy("ping-recv")
    public static void clear(Page page, int index, byte flag) {
        BYTES.setOpaque(page.flags, index, (byte) (page.flags[index] & ~flag));
    }

    @OwnedBy("ping-recv")
    static void setWindowCounts(Page page, int index, int counts) {
        INTS.setOpaque(page.windowCounts, index, counts);
    }

    @OwnedBy("ping-recv")
    static void setUnknownCount(Page page, int index, int count) {
        short[] counts = page.unknownCounts;
        if (counts == null) {
            if (count == 0) {
                return;
            }
            counts = new short[PAGE_SIZE];
            page.unknownCounts = counts;
        }
        SHORTS.setOpaque(counts, index, (short) count);
    }

    @OwnedBy("ping-recv")
    public static void mark(Page page, int index, byte mark) {
        byte[] marks = page.marks;
        if (marks == null) {
            marks = new byte[PAGE_SIZE];
            page.marks = marks;
        }
        BYTES.setOpaque(marks, index, (byte) (marks[index] | mark));
    }

    @OwnedBy("ping-recv")
    public static void unmark(Page page, int index, byte mark) {
        byte[] marks = page.marks;
        if (marks != null) {
            BYTES.setOpaque(marks, index, (byte) (marks[index] & ~mark));
        }
    }

    @OwnedBy("ping-recv")
    public static void setLastRtt(Page page, int index, float rttNanos) {
        FLOATS.setOpaque(page.lastRttNanos, index, rttNanos);
    }
}
