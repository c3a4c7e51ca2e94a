package io.pingagent.agent.catalogue;

import io.pingagent.redis.catalogue.GroupHostsReader;
import java.util.Collection;

/** Port: where the Zabbix hosts of groups are read. Called by one thread at a time. */
@FunctionalInterface
public interface HostSource {

    /** @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked */
    GroupHostsReader.GroupHosts read(Collection<String> groups);
}
