package io.pingagent.cli.view;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.cli.shell.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job's definition as far as it can be read, for showing: what is broken reads as empty. Field names in any case.
 *
 * @param spec the cron spec
 * @param groups the groups named
 * @param pttl seconds, as written
 * @param allowedLoss packets, as written
 * @param timeout seconds, as written
 */
public record JobText(String spec, List<String> groups, String pttl, String allowedLoss, String timeout) {

    private static final JobText EMPTY = new JobText("", List.of(), "", "", "");

    public static JobText of(@Nullable String json) {
        JsonElement parsed = json == null ? null : Json.parse(json);
        if (parsed == null || !parsed.isJsonObject()) {
            return EMPTY;
        }
        JsonObject object = parsed.getAsJsonObject();
        return new JobText(
                text(object, "spec"),
                list(object, "group"),
                text(object, "pttl"),
                text(object, "allowedloss"),
                text(object, "timeout"));
    }

    /** The JSON of a new definition. */
    public static String write(
            String name,
            String spec,
            List<String> groups,
            @Nullable Number pttl,
            @Nullable Number allowedLoss,
            @Nullable Number timeout) {
        JsonObject job = new JsonObject();
        job.addProperty("SPEC", spec);
        job.addProperty("name", name);
        JsonArray names = new JsonArray();
        groups.forEach(names::add);
        job.add("group", names);
        if (pttl != null) {
            job.addProperty("pttl", pttl);
        }
        if (allowedLoss != null) {
            job.addProperty("allowedloss", allowedLoss);
        }
        if (timeout != null) {
            job.addProperty("timeout", timeout);
        }
        return job.toString();
    }

    private static String text(JsonObject object, String field) {
        JsonElement value = find(object, field);
        return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
    }

    private static List<String> list(JsonObject object, String field) {
        JsonElement value = find(object, field);
        List<String> texts = new ArrayList<>();
        if (value != null && value.isJsonArray()) {
            for (JsonElement element : value.getAsJsonArray()) {
                if (element.isJsonPrimitive()) {
                    texts.add(element.getAsString());
                }
            }
        } else if (value != null && value.isJsonPrimitive()) {
            texts.add(value.getAsString());
        }
        return texts;
    }

    private static @Nullable JsonElement find(JsonObject object, String field) {
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            if (entry.getKey().toLowerCase(Locale.ROOT).equals(field)) {
                return entry.getValue();
            }
        }
        return null;
    }
}
