package io.pingagent.agent.catalogue;

import io.pingagent.model.AddressSet;
import io.pingagent.redis.catalogue.CatalogueReader;
import java.util.Map;
import java.util.Set;

/**
 * Port: where jobs and groups are read. Called by one thread at a time.
 *
 * <p>Each method throws {@link io.pingagent.redis.RedisUnreachableException} if Redis cannot be asked.
 */
public interface CatalogueSource {

    /** @param alsoNames jobs whose definitions are read even if no list names them */
    CatalogueReader.Jobs readJobs(Set<String> alsoNames);

    /** @param known members as read before; a group that did not change comes back as the same object */
    CatalogueReader.Groups readGroups(Set<String> names, Map<String, AddressSet> known);

    /**
     * Leaves the witness, by which a later reading sees whether Redis has lost its keys.
     *
     * @param since the time now, for users who read the key
     * @return whether the witness is there now
     */
    boolean leaveWitness(String since);
}
