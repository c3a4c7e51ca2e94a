package io.pingagent.redis.admin;

import org.jspecify.annotations.Nullable;

/**
 * A job as Redis holds it: an entry of a list, whose definition may be missing. What an agent runs always has one, see
 * {@link io.pingagent.redis.catalogue.CatalogueReader.StoredJob}.
 *
 * @param name the job's name in its list
 * @param agent the only agent that runs it, or null for every agent
 * @param key the key of the definition
 * @param json the definition, or null where the key is missing
 */
public record AdminJob(
        String name,
        @Nullable String agent,
        String key,
        @Nullable String json) {}
