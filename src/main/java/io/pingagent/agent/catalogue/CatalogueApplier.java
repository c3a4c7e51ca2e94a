package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.jobs.CronSpec;
import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetSettings;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Brings engine and scheduler in line with the catalogue: the difference only, so that jobs that did not change run
 * undisturbed.
 */
@OwnedBy("ping-reload")
public final class CatalogueApplier {

    private static final Logger LOG = LogManager.getLogger(CatalogueApplier.class);

    private record Installed(int jobId, JobSetup setup) {}

    private final ProbeEngine engine;
    private final JobsBySpec jobsBySpec;
    private final IntConsumer settingsChanged;
    private final JobProfiles profiles;
    private final Map<String, Installed> installed = new HashMap<>();
    private int nextJobId;
    /** Names by job id, for log lines; replaced, never changed. */
    private volatile Map<Integer, String> jobNames = Map.of();

    /**
     * @param configured how probes are sent of jobs that do not say, with a value for each part that has one
     * @param settingsChanged hears of each target that is judged differently from now on
     */
    public CatalogueApplier(
            ProbeEngine engine,
            Timetable timetable,
            NanoClock clock,
            ProbeProfile configured,
            IntConsumer settingsChanged) {
        this.engine = engine;
        this.jobsBySpec = new JobsBySpec(engine, timetable, clock);
        this.settingsChanged = settingsChanged;
        this.profiles = new JobProfiles(engine, configured);
    }

    /** For log lines. */
    @AnyThread
    public String jobName(int jobId) {
        return jobNames.getOrDefault(jobId, "job " + jobId);
    }

    /** Returns what users have to correct before everything is as they want it. */
    public List<Problem> apply(Map<String, JobSetup> wanted) {
        // Also of an unchanged catalogue: sockets that were refused are tried again.
        profiles.open(wanted);
        if (!isUnchanged(wanted)) {
            bringInLine(wanted);
        }
        return profiles.problems();
    }

    private void bringInLine(Map<String, JobSetup> wanted) {
        int before = engine.targetLimit();
        Map<String, int[]> targetIds = addTargets(wanted);
        judge(wanted, targetIds);
        Map<String, Integer> jobIds = jobIds(wanted);
        Map<Integer, CronSpec> specs = new HashMap<>();
        wanted.forEach((name, setup) -> specs.put(jobIds.getOrDefault(name, -1), setup.spec()));
        // First, so that a firing meanwhile is heard or, if it came before its job was installed, joined below.
        jobsBySpec.set(specs);
        Map<Integer, CronSpec> toJoin = new HashMap<>();
        wanted.forEach((name, setup) -> {
            int jobId = jobIds.getOrDefault(name, -1);
            if (install(name, jobId, setup, Objects.requireNonNull(targetIds.get(name)))) {
                toJoin.put(jobId, setup.spec());
            }
        });
        jobsBySpec.join(toJoin);
        installed.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .toList()
                .forEach(this::remove);
        int removed = removeUnnamed(before, targetIds);
        Map<Integer, String> names = new HashMap<>();
        installed.forEach((name, job) -> names.put(job.jobId, name));
        jobNames = Map.copyOf(names);
        LOG.info("jobs: {}, addresses: {} (removed: {})", installed.size(), engine.targetCount(), removed);
    }

    private boolean isUnchanged(Map<String, JobSetup> wanted) {
        return wanted.size() == installed.size()
                && wanted.entrySet().stream().allMatch(entry -> {
                    Installed present = installed.get(entry.getKey());
                    return present != null && present.setup.equals(entry.getValue());
                });
    }

    /** Ids of each job's targets; new ones are announced to the engine. */
    private Map<String, int[]> addTargets(Map<String, JobSetup> wanted) {
        Map<String, int[]> targetIds = new HashMap<>();
        int[] fresh = new int[16];
        int freshCount = 0;
        for (Map.Entry<String, JobSetup> entry : wanted.entrySet()) {
            AddressSet addresses = entry.getValue().targets();
            TargetSettings settings = settings(entry.getValue());
            int[] ids = new int[addresses.size()];
            PrimitiveIterator.OfInt order = bitReversedOrder(ids.length).iterator();
            while (order.hasNext()) {
                int i = order.nextInt();
                IpAddress address = addresses.get(i);
                ids[i] = engine.targetId(address);
                if (ids[i] < 0) {
                    ids[i] = engine.addTarget(address, settings);
                    if (freshCount == fresh.length) {
                        fresh = Arrays.copyOf(fresh, freshCount * 2);
                    }
                    fresh[freshCount++] = ids[i];
                }
            }
            targetIds.put(entry.getKey(), ids);
        }
        if (freshCount > 0) {
            engine.announceTargets(Arrays.copyOf(fresh, freshCount));
        }
        return targetIds;
    }

