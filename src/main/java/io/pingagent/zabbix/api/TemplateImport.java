package io.pingagent.zabbix.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Imports our templates where Zabbix has not got them, or has others. Creates and updates only: what users added to a
 * template stays.
 */
@OwnedBy("caller")
public final class TemplateImport {

    private static final List<String> KINDS =
            List.of("discoveryRules", "graphs", "items", "templateDashboards", "templates", "triggers", "valueMaps");

    /** The technical name, which each template of our files has at this depth. */
    private static final Pattern TEMPLATE = Pattern.compile("(?m)^      template: '?(.+?)'?$");

    private final ApiSession session;

    public TemplateImport(ApiSession session) {
        this.session = session;
    }

    /**
     * Imports what differs.
     *
     * @param isDryRun whether nothing is changed
     * @return one line for each file that is imported, or would be, and for what of the users' was kept
     */
    public List<String> run(boolean isDryRun) throws ApiException {
        List<String> lines = new ArrayList<>();
        String folder = TemplateFiles.folder(session.version());
        for (String name : TemplateFiles.NAMES) {
            String yaml = TemplateFiles.text(folder, name);
            JsonElement comparison = session.call("configuration.importcompare", parameters(yaml));
            if (!TemplateDifference.isNeeded(comparison)) {
                continue;
            }
            Set<String> templates = templates(yaml);
            String what = folder + "/" + name + ": '" + String.join("', '", templates) + "'";
            if (isDryRun) {
                lines.add("would import " + what);
                continue;
            }
            List<String> kept = new ArrayList<>();
            String source = TemplateSettings.of(session, templates).writtenInto(yaml, kept);
            session.call("configuration.import", parameters(source));
            lines.add("imported " + what);
            lines.addAll(kept);
        }
        return lines;
    }

    static Set<String> templates(String yaml) {
        Set<String> names = new LinkedHashSet<>();
        Matcher matcher = TEMPLATE.matcher(yaml);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private JsonObject parameters(String yaml) {
        JsonObject rules = new JsonObject();
        KINDS.forEach(kind -> rules.add(kind, createAndUpdate()));
        if (session.version().hasTemplateGroups()) {
            rules.add("host_groups", createAndUpdate());
            rules.add("template_groups", createAndUpdate());
        } else {
            rules.add("groups", createAndUpdate());
        }
        JsonObject links = new JsonObject();
        links.addProperty("createMissing", true);
        rules.add("templateLinkage", links);
        JsonObject parameters = JsonFields.of("format", "yaml", "source", yaml);
        parameters.add("rules", rules);
        return parameters;
    }

    private static JsonObject createAndUpdate() {
        JsonObject rule = new JsonObject();
        rule.addProperty("createMissing", true);
        rule.addProperty("updateExisting", true);
        return rule;
    }
}
