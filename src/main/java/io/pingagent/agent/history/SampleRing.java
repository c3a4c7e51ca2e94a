package io.pingagent.agent.history;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The last probes of one address, see {@link SampleCode}.
 *
 * <p>One thread writes. Others copy it without a lock: they read the version before and after, and copy again if it has
 * changed. The version is odd while something is written.
 */
@OwnedBy("ping-recv")
final class SampleRing {

    /** Of the object and the head of its array, on a JVM with compressed references. */
    private static final int HEAD_BYTES = 64;

    private static final long RETRY_NANOS = 1_000;

    private static final VarHandle SAMPLES = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle NEXT;
    private static final VarHandle NEWEST;
    private static final VarHandle VERSION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(SampleRing.class, "next", int.class);
            NEWEST = lookup.findVarHandle(SampleRing.class, "newestTicks", long.class);
            VERSION = lookup.findVarHandle(SampleRing.class, "version", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] samples;
    /** Where the next sample goes. */
    private int next;

    private int version;
    private long newestTicks;
    private long oldestTicks;
    /** Whether it should be larger, and there is no memory for that. */
    private volatile boolean cramped;

    SampleRing(int capacity) {
        samples = new int[capacity];
    }

    static long bytes(int capacity) {
        return HEAD_BYTES + (long) Integer.BYTES * capacity;
    }

    @AnyThread
    int capacity() {
        return samples.length;
    }

    /**
     * Adds a sample, in place of the oldest one if it is full.
     *
     * @param ticks never less than before
     * @param gapTicks after so long without a sample the earlier ones are of no use, and are dropped
     */
    void add(long ticks, int code, long gapTicks) {
        int before = version;
        VERSION.setOpaque(this, before + 1);
        VarHandle.storeStoreFence();
        if (isEmpty()) {
            oldestTicks = ticks;
        } else if (ticks - newestTicks > gapTicks) {
            Arrays.fill(samples, SampleCode.NONE);
            oldestTicks = ticks;
        } else if (isFull()) {
            int after = next + 1 == samples.length ? 0 : next + 1;
            oldestTicks += SampleCode.ticksBetween(samples[next], samples[after]);
        }
        SAMPLES.setOpaque(samples, next, SampleCode.sample(ticks, code));
        NEXT.setOpaque(this, next + 1 == samples.length ? 0 : next + 1);
        NEWEST.setOpaque(this, ticks);
        VERSION.setRelease(this, before + 2);
    }

    private boolean isEmpty() {
        return samples[next == 0 ? samples.length - 1 : next - 1] == SampleCode.NONE;
    }

    private boolean isFull() {
        return samples[next] != SampleCode.NONE;
    }

    /** Whether the next sample would push out one that is not older than this. */
    boolean isTooSmall(long ticks, long keptTicks) {
        return isFull() && ticks - oldestTicks <= keptTicks;
    }

    /** Whether a quarter of it would do; found out once for each turn of the ring. */
    boolean isTooLarge(long ticks, long keptTicks) {
        if (next != 0 || !isFull()) {
            return false;
        }
        int newest = samples[samples.length - 1];
        int quarter = samples[samples.length - samples.length / 4];
        return ticks - newestTicks + SampleCode.ticksBetween(quarter, newest) > keptTicks;
    }

    @AnyThread
    boolean isCramped() {
        return cramped;
    }

    void cramped(boolean isCramped) {
        cramped = isCramped;
    }

    /** One of another size with the newest samples of this. */
    SampleRing resized(int capacity) {
        SampleRing other = new SampleRing(capacity);
        int taken = Math.min(capacity, isFull() ? samples.length : next);
        long ticks = newestTicks;
        for (int i = 0; i < taken; i++) {
            int sample = samples[Math.floorMod(next - 1 - i, samples.length)];
            if (i > 0) {
                ticks -= SampleCode.ticksBetween(sample, samples[Math.floorMod(next - i, samples.length)]);
            }
            other.samples[taken - 1 - i] = sample;
        }
        other.next = taken == capacity ? 0 : taken;
        other.newestTicks = newestTicks;
        other.oldestTicks = ticks;
        return other;
    }

    /**
     * A copy of one moment.
     *
     * @param samples the newest first
     * @param newestTicks time of the first
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Copy(int[] samples, int count, long newestTicks) {}

    @AnyThread
    Copy copy() {
        int length = samples.length;
        int[] copied = new int[length];
        while (true) {
            int before = (int) VERSION.getAcquire(this);
            if ((before & 1) == 0) {
                int present = (int) NEXT.getOpaque(this);
                int count = 0;
                while (count < length) {
                    int sample = (int) SAMPLES.getOpaque(samples, Math.floorMod(present - 1 - count, length));
                    if (sample == SampleCode.NONE) {
                        break;
                    }
                    copied[count++] = sample;
                }
                long newest = (long) NEWEST.getOpaque(this);
                VarHandle.loadLoadFence();
                if ((int) VERSION.getOpaque(this) == before) {
                    return new Copy(copied, count, newest);
                }
            }
            // It takes the writer some nanoseconds, unless the kernel has paused it.
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }
}
