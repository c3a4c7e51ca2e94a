package io.pingagent.app;

import io.pingagent.jobs.CronSpec;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.jobs.JobParser;
import io.pingagent.jobs.ParsedJob;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Job;
import io.pingagent.model.Problem;
import io.pingagent.redis.CatalogueReader;
import io.pingagent.redis.RedisKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads jobs and groups and keeps the groups, so that a change of one needs no other to be read. Owned by
 * {@code ping-reload}.
 */
final class CatalogueLoader {

    /**
     * What is to be probed now, and what people have to mend.
     *
     * @param groups those that jobs name
     */
    record Catalogue(Map<String, JobSetup> jobs, Map<String, AddressSet> groups, List<Problem> problems) {}

    private final CatalogueReader reader;
    private final long defaultTimeoutNanos;
    private final CronSpecs specs;

    /** The definitions as last read: to work out a cron spec's gaps may take a millisecond, and few definitions change. */
    private record Read(CatalogueReader.JobText text, ParsedJob job) {}

    private final Map<String, Read> jobsRead = new HashMap<>();
    private final Map<String, AddressSet> groups = new HashMap<>();
    private final Map<String, List<Problem>> groupProblems = new HashMap<>();
    /** Of the lists of groups, not of one group. */
    private List<Problem> listProblems = List.of();

    private Catalogue last = new Catalogue(Map.of(), Map.of(), List.of());
    private String serverRun = "";

    CatalogueLoader(CatalogueReader reader, long defaultTimeoutNanos, CronSpecs specs) {
        this.reader = reader;
        this.defaultTimeoutNanos = defaultTimeoutNanos;
        this.specs = specs;
    }

    /**
     * Reads the jobs, and the groups that are new, stale or asked for.
     *
     * @param changedKeys keys known to have changed, or null to read everything
     * @throws io.pingagent.redis.RedisAwayException if Redis cannot be asked; nothing has changed then
     */
    Catalogue load(@Nullable Set<String> changedKeys) {
        CatalogueReader.Jobs jobs = reader.readJobs();
        if (jobs.byName().isEmpty()
                && !last.jobs().isEmpty()
                && !jobs.serverRun().equals(serverRun)) {
            return withProblem(new Problem(
                    RedisKeys.JOB_LIST,
                    "Redis was restarted and holds no jobs; the " + last.jobs().size()
                            + " known ones go on being probed",
                    "restore the jobs and groups, or restart the agent to stop probing them"));
        }
        serverRun = jobs.serverRun();
        List<Problem> problems = new ArrayList<>(jobs.problems());
        Map<String, ParsedJob> parsed = new TreeMap<>();
        Set<String> named = new HashSet<>();
        jobs.byName().forEach((name, text) -> {
            Read known = jobsRead.get(name);
            ParsedJob read = known != null && known.text.equals(text)
                    ? known.job
                    : JobParser.parse(text.json(), name, text.key(), specs);
            jobsRead.put(name, new Read(text, read));
            problems.addAll(read.problems());
            Job job = read.job();
            if (job != null) {
                parsed.put(name, read);
                named.addAll(job.groups());
            }
        });
        jobsRead.keySet().retainAll(jobs.byName().keySet());
        readGroups(named, changedKeys);
        Map<String, JobSetup> setups = new TreeMap<>();
        parsed.forEach((name, job) ->
                setups.put(name, setup(Objects.requireNonNull(job.job()), Objects.requireNonNull(job.spec()))));
        problems.addAll(listProblems);
        named.forEach(group -> problems.addAll(groupProblems.getOrDefault(group, List.of())));
        last = new Catalogue(setups, Map.copyOf(groups), problems);
        return last;
    }

    private Catalogue withProblem(Problem problem) {
        List<Problem> problems = new ArrayList<>(last.problems());
        problems.add(problem);
        return new Catalogue(last.jobs(), last.groups(), problems);
    }

    private void readGroups(Set<String> named, @Nullable Set<String> changedKeys) {
        groups.keySet().retainAll(named);
        groupProblems.keySet().retainAll(named);
        boolean listsChanged = changedKeys == null
                || changedKeys.contains(RedisKeys.GROUP_LIST)
                || changedKeys.contains(RedisKeys.GROUPS_LIST);
        Set<String> wanted = new HashSet<>();
        for (String name : named) {
            boolean isUnsettled = !groups.containsKey(name) || listsChanged && groupProblems.containsKey(name);
            if (changedKeys == null || isUnsettled || changedKeys.contains(RedisKeys.group(name))) {
                wanted.add(name);
            }
        }
        if (named.isEmpty()) {
            listProblems = List.of();
        }
        if (wanted.isEmpty()) {
            return;
        }
        // All at once: the lists and a connection for each of some thousand groups would take seconds.
        CatalogueReader.Groups read = reader.readGroups(wanted, groups);
        Map<String, List<Problem>> problemsByKey = new LinkedHashMap<>();
        for (Problem problem : read.problems()) {
            problemsByKey
                    .computeIfAbsent(problem.where(), key -> new ArrayList<>())
                    .add(problem);
        }
        for (String name : wanted) {
            groups.put(name, read.byName().getOrDefault(name, AddressSet.EMPTY));
            List<Problem> own = problemsByKey.remove(RedisKeys.group(name));
            if (own == null) {
                groupProblems.remove(name);
            } else {
                groupProblems.put(name, own);
            }
        }
        listProblems = problemsByKey.values().stream().flatMap(List::stream).toList();
    }

    private JobSetup setup(Job job, CronSpec spec) {
        List<AddressSet> sets = new ArrayList<>();
        for (String group : job.groups()) {
            sets.add(groups.getOrDefault(group, AddressSet.EMPTY));
        }
        Long timeoutNanos = job.timeoutNanos();
        return new JobSetup(job, spec, List.copyOf(sets), timeoutNanos == null ? defaultTimeoutNanos : timeoutNanos);
    }
}
