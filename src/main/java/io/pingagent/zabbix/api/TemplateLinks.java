package io.pingagent.zabbix.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.pingagent.base.OwnedBy;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Links a template to hosts that lack it, with {@code host.massadd}: nothing that is linked is ever unlinked. A host
 * that Zabbix refuses is named and costs no other host anything.
 */
@OwnedBy("caller")
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
     * @param refusedIds the ids of these in the API
     * @param notTried how many were not tried, for so many had been refused by then
     */
    public record Outcome(int linked, Map<String, String> refused, Set<String> refusedIds, int notTried) {
        public Outcome {
            refused = Map.copyOf(refused);
            refusedIds = Set.copyOf(refusedIds);
        }
    }

    /** Thrown when as many hosts are refused as anybody reads; the others would take a call each, in vain. */
    private static final class EnoughException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Links {@link #ADDRESS_TEMPLATE}. After 50 hosts that are refused the others are not tried.
     *
     * @throws ApiException if Zabbix lacks the template, or the token may not do this at all; hosts that were linked by
     *     then stay linked
     */
    public Outcome link(List<FoundHost> hosts) throws ApiException {
        if (hosts.isEmpty()) {
            return new Outcome(0, Map.of(), Set.of(), 0);
        }
        String templateId = templateId();
        Map<FoundHost, String> refused = new LinkedHashMap<>();
        int[] linked = {0};
        try {
            for (int from = 0; from < hosts.size(); from += BATCH) {
                link(templateId, hosts.subList(from, Math.min(hosts.size(), from + BATCH)), refused, linked);
            }
        } catch (EnoughException e) {
            // The outcome says how many are left.
        }
        Map<String, String> reasons = new LinkedHashMap<>();
        refused.forEach((host, reason) -> reasons.put(host.name(), reason));
        return new Outcome(
                linked[0],
                reasons,
                refused.keySet().stream().map(FoundHost::id).collect(Collectors.toSet()),
                hosts.size() - linked[0] - refused.size());
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

    private void link(String templateId, List<FoundHost> hosts, Map<FoundHost, String> refused, int[] linked)
            throws ApiException, EnoughException {
        JsonArray ids = new JsonArray();
        hosts.forEach(host -> ids.add(JsonFields.of("hostid", host.id())));
        JsonObject parameters = JsonFields.with("hosts", ids);
        parameters.add("templates", JsonFields.listOf(JsonFields.of("templateid", templateId)));
        try {
            session.call("host.massadd", parameters);
            linked[0] += hosts.size();
        } catch (ApiException e) {
            if (e.kind() == Kind.AWAY || isWholeMethod(e)) {
                throw e;
            }
            if (hosts.size() == 1) {
                refused.put(hosts.get(0), e.what());
                if (refused.size() == MOST_REFUSED) {
                    throw new EnoughException();
                }
                return;
            }
            int half = hosts.size() / 2;
            link(templateId, hosts.subList(0, half), refused, linked);
            link(templateId, hosts.subList(half, hosts.size()), refused, linked);
        }
    }

    /** Whether no host at all can be linked with this token. */
    private static boolean isWholeMethod(ApiException e) {
        return e.kind() == Kind.NOT_PERMITTED && e.what().contains("to call");
    }
}
