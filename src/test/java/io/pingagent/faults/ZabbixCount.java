package io.pingagent.faults;

import io.pingagent.testkit.ZabbixSink;
import io.pingagent.testkit.ZabbixSink.Stamp;
import io.pingagent.zabbix.WaitingValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values an agent made, to be compared with those that a server took. Every value has a number in the buffer, across
 * restarts, so that their count is known at the end. Where a fault takes numbers away with the values, what waited before it
 * is remembered. One thread.
 */
final class ZabbixCount {

    private final ZabbixSink server;
    private @Nullable Set<Stamp> waiting;
    private @Nullable Set<Stamp> takenBefore;
    private long waitedCount;
    private long untilSeconds;

    ZabbixCount(ZabbixSink server) {
        this.server = server;
    }

    /** These have to come; while no agent runs. */
    void rememberWaiting(Path buffer) throws IOException {
        Set<Stamp> stamps = new HashSet<>();
        WaitingValues.of(buffer)
                .values()
                .forEach(
                        value -> stamps.add(new Stamp(value.host(), value.key(), value.clockSeconds(), value.nanos())));
        waiting = stamps;
    }

    /**
     * So many at least have to come, of those that are not taken yet.
     *
     * @param seconds they are not younger
     */
    void rememberCount(long count, long seconds) {
        takenBefore = new HashSet<>(server.taken().keySet());
        waitedCount = count;
        untilSeconds = seconds;
    }

    /** Once the agent has ended. */
    long missing(Path buffer) throws IOException {
        Set<Stamp> taken = server.taken().keySet();
        Set<Stamp> expected = waiting;
        if (expected != null) {
            return expected.stream().filter(stamp -> !taken.contains(stamp)).count();
        }
        Set<Stamp> before = takenBefore;
        if (before != null) {
            long come = taken.stream()
                    .filter(stamp -> stamp.clockSeconds() <= untilSeconds && !before.contains(stamp))
                    .count();
            return Math.max(0, waitedCount - come);
        }
        return WaitingValues.of(buffer).made() - taken.size();
    }

    long doubled() {
        return server.taken().values().stream().mapToLong(times -> times - 1).sum();
    }

    long taken() {
        return server.taken().size();
    }

    /** Whether the server took a value of this key with a stamp between two seconds. */
    boolean has(String key, long fromSeconds, long untilSecondsInclusive) {
        return server.taken().keySet().stream()
                .anyMatch(stamp -> stamp.key().equals(key)
                        && stamp.clockSeconds() >= fromSeconds
                        && stamp.clockSeconds() <= untilSecondsInclusive);
    }
}
