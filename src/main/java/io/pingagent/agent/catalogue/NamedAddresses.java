package io.pingagent.agent.catalogue;

import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Port: knows which addresses host names have. Called by the thread that reads the catalogue; never waits. */
public interface NamedAddresses {

    /** Knows none: a name stands for no address. */
    NamedAddresses NONE = new NamedAddresses() {

        @Override
        public void watch(Map<String, Set<HostName>> byGroup) {}

        @Override
        public List<IpAddress> addresses(HostName name) {
            return List.of();
        }
    };

    /** From now on these names are to be known, and no others. Called after each reading, mostly with the same. */
    void watch(Map<String, Set<HostName>> byGroup);

    /** Those that the name has or had last; empty if nobody knows. */
    List<IpAddress> addresses(HostName name);
}
