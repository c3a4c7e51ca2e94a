package io.pingagent.probe;

import java.util.concurrent.atomic.AtomicLongArray;

/** Probes that the kernel refused to send, by errno. Written by {@code ping-send}, read by any thread. */
public final class SendErrorCounts {

    /** Linux has no larger errno (EHWPOISON). */
    private static final int LARGEST_ERRNO = 133;

    private final AtomicLongArray counts = new AtomicLongArray(LARGEST_ERRNO + 1);

    void increment(int errno) {
        int index = errno < 0 || errno > LARGEST_ERRNO ? 0 : errno;
        counts.lazySet(index, counts.get(index) + 1);
    }

    /** Since the start; of unknown numbers under 0. */
    public long get(int errno) {
        return counts.get(errno);
    }

    /** All arguments of {@link #get} are below this. */
    public int limit() {
        return counts.length();
    }
}
