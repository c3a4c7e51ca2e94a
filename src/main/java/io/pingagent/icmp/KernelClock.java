package io.pingagent.icmp;

import io.pingagent.sys.RealtimeClock;

/** Clocks of the kernel: CLOCK_REALTIME, with which it stamps replies, and CLOCK_BOOTTIME. */
public final class KernelClock {

    private KernelClock() {}

    /** Unix time in nanoseconds. Any thread; no garbage after a thread's first call. */
    public static long realtimeNanos() {
        return RealtimeClock.nanos();
    }

    /** Nanoseconds since the machine's start, those in which it slept included. Any thread, no garbage. */
    public static long bootNanos() {
        return RealtimeClock.bootNanos();
    }
}
