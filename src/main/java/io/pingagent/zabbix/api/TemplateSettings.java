package io.pingagent.zabbix.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Macros and tags that users set at our templates. An import replaces them by those of the file; this reads them before
 * and writes them into the file.
 */
@OwnedBy("caller")
final class TemplateSettings {

    private static final String SECRET = "1";
    private static final String VAULT = "2";

    private final ApiSession session;
    /** By technical name of the template. */
    private final Map<String, JsonObject> templates = new LinkedHashMap<>();

    private TemplateSettings(ApiSession session) {
        this.session = session;
    }

    /**
     * Reads what is there now.
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
     * A file of templates with what users set written into it, so that no moment of the import is without it.
     *
     * @param yaml as our files are written
     * @param lines gets one line for each macro and template with tags that differ from the file
     */
    String writtenInto(String yaml, List<String> lines) throws ApiException {
        TemplateSource source = new TemplateSource(yaml);
        for (Map.Entry<String, JsonObject> entry : templates.entrySet()) {
            String name = entry.getKey();
            for (JsonElement element : JsonFields.list(entry.getValue(), "macros")) {
                writeMacro(source, name, JsonFields.object(element, "macros"), lines);
            }
            int tags = 0;
            for (JsonElement element : JsonFields.list(entry.getValue(), "tags")) {
                JsonObject tag = JsonFields.object(element, "tags");
                tags += source.addTag(name, JsonFields.text(tag, "tag"), JsonFields.textOr(tag, "value", "")) ? 1 : 0;
            }
            if (tags > 0) {
                lines.add("template '" + name + "' keeps " + (tags == 1 ? "1 tag" : tags + " tags"));
            }
        }
        return source.text();
    }

    private static void writeMacro(TemplateSource source, String name, JsonObject macro, List<String> lines)
            throws ApiException {
        String text = JsonFields.text(macro, "macro");
        String value = JsonFields.textOr(macro, "value", "");
        String ofFile = source.macro(name, text);
        if (ofFile == null) {
            source.addMacro(
                    name,
                    text,
                    value,
                    JsonFields.textOr(macro, "description", ""),
                    JsonFields.textOr(macro, "type", "0").equals(VAULT));
            lines.add("template '" + name + "' keeps its macro " + text);
        } else if (!ofFile.equals(value)) {
            source.setMacro(name, text, value);
            lines.add("template '" + name + "' keeps " + text + "=" + value + "; the file has '" + ofFile + "'");
        }
    }
}
