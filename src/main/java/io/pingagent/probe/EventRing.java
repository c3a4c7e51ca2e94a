package io.pingagent.probe;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.SpscRing;

/**
 * Bounded ring of events from {@code ping-send} to {@code ping-recv}, in order: a target is announced before its first
 * probe, a probe before its reply can arrive.
 *
 * <pre>
 * event:  kind (upper 32 bits) | argument (lower 32)   target id (upper 32) | sequence (lower 32)   nanos
 * </pre>
 *
 * <p>A full ring makes the sender wait for the receiver, because a probe nobody waits for would be lost without a
 * trace.
 */
public final class EventRing {

    /** A probe goes out; argument: timeout class; nanos: monotonic time of sending. */
    static final int SENT = 1;
    /** The kernel refuses for good to send the probe announced; argument: errno. */
    static final int SEND_ERROR = 2;
    /** A target is new; sequence: that of its first probe. */
    static final int ADDED = 3;
    /** A target is gone. */
    static final int REMOVED = 4;
    /** Argument: ordinal of the {@link ErrListCause}. */
    static final int ENTER_ERR_LIST = 5;

    static final int LEAVE_ERR_LIST = 6;
    /** Look for silent targets. */
    static final int CHECK = 7;
    /** Look for targets that may leave the err list. */
    static final int REVIEW = 8;
    /**
     * The kernel has no room now for the probe announced; argument: timeout class; nanos: {@link #NUMBER_IS_FREE} or
     * {@link #NUMBER_IS_USED_UP}.
     */
    static final int SEND_DEFERRED = 9;
    /** A probe was left out because the one before it still waits for room in this machine. */
    static final int UNSENT = 10;
    /** Probe a target with the err list until it answers. */
    static final int ASK = 11;

    /** The deferred probe was the newest: it will go out under the same sequence number. */
    static final long NUMBER_IS_FREE = 0;
    /** The deferred probe was in a batch: it will go out under another sequence number. */
    static final long NUMBER_IS_USED_UP = 1;

    private static final int LONGS = 3;

    private final SpscRing ring;

    /** @param capacity a power of two */
    EventRing(int capacity) {
        ring = new SpscRing(capacity, LONGS);
    }

    /** Whether the next {@link #offer} will be taken. */
    @OwnedBy("ping-send")
    boolean hasRoom() {
        return ring.hasRoom();
    }

    /** Returns false when the ring is full. */
    @OwnedBy("ping-send")
    boolean offer(int kind, int argument, int targetId, int sequence, long nanos) {
        if (!ring.claim()) {
            return false;
        }
        ring.put(0, (long) kind << 32 | argument & 0xffff_ffffL);
        ring.put(1, (long) targetId << 32 | sequence & 0xffff_ffffL);
        ring.put(2, nanos);
        ring.publish();
        return true;
    }

    /** Events that wait to be drained. */
    @OwnedBy("ping-recv")
    int waiting() {
        return ring.waiting();
    }

    /** Hands over what is there, at most {@code max} events, and returns their number. */
    @OwnedBy("ping-recv")
    int drain(Consumer consumer, int max) {
        int count = Math.min(ring.waiting(), max);
        for (int left = count; left > 0; left--) {
            long head = ring.get(0);
            long probe = ring.get(1);
            long nanos = ring.get(2);
            // First: a consumer that throws must not see this event again.
            ring.release();
            consumer.event((int) (head >>> 32), (int) head, (int) (probe >>> 32), (int) probe, nanos);
        }
        return count;
    }

    /** What the receiver does with an event. */
    interface Consumer {
        @OwnedBy("ping-recv")
        void event(int kind, int argument, int targetId, int sequence, long nanos);
    }
}
