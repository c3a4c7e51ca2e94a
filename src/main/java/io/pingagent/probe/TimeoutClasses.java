package io.pingagent.probe;

import java.util.Arrays;

/**
 * The distinct time-outs in use, numbered. The number travels in the upper bits of the packet's target word, so that a
 * reply tells by itself how long its probe was allowed to take.
 *
 * <p>Written by the registry's thread, read by any.
 */
final class TimeoutClasses {

    static final int MAX_CLASSES = 32;

    private volatile long[] timeoutsNanos = new long[0];

    /** The class of a time-out; beyond {@value #MAX_CLASSES} different ones the nearest. */
    int classOf(long timeoutNanos) {
        long[] present = timeoutsNanos;
        int nearest = 0;
        for (int i = 0; i < present.length; i++) {
            if (present[i] == timeoutNanos) {
                return i;
            }
            if (Math.abs(present[i] - timeoutNanos) < Math.abs(present[nearest] - timeoutNanos)) {
                nearest = i;
            }
        }
        if (present.length == MAX_CLASSES) {
            return nearest;
        }
        long[] longer = Arrays.copyOf(present, present.length + 1);
        longer[present.length] = timeoutNanos;
        timeoutsNanos = longer;
        return present.length;
    }

    int count() {
        return timeoutsNanos.length;
    }

    long nanos(int timeoutClass) {
        return timeoutsNanos[timeoutClass];
    }
}
