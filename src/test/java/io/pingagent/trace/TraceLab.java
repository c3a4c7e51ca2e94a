package io.pingagent.trace;

import io.pingagent.base.NanoClock;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.util.List;

/** Time that stands still unless the test turns it. */
final class TraceLab {

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final IpAddress TARGET = Addresses.parse("192.0.2.7");

    long nowNanos = 5 * SECOND;
    /** 2026-11-30 20:14:05 UTC. */
    long wallNanos = 1_796_069_645 * SECOND;

    final NanoClock clock = new NanoClock() {
        @Override
        public long monotonicNanos() {
            return nowNanos;
        }

        @Override
        public long wallNanos() {
            return wallNanos;
        }
    };

    void pass(long nanos) {
        nowNanos += nanos;
        wallNanos += nanos;
    }

    static IpAddress ip(String text) {
        return Addresses.parse(text);
    }

    static Hop hop(String address, long rttNanos) {
        return new Hop(ip(address), rttNanos, "");
    }

    static TracedPath path(long wallMillis, boolean reached, Hop... hops) {
        return new TracedPath(wallMillis, reached, 1, List.of(hops));
    }
}
