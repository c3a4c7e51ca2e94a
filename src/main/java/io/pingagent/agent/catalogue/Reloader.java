package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.Backoff;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.base.SayOnce;
import io.pingagent.base.Worker;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads jobs and groups on {@code ping-reload} and has them applied:
 *
 * <ul>
 *   <li>at start, where it waits for Redis and asks less and less often, at last every 5 s;
 *   <li>every {@code redis.reload-interval};
 *   <li>on request, and soon after Redis reports a change.
 * </ul>
 *
 * While Redis is unreachable, what is known stays in force. When addresses of host names change, what is known is applied again
 * without asking Redis.
 */
public final class Reloader {

    private static final Logger LOG = LogManager.getLogger(Reloader.class);

    private static final long FIRST_BACKOFF_NANOS = 100_000_000L;
    private static final long LONGEST_BACKOFF_NANOS = 5_000_000_000L;
    /** A change seldom comes alone. */
    private static final long LEAST_GATHER_NANOS = 100_000_000L;
    /** However long a reading took: a change must not wait for a minute after a slow one. */
    private static final long MOST_GATHER_NANOS = 2_000_000_000L;
    /** A failure that is over by then needs no problem line. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(2);

    private final CatalogueLoader loader;
    private final List<CatalogueFollower> followers;
    private final ProblemBoard problems;
    private final BooleanSupplier writerIsConnected;
    private final Runnable afterFirstLoad;
    private final long intervalNanos;
    private final NanoClock clock;
    final ReloadRequests requests = new ReloadRequests();
    private final Worker worker = Worker.named("ping-reload").work(this::turn);

    @OwnedBy("ping-reload")
    private final Backoff firstLoadBackoff = new Backoff(FIRST_BACKOFF_NANOS, LONGEST_BACKOFF_NANOS);

    @OwnedBy("ping-reload")
    private final SayOnce waiting = new SayOnce();

    @OwnedBy("ping-reload")
    private boolean isLoaded;

    @OwnedBy("ping-reload")
    private long loadNanos;

    /** Since when nobody has looked into Redis. Names that change every second must not put that off. */
    @OwnedBy("ping-reload")
    private long readNanos;

    /** The last reading or its application failed, so nobody knows what has changed. */
    @OwnedBy("ping-reload")
    private boolean missed;

    @OwnedBy("ping-reload")
    private final Backoff retryBackoff = new Backoff(2 * FIRST_BACKOFF_NANOS, LONGEST_BACKOFF_NANOS);

    @OwnedBy("ping-reload")
    private long retryNanos;

    /** Whether Redis refused all readings since the last that worked, and since when. */
    @OwnedBy("ping-reload")
    private boolean isRefused;

    @OwnedBy("ping-reload")
    private long refusedSinceNanos;

    @OwnedBy("ping-reload")
    private boolean refusalIsShown;

    @OwnedBy("ping-reload")
    private List<Problem> found = List.of();

    /**
     * @param followers take each reading, in this order
     * @param writerIsConnected whether state is written; if not, the writer says what is wrong with Redis
     * @param afterFirstLoad called once, on ping-reload, when the first catalogue has been applied
     */
    public Reloader(
            CatalogueLoader loader,
            List<CatalogueFollower> followers,
            ProblemBoard problems,
            BooleanSupplier writerIsConnected,
            Duration interval,
            Runnable afterFirstLoad,
            NanoClock clock) {
        this.loader = loader;
        this.followers = List.copyOf(followers);
        this.problems = problems;
        this.writerIsConnected = writerIsConnected;
        this.afterFirstLoad = afterFirstLoad;
        this.intervalNanos = interval.toNanos();
        this.clock = clock;
        this.readNanos = clock.monotonicNanos();
    }

    @OwnedBy("caller")
    public void start() {
        worker.start();
    }

    /** Waits up to 2 s for a reading under way. */
    @OwnedBy("caller")
    public void stop() {
        worker.stopNow();
        worker.join(STOP_DEADLINE);
    }

    /** Everything is read again soon. */
    @AnyThread
    public void reloadAll() {
        requests.all();
    }

    /** A key of the catalogue changed. */
    @AnyThread
    public void changed(String key) {
        requests.changed(key);
    }

    /** Addresses of host names changed: what is known is applied again soon. */
    @AnyThread
    public void namesChanged() {
        requests.namesChanged();
    }

    /** Somebody took members out of a set of the catalogue, one by one. */
    @AnyThread
    public void membersRemoved(String key) {
        loader.membersRemoved(key);
    }

