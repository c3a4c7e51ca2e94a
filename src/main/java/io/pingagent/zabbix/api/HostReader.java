package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.pingagent.base.OwnedBy;
import io.pingagent.model.ZabbixHost;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads hosts: first the ids of all that are meant, then pages of 1,000. Neither PHP nor this process has memory for a
 * list of any length.
 */
@OwnedBy("caller")
public final class HostReader {

    private static final int PAGE = 1_000;
    private static final String TRAPPER = "2";
    private static final String BY_SERVER = "0";
    private static final String BY_PROXY = "1";
    private static final String BY_PROXY_GROUP = "2";
    private static final String TAG_EQUALS = "1";
    private static final String TAG_EXISTS = "4";
    private static final String PING_KEY = "ping.status";
    private static final String ICMPPING_KEY = "icmpping";

    /** Types of interfaces in the order in which Zabbix itself prefers them, with the frontend's words. */
    private static final Map<Integer, String> TYPES = types();

    private final ApiSession session;

    public HostReader(ApiSession session) {
        this.session = session;
    }

    private static Map<Integer, String> types() {
        Map<Integer, String> types = new LinkedHashMap<>();
        types.put(1, "agent");
        types.put(2, "SNMP");
        types.put(4, "JMX");
        types.put(3, "IPMI");
        return types;
    }

    /** How many monitored hosts the token's user may read. */
    public int countReadable() throws ApiException {
        return count(new JsonObject());
    }

    /**
     * How many monitored hosts a selection finds.
     *
     * @throws ApiException as {@link #read}
     */
    public int count(HostSelection selection) throws ApiException {
        return count(filter(selection));
    }

    private int count(JsonObject parameters) throws ApiException {
        parameters.add("filter", JsonFields.of("status", "0"));
        parameters.addProperty("countOutput", true);
        JsonElement count = session.call("host.get", parameters);
        return JsonFields.number(count instanceof JsonPrimitive ? count.getAsString() : "", "host.get");
    }

    /**
     * The monitored hosts of a selection, discovered ones included, in the order of the API.
     *
     * @throws ApiException if the API refuses, or a group or template that is named is not there
     */
    public List<FoundHost> read(HostSelection selection) throws ApiException {
        JsonObject parameters = filter(selection);
        parameters.add("filter", JsonFields.of("status", "0"));
        parameters.add("output", JsonFields.texts("hostid"));
        List<String> ids = new ArrayList<>();
        session.each("host.get", parameters, host -> ids.add(JsonFields.text(host, "hostid")));
        List<FoundHost> hosts = new ArrayList<>(ids.size());
        for (int from = 0; from < ids.size(); from += PAGE) {
            readPage(ids.subList(from, Math.min(ids.size(), from + PAGE)), hosts);
        }
        return hosts;
    }

    private void readPage(List<String> ids, List<FoundHost> hosts) throws ApiException {
        Map<String, Set<ZabbixHost.Keys>> keys = keys(ids);
        JsonObject parameters = new JsonObject();
        parameters.add("hostids", JsonFields.texts(ids));
        parameters.add("filter", JsonFields.of("status", "0"));
        List<String> fields = new ArrayList<>(List.of("hostid", "host", "name", "flags"));
        fields.addAll(
                session.version().hasProxyGroups()
                        ? List.of("monitored_by", "proxyid", "proxy_groupid")
                        : List.of("proxy_hostid"));
        parameters.add("output", JsonFields.texts(fields));
        parameters.add("selectInterfaces", JsonFields.texts("type", "main", "useip", "ip", "dns"));
        session.each("host.get", parameters, host -> {
            String id = JsonFields.text(host, "hostid");
            hosts.add(new FoundHost(
                    id,
                    JsonFields.text(host, "host"),
                    JsonFields.textOr(host, "name", ""),
                    !JsonFields.textOr(host, "flags", "0").equals("0"),
                    monitor(host),
                    interfaces(JsonFields.list(host, "interfaces")),
                    keys.getOrDefault(id, Set.of())));
        });
    }

    private static FoundHost.Monitor monitor(JsonObject host) {
        String proxy = JsonFields.textOr(host, "proxy_hostid", "0");
        return switch (JsonFields.textOr(host, "monitored_by", proxy.equals("0") ? BY_SERVER : BY_PROXY)) {
            case BY_PROXY ->
                new FoundHost.Monitor(
                        FoundHost.Monitor.Kind.PROXY,
                        host.has("proxyid") ? JsonFields.textOr(host, "proxyid", "") : proxy);
            case BY_PROXY_GROUP ->
                new FoundHost.Monitor(FoundHost.Monitor.Kind.PROXY_GROUP, JsonFields.textOr(host, "proxy_groupid", ""));
            default -> FoundHost.Monitor.SERVER;
        };
    }

