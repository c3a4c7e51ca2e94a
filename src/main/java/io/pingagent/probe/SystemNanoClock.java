package io.pingagent.probe;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.KernelClock;

/** The machine's clocks: {@code CLOCK_MONOTONIC}, {@code CLOCK_REALTIME} and {@code CLOCK_BOOTTIME}. Stateless. */
public final class SystemNanoClock implements NanoClock {

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public long wallNanos() {
        return KernelClock.realtimeNanos();
    }

    @Override
    public long bootNanos() {
        return KernelClock.bootNanos();
    }
}