    /**
     * In which order the addresses of a sorted set get their ids: the indexes from 0 to {@code size - 1}, each once,
     * with their bits read backwards.
     *
     * <p>Targets are probed in the order of their ids (see {@code JobPlan}). Neighbours among the addresses are likely
     * to be behind the same router. In this order the probes of one network are evenly spread in time.
     */
    static IntStream bitReversedOrder(int size) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
        return IntStream.range(0, 1 << bits)
                .map(count -> Integer.reverse(count) >>> Integer.SIZE - bits)
                .filter(index -> index < size);
    }

    /**
     * An address named by several jobs has one state. Of their settings
     *
     * <ul>
     *   <li>the shortest TTL counts, so its silence is noticed as early as any job asks;
     *   <li>the strictest allowed loss counts;
     *   <li>the longest wait of an err-list probe for its reply counts;
     *   <li>the profile of the first job in the order of names counts, see {@link JobProfiles}.
     * </ul>
     */
    private void judge(Map<String, JobSetup> wanted, Map<String, int[]> targetIds) {
        TargetSettings[] merged = new TargetSettings[engine.targetLimit()];
        Map<TargetSettings, Map<TargetSettings, TargetSettings>> known = new HashMap<>();
        JobProfiles.Owners owners = profiles.owners();
        inOrder(wanted).forEach(name -> {
            JobSetup setup = Objects.requireNonNull(wanted.get(name));
            if (owners != null && !Canaries.are(setup.job())) {
                owners.add(setup.job(), Objects.requireNonNull(targetIds.get(name)));
            }
            TargetSettings own = settings(setup);
            Map<TargetSettings, TargetSettings> withOwn = known.computeIfAbsent(own, key -> new HashMap<>());
            for (int targetId : Objects.requireNonNull(targetIds.get(name))) {
                TargetSettings others = merged[targetId];
                merged[targetId] = others == null ? own : withOwn.computeIfAbsent(others, key -> merge(own, key));
            }
        });
        if (owners != null) {
            owners.end();
        }
        for (int targetId = 0; targetId < merged.length; targetId++) {
            if (merged[targetId] != null) {
                if (engine.setSettings(targetId, merged[targetId])) {
                    settingsChanged.accept(targetId);
                }
            }
        }
    }

    /** Names of jobs, the canaries last: they are probed as their own job wants it. */
    private static List<String> inOrder(Map<String, JobSetup> wanted) {
        return wanted.keySet().stream()
                .sorted(Comparator.comparing((String name) -> Canaries.are(
                                Objects.requireNonNull(wanted.get(name)).job()))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private TargetSettings settings(JobSetup setup) {
        return setup.settings(profiles.of(setup.job()));
    }

    /** @param other of jobs earlier in the order of names */
    static TargetSettings merge(TargetSettings one, TargetSettings other) {
        int allowedLoss = one.allowedLoss() < 0 || other.allowedLoss() < 0
                ? Math.max(one.allowedLoss(), other.allowedLoss())
                : Math.min(one.allowedLoss(), other.allowedLoss());
        return new TargetSettings(
                Math.min(one.ttlMillis(), other.ttlMillis()),
                allowedLoss,
                Math.max(one.timeoutNanos(), other.timeoutNanos()),
                other.profile());
    }

    /** That of each job that is wanted, a new one if it has none yet. */
    private Map<String, Integer> jobIds(Map<String, JobSetup> wanted) {
        Map<String, Integer> jobIds = new HashMap<>();
        for (String name : wanted.keySet()) {
            Installed present = installed.get(name);
            jobIds.put(name, present == null ? nextJobId++ : present.jobId);
        }
        return jobIds;
    }

    /** Returns whether the job is new or has another spec. */
    private boolean install(String name, int jobId, JobSetup setup, int[] targetIds) {
        Installed present = installed.get(name);
        if (present != null && present.setup.equals(setup)) {
            return false;
        }
        engine.installJob(
                jobId,
                targetIds,
                setup.spec().spreadNanos(),
                setup.timeoutNanos(),
                setup.job().burst());
        installed.put(name, new Installed(jobId, setup));
        boolean isNewSpec = present == null || !present.setup.spec().equals(setup.spec());
        if (present != null && isNewSpec) {
            // At once: what is left of the old round must not be hurried into the new interval.
            jobsBySpec.join(Map.of(jobId, setup.spec()));
        }
        return isNewSpec;
    }

    private void remove(String name) {
        Installed gone = installed.remove(name);
        if (gone != null) {
            engine.removeJob(gone.jobId);
        }
    }

    /** @param limit ids from here on are new and therefore named */
    private int removeUnnamed(int limit, Map<String, int[]> targetIds) {
        boolean[] named = new boolean[engine.targetLimit()];
        targetIds.values().forEach(ids -> {
            for (int targetId : ids) {
                named[targetId] = true;
            }
        });
        int[] unnamed = new int[limit];
        int count = 0;
        for (int targetId = 0; targetId < limit; targetId++) {
            if (!named[targetId] && engine.targetId(engine.address(targetId)) == targetId) {
                unnamed[count++] = targetId;
            }
        }
        if (count > 0) {
            engine.removeTargets(Arrays.copyOf(unnamed, count));
        }
        return count;
    }
}
