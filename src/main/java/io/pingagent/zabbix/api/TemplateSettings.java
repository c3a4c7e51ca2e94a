package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Macros and tags that people set at our templates. An import replaces them by those of the file; this remembers them before
 * and puts them back after. Used by one thread.
 */
final class TemplateSettings {

    private static final String SECRET = "1";

    private final ApiSession session;
    /** By technical name of the template. */
    private final Map<String, JsonObject> templates = new LinkedHashMap<>();

    private TemplateSettings(ApiSession session) {
        this.session = session;
    }

    /**
     * Remembers what is there now.
     *
     * @throws ApiException also if a macro is secret, for its value cannot be read and an import would lose it
     */
    static TemplateSettings of(ApiSession session, Set<String> templateNames) throws ApiException {
        TemplateSettings settings = new TemplateSettings(session);
        settings.templates.putAll(settings.read(templateNames));
        for (Map.Entry<String, JsonObject> template : settings.templates.entrySet()) {
            for (JsonElement element : JsonFields.list(template.getValue(), "macros")) {
                JsonObject macro = JsonFields.object(element, "macros");
                if (JsonFields.textOr(macro, "type", "0").equals(SECRET)) {
                    throw new ApiException(
                            Kind.REFUSED,
                            "template '" + template.getKey() + "' has the secret macro "
                                    + JsonFields.text(macro, "macro") + ", which an import would lose",
                            "move it to the host or to another template, or import the file by hand");
                }
            }
        }
        return settings;
    }

    private Map<String, JsonObject> read(Set<String> names) throws ApiException {
        Map<String, JsonObject> found = new LinkedHashMap<>();
        if (names.isEmpty()) {
            return found;
        }
        JsonObject filter = JsonFields.with("host", JsonFields.texts(names));
        JsonObject parameters = JsonFields.with("filter", filter);
        parameters.add("output", JsonFields.texts("templateid", "host"));
        parameters.addProperty("selectMacros", "extend");
        parameters.addProperty("selectTags", "extend");
        session.each("template.get", parameters, template -> found.put(JsonFields.text(template, "host"), template));
        return found;
    }

    /**
     * Puts back what an import has changed.
     *
     * @return one line for each macro and tag
     */
    List<String> putBack() throws ApiException {
        List<String> lines = new ArrayList<>();
        Map<String, JsonObject> now = read(templates.keySet());
        for (Map.Entry<String, JsonObject> entry : templates.entrySet()) {
            JsonObject template = now.get(entry.getKey());
            if (template != null) {
                putBackMacros(entry.getKey(), entry.getValue(), template, lines);
                putBackTags(entry.getKey(), entry.getValue(), template, lines);
            }
        }
        return lines;
    }

    private void putBackMacros(String name, JsonObject before, JsonObject now, List<String> lines) throws ApiException {
        Map<String, JsonObject> there = new LinkedHashMap<>();
        for (JsonElement element : JsonFields.list(now, "macros")) {
            JsonObject macro = JsonFields.object(element, "macros");
            there.put(JsonFields.text(macro, "macro"), macro);
        }
        for (JsonElement element : JsonFields.list(before, "macros")) {
            JsonObject macro = JsonFields.object(element, "macros");
            String text = JsonFields.text(macro, "macro");
            String value = JsonFields.textOr(macro, "value", "");
            JsonObject replaced = there.get(text);
            if (replaced == null) {
                JsonObject created = JsonFields.of(
                        "hostid",
                        JsonFields.text(now, "templateid"),
                        "macro",
                        text,
                        "value",
                        value,
                        "description",
                        JsonFields.textOr(macro, "description", ""),
                        "type",
                        JsonFields.textOr(macro, "type", "0"));
                session.call("usermacro.create", created);
                lines.add("template '" + name + "' keeps its macro " + text);
            } else if (!JsonFields.textOr(replaced, "value", "").equals(value)) {
                session.call(
                        "usermacro.update",
                        JsonFields.of("hostmacroid", JsonFields.text(replaced, "hostmacroid"), "value", value));
                lines.add("template '" + name + "' keeps " + text + "=" + value + "; the file has '"
                        + JsonFields.textOr(replaced, "value", "") + "'");
            }
        }
    }

    private void putBackTags(String name, JsonObject before, JsonObject now, List<String> lines) throws ApiException {
        Set<JsonObject> tags = new LinkedHashSet<>(tags(now));
        List<JsonObject> lost =
                tags(before).stream().filter(tag -> !tags.contains(tag)).toList();
        if (lost.isEmpty()) {
            return;
        }
        tags.addAll(lost);
        JsonArray all = new JsonArray();
        tags.forEach(all::add);
        JsonObject parameters = JsonFields.of("templateid", JsonFields.text(now, "templateid"));
        parameters.add("tags", all);
        session.call("template.update", parameters);
        lines.add("template '" + name + "' keeps " + (lost.size() == 1 ? "1 tag" : lost.size() + " tags"));
    }

    private static List<JsonObject> tags(JsonObject template) throws ApiException {
        List<JsonObject> tags = new ArrayList<>();
        for (JsonElement element : JsonFields.list(template, "tags")) {
            JsonObject tag = JsonFields.object(element, "tags");
            tags.add(JsonFields.of("tag", JsonFields.text(tag, "tag"), "value", JsonFields.textOr(tag, "value", "")));
        }
        return tags;
    }
}
