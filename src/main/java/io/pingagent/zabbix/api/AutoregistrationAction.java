package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The action that makes the host of every agent whose host metadata holds {@code ping-agent}, and links our template. An
 * action of people's that does this is enough. Used by one thread.
 */
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

    /** As {@link AgentHost#ensure}. */
    public void ensure(
            List<String> templates, Encryption encryption, boolean isDryRun, List<String> lines, List<String> warnings)
            throws ApiException {
        encrypt(encryption, isDryRun, lines, warnings);
        JsonObject action = find(templates.get(0));
        if (action != null) {
            if (!JsonFields.text(action, "status").equals("0")) {
                warnings.add(
                        "autoregistration action '" + JsonFields.text(action, "name") + "' is disabled; enable it");
            }
            return;
        }
        lines.add((isDryRun ? "would make" : "made") + " autoregistration action '" + NAME
                + "': hosts of agents with the metadata '" + METADATA + "' go to group '" + NamedObjects.AGENTS_GROUP
                + "', linked to '" + String.join("', '", templates) + "'");
        if (!isDryRun) {
            create(templates);
        }
    }

    /** An action that links the template, enabled before disabled. */
    private @Nullable JsonObject find(String template) throws ApiException {
        JsonObject parameters = new JsonObject();
        JsonObject filter = new JsonObject();
        filter.addProperty("eventsource", EVENT_SOURCE);
        parameters.add("filter", filter);
        parameters.add("output", JsonFields.texts("actionid", "name", "status"));
        parameters.addProperty("selectOperations", "extend");
        List<JsonObject> actions = new ArrayList<>();
        session.each("action.get", parameters, actions::add);
        if (actions.isEmpty()) {
            return null;
        }
        JsonObject found = null;
        String templateId = null;
        for (JsonObject action : actions) {
            for (JsonElement element : JsonFields.list(action, "operations")) {
                for (JsonElement linked : JsonFields.list(JsonFields.object(element, "operations"), "optemplate")) {
                    if (templateId == null) {
                        templateId = objects.template(template);
                    }
                    boolean isOurs = JsonFields.text(JsonFields.object(linked, "optemplate"), "templateid")
                            .equals(templateId);
                    if (isOurs
                            && (found == null
                                    || JsonFields.text(action, "status").equals("0"))) {
                        found = action;
                    }
                }
            }
        }
        return found;
    }

    private void create(List<String> templates) throws ApiException {
        String known = objects.hostGroup(NamedObjects.AGENTS_GROUP);
        String groupId = known == null ? objects.createHostGroup(NamedObjects.AGENTS_GROUP) : known;
        JsonObject filter = new JsonObject();
        filter.addProperty("evaltype", 0);
        filter.add(
                "conditions",
                JsonFields.listOf(JsonFields.of(
                        "conditiontype", CONDITION_METADATA, "operator", OPERATOR_CONTAINS, "value", METADATA)));
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
