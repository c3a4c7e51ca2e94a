package io.pingagent.zabbix;

import io.pingagent.model.TlsSettings;
import io.pingagent.model.ZabbixServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the bridge is to do.
 *
 * @param agent the agent's name, macro {@code {#AGENT}}
 * @param host the Zabbix host that owns the items
 * @param hostMetadata by which an autoregistration action of Zabbix knows the agent
 * @param servers servers or proxies, tried in order; at least one
 * @param pushInterval over which values are collected and sent, at least 1 s
 * @param discoveryInterval between two sendings of an unchanged list
 * @param items which values of an address are sent
 * @param errListOnly whether only addresses on the err list send values; changes of status are always sent
 * @param hostPerAddress whether each address is a Zabbix host of its own, with items named {@link AddressItem#key()}; else
 *     all items are those of {@code host}
 * @param downAfter losses in a row at err-list cadence, at least 1
 * @param upAfter replies in a row, at least 1
 * @param downNotBefore least time between the first of the losses in a row and the verdict that an address is down: what it
 *     takes to know whether the agent itself is cut off
 * @param bufferDirectory where values wait
 * @param bufferMaxBytes at least 1 MiB; a quarter more may be taken by values of items that the server does not know
 * @param bufferMaxAge values older than this are dropped
 * @param drainPerSecond values per second while a backlog is sent that is more than the server's cache holds,
 *     beside what is made meanwhile; a server digests 27,000 to 40,000
 */
public record BridgeSettings(
        String agent,
        String host,
        String hostMetadata,
        List<ZabbixServer> servers,
        TlsSettings tls,
        Duration pushInterval,
        Duration discoveryInterval,
        Set<AddressItem> items,
        boolean errListOnly,
        boolean hostPerAddress,
        int downAfter,
        int upAfter,
        Duration downNotBefore,
        Path bufferDirectory,
        long bufferMaxBytes,
        Duration bufferMaxAge,
        int drainPerSecond) {

    public static final int DEFAULT_DRAIN_PER_SECOND = 20_000;

    public BridgeSettings {
        servers = List.copyOf(servers);
        items = Set.copyOf(items);
    }
}
