package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.redis.catalogue.NamesRefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows the addresses of host names by what an agent wrote into Redis, and writes what the running agent knows. An agent whose
 * groups have no name neither reads nor writes anything.
 */
@OwnedBy("caller")
public final class KeptNames implements CatalogueFollower {

    private final NameStore store;
    private final NamedAddresses names;
    private boolean hasNames;
    private List<Problem> problems = List.of();

    /** @param names what is to be written */
    public KeptNames(NameStore store, NamedAddresses names) {
        this.store = store;
        this.names = names;
    }

    /** Once at each reading, as the names may change every second. Compared with what is there, so that a lost hash comes back. */
    @Override
    public List<Problem> follow(CatalogueSnapshot catalogue) {
        Map<HostName, List<IpAddress>> known = names.known();
        hasNames |= !known.isEmpty();
        if (!catalogue.isRead() || !hasNames) {
            return List.copyOf(problems);
        }
        try {
            Map<HostName, List<IpAddress>> written = store.read();
            Map<HostName, List<IpAddress>> changed = new HashMap<>(known);
            changed.entrySet().removeAll(written.entrySet());
            List<HostName> removed = new ArrayList<>(written.keySet());
            // Those that are only not known yet are watched as well, and may need it after another start.
            removed.removeIf(names::isWatched);
            if (!changed.isEmpty() || !removed.isEmpty()) {
                store.write(changed, removed);
            }
            problems = List.of();
        } catch (NamesRefusedException e) {
            problems = List.of(e.problem());
        }
        return List.copyOf(problems);
    }
}
