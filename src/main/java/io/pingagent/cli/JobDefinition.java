package io.pingagent.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the definition of a job as it stands in Redis. Stateless. */
final class JobDefinition {

    private JobDefinition() {}

    /**
     * @param optional what a definition may leave to the agent's defaults, by field, in the order of writing. Values
     *     are numbers, texts, booleans and lists of texts; null for what is left out
     */
    static String json(String name, String spec, List<String> groups, Map<String, @Nullable Object> optional) {
        JsonObject job = new JsonObject();
        job.addProperty("SPEC", spec);
        job.addProperty("name", name);
        JsonArray names = new JsonArray();
        groups.forEach(names::add);
        job.add("group", names);
        optional.forEach((field, value) -> add(job, field, value));
        return job.toString();
    }

    private static void add(JsonObject job, String field, @Nullable Object value) {
        if (value instanceof Number number) {
            job.addProperty(field, number);
        } else if (value instanceof Boolean flag) {
            job.addProperty(field, flag);
        } else if (value instanceof List<?> texts) {
            JsonArray array = new JsonArray();
            texts.forEach(text -> array.add(text.toString()));
            job.add(field, array);
        } else if (value != null) {
            job.addProperty(field, value.toString());
        }
    }
}
