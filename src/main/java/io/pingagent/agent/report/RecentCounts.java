package io.pingagent.agent.report;

import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.PublishedCounter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What has come in the last ten minutes, to the minute; less after the start. It shows that an agent is asked for more than
 * its machine can do.
 */
@OwnedBy("caller")
final class RecentCounts {

    /** By these {@code doctor} judges. */
    static final List<PublishedCounter> PUBLISHED = List.of(
            PublishedCounter.SENT,
            PublishedCounter.RECEIVED,
            PublishedCounter.SEND_ERRORS,
            PublishedCounter.SEND_DEFERRED,
            PublishedCounter.SEND_OMITTED,
            PublishedCounter.SEND_HELD,
            PublishedCounter.SENT_LATE,
            PublishedCounter.OVERRUNS,
            PublishedCounter.INVALIDATED,
            PublishedCounter.KERNEL_DROPS,
            PublishedCounter.RECEIVER_STALLS);

    private static final int MINUTES = 10;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** One a minute, the oldest first. */
    private final Deque<CounterReadings> kept = new ArrayDeque<>();

    /** What has come since about ten minutes before {@code now}. */
    CounterReadings until(CounterReadings now) {
        CounterReadings newest = kept.peekLast();
        if (newest == null || now.atNanos() - newest.atNanos() >= MINUTE_NANOS) {
            kept.addLast(now);
        }
        if (kept.size() > MINUTES + 1) {
            kept.removeFirst();
        }
        CounterReadings oldest = kept.peekFirst();
        return now.since(oldest == null ? now : oldest);
    }

    /** As it stands in {@code agent-stats}: each count by its name, and the time in seconds. */
    static JsonObject json(CounterReadings growth) {
        JsonObject json = new JsonObject();
        json.addProperty("seconds", Math.round(growth.atNanos() / 1e9));
        PUBLISHED.forEach(counter -> json.addProperty(counter.recent(), growth.get(counter)));
        return json;
    }
}
