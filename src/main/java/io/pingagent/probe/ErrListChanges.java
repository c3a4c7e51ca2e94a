package io.pingagent.probe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Ring of target ids from {@code ping-recv} to {@code ping-send}: "the err-list flag of this target has changed, look at
 * it". One producer, one consumer, bounded; the producer keeps what does not fit.
 */
final class ErrListChanges {

    private static final VarHandle WRITTEN;
    private static final VarHandle READ;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(ErrListChanges.class, "written", int.class);
            READ = lookup.findVarHandle(ErrListChanges.class, "read", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] targetIds;

    @SuppressWarnings("unused") // through WRITTEN
    private int written;

    @SuppressWarnings("unused") // through READ
    private int read;

    /** @param capacity a power of two */
    ErrListChanges(int capacity) {
        targetIds = new int[capacity];
    }

    boolean offer(int targetId) {
        int at = written;
        if (at - (int) READ.getAcquire(this) == targetIds.length) {
            return false;
        }
        targetIds[at & targetIds.length - 1] = targetId;
        WRITTEN.setRelease(this, at + 1);
        return true;
    }

    /** Returns the next target id, or -1. */
    int poll() {
        int at = read;
        if (at == (int) WRITTEN.getAcquire(this)) {
            return -1;
        }
        int targetId = targetIds[at & targetIds.length - 1];
        READ.setRelease(this, at + 1);
        return targetId;
    }
}
