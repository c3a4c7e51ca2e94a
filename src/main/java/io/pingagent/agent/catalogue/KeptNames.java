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
 * Writes into Redis which addresses the running agent knows of host names. An agent whose groups have no name looks once for
 * what an earlier run left, and removes it. A name that is added much later must not begin with an address so old.
 */
@OwnedBy("caller")
public final class KeptNames implements CatalogueFollower {

    private final NameStore store;
    private final NamedAddresses names;
    private boolean hasNames;
    /** Whether what an earlier run left was looked at. */
    private boolean isTidy;

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
        if (!catalogue.isRead() || !hasNames && (isTidy || mayBeLost(catalogue))) {
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
            // Without names nobody misses them.
            problems = hasNames ? List.of(e.problem()) : List.of();
        }
        isTidy = true;
        return List.copyOf(problems);
    }

    /** Then the names may come back, and need their addresses. */
    private static boolean mayBeLost(CatalogueSnapshot catalogue) {
        return !catalogue.isKnown() || catalogue.isDoubtful();
    }
}
