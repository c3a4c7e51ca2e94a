package io.pingagent.probe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One number per {@link Counter}. Each counter is written by one thread and may be read by any. */
public final class Counters {

    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

    /** Counters lie a cache line apart, because two threads write them. */
    private static final int STRIDE = 8;

    private final long[] values = new long[Counter.values().length * STRIDE];

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

    /** For the few counters that any thread may write. */
    void incrementShared(Counter counter) {
        VALUE.getAndAdd(values, counter.ordinal() * STRIDE, 1L);
    }
}
