package io.pingagent.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the definition of a job as it stands in Redis. Stateless. */
final class JobDefinition {

    private JobDefinition() {}

    /**
     * What a definition may leave to the agent's defaults.
     *
     * @param pttl seconds
     * @param allowedLoss packets in 60 s
     * @param timeout seconds
     */
    record Limits(
            @Nullable Number pttl,
            @Nullable Number allowedLoss,
            @Nullable Number timeout) {}

    static String json(String name, String spec, List<String> groups, Limits limits) {
        JsonObject job = new JsonObject();
        job.addProperty("SPEC", spec);
        job.addProperty("name", name);
        JsonArray names = new JsonArray();
        groups.forEach(names::add);
        job.add("group", names);
        add(job, "pttl", limits.pttl);
        add(job, "allowedloss", limits.allowedLoss);
        add(job, "timeout", limits.timeout);
        return job.toString();
    }

    private static void add(JsonObject job, String field, @Nullable Number value) {
        if (value != null) {
            job.addProperty(field, value);
        }
    }
}
