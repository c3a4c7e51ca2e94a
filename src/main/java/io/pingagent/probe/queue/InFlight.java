package io.pingagent.probe.queue;

import io.pingagent.base.OwnedBy;
import io.pingagent.probe.table.TargetTable;

/**
 * The probes that wait for a reply, oldest first, all with the same timeout, so that expiry is a look at the head.
 *
 * <p>A queue for each timeout class. Answered probes, which the target's map of settled probes knows, stay in it until
 * their time is over or the queue is full. Then they go, and the queue grows only if that does not free half of it.
 */
@OwnedBy("ping-recv")
public final class InFlight {

    private final TargetTable table;
    private final long timeoutNanos;
    /** Pairs: target id (upper 32 bits) and sequence (lower); monotonic nanoseconds of sending. */
    private long[] probes = new long[2 * 16];

    private int head;
    private int size;
    private boolean isListed;

    public InFlight(TargetTable table, long timeoutNanos) {
        this.table = table;
        this.timeoutNanos = timeoutNanos;
    }

    public void add(int targetId, int sequence, long sentNanos) {
        if (size == capacity()) {
            dropSettled();
            if (2 * size > capacity()) {
                grow();
            }
        }
        int at = 2 * (head + size & capacity() - 1);
        probes[at] = (long) targetId << 32 | sequence & 0xffff_ffffL;
        probes[at + 1] = sentNanos;
        size++;
    }

    /** Whether the oldest probe has waited long enough. */
    public boolean isOldestOverdue(long nowNanos) {
        return size > 0 && nowNanos - probes[2 * head + 1] >= timeoutNanos;
    }

    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** Monotonic time at which the oldest probe was sent; meaningful if there is one. */
    public long oldestSentNanos() {
        return probes[2 * head + 1];
    }

    /** Removes the oldest probe: target id in the upper 32 bits, sequence in the lower. */
    public long removeOldest() {
        long probe = probes[2 * head];
        head = head + 1 & capacity() - 1;
        size--;
        return probe;
    }

    /** Takes back the last {@link #add}, if it was this probe. */
    public void removeNewest(int targetId, int sequence) {
        int newest = 2 * (head + size - 1 & capacity() - 1);
        if (size > 0 && probes[newest] == ((long) targetId << 32 | sequence & 0xffff_ffffL)) {
            size--;
        }
    }

    public int size() {
        return size;
    }

    /** Kept for {@link InFlightQueues}. */
    boolean isListed() {
        return isListed;
    }

    void list(boolean nowListed) {
        isListed = nowListed;
    }

    private int capacity() {
        return probes.length / 2;
    }

    private void dropSettled() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int from = 2 * (head + i & capacity() - 1);
            if (!table.isSettled((int) (probes[from] >>> 32), (int) probes[from])) {
                int to = 2 * (head + kept++ & capacity() - 1);
                probes[to] = probes[from];
                probes[to + 1] = probes[from + 1];
            }
        }
        size = kept;
    }

    private void grow() {
        long[] larger = new long[probes.length * 2];
        int tail = probes.length - 2 * head;
        System.arraycopy(probes, 2 * head, larger, 0, tail);
        System.arraycopy(probes, 0, larger, tail, 2 * head);
        probes = larger;
        head = 0;
    }
}
