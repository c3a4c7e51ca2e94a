package io.pingagent.agent.catalogue;

import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Port: knows which addresses host names have. Called by the thread that reads the catalogue; never waits for a name server. */
public interface NamedAddresses {

    /**
     * From now on these names are to be known, and no others. Called after each reading, mostly with the same.
     *
     * @throws io.pingagent.redis.RedisUnreachableException if it needs Redis and Redis cannot be asked
     */
    void watch(Map<String, Set<HostName>> byGroup);

    boolean isWatched(HostName name);

    /** Those that the name has or had last; empty if nobody knows. */
    List<IpAddress> addresses(HostName name);

    /** All names that have addresses. */
    Map<HostName, List<IpAddress>> known();
}
