package io.pingagent.config;

import io.pingagent.model.DnsServer;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * How jobs are read.
 *
 * @param timeZone in which the fields of cron specs are meant, also those of the err list
 * @param reloadInterval between two readings of jobs and groups, 1 s to 1 d
 * @param dnsServers who is asked for host names in groups; empty: those of the system
 */
public record JobsConfig(ZoneId timeZone, Duration reloadInterval, List<DnsServer> dnsServers) {
    public JobsConfig {
        dnsServers = List.copyOf(dnsServers);
    }
}
