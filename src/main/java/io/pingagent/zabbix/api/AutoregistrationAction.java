package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The action that makes a host for each agent and links our template. It takes agents whose host metadata holds
 * {@code ping-agent}, or what the configuration says in its place. An action of the users that does this is enough.
 */
@OwnedBy("caller")
public final class AutoregistrationAction {

    /** What the metadata of an agent begins with. */
    static final String METADATA = "ping-agent";

    static final String NAME = "Ping agents: autoregistration";

    private static final int EVENT_SOURCE = 2;
    private static final int PSK = 2;
    private static final int UNENCRYPTED = 1;
    private static final String CONDITION_METADATA = "24";
    private static final String OPERATOR_CONTAINS = "2";
    private static final String ADD_HOST = "2";
    private static final String ADD_TO_GROUP = "4";
    private static final String LINK_TEMPLATE = "6";

    private final ApiSession session;
    private final NamedObjects objects;

    public AutoregistrationAction(ApiSession session) {
        this.session = session;
        this.objects = new NamedObjects(session);
    }

    /**
     * As {@link AgentHost#ensure}.
     *
     * @param metadata that the agent sends, not empty
     * @param encryption unencrypted or PSK, for autoregistration takes no certificates
     */
    public void ensure(
            List<String> templates,
            String metadata,
            Encryption encryption,
            boolean isDryRun,
            List<String> lines,
            List<String> warnings)
            throws ApiException {
        encrypt(encryption, isDryRun, lines, warnings);
        List<String> flaws = flawsOfTheBest(templates, metadata);
        if (flaws != null) {
            warnings.addAll(flaws);
            return;
        }
        String condition = metadata.contains(METADATA) ? METADATA : metadata;
        lines.add((isDryRun ? "would make" : "made") + " autoregistration action '" + NAME
                + "': hosts of agents with the metadata '" + condition + "' go to group '" + NamedObjects.AGENTS_GROUP
                + "', linked to '" + String.join("', '", templates) + "'");
        if (!isDryRun) {
            create(templates, condition);
        }
    }

    /** What the best of the actions that link the first template lacks; null if there is none. */
    private @Nullable List<String> flawsOfTheBest(List<String> templates, String metadata) throws ApiException {
        JsonObject parameters = new JsonObject();
        JsonObject filter = new JsonObject();
        filter.addProperty("eventsource", EVENT_SOURCE);
        parameters.add("filter", filter);
        parameters.add("output", JsonFields.texts("actionid", "name", "status"));
        parameters.addProperty("selectOperations", "extend");
        parameters.addProperty("selectFilter", "extend");
        List<JsonObject> actions = new ArrayList<>();
        session.each("action.get", parameters, actions::add);
        Map<String, String> idsByTemplate = new LinkedHashMap<>();
        List<String> fewest = null;
        for (JsonObject action : actions) {
            Set<String> linked = linked(action);
            if (linked.isEmpty()) {
                continue;
            }
            if (idsByTemplate.isEmpty()) {
                for (String template : templates) {
                    idsByTemplate.put(template, objects.template(template));
                }
            }
            if (linked.contains(idsByTemplate.get(templates.get(0)))) {
                List<String> flaws = flaws(action, linked, idsByTemplate, metadata);
                if (fewest == null || flaws.size() < fewest.size()) {
                    fewest = flaws;
                }
            }
        }
        return fewest;
    }

    /** The ids of the templates that an action links. */
    private static Set<String> linked(JsonObject action) throws ApiException {
        Set<String> ids = new LinkedHashSet<>();
        for (JsonElement element : JsonFields.list(action, "operations")) {
            for (JsonElement linked : JsonFields.list(JsonFields.object(element, "operations"), "optemplate")) {
                ids.add(JsonFields.text(JsonFields.object(linked, "optemplate"), "templateid"));
            }
        }
        return ids;
    }

