package io.pingagent.zabbix;

import io.pingagent.zabbix.sender.ListDocument;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which lists go to the agent's host, in this order. Where each address is a host of its own, the lists of addresses are sent,
 * too, but empty: the agent's host has no items of addresses then (those of the err list are computed from them), and what
 * an earlier list made disappears.
 */
final class DiscoveryLists {

    private DiscoveryLists() {}

    /** The documents by the keys of their rules. */
    static Map<String, ListDocument> of(BridgeSettings settings, BridgedTargets targets) {
        String agent = settings.agent();
        Map<String, ListDocument> lists = new LinkedHashMap<>();
        if (settings.values().hostPerAddress()) {
            lists.put(
                    ZabbixKeys.HOSTS_DISCOVERY,
                    DiscoveryJson.ofHosts(targets, agent, settings.host().name()));
            lists.put(ZabbixKeys.DISCOVERY, DiscoveryJson.NONE);
            lists.put(ZabbixKeys.ERR_LIST_DISCOVERY, DiscoveryJson.NONE);
        } else {
            lists.put(ZabbixKeys.DISCOVERY, DiscoveryJson.ofAddresses(targets, agent));
            lists.put(ZabbixKeys.ERR_LIST_DISCOVERY, DiscoveryJson.ofErrList(targets, agent));
        }
        return lists;
    }
}
