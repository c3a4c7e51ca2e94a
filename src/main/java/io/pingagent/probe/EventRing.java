package io.pingagent.probe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bounded ring of events from {@code ping-send} to {@code ping-recv}, in order: a target is announced before its first
 * probe, a probe before its reply can arrive.
 *
 * <pre>
 * event:  kind (upper 32 bits) | argument (lower 32)   target id (upper 32) | sequence (lower 32)   nanos
 * </pre>
 *
 * <p>One producer, one consumer. A full ring makes the sender wait for the receiver, because a probe nobody waits for would
 * be lost without a trace.
 */
public final class EventRing {

    /** A probe goes out; argument: time-out class; nanos: monotonic time of sending. */
    static final int SENT = 1;
    /** The kernel refused the probe just announced; argument: errno. */
    static final int SEND_FAILED = 2;
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
    /** The kernel had no room for the probe just announced, as if it had never been; argument: time-out class. */
    static final int SEND_DEFERRED = 9;
    /** A probe was left out because the one before it still waits for room in this machine. */
    static final int UNSENT = 10;

    private static final int LONGS = 3;
    private static final VarHandle WRITTEN;
    private static final VarHandle READ;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(EventRing.class, "written", long.class);
            READ = lookup.findVarHandle(EventRing.class, "read", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] events;
    private final int mask;

    @SuppressWarnings("unused") // through WRITTEN
    private long written;

    /** The consumer's position as the producer last saw it. */
    private long readSeenByProducer;

    @SuppressWarnings("unused") // through READ
    private long read;

    /** @param capacity a power of two */
    EventRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of two");
        }
        events = new long[capacity * LONGS];
        mask = capacity - 1;
    }

    /** Whether the next {@link #offer} will be taken. For the producer. */
    boolean hasRoom() {
        if (written - readSeenByProducer > mask) {
            readSeenByProducer = (long) READ.getAcquire(this);
        }
        return written - readSeenByProducer <= mask;
    }

    /** Returns false when the ring is full. */
    boolean offer(int kind, int argument, int targetId, int sequence, long nanos) {
        if (!hasRoom()) {
            return false;
        }
        long at = written;
        int index = ((int) at & mask) * LONGS;
        events[index] = (long) kind << 32 | argument & 0xffff_ffffL;
        events[index + 1] = (long) targetId << 32 | sequence & 0xffff_ffffL;
        events[index + 2] = nanos;
        WRITTEN.setRelease(this, at + 1);
        return true;
    }

    /** Events that wait to be drained. For the consumer. */
    int waiting() {
        return (int) ((long) WRITTEN.getAcquire(this) - read);
    }

    /** Hands over what is there, at most {@code max} events, and returns their number. */
    int drain(Consumer consumer, int max) {
        long from = read;
        long to = Math.min((long) WRITTEN.getAcquire(this), from + max);
        for (long at = from; at < to; at++) {
            int index = ((int) at & mask) * LONGS;
            long head = events[index];
            long probe = events[index + 1];
            long nanos = events[index + 2];
            READ.setRelease(this, at + 1);
            consumer.event((int) (head >>> 32), (int) head, (int) (probe >>> 32), (int) probe, nanos);
        }
        return (int) (to - from);
    }

    /** What the receiver does with an event. */
    interface Consumer {
        void event(int kind, int argument, int targetId, int sequence, long nanos);
    }
}
