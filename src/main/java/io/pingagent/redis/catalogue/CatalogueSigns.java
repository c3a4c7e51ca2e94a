package io.pingagent.redis.catalogue;

import io.pingagent.redis.ServerFacts;
import java.util.Set;

/**
 * What was seen beside jobs and groups, right after they were read: it distinguishes data that users removed from data
 * that was lost. Immutable.
 *
 * @param removed keys of jobs and groups that users removed with {@code ping-agent} within the last hour. The key of a
 *     list of jobs stands for all that it named
 */
public record CatalogueSigns(ServerFacts server, Witness witness, Set<String> removed) {

    /** The key that the agent wrote when it believed a reading, and that goes when all data goes. */
    public enum Witness {
        PRESENT,
        MISSING,
        /** Redis does not let the agent look. */
        UNKNOWN
    }

    public static final CatalogueSigns NONE = new CatalogueSigns(ServerFacts.UNKNOWN, Witness.UNKNOWN, Set.of());

    public CatalogueSigns {
        removed = Set.copyOf(removed);
    }

    public CatalogueSigns with(Witness other) {
        return new CatalogueSigns(server, other, removed);
    }

    /** Whether users removed this key with {@code ping-agent}. */
    public boolean isRemoved(String key) {
        return removed.contains(key);
    }
}