    private static List<String> flaws(
            JsonObject action, Set<String> linked, Map<String, String> idsByTemplate, String metadata)
            throws ApiException {
        String name = "autoregistration action '" + JsonFields.text(action, "name") + "' ";
        List<String> flaws = new ArrayList<>();
        if (!JsonFields.text(action, "status").equals("0")) {
            flaws.add(name + "is disabled; enable it");
        }
        idsByTemplate.forEach((template, id) -> {
            if (!linked.contains(id)) {
                flaws.add(name + "does not link template '" + template + "'; add it to its operations");
            }
        });
        boolean asksForMetadata = false;
        boolean isMet = false;
        boolean asksForMore = false;
        JsonElement filter = action.get("filter");
        for (JsonElement element : JsonFields.list(
                filter == null ? new JsonObject() : JsonFields.object(filter, "filter"), "conditions")) {
            JsonObject condition = JsonFields.object(element, "conditions");
            if (JsonFields.textOr(condition, "conditiontype", "").equals(CONDITION_METADATA)
                    && JsonFields.textOr(condition, "operator", "").equals(OPERATOR_CONTAINS)) {
                asksForMetadata = true;
                isMet |= metadata.contains(JsonFields.textOr(condition, "value", ""));
            } else {
                asksForMore = true;
            }
        }
        if (asksForMetadata && !isMet) {
            flaws.add(
                    name + "does not match '" + metadata + "', the metadata of this agent; add the condition that host"
                            + " metadata contains it, or change zabbix.host-metadata");
        }
        if (asksForMore) {
            flaws.add(name + "has conditions besides 'host metadata contains'; see that they hold for the agents");
        }
        return flaws;
    }

    private void create(List<String> templates, String condition) throws ApiException {
        String known = objects.hostGroup(NamedObjects.AGENTS_GROUP);
        String groupId = known == null ? objects.createHostGroup(NamedObjects.AGENTS_GROUP) : known;
        JsonObject filter = new JsonObject();
        filter.addProperty("evaltype", 0);
        filter.add(
                "conditions",
                JsonFields.listOf(JsonFields.of(
                        "conditiontype", CONDITION_METADATA, "operator", OPERATOR_CONTAINS, "value", condition)));
        JsonObject group = JsonFields.of("operationtype", ADD_TO_GROUP);
        group.add("opgroup", JsonFields.listOf(JsonFields.of("groupid", groupId)));
        JsonObject link = JsonFields.of("operationtype", LINK_TEMPLATE);
        link.add("optemplate", objects.templates(templates));
        JsonArray operations = JsonFields.listOf(JsonFields.of("operationtype", ADD_HOST), group, link);
        JsonObject action = JsonFields.of("name", NAME);
        action.addProperty("eventsource", EVENT_SOURCE);
        action.addProperty("status", 0);
        action.add("filter", filter);
        action.add("operations", operations);
        session.call("action.create", action);
    }

    /** One PSK for the autoregistration of all agents; one that is there may be that of others, and stays. */
    private void encrypt(Encryption encryption, boolean isDryRun, List<String> lines, List<String> warnings)
            throws ApiException {
        if (!encryption.isPsk()) {
            return;
        }
        JsonObject parameters = JsonFields.with("output", JsonFields.texts("tls_accept"));
        int accepts = JsonFields.number(
                JsonFields.object(session.call("autoregistration.get", parameters), "autoregistration.get"),
                "tls_accept");
        if ((accepts & PSK) != 0) {
            warnings.add("autoregistration has a PSK already, which stays; it has to be that of zabbix.tls-psk-file"
                    + " (Administration, General, Autoregistration)");
            return;
        }
        lines.add((isDryRun ? "would let" : "let") + " autoregistration take PSK identity '" + encryption.pskIdentity()
                + "'");
        if (!isDryRun) {
            JsonObject update = JsonFields.of(
                    "tls_accept",
                    Integer.toString(PSK | UNENCRYPTED),
                    "tls_psk_identity",
                    encryption.pskIdentity(),
                    "tls_psk",
                    encryption.psk());
            session.call("autoregistration.update", update);
        }
    }
}
