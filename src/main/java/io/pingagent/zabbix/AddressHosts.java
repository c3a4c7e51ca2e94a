package io.pingagent.zabbix;

import io.pingagent.model.ZabbixHost;
import java.util.List;

/**
 * Whom the values of an address go to.
 *
 * @param ip the address's text form
 * @param hosts Zabbix hosts that stand for it; empty: the agent's host, or the host made for the address
 */
record AddressHosts(String ip, List<ZabbixHost> hosts) {

    AddressHosts {
        hosts = List.copyOf(hosts);
    }
}
