package io.pingagent.trace;

import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SpscRing;
import io.pingagent.base.Worker;
import io.pingagent.model.AddressStatus;
import io.pingagent.model.IpAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Traces addresses that go down, and keeps beside that the last path on which they answered.
 *
 * <p>At most {@value #PER_SECOND} sweeps begin in a second. When more addresses go down at once, only some are traced: one
 * path shows as well as a thousand where an outage is. While the agent itself is cut off, nobody is.
 *
 * <p>Addresses that are down when the agent starts may have been traced by an earlier run. Such a path is kept, unless the
 * address has answered since.
 *
 * <p>Paths of addresses that answer are traced one a second at most: at first, again after a while, and after an outage.
 */
@OwnedBy("ping-path")
public final class PathKeeper implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(PathKeeper.class);

    static final int PER_SECOND = 10;

    /** They wait a second at most. */
    private static final int MOST_WAITING = PER_SECOND;

    private static final int MOST_UNDECIDED = 10_000;

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

    static final int RING_CAPACITY = 1 << 14;
    private static final int TARGET_AND_KIND = 0;
    private static final int KIND_BITS = 2;
    private static final int DOWN = 0;
    private static final int UP = 1;
    private static final int REMOVED = 2;
    private static final int FOUND_DOWN = 3;

    private record Down(int targetId, IpAddress address) {}

    private final PathSettings settings;
    private final TraceSockets sockets;
    private final NanoClock clock;
    private final PathTargets targets;
    private final PathStore store;
    private final PathOutlet outlet;
    private final Sweeper sweeper;
    private final SweepLimit limit = new SweepLimit(PER_SECOND);
    private final KeptPaths kept = new KeptPaths();
    private final EarlierPaths earlier;
    private final SpscRing events = new SpscRing(RING_CAPACITY, 1);
    /** Of the events that the ring had no room for. */
    private final AtomicLong refusedDowns = new AtomicLong();

    private final AtomicBoolean removalsLost = new AtomicBoolean();
    private final ArrayDeque<Down> waiting = new ArrayDeque<>();
    /** Down by themselves, while nothing is known of their parents. */
    private final List<Down> undecided = new ArrayList<>();

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
        this.earlier = new EarlierPaths(store, targets, kept, clock.monotonicNanos());
        this.goodDueNanos = clock.monotonicNanos();
    }

    @OwnedBy("caller")
    public void start() {
        worker.start();
    }

    // -- ping-recv: never waits, no garbage --

    /** A target that was up went down. */
    @OwnedBy("ping-recv")
    public void wentDown(int targetId) {
        if (!put(targetId, DOWN)) {
            refusedDowns.incrementAndGet();
        }
    }

    /** The first verdict on a target is that it is down: it may be for long, as after a restart of the agent. */
    @OwnedBy("ping-recv")
    public void foundDown(int targetId) {
        put(targetId, FOUND_DOWN);
    }

    /** A target came up after it was down. */
    @OwnedBy("ping-recv")
    public void cameUp(int targetId) {
        put(targetId, UP);
    }

    /** A target is none any more; another may get its number. */
    @OwnedBy("ping-recv")
    public void removed(int targetId) {
        if (!put(targetId, REMOVED)) {
            removalsLost.set(true);
        }
    }

    @OwnedBy("ping-recv")
    private boolean put(int targetId, int kind) {
        boolean hasRoom = events.claim();
        if (hasRoom) {
            events.put(TARGET_AND_KIND, (long) targetId << KIND_BITS | kind);
            events.publish();
        }
        return hasRoom;
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
        undecided.removeIf(down -> isDecided(down, nowNanos));
        earlier.take(nowNanos, targetId -> down(targetId, nowNanos), entry -> loaded(entry, nowNanos));
        earlier.ask(nowNanos);
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
                case FOUND_DOWN -> earlier.foundDown(targetId);
                default -> forget(targetId);
            }
        }
        if (removalsLost.getAndSet(false)) {
            kept.all().forEach(entry -> forget(entry.targetId()));
        }
        long refused = refusedDowns.get();
        if (refused != refusedSeen) {
            burstDowns += refused - refusedSeen;
            burstSkips += refused - refusedSeen;
            refusedSeen = refused;
        }
    }

    private void down(int targetId, long nowNanos) {
        IpAddress address = targets.address(targetId);
        if (address == null) {
            return;
        }
        Down down = new Down(targetId, address);
        if (undecided.size() >= MOST_UNDECIDED) {
            admit(down, nowNanos);
        } else if (!isDecided(down, nowNanos)) {
            undecided.add(down);
        }
    }

    /** Traces a target once it is shown as down: those behind a dead parent are not, and often they are judged first. */
    private boolean isDecided(Down down, long nowNanos) {
        AddressStatus shown = targets.status(down.targetId);
        if (targets.isUp(down.targetId)
                || !isTarget(down.targetId, down.address)
                || shown == AddressStatus.BEHIND_DEAD_PARENT) {
            return true;
        }
        if (shown == AddressStatus.DOWN) {
            admit(down, nowNanos);
            return true;
        }
        return false;
    }

    private void admit(Down down, long nowNanos) {
        burstDowns++;
        burstNanos = nowNanos;
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
        KeptPaths.Entry entry = kept.of(targetId);
        // Another address may have the number already, and its paths are to stay.
        if (entry != null && !isTarget(targetId, entry.address())) {
            goodWaiting.remove(targetId);
            kept.remove(targetId);
            store.remove(entry.address());
        }
    }

    private boolean isTarget(int targetId, IpAddress address) {
        return address.equals(targets.address(targetId));
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
        earlier.load(entry);
        long wallMillis = wallMillis();
        sweep(down.address, GAP_NANOS, nowNanos, (reached, hops) -> {
            if (!isTarget(down.targetId, down.address)) {
                // Removed meanwhile, and so is its key.
                return;
            }
            entry.down(TracedPath.of(wallMillis, reached, 1, hops));
            save(entry);
            String text = PathText.of(entry.paths(), ZoneId.systemDefault());
            outlet.show(down.targetId, down.address, text, clock.wallNanos());
        });
    }

    /** At once, or when it is known what an earlier run found, which is a part of the record. */
    private void save(KeptPaths.Entry entry) {
        entry.unsaved(!entry.isLoaded());
        if (entry.isLoaded()) {
            store.save(entry.address(), PathJson.write(entry.paths()));
        } else {
            earlier.load(entry);
        }
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
            lookForOldPaths(nowNanos);
        }
        while (!goodWaiting.isEmpty()) {
            Integer targetId = goodWaiting.iterator().next();
            goodWaiting.remove(targetId);
            IpAddress address = targets.address(targetId);
            KeptPaths.Entry entry = address != null && targets.isUp(targetId) ? kept.ifRoom(targetId, address) : null;
            if (address == null || entry == null) {
                continue;
            }
            if (!entry.isLoaded()) {
                entry.wantGood();
                earlier.load(entry);
                continue;
            }
            entry.tryGood(nowNanos);
            long wallMillis = wallMillis();
            sweep(address, GOOD_GAP_NANOS, nowNanos, (reached, hops) -> {
                if (reached && isTarget(targetId, address)) {
                    entry.good(TracedPath.of(wallMillis, true, 1, hops));
                    save(entry);
                }
            });
            return;
        }
    }

    /** Looks at some targets, on from the last that it looked at. */
    private void lookForOldPaths(long nowNanos) {
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
                earlier.load(entry);
                loads++;
            } else if (isDue(entry, nowNanos)) {
                goodWaiting.add(cursor);
            }
            if (loads >= MOST_LOADS_AT_ONCE || goodWaiting.size() >= MOST_GOOD_WAITING) {
                return;
            }
        }
    }

    /** Whether the good path is to be traced again. */
    private boolean isDue(KeptPaths.Entry entry, long nowNanos) {
        // The clock may have been set back meanwhile.
        boolean isOld = entry.isGoodBeforeDown()
                || Math.abs(wallMillis() - entry.goodWallMillis())
                        >= settings.goodInterval().toMillis();
        return entry.isGoodWanted()
                || isOld && !entry.rests(nowNanos, settings.goodInterval().toNanos());
    }

    /** It is known what an earlier run found. */
    private void loaded(KeptPaths.Entry entry, long nowNanos) {
        if (entry.isUnsaved()) {
            save(entry);
        }
        boolean isWanted = isDue(entry, nowNanos) && targets.isUp(entry.targetId());
        if (isWanted && goodWaiting.size() < MOST_GOOD_WAITING) {
            goodWaiting.add(entry.targetId());
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
