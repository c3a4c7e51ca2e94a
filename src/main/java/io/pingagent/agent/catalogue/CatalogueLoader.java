package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OwnedBy;
import io.pingagent.jobs.CronSpec;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.jobs.ParsedJob;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Job;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.CatalogueSigns;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads jobs and groups and keeps what is known of them. So a change of one group needs no other to be read, and a reading
 * that cannot be used loses nothing.
 */
@OwnedBy("caller")
public final class CatalogueLoader {

    private final CatalogueSource source;
    private final long defaultTimeoutNanos;
    private final BooleanSupplier removalsAreReported;
    private final boolean leavesWitness;
    private final String witnessKey;
    private final InstantSource clock = InstantSource.system();
    private final KnownJobs jobs;
    private final KnownGroups groups;
    private final NamedAddresses names;
    private final NamedMembers named = new NamedMembers();

    /** What was seen beside the last reading without a doubt. */
    private CatalogueSigns believed = CatalogueSigns.NONE;
    /** What was seen beside the last reading. */
    private CatalogueSigns lastSigns = CatalogueSigns.NONE;
    /** Keys from which members were taken since the last reading that was applied. */
    private final Set<String> removals = new HashSet<>();

    private final Object inboxLock = new Object();
    private final Set<String> removalInbox = new HashSet<>();

    /**
     * @param removalsAreReported whether {@link #membersRemoved} is called when users take members out of a set
     * @param leavesWitness whether the loader is that of the running agent, which watches for lost data from now on
     * @param names knows the addresses of host names
     */
    public CatalogueLoader(
            CatalogueSource source,
            RedisKeys keys,
            long defaultTimeoutNanos,
            CronSpecs specs,
            BooleanSupplier removalsAreReported,
            boolean leavesWitness,
            NamedAddresses names) {
        this.source = source;
        this.names = names;
        this.defaultTimeoutNanos = defaultTimeoutNanos;
        this.removalsAreReported = removalsAreReported;
        this.leavesWitness = leavesWitness;
        this.witnessKey = keys.witness();
        this.jobs = new KnownJobs(specs, keys, defaultTimeoutNanos, clock);
        this.groups = new KnownGroups(clock);
    }

    /** A loader for a single reading, which leaves nothing in Redis. */
    public static CatalogueLoader forOneReading(
            CatalogueSource source, RedisKeys keys, long defaultTimeoutNanos, CronSpecs specs, NameStore names) {
        return new CatalogueLoader(
                source, keys, defaultTimeoutNanos, specs, () -> false, false, new NamesOfOthers(names));
    }

    /** Somebody took members out of a list or a group, one by one. */
    @AnyThread
    void membersRemoved(String key) {
        synchronized (inboxLock) {
            removalInbox.add(key);
        }
    }

    /**
     * Reads the jobs, and the groups that are new, stale or asked for.
     *
     * @param changedKeys keys known to have changed, or null to read everything
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked; what is known stays
     */
    public CatalogueSnapshot load(@Nullable Set<String> changedKeys) {
        // Before the reading: what is reported later may not be seen in it.
        synchronized (inboxLock) {
            removals.addAll(removalInbox);
            removalInbox.clear();
        }
        CatalogueReader.Jobs jobsRead = source.readJobs(jobs.names());
        jobs.take(jobsRead, believed, removals::contains, removalsAreReported.getAsBoolean());
        CatalogueSigns signs = jobsRead.signs();
        Map<String, ParsedJob> running = jobs.running();
        Set<String> named = new HashSet<>();
        running.values().forEach(job -> named.addAll(job(job).groups()));
        groups.retain(named);
        Set<String> wanted = groups.toRead(named, changedKeys);
        if (!wanted.isEmpty()) {
            // All at once: the lists and a connection for each of some thousand groups would take seconds.
            CatalogueReader.Groups groupsRead = source.readGroups(wanted, groups.addresses());
            groups.take(wanted, groupsRead, believed, removals::contains);
            signs = groupsRead.signs();
        }
        removals.clear();
        names.watch(groups.hostNames());
        List<Problem> doubts = doubts();
        if (doubts.isEmpty()) {
            believe(signs, leavesWitness && !running.isEmpty());
        }
        lastSigns = signs;
        return catalogue(running, doubts, signs, CatalogueSnapshot.Reading.of(wanted));
    }

    /** The same again with the addresses that host names have now. Asks nobody. */
    public CatalogueSnapshot loadKnown() {
        return catalogue(jobs.running(), doubts(), lastSigns, CatalogueSnapshot.Reading.NONE);
    }

    /** One line: where the jobs are lost, their groups need none. */
    private List<Problem> doubts() {
        return jobs.doubts().isEmpty() ? ProblemFold.fold(groups.doubts(), "groups") : jobs.doubts();
    }

    private void believe(CatalogueSigns signs, boolean isWorthAWitness) {
        boolean isLeft = signs.witness() == CatalogueSigns.Witness.MISSING
                && isWorthAWitness
                && !signs.server().readOnly()
                && source.leaveWitness(
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        believed = isLeft ? signs.with(CatalogueSigns.Witness.PRESENT) : signs;
    }

    private CatalogueSnapshot catalogue(
            Map<String, ParsedJob> running,
            List<Problem> doubts,
            CatalogueSigns signs,
            CatalogueSnapshot.Reading reading) {
        List<Problem> problems = new ArrayList<>(doubts);
        if (signs.server().readOnly() && doubts.isEmpty()) {
            problems.add(new Problem(
                    "redis.url",
                    "Redis is a read-only replica, so nothing can be written there",
                    "name the master, or a name or proxy that follows it"));
        }
        if (leavesWitness
                && doubts.isEmpty()
                && !running.isEmpty()
                && !signs.server().readOnly()
                && believed.witness() != CatalogueSigns.Witness.PRESENT) {
            problems.add(new Problem(
                    witnessKey,
                    "Redis does not let the agent write and see it, so a group or list that users delete looks"
                            + " like a loss",
                    "allow this key, and reading " + RedisKeys.REMOVED + ", with ACL SETUSER as security.md shows"));
        }
        problems.addAll(ProblemFold.fold(jobs.problems(), "jobs"));
        problems.addAll(ProblemFold.fold(groups.problems(), "groups"));
        Map<String, AddressSet> members = named.resolve(groups.addresses(), groups.hostNames(), names);
        Map<String, JobSetup> setups = new TreeMap<>();
        running.forEach((name, job) -> setups.put(name, setup(job(job), Objects.requireNonNull(job.spec()), members)));
        boolean isKnown = !setups.isEmpty() || signs.witness() == CatalogueSigns.Witness.PRESENT;
        return new CatalogueSnapshot(
                setups,
                Map.copyOf(members),
                List.copyOf(problems),
                isKnown,
                !doubts.isEmpty(),
                named.hostNames(),
                reading);
    }

    /** Jobs that run have a definition. */
    private static Job job(ParsedJob parsed) {
        return Objects.requireNonNull(parsed.job());
    }

    private JobSetup setup(Job job, CronSpec spec, Map<String, AddressSet> members) {
        List<AddressSet> sets = new ArrayList<>();
        for (String group : job.groups()) {
            sets.add(members.getOrDefault(group, AddressSet.EMPTY));
        }
        Long timeoutNanos = job.judging().timeoutNanos();
        return new JobSetup(job, spec, List.copyOf(sets), timeoutNanos == null ? defaultTimeoutNanos : timeoutNanos);
    }
}
