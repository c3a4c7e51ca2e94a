package io.pingagent.imports;

import io.pingagent.model.ZabbixHost;
import io.pingagent.zabbix.api.ApiException;
import io.pingagent.zabbix.api.FoundHost;
import io.pingagent.zabbix.api.FoundHost.Monitor;
import io.pingagent.zabbix.api.ProxyNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What of the hosts that Zabbix names is imported, and what the user has to know of it. Stateless. */
final class ZabbixImportHosts {

    private static final int MOST_NAMED = 5;

    /** As {@code ZabbixKeys.addressHost} writes it, for any agent: an IPv4 address, or an IPv6 one with minus signs. */
    private static final Pattern OF_ADDRESS =
            Pattern.compile("ping .+ (?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-f]{0,4}(?:-[0-9a-f]{0,4}){2,7})");

    private ZabbixImportHosts() {}

    /**
     * Leaves out the agent's own host and those that our discovery rule made of addresses. An address that is imported
     * leaves the rule, and Zabbix deletes its host. The next import would bring the address back to the rule.
     *
     * @param agentHost technical name
     * @param warnings gets a line if any is left out
     */
    static List<FoundHost> withoutOwn(List<FoundHost> found, String agentHost, List<String> warnings) {
        List<FoundHost> others =
                found.stream().filter(host -> !isOwn(host, agentHost)).toList();
        int own = found.size() - others.size();
        if (own > 0) {
            warnings.add((own == 1 ? "1 host is" : own + " hosts are")
                    + " left out: the agent's own host, or made by its discovery of addresses; narrow the selection to other"
                    + " hosts");
        }
        return others;
    }

    private static boolean isOwn(FoundHost host, String agentHost) {
        return host.name().equals(agentHost)
                || host.isDiscovered()
                        && host.keys().contains(ZabbixHost.Keys.PING)
                        && OF_ADDRESS.matcher(host.name()).matches();
    }

    /**
     * Adds a line for each proxy and proxy group that monitors some of the hosts; the server refuses values of these hosts.
     *
     * @throws ApiException if Zabbix does not answer
     */
    static void warnOfProxies(List<FoundHost> hosts, ProxyNames names, List<String> warnings) throws ApiException {
        Map<Monitor, Integer> hostsByMonitor = new LinkedHashMap<>();
        for (FoundHost host : hosts) {
            if (host.monitor().kind() != Monitor.Kind.SERVER) {
                hostsByMonitor.merge(host.monitor(), 1, Integer::sum);
            }
        }
        List<Map.Entry<Monitor, Integer>> byCount = new ArrayList<>(hostsByMonitor.entrySet());
        byCount.sort(Comparator.comparingInt((Map.Entry<Monitor, Integer> entry) -> -entry.getValue())
                .thenComparing(entry -> entry.getKey().kind())
                .thenComparing(entry -> entry.getKey().id()));
        for (Map.Entry<Monitor, Integer> entry : byCount.subList(0, Math.min(MOST_NAMED, byCount.size()))) {
            Monitor monitor = entry.getKey();
            boolean isGroup = monitor.kind() == Monitor.Kind.PROXY_GROUP;
            warnings.add(hosts(entry.getValue()) + " monitored by " + names.text(monitor)
                    + ", and Zabbix takes their values only there; name "
                    + (isGroup ? "all proxies of the group" : "this proxy")
                    + " in zabbix.servers of the agent that pings them");
        }
        if (byCount.size() > MOST_NAMED) {
            int more = byCount.stream()
                    .skip(MOST_NAMED)
                    .mapToInt(Map.Entry::getValue)
                    .sum();
            warnings.add(hosts(more) + " monitored by " + (byCount.size() - MOST_NAMED)
                    + " further proxies and proxy groups; name these in zabbix.servers of the agents that ping them");
        }
    }

    private static String hosts(int count) {
        return count == 1 ? "1 host is" : count + " hosts are";
    }
}
