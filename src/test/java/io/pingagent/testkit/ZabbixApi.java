package io.pingagent.testkit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Zabbix's JSON-RPC, as {@code Admin}. Any thread. */
public final class ZabbixApi {

    private static final List<String> IMPORTED =
            List.of("discoveryRules", "graphs", "items", "templateDashboards", "templates", "triggers", "valueMaps");

    private final URI url;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private volatile String version = "";
    private volatile @Nullable String session;

    ZabbixApi(URI url) {
        this.url = url;
    }

    /** Of Zabbix, as the API says it: {@code 7.0.22}. */
    public String version() {
        return version;
    }

    /** The API's address. */
    public URI url() {
        return url;
    }

    void login() throws IOException {
        version = call("apiinfo.version", new JsonArray()).getAsString();
        session = call("user.login", object("username", "Admin", "password", "zabbix"))
                .getAsString();
    }

    /**
     * Any method.
     *
     * @throws IOException with the API's own words if it refuses
     */
    public JsonElement call(String method, JsonElement parameters) throws IOException {
        JsonObject request = object("jsonrpc", "2.0", "method", method);
        request.add("params", parameters);
        request.addProperty("id", 1);
        HttpRequest.Builder post = HttpRequest.newBuilder(url)
                .timeout(Duration.ofMinutes(5))
                .header("Content-Type", "application/json-rpc");
        if (session != null && !method.equals("user.login") && !method.equals("apiinfo.version")) {
            if (is60()) {
                request.addProperty("auth", session);
            } else {
                post.header("Authorization", "Bearer " + session);
            }
        }
        post.POST(HttpRequest.BodyPublishers.ofString(request.toString()));
        try {
            HttpResponse<String> response = http.send(post.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(method + ": HTTP " + response.statusCode() + " " + response.body());
            }
            JsonObject answer = JsonParser.parseString(response.body()).getAsJsonObject();
            if (!answer.has("result")) {
                throw new IOException(method + " is refused: " + answer.get("error"));
            }
            return answer.get("result");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + method);
        }
    }

    /** Imports a template file as the frontend does with every box ticked, deletion of what is missing included. */
    public void importYaml(String yaml) throws IOException {
        call("configuration.import", importParameters(yaml));
    }

    /** What an import would change; {@code []} if nothing. */
    public JsonElement importCompare(String yaml) throws IOException {
        return call("configuration.importcompare", importParameters(yaml));
    }

    private boolean is60() {
        return version.startsWith("6.0.");
    }

    private JsonObject importParameters(String yaml) {
        JsonObject rules = new JsonObject();
        for (String name : IMPORTED) {
            JsonObject rule = new JsonObject();
            rule.addProperty("createMissing", true);
            rule.addProperty("updateExisting", true);
            if (!name.equals("templates")) {
                rule.addProperty("deleteMissing", true);
            }
            rules.add(name, rule);
        }
        JsonObject groups = new JsonObject();
        groups.addProperty("createMissing", true);
        groups.addProperty("updateExisting", true);
        if (is60()) {
            rules.add("groups", groups);
        } else {
            rules.add("template_groups", groups);
            rules.add("host_groups", groups);
        }
        JsonObject links = new JsonObject();
        links.addProperty("createMissing", true);
        links.addProperty("deleteMissing", true);
        rules.add("templateLinkage", links);
        JsonObject parameters = object("format", "yaml", "source", yaml);
        parameters.add("rules", rules);
        return parameters;
    }

    /** The id of a template by its technical name. */
    public String templateId(String name) throws IOException {
        return onlyId("template.get", "host", name, "templateid");
    }

    /** The id of a host by its technical name. */
    public String hostId(String name) throws IOException {
        return onlyId("host.get", "host", name, "hostid");
    }

    private String onlyId(String method, String field, String value, String id) throws IOException {
        JsonObject parameters = new JsonObject();
        parameters.add("filter", object(field, value));
        JsonArray found = call(method, parameters).getAsJsonArray();
        if (found.size() != 1) {
            throw new IOException(method + " finds " + found.size() + " of the name " + value);
        }
        return found.get(0).getAsJsonObject().get(id).getAsString();
    }

    /**
     * Creates a host without interfaces in the group "Ping agents", which is made if need be.
     *
     * @return its id
     */
    public String createHost(String name, String... templateIds) throws IOException {
        JsonObject host = object("host", name);
        host.add("groups", list(object("groupid", groupOfAgents())));
        JsonArray templates = new JsonArray();
        for (String id : templateIds) {
            templates.add(object("templateid", id));
        }
        host.add("templates", templates);
        return call("host.create", host)
                .getAsJsonObject()
                .getAsJsonArray("hostids")
                .get(0)
                .getAsString();
    }

    /** One at a time: tests run side by side, and only one of them can make the group. */
    private synchronized String groupOfAgents() throws IOException {
        JsonObject filter = new JsonObject();
        filter.add("filter", object("name", "Ping agents"));
        JsonArray groups = call("hostgroup.get", filter).getAsJsonArray();
        return groups.isEmpty()
                ? call("hostgroup.create", object("name", "Ping agents"))
                        .getAsJsonObject()
                        .getAsJsonArray("groupids")
                        .get(0)
                        .getAsString()
                : groups.get(0).getAsJsonObject().get("groupid").getAsString();
    }

    /** Whether there is a host of that technical name. */
    public boolean hostExists(String name) throws IOException {
        JsonObject parameters = new JsonObject();
        parameters.add("filter", object("host", name));
        return !call("host.get", parameters).getAsJsonArray().isEmpty();
    }

    /**
     * Lets agents make their hosts known, with a key only: the host gets the template, and the encryption that it asked with.
     *
     * @param identity of the pre-shared key that all of them have
     * @param key in hexadecimal digits
     * @param metadata what an agent's words about itself must hold
     * @param template by its technical name
     */
    public void autoregistration(String identity, String key, String metadata, String template) throws IOException {
        call("autoregistration.update", object("tls_accept", "2", "tls_psk_identity", identity, "tls_psk", key));
        JsonObject action = object("name", metadata, "eventsource", "2");
        JsonObject filter = object("evaltype", "0");
        filter.add("conditions", list(object("conditiontype", "24", "operator", "2", "value", metadata)));
        action.add("filter", filter);
        JsonArray operations = new JsonArray();
        operations.add(object("operationtype", "2"));
        JsonObject group = object("operationtype", "4");
        group.add("opgroup", list(object("groupid", groupOfAgents())));
        operations.add(group);
        JsonObject link = object("operationtype", "6");
        link.add("optemplate", list(object("templateid", templateId(template))));
        operations.add(link);
        action.add("operations", operations);
        call("action.create", action);
    }

    /** Sets a macro of a host that the host does not have yet. */
    public void addHostMacro(String hostId, String macro, String value) throws IOException {
        call("usermacro.create", object("hostid", hostId, "macro", macro, "value", value));
    }

    /** The items of a host, discovered ones included, by key. */
    public Map<String, JsonObject> items(String hostId) throws IOException {
        JsonObject parameters = object("hostids", hostId);
        parameters.addProperty("output", "extend");
        parameters.addProperty("selectTags", "extend");
        return byName(call("item.get", parameters).getAsJsonArray(), "key_");
    }

    /** The discovery rules of a host by key; {@code error} is empty where all is well. */
    public Map<String, JsonObject> discoveryRules(String hostId) throws IOException {
        JsonObject parameters = object("hostids", hostId);
        parameters.addProperty("output", "extend");
        return byName(call("discoveryrule.get", parameters).getAsJsonArray(), "key_");
    }

    /** The triggers of a host, discovered ones included, by name with macros expanded. */
    public Map<String, JsonObject> triggers(String hostId) throws IOException {
        JsonObject parameters = object("hostids", hostId);
        parameters.addProperty("output", "extend");
        parameters.addProperty("expandDescription", true);
        parameters.addProperty("selectDependencies", "extend");
        return byName(call("trigger.get", parameters).getAsJsonArray(), "description");
    }

    /** The names of a host's graphs, discovered ones included. */
    public List<String> graphs(String hostId) throws IOException {
        JsonObject parameters = object("hostids", hostId);
        parameters.addProperty("output", "extend");
        return List.copyOf(
                byName(call("graph.get", parameters).getAsJsonArray(), "name").keySet());
    }

    /** The problems of a host that are open now, by name. */
    public Map<String, JsonObject> problems(String hostId) throws IOException {
        JsonObject parameters = object("hostids", hostId);
        parameters.addProperty("output", "extend");
        parameters.addProperty("selectTags", "extend");
        return byName(call("problem.get", parameters).getAsJsonArray(), "name");
    }

    /**
     * All stored values of an item, oldest first.
     *
     * @param item as {@link #items} gives it
     */
    public List<HistoryValue> history(JsonObject item) throws IOException {
        JsonObject parameters = object("itemids", item.get("itemid").getAsString());
        parameters.addProperty("history", item.get("value_type").getAsInt());
        parameters.addProperty("output", "extend");
        List<HistoryValue> values = new ArrayList<>();
        for (JsonElement element : call("history.get", parameters).getAsJsonArray()) {
            JsonObject row = element.getAsJsonObject();
            values.add(new HistoryValue(
                    row.get("clock").getAsLong(),
                    row.get("ns").getAsInt(),
                    row.get("value").getAsString()));
        }
        values.sort((a, b) -> a.clock != b.clock ? Long.compare(a.clock, b.clock) : Integer.compare(a.nanos, b.nanos));
        return values;
    }

    /**
     * A value in the history.
     *
     * @param clock Unix seconds
     */
    public record HistoryValue(long clock, int nanos, String value) {}

    /** A JSON object of names and values in turn. */
    public static JsonObject object(String... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.addProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    private static JsonArray list(JsonElement element) {
        JsonArray array = new JsonArray();
        array.add(element);
        return array;
    }

    private static Map<String, JsonObject> byName(JsonArray rows, String name) {
        Map<String, JsonObject> map = new TreeMap<>();
        for (JsonElement row : rows) {
            map.put(row.getAsJsonObject().get(name).getAsString(), row.getAsJsonObject());
        }
        return map;
    }
}
