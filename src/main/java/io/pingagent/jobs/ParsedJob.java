package io.pingagent.jobs;

import io.pingagent.model.Job;
import io.pingagent.model.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link JobParser} made of a definition.
 *
 * @param job null if the definition cannot be used
 * @param spec the job's spec; null exactly when the job is
 * @param problems what is wrong; with a job these are warnings, and the job runs
 */
public record ParsedJob(@Nullable Job job, @Nullable CronSpec spec, List<Problem> problems) {

    public ParsedJob {
        problems = List.copyOf(problems);
    }
}
