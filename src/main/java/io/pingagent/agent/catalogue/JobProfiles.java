package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.Job;
import io.pingagent.model.ProbeProfile;
import io.pingagent.model.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * With which profile each address is probed: that of its job. Of several jobs with different profiles the first in the
 * order of names wins, for an address is probed in one way only.
 */
@OwnedBy("ping-reload")
final class JobProfiles {

    /** Each takes some file descriptors and half a megabyte. */
    static final int MOST = 32;

    /** @param job that wins */
    private record Pair(Job job, Job other) {}

    private static final class Clash {
        final int firstTargetId;
        int addresses;

        Clash(int firstTargetId) {
            this.firstTargetId = firstTargetId;
        }
    }

    private final ProbeEngine engine;
    private final ProbeProfile configured;
    private boolean wereUsed;
    private boolean wereEverUsed;
    private List<Problem> refused = List.of();
    private List<Problem> clashes = List.of();

    /** @param configured that of {@code probe.*}, with a value for each part that has one */
    JobProfiles(ProbeEngine engine, ProbeProfile configured) {
        this.engine = engine;
        this.configured = configured;
    }

    /** What differs from the configuration. Canaries have no wish of their own. */
    ProbeProfile of(Job job) {
        return job.profile().without(configured);
    }

    /** Whether any job has a profile now. */
    boolean areUsed() {
        return wereUsed;
    }

    /**
     * Brings the engine's sockets in line, and tries again to open those that were refused. Also when the last profile is
     * gone: the engine closes its sockets at a later call.
     */
    void open(Map<String, JobSetup> wanted) {
        Map<ProbeProfile, List<String>> jobs = new LinkedHashMap<>();
        new TreeMap<>(wanted).forEach((name, setup) -> {
            ProbeProfile profile = of(setup.job());
            if (!profile.equals(ProbeProfile.DEFAULT)) {
                jobs.computeIfAbsent(profile, key -> new ArrayList<>()).add(name);
            }
        });
        if (jobs.isEmpty() && !wereEverUsed) {
            return;
        }
        wereEverUsed = true;
        wereUsed = !jobs.isEmpty();
        Map<ProbeProfile, String> labels = new HashMap<>();
        List<Problem> tooMany = new ArrayList<>();
        jobs.forEach((profile, names) -> {
            if (labels.size() < MOST) {
                String first = "job '" + names.get(0) + "'";
                labels.put(profile, names.size() == 1 ? first : first + " (and " + (names.size() - 1) + " more)");
            } else {
                tooMany.add(new Problem(
                        Objects.requireNonNull(wanted.get(names.get(0))).job().key(),
                        "jobs have more than " + MOST + " different profiles, so probes with this one (" + profile
                                + ") are not sent",
                        "give some jobs the same profile, or share them among several agents"));
            }
        });
        refused = ProblemFold.fold(tooMany, "jobs");
        engine.useProfiles(labels);
    }

    /** Finds out who wins where jobs name the same address. */
    final class Owners {
        private final Job[] byTarget = new Job[engine.targetLimit()];
        private final Map<Pair, Clash> found = new LinkedHashMap<>();

        /** Of all jobs in the order of their names. */
        void add(Job job, int[] targetIds) {
            for (int targetId : targetIds) {
                Job first = byTarget[targetId];
                if (first == null) {
                    byTarget[targetId] = job;
                } else if (!of(first).equals(of(job))) {
                    found.computeIfAbsent(new Pair(first, job), pair -> new Clash(targetId)).addresses++;
                }
            }
        }

        void end() {
            List<Problem> problems = new ArrayList<>();
            found.forEach((pair, clash) -> problems.add(problem(pair, clash)));
            clashes = ProblemFold.fold(problems, "jobs");
        }
    }

    private Problem problem(Pair pair, Clash clash) {
        return new Problem(
                pair.other.key(),
                "its profile (" + of(pair.other) + ") is not used for " + clash.addresses
                        + (clash.addresses == 1 ? " address, " : " addresses, for example ")
                        + engine.address(clash.firstTargetId) + ": the job '" + pair.job.name()
                        + "' names " + (clash.addresses == 1 ? "it" : "them") + " too, and probes with its own ("
                        + of(pair.job) + ")",
                "give both jobs the same profile, or take the addresses out of one of them");
    }

    /** Null where no job has a profile: then there is nothing to find out. */
    @Nullable
    Owners owners() {
        clashes = List.of();
        return wereUsed ? new Owners() : null;
    }

    /** What users have to correct. */
    List<Problem> problems() {
        List<Problem> all = new ArrayList<>(refused);
        all.addAll(clashes);
        return all;
    }
}
