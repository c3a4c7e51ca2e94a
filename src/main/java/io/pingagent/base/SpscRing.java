package io.pingagent.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bounded ring of records from one producer to one consumer, in order; each record is a fixed number of longs. Neither side
 * waits or allocates.
 *
 * <pre>
 * producer:  if (ring.claim()) { ring.put(0, a); ring.put(1, b); ring.publish(); }
 * consumer:  for (int left = ring.waiting(); left > 0; left--) { a = ring.get(0); b = ring.get(1); ring.release(); ... }
 * </pre>
 */
public final class SpscRing {

    private static final VarHandle WRITTEN;
    private static final VarHandle READ;
    private static final VarHandle REFUSED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WRITTEN = lookup.findVarHandle(SpscRing.class, "written", long.class);
            READ = lookup.findVarHandle(SpscRing.class, "read", long.class);
            REFUSED = lookup.findVarHandle(SpscRing.class, "refused", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] longs;
    private final int recordLongs;
    private final int mask;

    // Of the producer.
    private long written;
    /** The consumer's position as the producer last saw it. */
    private long readSeenByProducer;

    private long refused;

    // Of the consumer.
    private long read;

    /**
     * @param capacity in records, a power of two
     * @param recordLongs longs of a record, at least 1
     */
    public SpscRing(int capacity, int recordLongs) {
        if (Integer.bitCount(capacity) != 1 || capacity < 0) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of two");
        }
        this.longs = new long[Math.multiplyExact(capacity, recordLongs)];
        this.recordLongs = recordLongs;
        this.mask = capacity - 1;
    }

    // -- the producer --

    /** Whether there is room for a record. */
    public boolean hasRoom() {
        if (written - readSeenByProducer > mask) {
            readSeenByProducer = (long) READ.getAcquire(this);
        }
        return written - readSeenByProducer <= mask;
    }

    /** Whether the next record may be put and published; counts a refusal if there is no room. */
    public boolean claim() {
        boolean hasRoom = hasRoom();
        if (!hasRoom) {
            REFUSED.setRelease(this, refused + 1);
        }
        return hasRoom;
    }

    /**
     * Sets one long of the next record; only after {@link #claim} or {@link #hasRoom} said yes. The others keep what an older
     * record had there.
     *
     * @param position in the record, 0 and up; not checked
     */
    public void put(int position, long value) {
        longs[((int) written & mask) * recordLongs + position] = value;
    }

    /** Hands the record to the consumer. */
    public void publish() {
        WRITTEN.setRelease(this, written + 1);
    }

    // -- the consumer --

    /** Records that wait; at least so many can be read and released now. */
    public int waiting() {
        return (int) ((long) WRITTEN.getAcquire(this) - read);
    }

    /**
     * One long of the oldest record; only if {@link #waiting} counted it.
     *
     * @param position in the record, 0 and up; not checked
     */
    public long get(int position) {
        return longs[((int) read & mask) * recordLongs + position];
    }

    /** Gives the oldest record's room back to the producer; the next one is then the oldest. */
    public void release() {
        READ.setRelease(this, read + 1);
    }

    // -- any thread --

    /** How many times {@link #claim} found no room. */
    public long refused() {
        return (long) REFUSED.getAcquire(this);
    }
}
