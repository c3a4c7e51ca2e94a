package io.pingagent.cli.view;

import io.pingagent.app.JobValidation;
import io.pingagent.model.Problem;
import io.pingagent.redis.admin.AdminAgent;
import io.pingagent.redis.admin.AdminJob;
import io.pingagent.redis.admin.RedisAdmin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The jobs that Redis lists, and what is wrong with each. Stateless. */
public final class ListedJobs {

    private ListedJobs() {}

    /** Shared jobs, then those of each agent, or of one. */
    public static List<AdminJob> read(RedisAdmin redis, @Nullable String agent) {
        List<AdminJob> jobs = new ArrayList<>(redis.jobs().all());
        if (agent != null) {
            jobs.addAll(redis.jobs().ofAgent(agent));
            return jobs;
        }
        for (AdminAgent each : redis.agents().all()) {
            if (each.ownJobs() > 0) {
                jobs.addAll(redis.jobs().ofAgent(each.name()));
            }
        }
        return jobs;
    }

    /** All of them that name a group. */
    public static List<AdminJob> naming(RedisAdmin redis, String group) {
        return read(redis, null).stream()
                .filter(job -> ShownJob.of(job.json()).groups().contains(group))
                .toList();
    }

    /** What is wrong with the definition, each with its remedy; empty if nothing is. */
    public static List<Problem> problems(AdminJob job) {
        String json = job.json();
        return json == null
                ? List.of(new Problem(
                        job.key(), "the job is listed but has no definition", "add it again with 'ping-agent job add'"))
                : JobValidation.check(job.name(), job.key(), json);
    }
}
