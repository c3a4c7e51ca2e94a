package io.pingagent.agent.catalogue;

import io.pingagent.base.AnyThread;
import io.pingagent.base.NanoClock;
import io.pingagent.base.OwnedBy;
import io.pingagent.dns.HostResolver;
import io.pingagent.model.DnsServer;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Host names of groups, resolved by DNS. The resolver with its threads is made when a group has a name for the first time. It
 * begins with what an earlier run of the agent wrote.
 */
@OwnedBy("caller")
public final class HostNames implements NamedAddresses, AutoCloseable {

    private final List<DnsServer> servers;
    private final Duration interval;
    private final NanoClock clock;
    private final NameStore store;
    private final Runnable changed;
    private volatile @Nullable HostResolver resolver;

    /**
     * @param servers empty for those of the system
     * @param interval of reloading
     * @param changed called at most once a second, by a thread of the resolver, when addresses have changed
     */
    public HostNames(List<DnsServer> servers, Duration interval, NanoClock clock, NameStore store, Runnable changed) {
        this.servers = servers;
        this.interval = interval;
        this.clock = clock;
        this.store = store;
        this.changed = changed;
    }

    @Override
    public void watch(Map<String, Set<HostName>> byGroup) {
        HostResolver present = resolver;
        if (present == null && byGroup.isEmpty()) {
            return;
        }
        if (present == null) {
            NamesOfOthers earlier = new NamesOfOthers(store);
            earlier.watch(byGroup);
            present = new HostResolver(servers, interval, clock, changed);
            present.recall(earlier.known());
            present.watch(byGroup);
            present.start();
            resolver = present;
        } else {
            present.watch(byGroup);
        }
    }

    @Override
    public boolean isWatched(HostName name) {
        HostResolver present = resolver;
        return present != null && present.isWatched(name);
    }

    @Override
    public List<IpAddress> addresses(HostName name) {
        HostResolver present = resolver;
        return present == null ? List.of() : present.addresses(name);
    }

    @Override
    public Map<HostName, List<IpAddress>> known() {
        HostResolver present = resolver;
        return present == null ? Map.of() : present.known();
    }

    /** Names that do not resolve. */
    @AnyThread
    public List<Problem> problems() {
        HostResolver present = resolver;
        return present == null ? List.of() : present.problems();
    }

    @Override
    @AnyThread
    public void close() {
        HostResolver present = resolver;
        if (present != null) {
            present.close();
        }
    }
}
