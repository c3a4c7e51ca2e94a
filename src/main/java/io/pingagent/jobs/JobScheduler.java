package io.pingagent.jobs;

import io.pingagent.base.AnyThread;
import io.pingagent.base.FoldedCount;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.simpl.RAMJobStore;
import org.quartz.simpl.SimpleThreadPool;

/**
 * Fires cron specs by Quartz. Its threads are daemons named {@code ping-quartz-…}; they own nothing and call
 * {@link Firing}s.
 *
 * <p>Quartz is here because the project's owner chose it. Used of it are its clock thread, its two worker threads, and
 * triggers that fire once. Each id has one such trigger; a firing asks the {@link CronSpec} for the next time and arms the
 * next trigger. Jobs of one spec therefore share an id.
 *
 * <p>Quartz's own cron triggers are not used:
 *
 * <ul>
 *   <li>they number weekdays differently, and refuse day of month together with weekday;
 *   <li>they know no {@code @every};
 *   <li>they compute their next time from the previous one, so a stall or a clock step ends in a burst.
 * </ul>
 *
 * Instead
 *
 * <ul>
 *   <li>an occurrence fires once: a trigger carries the generation of its id and is ignored when that has moved on;
 *   <li>after a stall one late firing comes at most, everything else that was missed is skipped;
 *   <li>a delay counts from the wall clock's present time, so {@link #clockStepped()} corrects every spec by arming all
 *       triggers again. Without it a step forward does no harm, and a step back delays the next firing by the step;
 *   <li>a step costs no firing: one that the clock has passed over comes at once;
 *   <li>a spec that fires at least once a minute fires at most half an interval late, whatever the clock says now.
 * </ul>
 */
