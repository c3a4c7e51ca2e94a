package io.pingagent.zabbix;

import io.pingagent.model.ZabbixHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Those that know more values of a status than 0 and 1; null if all have Zabbix's own keys. */
    @Nullable
    AddressHosts withoutOfficial() {
        List<ZabbixHost> own = hosts.stream()
                .filter(host -> host.keys() != ZabbixHost.Keys.ICMPPING)
                .toList();
        return own.isEmpty() && !hosts.isEmpty() ? null : new AddressHosts(ip, own);
    }
}
