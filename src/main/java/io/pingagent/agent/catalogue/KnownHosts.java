package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.ZabbixHost;
import io.pingagent.redis.catalogue.GroupHostsReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Zabbix hosts stand for the addresses of the groups, as {@code ping-agent zabbix import} wrote it. What cannot be read,
 * or what Redis may have lost, stays as it was.
 */
@OwnedBy("caller")
public final class KnownHosts {

    private final HostSource source;

    private Map<String, Map<IpAddress, List<ZabbixHost>>> byGroup = Map.of();
    private List<Problem> problems = List.of();
    private boolean isComplete;

    public KnownHosts(HostSource source) {
        this.source = source;
    }

    /**
     * Reads the hosts of the catalogue's groups.
     *
     * @return by group and address; groups without hosts are missing
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked; what is known stays
     */
    Map<String, Map<IpAddress, List<ZabbixHost>>> read(CatalogueSnapshot catalogue) {
        GroupHostsReader.GroupHosts read = source.read(catalogue.groups().keySet());
        Map<String, Map<IpAddress, List<ZabbixHost>>> now = new HashMap<>(read.byGroup());
        byGroup.forEach((group, hosts) -> {
            boolean isStillNamed = catalogue.groups().containsKey(group);
            boolean mayBeLost = catalogue.isDoubtful() || read.unreadable().contains(group);
            if (isStillNamed && mayBeLost) {
                now.putIfAbsent(group, hosts);
            }
        });
        byGroup = Map.copyOf(now);
        problems = read.problems();
        isComplete = read.unreadable().isEmpty() && !catalogue.isDoubtful();
        return byGroup;
    }

    /** Whether the last reading is all there is. */
    boolean isComplete() {
        return isComplete;
    }

    /** What users have to correct, as of the last reading. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
