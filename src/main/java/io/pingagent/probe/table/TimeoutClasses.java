package io.pingagent.probe.table;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The distinct timeouts, numbered. The number travels in the packet's {@link SendStamp}, so that a reply says by
 * itself how long its probe was allowed to take. Jobs have timeouts of whole milliseconds, so there are 60,000 at
 * most.
 *
 * <p>The registry's thread alone adds some.
 */
@AnyThread
public final class TimeoutClasses {

    private final Map<Long, Integer> classes = new HashMap<>();
    /** Longer than needed. Written again after each change, so that a reader who knows a number sees its timeout. */
    private volatile long[] timeoutsNanos = new long[16];

    @OwnedBy("caller")
    public int classOf(long timeoutNanos) {
        Integer known = classes.get(timeoutNanos);
        if (known != null) {
            return known;
        }
        int added = classes.size();
        if (added == 1 << SendStamp.CLASS_BITS) {
            throw new IllegalStateException("more than " + added + " different timeouts since the start");
        }
        long[] present = timeoutsNanos;
        if (added == present.length) {
            present = Arrays.copyOf(present, 2 * added);
        }
        present[added] = timeoutNanos;
        timeoutsNanos = present;
        classes.put(timeoutNanos, added);
        return added;
    }

    public long nanos(int timeoutClass) {
        return timeoutsNanos[timeoutClass];
    }
}
