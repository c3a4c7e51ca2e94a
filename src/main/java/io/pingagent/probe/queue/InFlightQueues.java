package io.pingagent.probe.queue;

import io.pingagent.base.OwnedBy;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TimeoutClasses;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A queue of probes for each timeout class. Only those with probes in them are looked at in each cycle, so that
 * timeouts no longer in use cost nothing. Allocates only when it sees a class for the first time.
 */
@OwnedBy("ping-recv")
public final class InFlightQueues {

    private final TargetTable table;
    private final TimeoutClasses timeouts;
    private @Nullable InFlight[] byClass = new InFlight[16];
    /** The first {@link #count} are the queues with probes, in any order; those behind are old entries. */
    private InFlight[] waiting = new InFlight[0];

    private int count;

    public InFlightQueues(TargetTable table, TimeoutClasses timeouts) {
        this.table = table;
        this.timeouts = timeouts;
    }

    /** Returns whether this is the first probe of its class. */
    public boolean add(int timeoutClass, int targetId, int sequence, long sentNanos) {
        InFlight known = of(timeoutClass);
        InFlight queue = known == null ? create(timeoutClass) : known;
        queue.add(targetId, sequence, sentNanos);
        if (!queue.isListed()) {
            queue.list(true);
            if (count == waiting.length) {
                waiting = Arrays.copyOf(waiting, Math.max(16, 2 * count));
            }
            waiting[count++] = queue;
        }
        return known == null;
    }

    private InFlight create(int timeoutClass) {
        if (timeoutClass >= byClass.length) {
            byClass = Arrays.copyOf(byClass, Math.max(timeoutClass + 1, 2 * byClass.length));
        }
        InFlight queue = new InFlight(table, timeouts.nanos(timeoutClass));
        byClass[timeoutClass] = queue;
        return queue;
    }

    /** The queue of a class, null if nothing was ever added to it. */
    @Nullable
    public InFlight of(int timeoutClass) {
        return timeoutClass < byClass.length ? byClass[timeoutClass] : null;
    }

    /** Number of queues with probes in them. */
    public int count() {
        return count;
    }

    /** @param number below {@link #count}; any order */
    public InFlight get(int number) {
        return waiting[number];
    }

    /** Whether a probe has waited long enough. */
    public boolean isAnyOverdue(long nowNanos) {
        for (int i = 0; i < count; i++) {
            if (waiting[i].isOldestOverdue(nowNanos)) {
                return true;
            }
        }
        return false;
    }

    /** To be called after probes were removed. */
    public void unlistEmpty() {
        for (int i = count - 1; i >= 0; i--) {
            InFlight queue = waiting[i];
            if (queue.size() == 0) {
                queue.list(false);
                waiting[i] = waiting[--count];
            }
        }
    }
}
