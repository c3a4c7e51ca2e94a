package io.pingagent.zabbix.api;

import java.time.Duration;

/**
 * Which hosts of Zabbix become the addresses of a group; one entry of {@code zabbix.import}. Immutable.
 *
 * @param group of Redis
 * @param hosts whose addresses the group holds
 * @param linksTemplate whether hosts that lack our template get it
 * @param every how often, 1 min to 1 d
 */
public record ZabbixImport(String group, HostSelection hosts, boolean linksTemplate, Duration every) {

    /** How often an entry that does not say so is run. */
    public static final Duration DEFAULT_EVERY = Duration.ofMinutes(10);
}
