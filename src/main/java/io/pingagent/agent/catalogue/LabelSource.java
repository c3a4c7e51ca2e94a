package io.pingagent.agent.catalogue;

import io.pingagent.model.AddressSet;
import io.pingagent.redis.catalogue.LabelReader;
import java.util.Map;

/** Port: where names, parents and labels of addresses are read. Called by one thread at a time. */
@FunctionalInterface
public interface LabelSource {

    /**
     * @param groups members by group
     * @throws io.pingagent.redis.RedisUnreachableException if Redis cannot be asked
     */
    LabelReader.Labels read(Map<String, AddressSet> groups);
}
