package io.pingagent.probe;

import io.pingagent.base.NanoClock;
import io.pingagent.base.SpscRing;
import io.pingagent.probe.queue.HeldProbes;
import io.pingagent.probe.stamp.TransmitStamping;
import io.pingagent.probe.table.AddressIndex;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TimeoutClasses;
import java.util.Queue;

/**
 * What the parts of one engine share, made once.
 *
 * @param counters of the whole engine
 * @param listener hears what the engine finds
 */
record EngineParts(
        EngineOptions options,
        Tables tables,
        Sockets sockets,
        NanoClock clock,
        Handovers handovers,
        Counters counters,
        ProbeListener listener) {

    /** What is known of the targets. */
    record Tables(TargetTable targets, SettingsTable settings, TimeoutClasses timeouts, AddressIndex addresses) {

        /** Without targets. */
        static Tables empty() {
            TargetTable targets = new TargetTable();
            TimeoutClasses timeouts = new TimeoutClasses();
            return new Tables(targets, new SettingsTable(timeouts), timeouts, new AddressIndex(targets));
        }
    }

    /** Those of jobs that have a profile. */
    ProfileSockets profiles() {
        return handovers.profiles;
    }

    /**
     * How one thread reaches another.
     *
     * @param commands from any thread to {@code ping-send}
     * @param events from {@code ping-send} to {@code ping-recv}
     * @param errListChanges from {@code ping-recv} to {@code ping-send}: ids of targets whose place on the err list, or
     *     whose marks, have changed. The producer keeps what does not fit
     * @param held written by {@code ping-recv}, read by {@code ping-send}
     * @param stamping the same the other way
     * @param profiles opened and closed by the registry, used by both threads
     */
    record Handovers(
            Queue<EngineCommand> commands,
            EventRing events,
            SpscRing errListChanges,
            HeldProbes held,
            TransmitStamping stamping,
            ProfileSockets profiles) {

        private static final int MOST_CHANGES = 1 << 14;

        /** @param capacity of both rings, a power of two; the one of changes needs {@value #MOST_CHANGES} at most */
        static Handovers of(EngineOptions options, Sockets sockets, Queue<EngineCommand> commands, int capacity) {
            return new Handovers(
                    commands,
                    new EventRing(capacity),
                    new SpscRing(Math.min(MOST_CHANGES, capacity), 1),
                    new HeldProbes(),
                    new TransmitStamping(options.transmitStamps(), sockets.v4(), sockets.v6()),
                    new ProfileSockets(sockets));
        }
    }
}
