package io.pingagent.probe.queue;

import io.pingagent.base.OwnedBy;

/**
 * A queue of probes that wait to be sent, oldest first.
 *
 * <pre>
 * probe:  target id (upper 32 bits) | timeout class (lower 32)
 * </pre>
 */
@OwnedBy("ping-send")
final class WaitingProbes {

    private long[] probes = new long[16];
    private int head;
    private int size;
    private long retryNanos;
    private int failures;

    boolean isEmpty() {
        return size == 0;
    }

    void add(int targetId, int timeoutClass) {
        if (size == probes.length) {
            grow();
        }
        probes[head + size & probes.length - 1] = (long) targetId << 32 | timeoutClass & 0xffff_ffffL;
        size++;
    }

    /** Target id of the oldest; meaningful while there is one. */
    int targetId() {
        return (int) (probes[head] >>> 32);
    }

    /** Timeout class of the oldest; meaningful while there is one. */
    int timeoutClass() {
        return (int) probes[head];
    }

    /** The oldest could not be sent. Returns how often in a row. */
    int failed() {
        return ++failures;
    }

    void remove() {
        failures = 0;
        head = head + 1 & probes.length - 1;
        size--;
    }

    /** When the oldest may be tried again, monotonic. */
    long retryNanos() {
        return retryNanos;
    }

    void retryAt(long nanos) {
        retryNanos = nanos;
    }

    private void grow() {
        long[] larger = new long[probes.length * 2];
        int tail = probes.length - head;
        System.arraycopy(probes, head, larger, 0, tail);
        System.arraycopy(probes, 0, larger, tail, head);
        probes = larger;
        head = 0;
    }
}
