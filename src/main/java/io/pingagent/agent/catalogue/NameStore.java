package io.pingagent.agent.catalogue;

import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Port: where the addresses of host names outlive the agent. Called by one thread at a time.
 *
 * <p>Each method throws {@link io.pingagent.redis.RedisUnreachableException} if Redis cannot be asked, and
 * {@link io.pingagent.redis.catalogue.NamesRefusedException} if Redis refuses it.
 */
public interface NameStore {

    Map<HostName, List<IpAddress>> read();

    void write(Map<HostName, List<IpAddress>> put, Collection<HostName> removed);
}
