package io.pingagent.agent.catalogue;

import io.pingagent.model.Problem;
import java.util.List;

/** Port: brings something in line with the catalogue whenever that was read. Called by {@code ping-reload}. */
@FunctionalInterface
public interface CatalogueFollower {

    /**
     * Takes a new reading. A change that fails is asked for again at the next reading.
     *
     * @return what users have to correct, beside the problems of the catalogue itself
     * @throws io.pingagent.redis.RedisUnreachableException if it needs Redis and Redis cannot be asked
     */
    List<Problem> follow(CatalogueSnapshot catalogue);
}
