package io.pingagent.redis.writer;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.PagedTable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the writer remembers of each target, and the queue of targets that have something to write. Pages of primitive
 * arrays grow with the target ids: 10 bytes for a target. Each target of a page takes 4 more once one of them lost a
 * probe, and 1 more once Redis refused one.
 *
 * <p>The queue is a linked stack through the pages themselves. A target is on it at most once (its flag {@link #QUEUED}
 * says so), so it cannot overflow. Many threads may push without waiting and without garbage. The writer takes the
 * whole stack at once and turns it round, first in first out.
 *
 * <p>Times are milliseconds of {@link #millis}, which wrap after 49 days: compare by difference; 0 means never. Owner
 * of each array: flags and next belong to all threads, the rest to ping-redis.
 */
final class TargetPages {

    /** The last RTT is to be written. */
    static final byte VALUE = 1;
    /** The err list no longer says what the engine says. */
    static final byte ERR_LIST = 2;
    /** A probe was lost: the expiry of the key is to be watched. */
    static final byte PROBE_LOST = 4;

    private static final byte QUEUED = 8;

    static final int NONE = -1;

    /** State of the watch of an expiry, see {@link ExpiryWheel}. */
    static final byte IN_WHEEL = 1;

    static final byte WATCHED = 2;
    static final byte GONE = 4;

    private static final int PAGE_BITS = 12;
    private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;

    private static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);

    private static final class Page {
        final byte[] flags = new byte[1 << PAGE_BITS];
        final int[] next = new int[1 << PAGE_BITS];
        final int[] expiresAt = new int[1 << PAGE_BITS];
        int @Nullable [] wheelNext;
        /** Only where something was refused. */
        byte @Nullable [] owed;

        final byte[] watch = new byte[1 << PAGE_BITS];
    }

    private final AtomicInteger head = new AtomicInteger(NONE);
    private final AtomicInteger queued = new AtomicInteger();

    private final PagedTable<Page> pages = new PagedTable<>(PAGE_BITS, Page::new);

    /** Targets with something owed. */
    @OwnedBy("ping-redis")
    private int owing;

    /** Milliseconds of a monotonic clock, as the arrays keep them: never 0. */
    static int millis(long nanos) {
        int millis = (int) (nanos / 1_000_000);
        return millis == 0 ? 1 : millis;
    }

    /**
     * Sets flags of a target and queues it.
     *
     * @return the flags it had, so that the caller sees what was coalesced
     */
    @AnyThread
    int mark(int target, byte flags) {
        Page page = page(target);
        int slot = target & PAGE_MASK;
        int before = (byte) BYTES.getAndBitwiseOr(page.flags, slot, (byte) (flags | QUEUED));
        if ((before & QUEUED) == 0) {
            queued.getAndIncrement();
            int top = head.get();
            while (true) {
                page.next[slot] = top;
                int seen = head.compareAndExchange(top, target);
                if (seen == top) {
                    break;
                }
                top = seen;
            }
        }
        return before;
    }

    /** Forgets what is still to be written of a target that has gone. */
    @AnyThread
    void forget(int target) {
        Page page = page(target);
        BYTES.getAndBitwiseAnd(page.flags, target & PAGE_MASK, QUEUED);
    }

    /** Whether any of these flags is set: its change is still to be written. */
    @AnyThread
    boolean isMarked(int target, byte flags) {
        return ((byte) BYTES.getVolatile(page(target).flags, target & PAGE_MASK) & flags) != 0;
    }

    /** Targets that wait in the queue. */
    @AnyThread
    int queued() {
        return queued.get();
    }

    /** Empties the queue: the first target, or {@link #NONE}; the others follow by {@link #takeNext}. */
    @OwnedBy("ping-redis")
    int takeAll() {
        int top = head.getAndSet(NONE);
        int reversed = NONE;
        while (top != NONE) {
            Page page = page(top);
            int slot = top & PAGE_MASK;
            int below = page.next[slot];
            page.next[slot] = reversed;
            reversed = top;
            top = below;
        }
        return reversed;
    }

    /** The target after this one; to be asked before {@link #takeFlags}, which lets it be queued again. */
    @OwnedBy("ping-redis")
    int takeNext(int target) {
        return page(target).next[target & PAGE_MASK];
    }

    @OwnedBy("ping-redis")
    int takeFlags(int target) {
        queued.getAndDecrement();
        return (byte) BYTES.getAndSet(page(target).flags, target & PAGE_MASK, (byte) 0) & ~QUEUED;
    }

    int expiresAt(int target) {
        return page(target).expiresAt[target & PAGE_MASK];
    }

    void expiresAt(int target, int millis) {
        page(target).expiresAt[target & PAGE_MASK] = millis;
    }

    byte watch(int target) {
        return page(target).watch[target & PAGE_MASK];
    }

    void watch(int target, int state) {
        page(target).watch[target & PAGE_MASK] = (byte) state;
    }

    /** Keeps only this of the watch, and sets the expiry; one look-up, as every reply comes here. */
    void keepWatch(int target, byte kept, int expiresAtMillis) {
        Page page = page(target);
        int slot = target & PAGE_MASK;
        page.watch[slot] &= kept;
        page.expiresAt[slot] = expiresAtMillis;
    }

    int wheelNext(int target) {
        int[] wheelNext = page(target).wheelNext;
        return wheelNext == null ? NONE : wheelNext[target & PAGE_MASK];
    }

    void wheelNext(int target, int next) {
        Page page = page(target);
        if (page.wheelNext == null) {
            page.wheelNext = new int[1 << PAGE_BITS];
        }
        page.wheelNext[target & PAGE_MASK] = next;
    }

    // What Redis refused and what has to be written again, as flags.

    @OwnedBy("ping-redis")
    void owe(int target, byte flags) {
        Page page = page(target);
        byte[] owed = page.owed;
        if (owed == null) {
            owed = new byte[1 << PAGE_BITS];
            page.owed = owed;
        }
        if (owed[target & PAGE_MASK] == 0) {
            owing++;
        }
        owed[target & PAGE_MASK] |= flags;
    }

    boolean owes(int target, byte flags) {
        byte[] owed = page(target).owed;
        return owed != null && (owed[target & PAGE_MASK] & flags) != 0;
    }

    /** Takes what is owed of a target, as flags. */
    int takeOwed(int target) {
        byte[] owed = page(target).owed;
        if (owed == null || owed[target & PAGE_MASK] == 0) {
            return 0;
        }
        int flags = owed[target & PAGE_MASK];
        owed[target & PAGE_MASK] = 0;
        owing--;
        return flags;
    }

    /** Targets with something owed. */
    int owing() {
        return owing;
    }

    /** The first target from here on with something owed, or {@link #NONE}. */
    int nextOwing(int from) {
        for (int target = from; target < pages.limit(); target++) {
            Page page = pages.find(target);
            byte[] owed = page == null ? null : page.owed;
            if (owed == null) {
                target |= PAGE_MASK;
            } else if (owed[target & PAGE_MASK] != 0) {
                return target;
            }
        }
        return NONE;
    }

    private Page page(int target) {
        return pages.make(target);
    }
}
