package io.pingagent.agent;

import com.google.gson.JsonObject;
import io.pingagent.probe.Counter;
import io.pingagent.probe.Counters;
import io.pingagent.probe.Engine;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What tells that an agent is asked for more than its machine can do, at one moment or between two.
 *
 * @param atNanos monotonic time; between two moments the time between them
 * @param sent probes sent
 * @param received replies in time
 * @param sendErrors probes that the kernel refused to send
 * @param sendDeferred probes that had to wait for room in this machine's queues
 * @param sendOmitted probes left out because the one before still waited
 * @param sendHeld probes that this machine held in a slow queue for too long; they count as invalidated as well
 * @param sentLate probes of jobs sent later than a twentieth of their cadence after they were due
 * @param overruns rounds that had to wait for the one before, or were left out
 * @param invalidated probes that do not count because this machine may have lost the reply
 * @param kernelDrops packets that found the receive buffer full
 * @param receiverStalls times this process stood still
 */
record LimitCounts(
        long atNanos,
        long sent,
        long received,
        long sendErrors,
        long sendDeferred,
        long sendOmitted,
        long sendHeld,
        long sentLate,
        long overruns,
        long invalidated,
        long kernelDrops,
        long receiverStalls) {

    static LimitCounts of(Engine engine, long nowNanos) {
        Counters counters = engine.counters();
        return new LimitCounts(
                nowNanos,
                counters.get(Counter.SENT),
                counters.get(Counter.RECEIVED),
                counters.get(Counter.SEND_ERROR),
                counters.get(Counter.SEND_DEFERRED),
                counters.get(Counter.SEND_OMITTED),
                counters.get(Counter.SEND_HELD),
                counters.get(Counter.SENT_LATE),
                counters.get(Counter.OVERRUN),
                counters.get(Counter.INVALIDATED),
                engine.kernelDrops(),
                counters.get(Counter.RECEIVER_STALL));
    }

    LimitCounts since(LimitCounts earlier) {
        return new LimitCounts(
                atNanos - earlier.atNanos,
                sent - earlier.sent,
                received - earlier.received,
                sendErrors - earlier.sendErrors,
                sendDeferred - earlier.sendDeferred,
                sendOmitted - earlier.sendOmitted,
                sendHeld - earlier.sendHeld,
                sentLate - earlier.sentLate,
                overruns - earlier.overruns,
                invalidated - earlier.invalidated,
                kernelDrops - earlier.kernelDrops,
                receiverStalls - earlier.receiverStalls);
    }

    /** As it stands in {@code agent-stats}: each count by its name, and the time in seconds. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("seconds", Math.round(atNanos / 1e9));
        json.addProperty("sent", sent);
        json.addProperty("received", received);
        json.addProperty("sendErrors", sendErrors);
        json.addProperty("sendDeferred", sendDeferred);
        json.addProperty("sendOmitted", sendOmitted);
        json.addProperty("sendHeld", sendHeld);
        json.addProperty("sentLate", sentLate);
        json.addProperty("overruns", overruns);
        json.addProperty("invalidated", invalidated);
        json.addProperty("kernelDrops", kernelDrops);
        json.addProperty("receiverStalls", receiverStalls);
        return json;
    }

    /** The counts of the last ten minutes, to the minute; less after the start. One thread. */
    static final class Lately {

        private static final int MINUTES = 10;
        private static final long MINUTE_NANOS = 60_000_000_000L;

        /** One a minute, the oldest first. */
        private final Deque<LimitCounts> kept = new ArrayDeque<>();

        /** What has come since about ten minutes before {@code now}. */
        LimitCounts until(LimitCounts now) {
            LimitCounts newest = kept.peekLast();
            if (newest == null || now.atNanos - newest.atNanos >= MINUTE_NANOS) {
                kept.addLast(now);
            }
            if (kept.size() > MINUTES + 1) {
                kept.removeFirst();
            }
            LimitCounts oldest = kept.peekFirst();
            return now.since(oldest == null ? now : oldest);
        }
    }
}
