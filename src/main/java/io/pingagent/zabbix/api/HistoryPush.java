package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sends values by {@code history.push} (Zabbix 7.0), which answers for each value. Finds out what the answer leaves
 * open. The API has one text for a host that is not there, an item that is not there and a missing right.
 */
@OwnedBy("caller")
public final class HistoryPush {

    private static final int PART = 1_000;
    private static final int MOST_EXAMPLES = 3;
    private static final String TRAPPER = "2";
    private static final String NO_PERMISSIONS = "No permissions to referred object";

    private final ApiSession session;

    /** @throws ApiException if this Zabbix is older than 7.0 */
    public HistoryPush(ApiSession session) throws ApiException {
        if (!session.version().takesHistory()) {
            throw new ApiException(
                    Kind.REFUSED,
                    "Zabbix " + session.version() + " does not say why it takes no value; history.push came with 7.0",
                    "see 'ping-agent doctor', and compare the host's items with those of 'ping-agent zabbix send"
                            + " --dry-run'");
        }
        this.session = session;
    }

    /** A value of an item, by {@code clockSeconds} and {@code nanos} of Unix time. */
    public record Value(String host, String key, String value, long clockSeconds, int nanos) {}

    /** Why a value is not taken. */
    public enum Reason {
        NO_HOST("Zabbix has no such host that the token's user may read", "see that the host exists under this name"),
        HOST_DISABLED("the host is disabled", "enable it"),
        NO_ITEM("the host has no such item", "link the template, or wait until the discovery has made the item"),
        NO_TRAPPER("the item is no trapper item", "set its type to Zabbix trapper"),
        ITEM_DISABLED("the item is disabled", "enable it, or leave it out with zabbix.items"),
        NOT_IN_CACHE(
                "the server does not know the item yet",
                "wait for its next look at the configuration, 10 s by default, and send again"),
        NOT_ALLOWED(
                "the allowed hosts of the item leave the frontend out",
                "the agent's own way by zabbix.servers may work; add the frontend's address to try it from here"),
        OTHER("the API says something else", "see the text");

        private final String text;
        private final String remedy;

        Reason(String text, String remedy) {
            this.text = text;
            this.remedy = remedy;
        }

        public String text() {
            return text;
        }

        public String remedy() {
            return remedy;
        }
    }

    /**
     * Values that were refused for one reason.
     *
     * @param said what the API said
     * @param examples host and key of the first of them
     */
    public record Group(Reason reason, String said, int values, List<String> examples) {
        public Group {
            examples = List.copyOf(examples);
        }
    }

    /**
     * What became of the values.
     *
     * @param accepted how many
     * @param refused in the order in which the reasons came up
     */
    public record Outcome(int accepted, List<Group> refused) {
        public Outcome {
            refused = List.copyOf(refused);
        }
    }

    private record Refusal(Value value, String said) {}

    /**
     * Sends values in parts.
     *
     * @throws ApiException if the API cannot be asked, or refuses the whole; parts sent before stay sent
     */
    public Outcome push(List<Value> values) throws ApiException {
        List<Refusal> refusals = new ArrayList<>();
        for (int from = 0; from < values.size(); from += PART) {
            push(values.subList(from, Math.min(values.size(), from + PART)), refusals);
        }
        return new Outcome(values.size() - refusals.size(), groups(refusals));
    }

    private void push(List<Value> part, List<Refusal> refusals) throws ApiException {
        JsonArray parameters = new JsonArray();
        for (Value value : part) {
            JsonObject one = JsonFields.of("host", value.host(), "key", value.key(), "value", value.value());
            one.addProperty("clock", value.clockSeconds());
            one.addProperty("ns", value.nanos());
            parameters.add(one);
        }
        JsonObject answer = JsonFields.object(session.call("history.push", parameters), "history.push");
        JsonArray data = JsonFields.list(answer, "data");
        if (data.size() != part.size()) {
            throw new ApiException(
                    Kind.REFUSED,
                    "history.push answers for " + data.size() + " of " + part.size() + " values: "
                            + JsonFields.textOr(answer, "info", JsonFields.textOr(answer, "response", "")),
                    "see that the frontend reaches the Zabbix server");
        }
        for (int i = 0; i < part.size(); i++) {
            String said = JsonFields.textOr(JsonFields.object(data.get(i), "data"), "error", "");
            if (!said.isEmpty()) {
                refusals.add(new Refusal(part.get(i), said));
            }
        }
    }

