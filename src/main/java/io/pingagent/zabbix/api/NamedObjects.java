package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds host groups and templates by name, and makes the group of the agents. */
@OwnedBy("caller")
final class NamedObjects {

    /** Where agents' hosts go. */
    static final String AGENTS_GROUP = "Ping agents";

    private final ApiSession session;

    NamedObjects(ApiSession session) {
        this.session = session;
    }

    /** The id of a host group, or null. */
    @Nullable
    String hostGroup(String name) throws ApiException {
        return id("hostgroup.get", "name", name, "groupid");
    }

    /**
     * The id of a template.
     *
     * @throws ApiException if it is not there
     */
    String template(String name) throws ApiException {
        String id = id("template.get", "host", name, "templateid");
        if (id == null) {
            throw new ApiException(
                    Kind.REFUSED,
                    "Zabbix has no template '" + name + "' that the token's user may read",
                    "import it from zabbix-templates/" + TemplateFiles.folder(session.version())
                            + ", and give the token's user read permission on 'Templates/Modules'");
        }
        return id;
    }

    /** The ids of templates, as the API takes them. */
    JsonArray templates(List<String> names) throws ApiException {
        JsonArray ids = new JsonArray();
        for (String name : names) {
            ids.add(JsonFields.of("templateid", template(name)));
        }
        return ids;
    }

    /** Makes a host group. */
    String createHostGroup(String name) throws ApiException {
        JsonElement created = session.call("hostgroup.create", JsonFields.of("name", name));
        List<String> ids = new ArrayList<>();
        for (JsonElement id : JsonFields.list(JsonFields.object(created, "hostgroup.create"), "groupids")) {
            ids.add(id.getAsString());
        }
        return ids.get(0);
    }

    private @Nullable String id(String method, String field, String value, String idField) throws ApiException {
        JsonObject parameters = JsonFields.with("filter", JsonFields.of(field, value));
        parameters.add("output", JsonFields.texts(idField));
        List<String> ids = new ArrayList<>();
        session.each(method, parameters, found -> ids.add(JsonFields.text(found, idField)));
        return ids.isEmpty() ? null : ids.get(0);
    }
}
