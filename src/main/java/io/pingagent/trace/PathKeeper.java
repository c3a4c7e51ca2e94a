package io.pingagent.trace;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SpscRing;
import io.pingagent.base.Worker;
import io.pingagent.model.IpAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Traces addresses that go down, and keeps beside that the last path on which they answered.
 *
 * <p>At most {@value #PER_SECOND} sweeps begin in a second. When more addresses go down at once, only some are traced: one
 * path shows as well as a thousand where an outage is. While the agent itself is cut off, nobody is.
 *
 * <p>Paths of addresses that answer are traced one a second at most: at first, again after a while, and after an outage.
 */
@OwnedBy("ping-path")
public final class PathKeeper implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(PathKeeper.class);

    static final int PER_SECOND = 10;

    /** They wait a second at most. */
    private static final int MOST_WAITING = PER_SECOND;

    private static final int MOST_SKIPS_SHOWN = 1_000;
    private static final int MOST_GOOD_WAITING = 100;
    private static final int MOST_LOADS_AT_ONCE = 10;
    private static final int MOST_LOOKED_AT = 1_000;
    private static final int TRIES = 2;
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Most of the packets behind the address are spared, as it has answered before they are due. */
    private static final long GOOD_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long BURST_NANOS = 2 * SECOND_NANOS;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int RING_CAPACITY = 1 << 14;
    private static final int TARGET_AND_KIND = 0;
    private static final int WALL_NANOS = 1;
    private static final int KIND_BITS = 2;
    private static final int DOWN = 0;
    private static final int UP = 1;
    private static final int REMOVED = 2;

    private record Down(int targetId, IpAddress address) {}

    private record Loaded(
            int targetId, IpAddress address, @Nullable String json) {}

    private final PathSettings settings;
    private final TraceSockets sockets;
    private final NanoClock clock;
    private final PathTargets targets;
    private final PathStore store;
    private final PathOutlet outlet;
    private final Sweeper sweeper;
    private final SweepLimit limit = new SweepLimit(PER_SECOND);
    private final KeptPaths kept = new KeptPaths();
    private final SpscRing events = new SpscRing(RING_CAPACITY, 2);
    private final Queue<Loaded> loaded = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Down> waiting = new ArrayDeque<>();
    private final Set<Integer> goodWaiting = new LinkedHashSet<>();
    private final List<Down> skipped = new ArrayList<>();
    private final Worker worker =
            Worker.named("ping-path").onFailure(PathKeeper::failed).work(this::turn);

    private long refusedSeen;
    private long skippedCount;
    private long firstSkipNanos;
    private long burstDowns;
    private long burstSkips;
    private long burstNanos;
    private long goodDueNanos;
    private int cursor;

    /** @param sockets are closed with this */
    public PathKeeper(
            PathSettings settings,
            TraceSockets sockets,
            NanoClock clock,
            PathTargets targets,
            PathStore store,
            PathOutlet outlet) {
        this.settings = settings;
        this.sockets = sockets;
        this.clock = clock;
        this.targets = targets;
        this.store = store;
        this.outlet = outlet;
        this.sweeper = new Sweeper(sockets, clock);
        this.goodDueNanos = clock.monotonicNanos();
    }

    @OwnedBy("caller")
    public void start() {
        worker.start();
    }

    // -- ping-recv: never waits, no garbage --

    /** A target went down, or came up after it was down. */
    @OwnedBy("ping-recv")
    public void changed(int targetId, boolean isUp, long wallNanos) {
        put(targetId, isUp ? UP : DOWN, wallNanos);
    }

    /** A target is none any more; another may get its number. */
    @OwnedBy("ping-recv")
    public void removed(int targetId) {
        put(targetId, REMOVED, 0);
    }

    @OwnedBy("ping-recv")
    private void put(int targetId, int kind, long wallNanos) {
        if (events.claim()) {
            events.put(TARGET_AND_KIND, (long) targetId << KIND_BITS | kind);
            events.put(WALL_NANOS, wallNanos);
            events.publish();
        }
    }

    // -- ping-path --

    private static long failed(RuntimeException e) {
        LOG.error("a path could not be traced", e);
        return SECOND_NANOS;
    }

    /** @return the pause before the next turn, in nanoseconds */
    long turn() {
        long nowNanos = clock.monotonicNanos();
        takeEvents(nowNanos);
        takeLoaded();
        if (targets.isIsolated()) {
            waiting.forEach(down -> outlet.show(
                    down.targetId,
                    down.address,
                    "not swept: the agent itself was cut off from its network",
                    clock.wallNanos()));
            waiting.clear();
        } else if (!targets.isIsolationSuspected()) {
            while (!waiting.isEmpty() && limit.allows(nowNanos)) {
                sweepDown(waiting.remove(), nowNanos);
            }
            if (waiting.isEmpty() && nowNanos - goodDueNanos >= 0 && limit.allows(nowNanos)) {
                goodDueNanos = nowNanos + SECOND_NANOS;
                sweepGood(nowNanos);
            }
        }
        long pauseNanos = Math.min(IDLE_NANOS, sweeper.step());
        endBurst(nowNanos);
        return pauseNanos;
    }

    private void takeEvents(long nowNanos) {
        for (int left = events.waiting(); left > 0; left--) {
            long word = events.get(TARGET_AND_KIND);
            events.release();
            int targetId = (int) (word >> KIND_BITS);
            switch ((int) word & (1 << KIND_BITS) - 1) {
                case DOWN -> down(targetId, nowNanos);
                case UP -> up(targetId);
                default -> forget(targetId);
            }
        }
        long refused = events.refused();
        if (refused != refusedSeen) {
            burstDowns += refused - refusedSeen;
            burstSkips += refused - refusedSeen;
            refusedSeen = refused;
        }
    }

    private void down(int targetId, long nowNanos) {
        IpAddress address = targets.address(targetId);
        if (address == null || targets.isBehindDead(targetId)) {
            return;
        }
        burstDowns++;
        burstNanos = nowNanos;
        Down down = new Down(targetId, address);
        if (waiting.size() < MOST_WAITING) {
            waiting.add(down);
            return;
        }
        burstSkips++;
        if (skippedCount == 0) {
            firstSkipNanos = nowNanos;
        }
        skippedCount++;
        if (skipped.size() < MOST_SKIPS_SHOWN) {
            skipped.add(down);
        }
    }

    private void up(int targetId) {
        if (targets.address(targetId) != null && goodWaiting.size() < MOST_GOOD_WAITING) {
            goodWaiting.add(targetId);
        }
    }

    private void forget(int targetId) {
        goodWaiting.remove(targetId);
        IpAddress address = kept.remove(targetId);
        if (address != null) {
            store.remove(address);
        }
    }

    /** Those that are not traced learn how many there were, once that is known. */
    private void endBurst(long nowNanos) {
        if (skippedCount > 0 && nowNanos - firstSkipNanos >= SECOND_NANOS) {
            String text = "not swept: " + burstDowns + " addresses went down at once, and " + PER_SECOND
                    + " a second are traced at most";
            skipped.forEach(down -> outlet.show(down.targetId, down.address, text, clock.wallNanos()));
            skipped.clear();
            skippedCount = 0;
        }
        if (burstDowns > 0 && waiting.isEmpty() && skippedCount == 0 && nowNanos - burstNanos >= BURST_NANOS) {
            if (burstSkips > 0) {
                LOG.info(
                        "{} addresses went down at once; the paths of {} were not traced, as {} a second are at most",
                        burstDowns,
                        burstSkips,
                        PER_SECOND);
            }
            burstDowns = 0;
            burstSkips = 0;
        }
    }

    private void sweepDown(Down down, long nowNanos) {
        KeptPaths.Entry entry = kept.make(down.targetId, down.address);
        load(entry);
        long wallMillis = wallMillis();
        sweep(down.address, GAP_NANOS, nowNanos, (reached, hops) -> {
            TracedPath path = TracedPath.of(wallMillis, reached, 1, hops);
            entry.down(path);
            PathRecord paths = entry.paths();
            store.save(down.address, PathJson.write(paths));
            outlet.show(down.targetId, down.address, PathText.of(paths, ZoneId.systemDefault()), clock.wallNanos());
        });
    }

    private long wallMillis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.wallNanos());
    }

    private void sweep(IpAddress address, long gapNanos, long nowNanos, Sweeper.Sink sink) {
        limit.begin(nowNanos);
        sweeper.start(
                new SweepRequest(
                        address,
                        1,
                        settings.maxHops(),
                        TRIES,
                        gapNanos,
                        settings.timeout().toNanos()),
                sink);
    }

    /** The next target whose good path is wanted. */
    private void sweepGood(long nowNanos) {
        if (goodWaiting.isEmpty()) {
            lookForOldPaths();
        }
        while (!goodWaiting.isEmpty()) {
            Integer targetId = goodWaiting.iterator().next();
            goodWaiting.remove(targetId);
            IpAddress address = targets.address(targetId);
            KeptPaths.Entry entry = address != null && targets.isUp(targetId) ? kept.ifRoom(targetId, address) : null;
            if (address != null && entry != null) {
                long wallMillis = wallMillis();
                sweep(address, GOOD_GAP_NANOS, nowNanos, (reached, hops) -> {
                    if (reached) {
                        entry.good(TracedPath.of(wallMillis, true, 1, hops));
                        store.save(address, PathJson.write(entry.paths()));
                    }
                });
                return;
            }
        }
    }

    /** Looks at some targets, on from the last that it looked at. */
    private void lookForOldPaths() {
        int targetCount = targets.limit();
        int loads = 0;
        for (int looked = 0; looked < Math.min(targetCount, MOST_LOOKED_AT); looked++) {
            cursor = cursor >= targetCount - 1 ? 0 : cursor + 1;
            IpAddress address = targets.address(cursor);
            if (address == null || !targets.isUp(cursor)) {
                continue;
            }
            KeptPaths.Entry entry = kept.ifRoom(cursor, address);
            if (entry == null) {
                continue;
            }
            if (!entry.isLoaded()) {
                load(entry);
                loads++;
            } else if (isOld(entry)) {
                goodWaiting.add(cursor);
            }
            if (loads >= MOST_LOADS_AT_ONCE || goodWaiting.size() >= MOST_GOOD_WAITING) {
                return;
            }
        }
    }

    private boolean isOld(KeptPaths.Entry entry) {
        // The clock may have been set back meanwhile.
        return Math.abs(wallMillis() - entry.goodWallMillis())
                >= settings.goodInterval().toMillis();
    }

    /** What an earlier run of this agent found. */
    private void load(KeptPaths.Entry entry) {
        if (!entry.isAsked()) {
            entry.asked();
            store.load(entry.address(), json -> loaded.add(new Loaded(entry.targetId(), entry.address(), json)));
        }
    }

    private void takeLoaded() {
        for (Loaded each = loaded.poll(); each != null; each = loaded.poll()) {
            KeptPaths.Entry entry = kept.find(each.targetId, each.address);
            if (entry == null) {
                continue;
            }
            entry.loaded(record(each));
            if (isOld(entry) && targets.isUp(each.targetId) && goodWaiting.size() < MOST_GOOD_WAITING) {
                goodWaiting.add(each.targetId);
            }
        }
    }

    private static @Nullable PathRecord record(Loaded each) {
        if (each.json == null) {
            return null;
        }
        try {
            return PathJson.read(each.json);
        } catch (IllegalArgumentException e) {
            LOG.warn("the kept path of {} is not used: {}; it is replaced", each.address, e.getMessage());
            return null;
        }
    }

    /** Ends the thread and closes the sockets; what is under way is lost. */
    @Override
    @OwnedBy("caller")
    public void close() {
        worker.stop();
        if (worker.join(PATIENCE)) {
            sockets.close();
        }
    }
}