    private List<Group> groups(List<Refusal> refusals) throws ApiException {
        Map<String, List<Refusal>> byCause = new LinkedHashMap<>();
        Map<String, Reason> reasons = new HashMap<>();
        Items items = items(refusals);
        for (Refusal refusal : refusals) {
            Reason reason = items.reason(refusal);
            String cause = reason + refusal.said();
            reasons.put(cause, reason);
            byCause.computeIfAbsent(cause, key -> new ArrayList<>()).add(refusal);
        }
        List<Group> groups = new ArrayList<>();
        byCause.forEach((cause, ofOne) -> groups.add(new Group(
                reasons.getOrDefault(cause, Reason.OTHER),
                ofOne.get(0).said(),
                ofOne.size(),
                ofOne.stream()
                        .limit(MOST_EXAMPLES)
                        .map(refusal ->
                                refusal.value().host() + " " + refusal.value().key())
                        .toList())));
        return groups;
    }

    /** Asks the API for the hosts and items of values that it refused. */
    private Items items(List<Refusal> refusals) throws ApiException {
        Items items = new Items();
        Set<String> hosts = new LinkedHashSet<>();
        Map<String, Set<String>> keysByHost = new LinkedHashMap<>();
        for (Refusal refusal : refusals) {
            hosts.add(refusal.value().host());
            keysByHost
                    .computeIfAbsent(refusal.value().host(), host -> new LinkedHashSet<>())
                    .add(refusal.value().key());
        }
        for (List<String> part : parts(List.copyOf(hosts))) {
            JsonObject parameters = JsonFields.with("filter", JsonFields.with("host", JsonFields.texts(part)));
            parameters.add("output", JsonFields.texts("hostid", "host", "status"));
            session.each(
                    "host.get",
                    parameters,
                    host -> items.hosts.put(
                            JsonFields.text(host, "host"),
                            JsonFields.text(host, "hostid")
                                    + (JsonFields.text(host, "status").equals("0") ? "" : Items.DISABLED)));
        }
        for (Map.Entry<String, Set<String>> host : keysByHost.entrySet()) {
            String id = items.hosts.get(host.getKey());
            if (id == null) {
                continue;
            }
            for (List<String> part : parts(List.copyOf(host.getValue()))) {
                JsonObject parameters = JsonFields.with("filter", JsonFields.with("key_", JsonFields.texts(part)));
                parameters.add("hostids", JsonFields.texts(id.replace(Items.DISABLED, "")));
                parameters.add("output", JsonFields.texts("key_", "type", "status"));
                session.each(
                        "item.get",
                        parameters,
                        item -> items.items.put(host.getKey() + '\n' + JsonFields.text(item, "key_"), item));
            }
        }
        return items;
    }

    private static List<List<String>> parts(List<String> all) {
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += PART) {
            parts.add(all.subList(from, Math.min(all.size(), from + PART)));
        }
        return parts;
    }

    /** What there is of the hosts and items that refused values name. */
    private static final class Items {

        static final String DISABLED = " disabled";

        /** Ids by technical name. */
        private final Map<String, String> hosts = new HashMap<>();

        private final Map<String, JsonObject> items = new HashMap<>();

        Reason reason(Refusal refusal) {
            String id = hosts.get(refusal.value().host());
            if (id == null) {
                return Reason.NO_HOST;
            }
            if (id.endsWith(DISABLED)) {
                return Reason.HOST_DISABLED;
            }
            JsonObject item =
                    items.get(refusal.value().host() + '\n' + refusal.value().key());
            if (item == null) {
                return Reason.NO_ITEM;
            }
            String type = JsonFields.textOr(item, "type", TRAPPER);
            // An HTTP agent item may allow trapping, too.
            if (!type.equals(TRAPPER) && !type.equals("19")) {
                return Reason.NO_TRAPPER;
            }
            if (!JsonFields.textOr(item, "status", "0").equals("0")) {
                return Reason.ITEM_DISABLED;
            }
            if (refusal.said().contains("allowed hosts")) {
                return Reason.NOT_ALLOWED;
            }
            // The token's user may read the item, so that the server's cache has yet to learn of it.
            return refusal.said().contains(NO_PERMISSIONS) || refusal.said().contains("not monitored")
                    ? Reason.NOT_IN_CACHE
                    : Reason.OTHER;
        }
    }
}
