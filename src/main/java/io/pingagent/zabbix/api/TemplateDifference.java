package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides from {@code configuration.importcompare} whether an import is needed. What users set or added is no reason:
 * values of macros, further macros and tags, and anything that our file lacks. Stateless.
 */
final class TemplateDifference {

    private TemplateDifference() {}

    /** Whether an import brings anything that Zabbix lacks. */
    static boolean isNeeded(JsonElement comparison) throws ApiException {
        if (comparison instanceof JsonArray array) {
            // Nothing at all is an empty list.
            return !array.isEmpty();
        }
        return isNeeded(JsonFields.object(comparison, "configuration.importcompare"));
    }

    private static boolean isNeeded(JsonObject kinds) throws ApiException {
        for (Map.Entry<String, JsonElement> kind : kinds.entrySet()) {
            if (!(kind.getValue() instanceof JsonObject changes)) {
                continue;
            }
            if (!JsonFields.list(changes, "added").isEmpty()) {
                return true;
            }
            for (JsonElement element : JsonFields.list(changes, "updated")) {
                JsonObject updated = JsonFields.object(element, "updated");
                JsonObject before = JsonFields.object(updated.get("before"), "before");
                JsonObject after = JsonFields.object(updated.get("after"), "after");
                if (!isSame(before, after)) {
                    return true;
                }
                JsonObject below = updated.deepCopy();
                below.remove("before");
                below.remove("after");
                if (isNeeded(below)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isSame(JsonObject before, JsonObject after) throws ApiException {
        JsonObject one = before.deepCopy();
        JsonObject other = after.deepCopy();
        one.remove("macros");
        one.remove("tags");
        other.remove("macros");
        other.remove("tags");
        return one.equals(other)
                && hasAll(JsonFields.list(before, "macros"), JsonFields.list(after, "macros"), "macro")
                && hasAll(JsonFields.list(before, "tags"), JsonFields.list(after, "tags"), "tag");
    }

    /** Whether everything of the second list is in the first by its name. */
    private static boolean hasAll(JsonArray all, JsonArray wanted, String name) throws ApiException {
        Map<String, JsonObject> byName = new HashMap<>();
        for (JsonElement element : all) {
            JsonObject one = JsonFields.object(element, name);
            byName.put(JsonFields.text(one, name), one);
        }
        List<String> missing = new ArrayList<>();
        for (JsonElement element : wanted) {
            String text = JsonFields.text(JsonFields.object(element, name), name);
            if (!byName.containsKey(text)) {
                missing.add(text);
            }
        }
        return missing.isEmpty();
    }
}