@AnyThread
public final class JobScheduler implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(JobScheduler.class);

    /** Listeners only post, so one worker would do; the second covers a hiccup of the first. */
    private static final int WORKERS = 2;

    /** A firing that is early by more means that the clock went back. Quartz itself is early by 2 ms. */
    private static final Duration EARLY = Duration.ofSeconds(1);

    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);

    /** All triggers share one Quartz job; the id stands in the trigger's key. */
    private static final JobKey JOB = new JobKey("firing");

    /** Quartz keeps schedulers in a static map by name. */
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Specs with shorter gaps are regular ones, of which the interval counts; others name times of the day. */
    private static final Duration LONGEST_REGULAR_GAP = Duration.ofMinutes(1);

    private final InstantSource wallClock;
    private final LongSupplier monotonicNanos;
    private final Scheduler quartz;

    /** Guards all fields below. Never held while a listener runs. */
    private final Object lock = new Object();

    private final Map<String, Entry> entries = new HashMap<>();
    private boolean closed;
    private int running;

    private static final class Entry {
        private final Firing listener;
        private CronSpec spec;
        private @Nullable Instant next;
        /** When {@link #next} is, by the clock that is never stepped. */
        private long dueNanos;

        private @Nullable TriggerKey trigger;
        private long generation;
        private long failures;

        Entry(CronSpec spec, Firing listener) {
            this.spec = spec;
            this.listener = listener;
        }
    }

    public JobScheduler() {
        this(InstantSource.system(), System::nanoTime);
    }

    /**
     * @param wallClock by which specs are due
     * @param monotonicNanos by which a step of the wall clock delays nothing
     */
    JobScheduler(InstantSource wallClock, LongSupplier monotonicNanos) {
        this.wallClock = wallClock;
        this.monotonicNanos = monotonicNanos;
        try {
            String name = "ping-quartz-" + COUNT.incrementAndGet();
            quartz = new StdSchedulerFactory(properties(name)).getScheduler();
            quartz.addJob(
                    JobBuilder.newJob(FiringJob.class)
                            .withIdentity(JOB)
                            .storeDurably()
                            .build(),
                    true);
            quartz.setJobFactory((bundle, scheduler) -> {
                Trigger trigger = bundle.getTrigger();
                return new FiringJob(trigger.getKey().getName(), generationOf(trigger.getKey()));
            });
        } catch (SchedulerException e) {
            throw new IllegalStateException("cannot create the Quartz scheduler", e);
        }
    }

    private static Properties properties(String name) {
        Properties properties = new Properties();
        properties.setProperty(StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, name);
        properties.setProperty(StdSchedulerFactory.PROP_SCHED_INSTANCE_ID, name);
        properties.setProperty(StdSchedulerFactory.PROP_SCHED_THREAD_NAME, "ping-quartz-clock");
        properties.setProperty(StdSchedulerFactory.PROP_SCHED_MAKE_SCHEDULER_THREAD_DAEMON, "true");
        properties.setProperty(StdSchedulerFactory.PROP_JOB_STORE_CLASS, RAMJobStore.class.getName());
        properties.setProperty(StdSchedulerFactory.PROP_THREAD_POOL_CLASS, SimpleThreadPool.class.getName());
        String pool = StdSchedulerFactory.PROP_THREAD_POOL_PREFIX + ".";
        properties.setProperty(pool + "threadCount", Integer.toString(WORKERS));
        properties.setProperty(pool + "makeThreadsDaemons", "true");
        properties.setProperty(pool + "threadNamePrefix", "ping-quartz-worker");
        return properties;
    }

    /** Lets specs fire; those that became due before are skipped. */
    public void start() {
        try {
            armAll();
            quartz.start();
        } catch (SchedulerException e) {
            throw new IllegalStateException("cannot start the Quartz scheduler", e);
        }
    }

    /**
     * @param id the listener hears it at every firing
     * @throws IllegalArgumentException if the id is scheduled already
     */
    public void schedule(String id, CronSpec spec, Firing listener) {
        synchronized (lock) {
            requireOpen();
            if (entries.containsKey(id)) {
                throw new IllegalArgumentException("'" + id + "' is scheduled already");
            }
            Entry entry = new Entry(spec, listener);
            entries.put(id, entry);
            arm(id, entry, wallClock.instant());
        }
    }

    /**
     * Gives an id another spec; others are not touched, and neither is this one if its spec is the same.
     *
     * @throws IllegalArgumentException if the id is not scheduled
     */
    public void reschedule(String id, CronSpec spec) {
        synchronized (lock) {
            requireOpen();
            Entry entry = entries.get(id);
            if (entry == null) {
                throw new IllegalArgumentException("'" + id + "' is not scheduled");
            }
            if (!entry.spec.equals(spec)) {
                entry.spec = spec;
                disarm(entry);
                arm(id, entry, wallClock.instant());
            }
        }
    }

    /** @return whether the id was scheduled; from now on no new firing of it begins */
    public boolean unschedule(String id) {
        synchronized (lock) {
            Entry entry = entries.remove(id);
            if (entry == null) {
                return false;
            }
            disarm(entry);
            return true;
        }
    }

    /** Computes every trigger again from the present wall time. To be called when the wall clock was set. */
    public void clockStepped() {
        synchronized (lock) {
            Instant now = wallClock.instant();
            long nowNanos = monotonicNanos.getAsLong();
            entries.forEach((id, entry) -> {
                disarm(entry);
                Instant due = dueAfterStep(entry, now, nowNanos);
                armAt(id, entry, due == null ? entry.spec.nextAfter(now) : due);
            });
        }
    }

    /**
     * When an armed firing is due whatever the spec says from the new time on. Null if the spec alone counts, also
     * where its next time is about the same, or that would fire twice.
     */
    private static @Nullable Instant dueAfterStep(Entry entry, Instant now, long nowNanos) {
        if (entry.next == null) {
            return null;
        }
        if (entry.spec.longestGap().compareTo(LONGEST_REGULAR_GAP) <= 0) {
            Instant due = now.plusNanos(Math.max(0, entry.dueNanos - nowNanos));
            Instant next = entry.spec.nextAfter(now);
            boolean isMuchLater = next == null
                    || next.isAfter(due.plus(entry.spec.shortestGap().dividedBy(2)));
            return isMuchLater ? due : null;
        }
        return entry.next.isAfter(now) ? null : now;
    }

    private void armAll() {
        synchronized (lock) {
            Instant now = wallClock.instant();
            entries.forEach((id, entry) -> {
                disarm(entry);
                arm(id, entry, now);
            });
        }
    }

    /** The next firing of an id, by the wall clock; null if there is none. */
    @Nullable
    Instant next(String id) {
        synchronized (lock) {
            Entry entry = entries.get(id);
            return entry == null ? null : entry.next;
        }
    }

    /** No firing begins any more; waits up to 2 s for those that run. */
    @Override
    public void close() {
        long deadlineNanos = System.nanoTime() + CLOSE_DEADLINE.toNanos();
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            entries.clear();
        }
        try {
            quartz.shutdown(false);
        } catch (SchedulerException e) {
            LOG.warn("Quartz did not shut down cleanly: {}", e.getMessage());
        }
        awaitRunning(deadlineNanos);
    }

    private void awaitRunning(long deadlineNanos) {
        synchronized (lock) {
            try {
                while (running > 0) {
                    long leftNanos = deadlineNanos - System.nanoTime();
                    if (leftNanos <= 0) {
                        LOG.warn("{} firings did not end within {} s", running, CLOSE_DEADLINE.toSeconds());
                        return;
                    }
                    TimeUnit.NANOSECONDS.timedWait(lock, leftNanos);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the scheduler is closed");
        }
    }

    /** Arms the trigger for the first occurrence after {@code after}. Holds the lock. */
    private void arm(String id, Entry entry, Instant after) {
        armAt(id, entry, entry.spec.nextAfter(after));
    }

    /** Holds the lock. */
    private void armAt(String id, Entry entry, @Nullable Instant next) {
        entry.generation++;
        entry.next = next;
        if (next == null || closed) {
            return;
        }
        // Quartz reads the system's clock, which need not be ours.
        long delayMillis =
                Math.max(0, Duration.between(wallClock.instant(), next).toMillis());
        entry.dueNanos = monotonicNanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
        TriggerKey triggerKey = new TriggerKey(id, Long.toString(entry.generation));
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(triggerKey)
                .forJob(JOB)
                .startAt(Date.from(Instant.now().plusMillis(delayMillis)))
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
                .build();
        entry.trigger = triggerKey;
        try {
            quartz.scheduleJob(trigger);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz refuses the trigger of '" + id + "'", e);
        }
    }

    /** Holds the lock. */
    private void disarm(Entry entry) {
        TriggerKey key = entry.trigger;
        entry.trigger = null;
        entry.generation++;
        if (key == null) {
            return;
        }
        try {
            quartz.unscheduleJob(key);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not remove the trigger of '" + key.getName() + "'", e);
        }
    }

    private static long generationOf(TriggerKey key) {
        return Long.parseLong(key.getGroup());
    }

    private void fire(String id, long generation) {
        Entry entry;
        Instant scheduledAt;
        Instant next;
        synchronized (lock) {
            entry = entries.get(id);
            if (closed || entry == null || entry.generation != generation || entry.next == null) {
                return;
            }
            scheduledAt = entry.next;
            Instant now = wallClock.instant();
            boolean slightlyEarly = now.isBefore(scheduledAt) && now.plus(EARLY).isAfter(scheduledAt);
            arm(id, entry, slightlyEarly ? scheduledAt : now);
            next = entry.next;
            running++;
        }
        try {
            entry.listener.fired(id, scheduledAt, next);
        } catch (RuntimeException e) {
            reportFailure(id, entry, e);
        } finally {
            synchronized (lock) {
                running--;
                lock.notifyAll();
            }
        }
    }

    /** The first failure of an id, then the tenth, the hundredth… */
    private void reportFailure(String id, Entry entry, RuntimeException failure) {
        long count;
        synchronized (lock) {
            count = ++entry.failures;
        }
        if (FoldedCount.isPowerOfTen(count)) {
            LOG.error("the firing of '{}' failed (failures so far: {})", id, count, failure);
        }
    }

    /** Carries a firing from Quartz back to its scheduler. Quartz never creates it by its class. */
    private final class FiringJob implements Job {

        private final String id;
        private final long generation;

        FiringJob(String id, long generation) {
            this.id = id;
            this.generation = generation;
        }

        @Override
        public void execute(JobExecutionContext context) {
            fire(id, generation);
        }
    }
}
