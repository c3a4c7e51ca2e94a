package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One number per {@link Counter}. Each is written by one thread and may be read by any. */
public final class Counters {

    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

    /** Counters lie a cache line apart, because two threads write them. */
    private static final int STRIDE = 8;

    private final long[] values = new long[Counter.values().length * STRIDE];

    @AnyThread
    public long get(Counter counter) {
        return (long) VALUE.getOpaque(values, counter.ordinal() * STRIDE);
    }

    void increment(Counter counter) {
        add(counter, 1);
    }

    void add(Counter counter, long amount) {
        int index = counter.ordinal() * STRIDE;
        VALUE.setOpaque(values, index, values[index] + amount);
    }

    /** For the few counters that more than one thread writes. Returns the count, this one included. */
    @AnyThread
    long incrementShared(Counter counter) {
        return (long) VALUE.getAndAdd(values, counter.ordinal() * STRIDE, 1L) + 1;
    }
}
