package io.pingagent.app;

import io.pingagent.jobs.CronSpec;
import io.pingagent.jobs.JobParser;
import io.pingagent.model.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges jobs and specs for the command line, with the very code that the agent runs them with. Stateless. */
public final class JobValidation {

    private JobValidation() {}

    /**
     * @param name the job's name
     * @param key the Redis key of its definition, for the messages
     * @param json the definition
     * @return everything that is wrong, mere warnings included
     */
    public static List<Problem> check(String name, String key, String json) {
        return JobParser.parse(json, name, key).problems();
    }

    /** Whether agents can run it, perhaps with warnings. */
    public static boolean isUsable(String name, String key, String json) {
        return JobParser.parse(json, name, key).job() != null;
    }

    /** The time zone that a cron spec names, or null if {@code jobs.time-zone} of each agent holds. */
    public static @Nullable String zoneOfSpec(String spec) {
        return CronSpec.zoneNameIn(spec);
    }
}
