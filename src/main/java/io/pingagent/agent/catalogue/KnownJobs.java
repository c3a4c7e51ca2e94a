package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.jobs.JobParser;
import io.pingagent.jobs.ParsedJob;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.CatalogueReader;
import io.pingagent.redis.catalogue.CatalogueSigns;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that are known: a reading replaces what it can, and what it cannot read or has lost (see {@link CatalogueTrust})
 * stays as it was.
 */
@OwnedBy("caller")
final class KnownJobs {

    /** A definition as last read: to work out a cron spec's gaps may take a millisecond, and few definitions change. */
    private record Read(CatalogueReader.StoredJob text, ParsedJob job) {}

    /** The last definition that could be used. */
    private record Good(String key, ParsedJob job, Instant readAt) {}

    /** One list of jobs. */
    private static final class Known {
        Set<String> names = Set.of();
        Set<String> seenLast = Set.of();

        @Nullable
        Instant readAt;

        CatalogueTrust.@Nullable Doubt doubt;
        /** As it was when the doubt began, so that it keeps its beginning. */
        @Nullable
        Problem problem;
    }

    private final CronSpecs specs;
    private final RedisKeys keys;
    private final long defaultTimeoutNanos;
    private final InstantSource clock;
    private final Map<String, Known> lists = new TreeMap<>();
    private final Map<String, Read> read = new HashMap<>();
    private final Map<String, Good> good = new TreeMap<>();

    private Set<String> listed = Set.of();
    private List<Problem> problems = List.of();
    private List<Problem> doubts = List.of();

    KnownJobs(CronSpecs specs, RedisKeys keys, long defaultTimeoutNanos, InstantSource clock) {
        this.specs = specs;
        this.keys = keys;
        this.defaultTimeoutNanos = defaultTimeoutNanos;
        this.clock = clock;
        lists.put(RedisKeys.JOB_LIST, new Known());
        lists.put(keys.agentJobs(), new Known());
    }

    /** Names of all jobs, also of those without a definition. */
    Set<String> names() {
        return listed;
    }

    /** What is to run, by name. */
    Map<String, ParsedJob> running() {
        Map<String, ParsedJob> running = new TreeMap<>();
        good.forEach((name, job) -> running.put(name, job.job));
        return running;
    }

    /** What users have to correct, but {@link #doubts()}. */
    List<Problem> problems() {
        return problems;
    }

    /** What is kept although Redis has it no more; empty if the last reading was believed. */
    List<Problem> doubts() {
        return doubts;
    }

    /**
     * @param believed what was seen beside the last reading that was believed
     * @param removalSeen whether members were taken out of this key one by one since the last call
     * @param removalsAreReported whether that is known at all
     */
    void take(
            CatalogueReader.Jobs reading,
            CatalogueSigns believed,
            Predicate<String> removalSeen,
            boolean removalsAreReported) {
        List<Problem> found = new ArrayList<>();
        List<Problem> lost = new ArrayList<>();
        Set<String> wanted = new TreeSet<>();
        Set<String> kept = new HashSet<>();
        lists.forEach((key, known) -> {
            Set<String> now = reading.lists().get(key);
            if (now == null) {
                explainList(key, known, reading.problems(), found);
            } else {
                judge(key, known, now, reading, believed, removalSeen.test(key), removalsAreReported, kept);
            }
            // A list that cannot be read either is as doubtful as before.
            if (known.problem != null) {
                lost.add(known.problem);
            }
            wanted.addAll(known.names);
        });
        read.keySet().retainAll(wanted);
        good.keySet().retainAll(wanted);
        for (String name : wanted) {
            define(name, reading, kept.contains(name), found);
        }
        listed = wanted;
        problems = found;
        doubts = lost;
    }

    private static void explainList(String key, Known known, List<Problem> problems, List<Problem> found) {
        problems.stream()
                .filter(problem -> problem.where().equals(key))
                .forEach(problem ->
                        found.add(LastGoodText.explain(problem, "the list", known.readAt, "none of its jobs runs")));
    }

    private void judge(
            String key,
            Known known,
            Set<String> now,
            CatalogueReader.Jobs reading,
            CatalogueSigns believed,
            boolean removalSeen,
            boolean removalsAreReported,
            Set<String> allKept) {
        boolean isShared = key.equals(RedisKeys.JOB_LIST);
        Set<String> confirmed = new HashSet<>();
        Set<String> standing = new HashSet<>();
        // Only jobs that Redis had lost by then: the others were marked one by one, and may be there again.
        boolean allLostAreRemoved = reading.signs().isRemoved(key);
        for (String name : known.names) {
            if (reading.signs().isRemoved(isShared ? RedisKeys.job(name) : keys.agentJob(name))
                    || allLostAreRemoved && !known.seenLast.contains(name)) {
                confirmed.add(name);
            }
            if (reading.byName().containsKey(name)) {
                standing.add(name);
            }
        }
        CatalogueTrust.Kept kept = CatalogueTrust.ofList(
                believed,
                reading.signs(),
                new CatalogueTrust.Listing(
                        known.names,
                        known.seenLast,
                        now,
                        confirmed,
                        standing,
                        CatalogueTrust.Removals.of(removalSeen, removalsAreReported),
                        known.doubt));
        Set<String> names = new TreeSet<>(now);
        names.addAll(kept.names());
        CatalogueTrust.Doubt doubt = kept.doubt();
        if (doubt == null) {
            known.problem = null;
            known.readAt = clock.instant();
        } else if (doubt != known.doubt) {
            known.problem = DoubtText.ofJobs(doubt, key, kept.names(), isShared ? "" : " --agent " + keys.agent());
        }
        known.doubt = doubt;
        known.names = names;
        known.seenLast = Set.copyOf(now);
        allKept.addAll(kept.names());
    }

    private void define(String name, CatalogueReader.Jobs reading, boolean isKept, List<Problem> found) {
        Good before = good.get(name);
        CatalogueReader.StoredJob text = reading.byName().get(name);
        Problem unusable = reading.unusable().get(name);
        boolean ownIsSpoiled =
                text != null && unusable != null && before != null && before.key.equals(unusable.where());
        if (text == null || ownIsSpoiled) {
            if (unusable != null && !isKept) {
                found.add(explain(unusable, before));
            }
            return;
        }
        if (unusable != null) {
            found.add(new Problem(
                    unusable.where(), unusable.what() + "; " + text.key() + " is used instead", unusable.remedy()));
        }
        Read known = read.get(name);
        if (known == null || !known.text.equals(text)) {
            known = new Read(text, JobParser.parse(text.json(), name, text.key(), specs, defaultTimeoutNanos));
            read.put(name, known);
        }
        ParsedJob parsed = known.job;
        if (parsed.job() == null) {
            parsed.problems().forEach(problem -> found.add(explain(problem, before)));
            return;
        }
        found.addAll(parsed.problems());
        if (before == null || !before.job.equals(parsed)) {
            good.put(name, new Good(text.key(), parsed, clock.instant()));
        }
    }

    private static Problem explain(Problem problem, @Nullable Good before) {
        return LastGoodText.explain(
                problem, "the definition", before == null ? null : before.readAt, "the job does not run");
    }
}
