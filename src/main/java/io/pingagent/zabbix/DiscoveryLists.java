package io.pingagent.zabbix;

import io.pingagent.zabbix.sender.ListDocument;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which lists go to the agent's host, in this order.
 * <p>If each address has its own host, the lists of addresses go to the agent's host empty. So Zabbix removes the items
 * that an earlier list made. The agent's host has no items of addresses then, and its items of the err list are
 * computed from those.
 */
final class DiscoveryLists {

    private DiscoveryLists() {}

    /** The documents by the keys of their rules. */
    static Map<String, ListDocument> of(BridgeSettings settings, BridgedTargets targets) {
        String agent = settings.agent();
        String optIn = OptInItems.of(settings);
        Map<String, ListDocument> lists = new LinkedHashMap<>();
        if (settings.values().hostPerAddress()) {
            lists.put(
                    ZabbixKeys.HOSTS_DISCOVERY,
                    DiscoveryJson.ofHosts(targets, agent, optIn, settings.host().name()));
            lists.put(ZabbixKeys.DISCOVERY, DiscoveryJson.NONE);
            lists.put(ZabbixKeys.ERR_LIST_DISCOVERY, DiscoveryJson.NONE);
        } else {
            lists.put(ZabbixKeys.DISCOVERY, DiscoveryJson.ofAddresses(targets, agent, optIn));
            lists.put(ZabbixKeys.ERR_LIST_DISCOVERY, DiscoveryJson.ofErrList(targets, agent, optIn));
        }
        return lists;
    }
}
