package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.catalogue.NamesRefusedException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The addresses that a running agent wrote, for commands and for the agent's own start. Asks no name server. */
@OwnedBy("caller")
public final class NamesOfOthers implements NamedAddresses {

    private final NameStore store;
    private final Set<HostName> watched = new HashSet<>();
    private Map<HostName, List<IpAddress>> known = Map.of();

    public NamesOfOthers(NameStore store) {
        this.store = store;
    }

    @Override
    public void watch(Map<String, Set<HostName>> byGroup) {
        watched.clear();
        byGroup.values().forEach(watched::addAll);
        if (watched.isEmpty()) {
            return;
        }
        try {
            known = Map.copyOf(store.read());
        } catch (NamesRefusedException e) {
            // The agent reports it; without it the names have no address here.
            known = Map.of();
        }
    }

    @Override
    public boolean isWatched(HostName name) {
        return watched.contains(name);
    }

    @Override
    public List<IpAddress> addresses(HostName name) {
        return known.getOrDefault(name, List.of());
    }

    @Override
    public Map<HostName, List<IpAddress>> known() {
        return Map.copyOf(known);
    }
}
