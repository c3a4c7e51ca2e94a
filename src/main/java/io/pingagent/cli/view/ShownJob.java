package io.pingagent.cli.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.cli.shell.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job's definition as it is shown. What cannot be read is empty. Field names are taken in any case.
 *
 * @param spec the cron spec
 * @param groups the groups named
 * @param others further fields, as written, by their names in lower case
 */
public record ShownJob(String spec, List<String> groups, Map<String, String> others) {

    private static final ShownJob EMPTY = new ShownJob("", List.of(), Map.of());

    public static ShownJob of(@Nullable String json) {
        JsonElement parsed = json == null ? null : Json.parse(json);
        if (parsed == null || !parsed.isJsonObject()) {
            return EMPTY;
        }
        JsonObject object = parsed.getAsJsonObject();
        Map<String, String> others = new HashMap<>();
        for (String written : object.keySet()) {
            String field = written.toLowerCase(Locale.ROOT);
            others.put(field, String.join(", ", list(object, field)));
        }
        return new ShownJob(text(object, "spec"), list(object, "group"), others);
    }

    /** A field as written, empty if it is not there; its name in lower case. */
    public String field(String name) {
        return others.getOrDefault(name, "");
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
