package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Links a template to hosts that lack it, with {@code host.massadd}: nothing that is linked is ever taken away. A host that
 * Zabbix refuses is named and costs no other host anything. Used by one thread.
 */
public final class TemplateLinks {

    /** The template whose items take an address's values on a host of its own. */
    public static final String ADDRESS_TEMPLATE = "Ping address by Zabbix trapper";

    /** PHP has a time limit, and each host gets items, triggers and graphs. */
    private static final int BATCH = 100;
    /** Nobody reads more, and each takes a call. */
    private static final int MOST_REFUSED = 50;

    private final ApiSession session;

    public TemplateLinks(ApiSession session) {
        this.session = session;
    }

    /**
     * What became of the hosts.
     *
     * @param linked how many
     * @param refused why not, by technical name
     */
    public record Outcome(int linked, Map<String, String> refused) {
        public Outcome {
            refused = Map.copyOf(refused);
        }
    }

    /**
     * Links {@link #ADDRESS_TEMPLATE}.
     *
     * @throws ApiException if Zabbix lacks the template, the token may not do this at all, or so many hosts are refused that
     *     it has one reason; hosts that were linked by then stay linked
     */
    public Outcome link(List<FoundHost> hosts) throws ApiException {
        if (hosts.isEmpty()) {
            return new Outcome(0, Map.of());
        }
        String templateId = templateId();
        Map<String, String> refused = new LinkedHashMap<>();
        for (int from = 0; from < hosts.size(); from += BATCH) {
            link(templateId, hosts.subList(from, Math.min(hosts.size(), from + BATCH)), refused);
        }
        return new Outcome(hosts.size() - refused.size(), refused);
    }

    /** @throws ApiException if Zabbix lacks {@link #ADDRESS_TEMPLATE} */
    public String templateId() throws ApiException {
        JsonObject parameters = JsonFields.with("filter", JsonFields.of("host", ADDRESS_TEMPLATE));
        parameters.add("output", JsonFields.texts("templateid"));
        List<String> ids = new ArrayList<>();
        session.each("template.get", parameters, template -> ids.add(JsonFields.text(template, "templateid")));
        if (ids.isEmpty()) {
            throw new ApiException(
                    Kind.UNKNOWN_NAME,
                    "Zabbix has no template '" + ADDRESS_TEMPLATE + "' that the token's user may read",
                    "import it with 'ping-agent zabbix setup', and give the token's user read permission on"
                            + " 'Templates/Modules'");
        }
        return ids.get(0);
    }

    private void link(String templateId, List<FoundHost> hosts, Map<String, String> refused) throws ApiException {
        JsonArray ids = new JsonArray();
        hosts.forEach(host -> ids.add(JsonFields.of("hostid", host.id())));
        JsonObject parameters = JsonFields.with("hosts", ids);
        parameters.add("templates", JsonFields.listOf(JsonFields.of("templateid", templateId)));
        try {
            session.call("host.massadd", parameters);
        } catch (ApiException e) {
            if (e.kind() == Kind.AWAY || isWholeMethod(e)) {
                throw e;
            }
            if (hosts.size() == 1) {
                if (refused.size() == MOST_REFUSED) {
                    throw e;
                }
                refused.put(hosts.get(0).name(), e.what());
                return;
            }
            int half = hosts.size() / 2;
            link(templateId, hosts.subList(0, half), refused);
            link(templateId, hosts.subList(half, hosts.size()), refused);
        }
    }

    /** Whether no host at all can be linked with this token. */
    private static boolean isWholeMethod(ApiException e) {
        return e.kind() == Kind.NOT_PERMITTED && e.what().contains("to call");
    }
}