    private Map<String, Set<ZabbixHost.Keys>> keys(List<String> hostIds) throws ApiException {
        JsonObject parameters = new JsonObject();
        parameters.add("hostids", JsonFields.texts(hostIds));
        JsonObject filter = JsonFields.of("type", TRAPPER);
        filter.add("key_", JsonFields.texts(PING_KEY, ICMPPING_KEY));
        parameters.add("filter", filter);
        parameters.add("output", JsonFields.texts("hostid", "key_"));
        Map<String, Set<ZabbixHost.Keys>> keys = new HashMap<>();
        session.each(
                "item.get",
                parameters,
                item -> keys.computeIfAbsent(
                                JsonFields.text(item, "hostid"), id -> EnumSet.noneOf(ZabbixHost.Keys.class))
                        .add(
                                JsonFields.text(item, "key_").equals(PING_KEY)
                                        ? ZabbixHost.Keys.PING
                                        : ZabbixHost.Keys.ICMPPING));
        return keys;
    }

    private static List<FoundHost.Interface> interfaces(JsonArray all) throws ApiException {
        Map<Integer, FoundHost.Interface> byType = new HashMap<>();
        for (JsonElement element : all) {
            JsonObject one = JsonFields.object(element, "interfaces");
            if (!JsonFields.text(one, "main").equals("1")) {
                continue;
            }
            int type = JsonFields.number(one, "type");
            boolean isName = JsonFields.text(one, "useip").equals("0");
            String word = TYPES.getOrDefault(type, "type " + type);
            byType.put(
                    type,
                    new FoundHost.Interface(
                            word, JsonFields.text(one, isName ? "dns" : "ip").strip(), isName));
        }
        List<FoundHost.Interface> inOrder = new ArrayList<>();
        for (Integer type : TYPES.keySet()) {
            if (byType.containsKey(type)) {
                inOrder.add(byType.get(type));
            }
        }
        return inOrder;
    }

    private JsonObject filter(HostSelection selection) throws ApiException {
        JsonObject parameters = new JsonObject();
        if (!selection.hostGroups().isEmpty()) {
            parameters.add("groupids", JsonFields.texts(groupIds(selection.hostGroups())));
        }
        if (!selection.templates().isEmpty()) {
            parameters.add("templateids", JsonFields.texts(templateIds(selection.templates())));
        }
        if (!selection.tags().isEmpty()) {
            JsonArray tags = new JsonArray();
            selection.tags().forEach(tag -> tags.add(tag(tag)));
            parameters.add("tags", tags);
            parameters.addProperty("evaltype", 0);
            parameters.addProperty("inheritedTags", true);
        }
        return parameters;
    }

    private static JsonObject tag(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? JsonFields.of("tag", text, "operator", TAG_EXISTS)
                : JsonFields.of(
                        "tag", text.substring(0, equals), "value", text.substring(equals + 1), "operator", TAG_EQUALS);
    }

    /** The groups of these names and those below them, as in the filters of the frontend. */
    private Set<String> groupIds(List<String> names) throws ApiException {
        Set<String> ids = new LinkedHashSet<>();
        for (String name : names) {
            Set<String> ofName = new LinkedHashSet<>();
            JsonObject parameters = new JsonObject();
            parameters.add("output", JsonFields.texts("groupid", "name"));
            // Finds more than is meant: 'Routers' also 'Routers of guests', and upper and lower case are the same.
            parameters.add("search", JsonFields.of("name", name));
            parameters.addProperty("startSearch", true);
            session.each("hostgroup.get", parameters, group -> {
                String found = JsonFields.text(group, "name");
                if (found.equals(name) || found.startsWith(name + "/")) {
                    ofName.add(JsonFields.text(group, "groupid"));
                }
            });
            if (ofName.isEmpty()) {
                throw new ApiException(
                        Kind.UNKNOWN_NAME,
                        "Zabbix has no host group '" + name + "' that the token's user may read",
                        "write the full name as Zabbix shows it, or give the user group of the token's user read"
                                + " permission on it");
            }
            ids.addAll(ofName);
        }
        return ids;
    }

    /** The templates of these names, and all that are linked to them: their hosts have the items too. */
    private Set<String> templateIds(List<String> names) throws ApiException {
        Set<String> ids = new LinkedHashSet<>();
        for (String name : names) {
            Set<String> ofName = new LinkedHashSet<>();
            for (String field : List.of("host", "name")) {
                JsonObject parameters = JsonFields.with("filter", JsonFields.of(field, name));
                ofName.addAll(templates(parameters));
            }
            if (ofName.isEmpty()) {
                throw new ApiException(
                        Kind.UNKNOWN_NAME,
                        "Zabbix has no template '" + name + "' that the token's user may read",
                        "write its name as Zabbix shows it, or give the user group of the token's user read permission on"
                                + " its group");
            }
            ids.addAll(ofName);
        }
        Set<String> latest = ids;
        while (!latest.isEmpty()) {
            Set<String> below =
                    new LinkedHashSet<>(templates(JsonFields.with("parentTemplateids", JsonFields.texts(latest))));
            below.removeAll(ids);
            ids = new LinkedHashSet<>(ids);
            ids.addAll(below);
            latest = below;
        }
        return ids;
    }

    private List<String> templates(JsonObject parameters) throws ApiException {
        List<String> ids = new ArrayList<>();
        parameters.add("output", JsonFields.texts("templateid"));
        session.each("template.get", parameters, template -> ids.add(JsonFields.text(template, "templateid")));
        return ids;
    }
}
