package io.pingagent.icmp;

import io.pingagent.icmp.sys.RealtimeClock;

/** The wall clock that the kernel stamps replies with, CLOCK_REALTIME. */
public final class KernelClock {

    private KernelClock() {}

    /** Unix time in nanoseconds. Any thread; no garbage after a thread's first call. */
    public static long realtimeNanos() {
        return RealtimeClock.nanos();
    }
}
