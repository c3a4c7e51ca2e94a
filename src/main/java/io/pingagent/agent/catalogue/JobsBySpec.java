package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.jobs.CronSpec;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which jobs fire together. Those of equal spec have one firing and one command to the engine. So ten thousand small
 * jobs cost as much as one large job.
 */
@OwnedBy("ping-reload")
public final class JobsBySpec {

    /** Beyond this a firing's time says more about a stepped clock than about the delay. */
    private static final long MAX_DELAY_NANOS = 2_000_000_000L;

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** The jobs of one spec; the array is replaced, never changed. */
    private static final class Members {
        private volatile int[] jobIds = new int[0];
    }

    private final ProbeEngine engine;
    private final Timetable timetable;
    private final NanoClock clock;
    private final Map<CronSpec, Members> bySpec = new HashMap<>();

    public JobsBySpec(ProbeEngine engine, Timetable timetable, NanoClock clock) {
        this.engine = engine;
        this.timetable = timetable;
        this.clock = clock;
    }

    /**
     * From now on these jobs fire, and no others.
     *
     * @param wanted the spec of each job id; the engine ignores a job that it does not know yet
     */
    public void set(Map<Integer, CronSpec> wanted) {
        Map<CronSpec, int[]> idsBySpec = bySpec(wanted);
        for (CronSpec gone : Set.copyOf(bySpec.keySet())) {
            if (!idsBySpec.containsKey(gone)) {
                bySpec.remove(gone);
                timetable.unschedule(scheduleId(gone));
            }
        }
        idsBySpec.forEach((spec, jobIds) -> {
            Members present = bySpec.get(spec);
            if (present != null) {
                present.jobIds = jobIds;
                return;
            }
            Members members = new Members();
            members.jobIds = jobIds;
            bySpec.put(spec, members);
            timetable.schedule(
                    scheduleId(spec),
                    spec,
                    (id, scheduledAt, next) -> engine.roundsDue(members.jobIds, dueNanos(clock, scheduledAt)));
        });
    }

    /**
     * Lets jobs that the engine has just got take part in the round that would be running now. So an address is probed
     * within its interval, and at the place in it that it had before a restart.
     *
     * <p>To be called after {@link #set}, so that a firing between the two is not missed.
     */
    void join(Map<Integer, CronSpec> installed) {
        Instant now = now();
        long monotonicNanos = clock.monotonicNanos();
        bySpec(installed).forEach((spec, jobIds) -> {
            Instant start = spec.runningSince(now);
            if (start != null) {
                engine.joinRounds(jobIds, monotonicNanos - nanosBetween(start, now));
            }
        });
    }

    private static Map<CronSpec, int[]> bySpec(Map<Integer, CronSpec> specs) {
        Map<CronSpec, Integer> counts = new HashMap<>();
        specs.values().forEach(spec -> counts.merge(spec, 1, Integer::sum));
        Map<CronSpec, int[]> idsBySpec = new HashMap<>();
        specs.forEach((jobId, spec) -> {
            int left = counts.merge(spec, -1, Integer::sum);
            idsBySpec.computeIfAbsent(spec, key -> new int[left + 1])[left] = jobId;
        });
        return idsBySpec;
    }

    private Instant now() {
        long wallNanos = clock.wallNanos();
        return Instant.ofEpochSecond(wallNanos / SECOND_NANOS, wallNanos % SECOND_NANOS);
    }

    private static long nanosBetween(Instant from, Instant to) {
        return (to.getEpochSecond() - from.getEpochSecond()) * SECOND_NANOS + to.getNano() - from.getNano();
    }

    /** Apart from the ids of the err list's own specs. */
    private static String scheduleId(CronSpec spec) {
        return "jobs " + spec + " " + spec.zone();
    }

    /** The monotonic time that belongs to a firing's wall time. */
    @AnyThread
    public static long dueNanos(NanoClock clock, Instant scheduledAt) {
        long nowNanos = clock.monotonicNanos();
        long scheduledWallNanos = scheduledAt.getEpochSecond() * SECOND_NANOS + scheduledAt.getNano();
        long delayNanos = clock.wallNanos() - scheduledWallNanos;
        return delayNanos < 0 || delayNanos > MAX_DELAY_NANOS ? nowNanos : nowNanos - delayNanos;
    }
}
