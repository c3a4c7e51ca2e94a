package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.jobs.CronSpecs;
import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Job;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code probe.canaries} as a job beside those of the catalogue. */
@OwnedBy("ping-reload")
public final class Canaries {

    private static final String KEY = "probe.canaries";
    private static final String SPEC = "*/10 * * * * *";

    private final List<IpAddress> addresses;
    private final JobSetup setup;

    public Canaries(List<IpAddress> addresses, CronSpecs specs, long timeoutNanos) {
        this.addresses = addresses;
        this.setup = new JobSetup(
                new Job(KEY, KEY, SPEC, List.of()),
                specs.get(SPEC),
                List.of(AddressSet.of(addresses.toArray(IpAddress[]::new))),
                timeoutNanos);
    }

    /** The jobs, and that of the canaries. */
    public Map<String, JobSetup> with(Map<String, JobSetup> jobs) {
        if (addresses.isEmpty()) {
            return jobs;
        }
        // No name of a job in Redis is a key of the configuration; if one were, the canaries would go first.
        Map<String, JobSetup> all = new HashMap<>(jobs);
        all.put(KEY, setup);
        return all;
    }

    /** Whether this job is that of the canaries. */
    static boolean are(Job job) {
        return job.key().equals(KEY);
    }

    /** Once the engine has the jobs. */
    public void announce(ProbeEngine engine) {
        engine.canaries(addresses.stream()
                .mapToInt(engine::targetId)
                .filter(targetId -> targetId >= 0)
                .toArray());
    }
}
