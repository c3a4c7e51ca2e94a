package io.pingagent.redis.catalogue;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** The definitions of jobs while {@link CatalogueReader} reads them. One reading. */
@OwnedBy("caller")
final class Definitions {

    final Map<String, CatalogueReader.StoredJob> byName = new TreeMap<>();
    /** Why a job has no definition that can be read, or not the one that should win. */
    final Map<String, Problem> unusable = new HashMap<>();

    private final RedisKeys keys;
    private final Set<String> own;

    /** @param own names in the agent's own list */
    Definitions(RedisKeys keys, Set<String> own) {
        this.keys = keys;
        this.own = own;
    }

    void read(Jedis jedis, List<String> names) {
        List<Response<String>> ownTexts = new ArrayList<>(names.size());
        List<Response<String>> texts = new ArrayList<>(names.size());
        Pipeline pipeline = jedis.pipelined();
        for (String name : names) {
            ownTexts.add(pipeline.get(keys.agentJob(name)));
            texts.add(pipeline.get(RedisKeys.job(name)));
        }
        pipeline.sync();
        for (int i = 0; i < names.size(); i++) {
            choose(names.get(i), ownTexts.get(i), texts.get(i));
        }
    }

    private void choose(String name, Response<String> ownText, Response<String> everyones) {
        String ownKey = keys.agentJob(name);
        Object owned = textOf(ownText, ownKey);
        if (owned instanceof String text) {
            Problem foreign = OwnDefinition.foreign(ownKey, keys.agent(), name, text);
            if (foreign == null) {
                byName.put(name, new CatalogueReader.StoredJob(ownKey, text));
                return;
            }
            owned = foreign;
        }
        String key = RedisKeys.job(name);
        Object shared = textOf(everyones, key);
        if (shared instanceof String text) {
            byName.put(name, new CatalogueReader.StoredJob(key, text));
        }
        if (owned instanceof Problem problem) {
            unusable.put(name, problem);
        } else if (shared instanceof Problem problem) {
            unusable.put(name, problem);
        } else if (shared == null) {
            String list = own.contains(name) ? keys.agentJobs() : RedisKeys.JOB_LIST;
            unusable.put(
                    name,
                    new Problem(
                            key,
                            "the job is in " + list + " but has no definition",
                            "SET it, or SREM " + list + " " + name));
        }
    }

    /** The text, the problem of a key that holds something else, or null if there is none. */
    private static @Nullable Object textOf(Response<String> response, String key) {
        try {
            String text = response.get();
            return text == null || text.isEmpty() ? null : text;
        } catch (JedisDataException e) {
            return CatalogueReader.unreadable(key, e, "a string");
        }
    }
}
