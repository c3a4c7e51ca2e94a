package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.NamesReader;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The addresses of host names in Redis. */
@OwnedBy("caller")
public final class NamesInRedis implements NameStore {

    private final NamesReader names;

    public NamesInRedis(RedisConnector connector, RedisKeys keys) {
        this.names = new NamesReader(connector, keys);
    }

    @Override
    public Map<HostName, List<IpAddress>> read() {
        return names.read();
    }

    @Override
    public void write(Map<HostName, List<IpAddress>> put, Collection<HostName> removed) {
        names.write(put, removed);
    }
}
