package io.pingagent.sys;

import io.pingagent.base.AnyThread;
import java.lang.ref.Reference;

/**
 * The wall clock that the kernel stamps packets with, and the clock that runs in sleep.
 *
 * <pre>{@code
 * struct timespec {
 *     time_t tv_sec;     // 0  s64
 *     long   tv_nsec;    // 8  s64
 * };
 * }</pre>
 */
@AnyThread
public final class RealtimeClock {

    private static final int SECONDS = 0;
    private static final int NANOSECONDS = 8;
    private static final int TIMESPEC_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final ThreadLocal<NativeMemory> TIMESPEC =
            ThreadLocal.withInitial(() -> new NativeMemory(TIMESPEC_BYTES));

    private RealtimeClock() {}

    /** Unix time in nanoseconds. Allocates only on a thread's first call. */
    public static long nanos() {
        return nanos(SocketConstants.CLOCK_REALTIME);
    }

    /** Nanoseconds since the machine's start, those in which it slept included; otherwise as {@link #nanos()}. */
    public static long bootNanos() {
        return nanos(SocketConstants.CLOCK_BOOTTIME);
    }

    private static long nanos(int clock) {
        NativeMemory time = TIMESPEC.get();
        try {
            if (Libc.clock_gettime(clock, time.address(0)) != 0) {
                throw new IllegalStateException("clock_gettime failed: " + Errno.describe(Libc.lastErrno()));
            }
            return time.bytes().getLong(SECONDS) * NANOS_PER_SECOND
                    + time.bytes().getLong(NANOSECONDS);
        } finally {
            Reference.reachabilityFence(time);
        }
    }
}
