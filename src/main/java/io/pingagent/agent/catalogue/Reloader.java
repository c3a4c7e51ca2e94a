package io.pingagent.agent.catalogue;

import io.pingagent.model.Problem;
import io.pingagent.redis.RedisUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code ping-reload}: reads jobs and groups at start, every {@code redis.reload-interval}, on request and soon
 * after Redis reports a change, and has them applied. At start it waits for Redis, asking ever less often up to every 5 s;
 * later a Redis that is away changes nothing of what is probed.
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

    private final CatalogueLoader loader;
    private final Consumer<Map<String, JobSetup>> jobs;
    private final ProblemBoard problems;
    private final @Nullable ZabbixTargets zabbixTargets;
    private final BooleanSupplier writerIsConnected;
    private final Runnable afterFirstLoad;
    private final long intervalNanos;
    private final Thread thread = new Thread(this::run, "ping-reload");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition requested = lock.newCondition();
    private final Set<String> changedKeys = new HashSet<>();
    private boolean wantsAll;

    // Owned by ping-reload.
    /** The last reading or its application failed, so nobody knows what has changed. */
    private boolean missed;

    private long retryNanos = FIRST_BACKOFF_NANOS;
    /** When Redis refused a reading for the first time since the last that worked; 0 if it did not. */
    private long refusedSinceNanos;

    private boolean refusalIsShown;
    private List<Problem> toPutRight = List.of();

    private volatile boolean stopped;

    /**
     * @param jobs takes all jobs that are to run, each time they were read
     * @param zabbixTargets follow the catalogue; null without Zabbix
     * @param writerIsConnected whether state is written; if not, the writer says what is wrong with Redis
     * @param afterFirstLoad called once, on ping-reload, when the first catalogue has been applied
     */
    public Reloader(
            CatalogueLoader loader,
            Consumer<Map<String, JobSetup>> jobs,
            ProblemBoard problems,
            @Nullable ZabbixTargets zabbixTargets,
            BooleanSupplier writerIsConnected,
            Duration interval,
            Runnable afterFirstLoad) {
        this.loader = loader;
        this.jobs = jobs;
        this.problems = problems;
        this.zabbixTargets = zabbixTargets;
        this.writerIsConnected = writerIsConnected;
        this.afterFirstLoad = afterFirstLoad;
        this.intervalNanos = interval.toNanos();
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Everything is read again soon. Any thread. */
    public void reloadAll() {
        request(null);
    }

    /** A key of the catalogue changed. Any thread. */
    public void changed(String key) {
        request(key);
    }

    /** Somebody took members out of a set of the catalogue, one by one. Any thread. */
    public void membersRemoved(String key) {
        loader.membersRemoved(key);
    }

    private void request(@Nullable String key) {
        lock.lock();
        try {
            if (key == null) {
                wantsAll = true;
            } else {
                changedKeys.add(key);
            }
            requested.signal();
        } finally {
            lock.unlock();
        }
    }

    public void stop() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            firstLoad();
            long loadNanos = 0;
            while (!stopped) {
                Set<String> keys = awaitRequest(gatherNanos(loadNanos));
                long startNanos = System.nanoTime();
                reload(missed ? null : keys);
                loadNanos = System.nanoTime() - startNanos;
            }
        } catch (InterruptedException e) {
            LOG.debug("ping-reload ends");
        }
    }

    /** How long to wait for further changes, so that reading takes a fifth of the time at most; but see the limits. */
    static long gatherNanos(long lastLoadNanos) {
        return Math.min(MOST_GATHER_NANOS, Math.max(LEAST_GATHER_NANOS, 4 * lastLoadNanos));
    }

    private void firstLoad() throws InterruptedException {
        long backoffNanos = FIRST_BACKOFF_NANOS;
        boolean hasSaidSo = false;
        while (!stopped) {
            try {
                load(null);
                if (hasSaidSo) {
                    LOG.info("Redis answers: jobs and groups are loaded");
                }
                afterFirstLoad.run();
                return;
            } catch (RedisUnreachableException e) {
                refused(e);
                if (!hasSaidSo) {
                    LOG.warn("waiting for Redis: {}", e.getMessage());
                    hasSaidSo = true;
                }
            } catch (RuntimeException e) {
                failed(e);
            }
            TimeUnit.NANOSECONDS.sleep(backoffNanos);
            backoffNanos = Math.min(LONGEST_BACKOFF_NANOS, backoffNanos * 2);
        }
    }

    /**
     * Waits for a request or the interval, then a little for further requests.
     *
     * @return the changed keys, or null if everything is to be read
     */
    private @Nullable Set<String> awaitRequest(long gatherNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long waitNanos = missed ? Math.min(intervalNanos, retryNanos) : intervalNanos;
            while (!wantsAll && changedKeys.isEmpty() && waitNanos > 0) {
                waitNanos = requested.awaitNanos(waitNanos);
            }
            boolean isScheduled = !wantsAll && changedKeys.isEmpty();
            if (!isScheduled) {
                lock.unlock();
                try {
                    TimeUnit.NANOSECONDS.sleep(gatherNanos);
                } finally {
                    lock.lock();
                }
            }
            Set<String> keys = isScheduled || wantsAll ? null : Set.copyOf(changedKeys);
            wantsAll = false;
            changedKeys.clear();
            return keys;
        } finally {
            lock.unlock();
        }
    }

    private void reload(@Nullable Set<String> keys) {
        try {
            load(keys);
            missed = false;
        } catch (RedisUnreachableException e) {
            // What is known goes on being probed, and all is read at the next call.
            LOG.debug("jobs and groups were not read: {}", e.getMessage());
            missed = true;
            retryNanos = Math.min(LONGEST_BACKOFF_NANOS, 2 * retryNanos);
            refused(e);
        } catch (RuntimeException e) {
            failed(e);
            missed = true;
            retryNanos = intervalNanos;
        }
    }

    /** The writer says when Redis goes and comes; new connections may be refused while the writer's lives. */
    private void refused(RedisUnreachableException failure) {
        long nowNanos = System.nanoTime();
        if (refusedSinceNanos == 0) {
            refusedSinceNanos = nowNanos == 0 ? 1 : nowNanos;
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
        LOG.error("jobs and groups cannot be applied; the known ones go on, and it is tried again", failure);
        show("they cannot be applied, so the known ones go on: " + failure, "report it with the agent's log");
    }

    private void show(String what, String remedy) {
        List<Problem> all = new ArrayList<>();
        all.add(new Problem("jobs and groups", what, remedy));
        all.addAll(toPutRight);
        problems.set(ProblemBoard.Source.CATALOGUE, all);
    }

    private void load(@Nullable Set<String> keys) {
        CatalogueLoader.Catalogue catalogue = loader.load(keys);
        retryNanos = FIRST_BACKOFF_NANOS;
        refusedSinceNanos = 0;
        refusalIsShown = false;
        toPutRight = catalogue.problems();
        jobs.accept(catalogue.jobs());
        List<Problem> found = new ArrayList<>(catalogue.problems());
        if (zabbixTargets != null) {
            zabbixTargets.update(catalogue);
            found.addAll(zabbixTargets.problems(catalogue));
        }
        toPutRight = found;
        problems.set(ProblemBoard.Source.CATALOGUE, found);
    }
}
