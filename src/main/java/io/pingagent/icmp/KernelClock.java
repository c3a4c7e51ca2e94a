package io.pingagent.icmp;

import io.pingagent.base.AnyThread;
import io.pingagent.sys.RealtimeClock;

/** Clocks of the kernel: CLOCK_REALTIME, with which it stamps replies, and CLOCK_BOOTTIME. */
@AnyThread
public final class KernelClock {

    private KernelClock() {}

    /** Unix time in nanoseconds. No garbage after a thread's first call. */
    public static long realtimeNanos() {
        return RealtimeClock.nanos();
    }

    /** Nanoseconds since the machine's start, those in which it slept included. No garbage. */
    public static long bootNanos() {
        return RealtimeClock.bootNanos();
    }
}