    private long turn() throws InterruptedException {
        if (!isLoaded) {
            return firstLoad();
        }
        reload(requests.await(longestWaitNanos(), gatherNanos(loadNanos)));
        return 0;
    }

    /** How long to wait for a request before everything is read again. */
    @OwnedBy("ping-reload")
    long longestWaitNanos() {
        long waitNanos = missed ? Math.min(intervalNanos, retryNanos) : intervalNanos;
        return Math.max(0, waitNanos - (clock.monotonicNanos() - readNanos));
    }

    /** How long to wait for further changes: reading takes a fifth of the time at most, within the limits above. */
    static long gatherNanos(long lastLoadNanos) {
        return Math.min(MOST_GATHER_NANOS, Math.max(LEAST_GATHER_NANOS, 4 * lastLoadNanos));
    }

    /**
     * The first reading, or one more attempt.
     *
     * @return how long to wait before the next attempt; 0 if this one succeeded
     */
    @OwnedBy("ping-reload")
    long firstLoad() {
        try {
            load(null);
            if (waiting.ends()) {
                LOG.info("Redis answers: jobs and groups are loaded");
            }
            afterFirstLoad.run();
            isLoaded = true;
            return 0;
        } catch (RedisUnreachableException e) {
            refused(e);
            if (waiting.begins()) {
                LOG.warn("waiting for Redis: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            failed(e);
        }
        return firstLoadBackoff.nextNanos();
    }

    /**
     * Reads what changed, and everything after a reading that failed.
     *
     * @param changedKeys null if everything may have changed, none if only addresses of host names have
     */
    @OwnedBy("ping-reload")
    void reload(@Nullable Set<String> changedKeys) {
        long startNanos = clock.monotonicNanos();
        if (changedKeys != null && changedKeys.isEmpty()) {
            applyKnown();
            loadNanos = clock.monotonicNanos() - startNanos;
            return;
        }
        try {
            load(missed ? null : changedKeys);
            missed = false;
        } catch (RedisUnreachableException e) {
            LOG.debug("jobs and groups were not read: {}", e.getMessage());
            missed = true;
            retryNanos = retryBackoff.nextNanos();
            refused(e);
        } catch (RuntimeException e) {
            failed(e);
            missed = true;
            retryNanos = intervalNanos;
        }
        readNanos = clock.monotonicNanos();
        loadNanos = readNanos - startNanos;
    }

    /** A reading that failed before is as due as it was. */
    private void applyKnown() {
        try {
            follow(loader.loadKnown(), !refusalIsShown);
        } catch (RedisUnreachableException e) {
            missed = true;
            refused(e);
        } catch (RuntimeException e) {
            failed(e);
            missed = true;
            retryNanos = intervalNanos;
        }
    }

    private void load(@Nullable Set<String> changedKeys) {
        CatalogueSnapshot catalogue = loader.load(changedKeys);
        retryBackoff.reset();
        isRefused = false;
        refusalIsShown = false;
        follow(catalogue, true);
    }

    private void follow(CatalogueSnapshot catalogue, boolean isShown) {
        found = catalogue.problems();
        List<Problem> all = new ArrayList<>(found);
        followers.forEach(follower -> all.addAll(follower.follow(catalogue)));
        found = all;
        if (isShown) {
            problems.set(ProblemBoard.Source.CATALOGUE, all);
        }
    }

    /** The writer says when Redis goes and comes; new connections may be refused while the writer's lives. */
    private void refused(RedisUnreachableException failure) {
        long nowNanos = clock.monotonicNanos();
        if (!isRefused) {
            isRefused = true;
            refusedSinceNanos = nowNanos;
        }
        boolean isLasting = nowNanos - refusedSinceNanos >= PATIENCE_NANOS && writerIsConnected.getAsBoolean();
        if (isLasting || refusalIsShown) {
            refusalIsShown = true;
            String message = String.valueOf(failure.getMessage());
            int remedy = message.lastIndexOf("; ");
            show(
                    "they cannot be read, so changes are not applied: "
                            + (remedy < 0 ? message : message.substring(0, remedy)),
                    remedy < 0 ? "see 'ping-agent doctor'" : message.substring(remedy + 2));
        }
    }

    private void failed(RuntimeException failure) {
        LOG.error("jobs and groups cannot be applied; the known ones stay in force, and it is tried again", failure);
        show("they cannot be applied, so the known ones stay in force: " + failure, "report it with the agent's log");
    }

    private void show(String what, String remedy) {
        List<Problem> all = new ArrayList<>();
        all.add(new Problem("jobs and groups", what, remedy));
        all.addAll(found);
        problems.set(ProblemBoard.Source.CATALOGUE, all);
    }
}
