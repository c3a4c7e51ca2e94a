package io.pingagent.cli.picture;

import io.pingagent.model.ProbeSeries;
import io.pingagent.model.TargetRow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What was read of addresses in the last 60 s, one reading a second. Redis has no single probes, so a reading stands for one. It is the last
 * round-trip time, or a loss if more probes were lost than at the reading before. An address without
 * a last round-trip time has lost its probes. Not thread-safe.
 */
final class Trails {

    private record Name(String agent, String address) {}

    private record Reading(long wallMillis, long rttNanos) {}

    /** Of one address. */
    private static final class Trail {

        private final Deque<Reading> readings = new ArrayDeque<>();
        private int lostBefore = -1;
        private long readMillis;
    }

    private final Map<Name, Trail> trails = new HashMap<>();

    void add(String agent, TargetRow row, long nowMillis) {
        Trail trail = trails.computeIfAbsent(new Name(agent, row.address()), key -> new Trail());
        int lost = Math.max(0, row.sent() - row.received());
        boolean isMore = trail.lostBefore >= 0 && lost > trail.lostBefore;
        trail.lostBefore = lost;
        trail.readMillis = nowMillis;
        if (isMore || row.lastRttNanos() < 0 && lost > 0) {
            trail.readings.add(new Reading(nowMillis, ProbeSeries.LOST));
        } else if (row.lastRttNanos() >= 0) {
            trail.readings.add(new Reading(nowMillis, row.lastRttNanos()));
        }
        while (!trail.readings.isEmpty() && nowMillis - trail.readings.peek().wallMillis() > Sparkline.WINDOW_MILLIS) {
            trail.readings.remove();
        }
    }

    /** Empty for an address that was never read. */
    ProbeSeries of(String agent, String address) {
        Trail trail = trails.get(new Name(agent, address));
        int size = trail == null ? 0 : trail.readings.size();
        long[] wallMillis = new long[size];
        long[] rttNanos = new long[size];
        int index = 0;
        if (trail != null) {
            for (Reading reading : trail.readings) {
                wallMillis[index] = reading.wallMillis();
                rttNanos[index++] = reading.rttNanos();
            }
        }
        return ProbeSeries.of(wallMillis, rttNanos, size);
    }

    /** Drops addresses that were not read for a minute. */
    void forget(long nowMillis) {
        trails.values().removeIf(trail -> nowMillis - trail.readMillis > Sparkline.WINDOW_MILLIS);
    }
}
