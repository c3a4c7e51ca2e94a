package io.pingagent.agent.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.AddressSet;
import io.pingagent.redis.catalogue.CatalogueReader;
import java.util.Map;
import java.util.Set;

/** Jobs and groups in Redis. */
@OwnedBy("caller")
public final class RedisCatalogue implements CatalogueSource {

    private final CatalogueReader reader;

    public RedisCatalogue(CatalogueReader reader) {
        this.reader = reader;
    }

    @Override
    public CatalogueReader.Jobs readJobs(Set<String> alsoNames) {
        return reader.readJobs(alsoNames);
    }

    @Override
    public CatalogueReader.Groups readGroups(Set<String> names, Map<String, AddressSet> known) {
        return reader.readGroups(names, known);
    }

    @Override
    public boolean leaveWitness(String since) {
        return reader.leaveWitness(since);
    }
}
