package io.pingagent.probe;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import java.util.concurrent.atomic.AtomicLongArray;

/** Probes that the kernel would not send, by errno. */
@OwnedBy("ping-send")
public final class SendErrorCounts {

    /** Linux has no larger errno (EHWPOISON). */
    private static final int LARGEST_ERRNO = 133;

    private final AtomicLongArray counts = new AtomicLongArray(LARGEST_ERRNO + 1);

    void increment(int errno) {
        int index = errno < 0 || errno > LARGEST_ERRNO ? 0 : errno;
        counts.lazySet(index, counts.get(index) + 1);
    }

    /** Since the start; of unknown numbers under 0. */
    @AnyThread
    public long get(int errno) {
        return counts.get(errno);
    }

    /** All arguments of {@link #get} are below this. */
    @AnyThread
    public int limit() {
        return counts.length();
    }
}
