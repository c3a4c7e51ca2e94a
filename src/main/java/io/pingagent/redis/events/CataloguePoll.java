package io.pingagent.redis.events;

import io.pingagent.base.OwnedBy;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.ServerFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Finds edits of the catalogue that no cheap notification announces: a job's text written with {@code SET}, a group
 * that was deleted.
 *
 * <p>The flags {@code g} and {@code $} would announce them, but also every last-ms key that the agent writes. With them
 * a {@code SET ... PX} costs Redis 2.6 instead of 1.5 microseconds, and 3.3 with a pattern subscribed. Asking for all
 * definitions and the sizes of all groups every two seconds costs nothing that can be measured.
 */
@OwnedBy("ping-expiry")
final class CataloguePoll {

    private static final int KEYS_AT_ONCE = 500;

    private final RedisKeys keys;
    private final RedisConnector connector;
    private @Nullable Jedis connection;

    /** What each key of jobs and groups was at the last poll; null before the first. */
    private @Nullable Map<String, Object> known;

    private boolean readOnly;

    CataloguePoll(RedisConnector connector, RedisKeys keys) {
        this.connector = connector;
        this.keys = keys;
    }

    /**
     * The keys that changed since the last poll, none at the first.
     *
     * @throws RedisUnreachableException if Redis cannot be reached
     * @throws redis.clients.jedis.exceptions.JedisException if it fails meanwhile; the next poll connects again
     */
    Set<String> changed() {
        Jedis jedis = connection;
        if (jedis == null) {
            jedis = connector.open("catalogue-poll");
            connection = jedis;
        }
        boolean done = false;
        try {
            readOnly = ServerFacts.ask(jedis).readOnly();
            Map<String, Object> now = read(jedis);
            done = true;
            Set<String> changed = new TreeSet<>();
            Map<String, Object> before = known;
            known = now;
            if (before != null) {
                now.forEach((key, value) -> {
                    if (!value.equals(before.get(key))) {
                        changed.add(key);
                    }
                });
                before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(changed::add);
            }
            return changed;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** Whether the server of the last poll was a read-only replica. */
    boolean isReadOnly() {
        return readOnly;
    }

    void close() {
        Jedis jedis = connection;
        connection = null;
        if (jedis != null) {
            jedis.close();
        }
    }

    private Map<String, Object> read(Jedis jedis) {
        TreeSet<String> jobs = new TreeSet<>();
        TreeSet<String> groups = new TreeSet<>();
        addMembers(jedis, RedisKeys.JOB_LIST, jobs);
        addMembers(jedis, keys.agentJobs(), jobs);
        addMembers(jedis, RedisKeys.GROUP_LIST, groups);
        addMembers(jedis, RedisKeys.GROUPS_LIST, groups);
        List<String> asked = new ArrayList<>();
        for (String job : jobs) {
            asked.add(RedisKeys.job(job));
            asked.add(keys.agentJob(job));
        }
        int texts = asked.size();
        groups.forEach(group -> asked.add(RedisKeys.group(group)));
        Map<String, Object> now = new HashMap<>();
        for (int from = 0; from < asked.size(); from += KEYS_AT_ONCE) {
            int to = Math.min(asked.size(), from + KEYS_AT_ONCE);
            List<Response<?>> answers = new ArrayList<>(to - from);
            Pipeline pipeline = jedis.pipelined();
            for (int i = from; i < to; i++) {
                answers.add(i < texts ? pipeline.get(asked.get(i)) : pipeline.scard(asked.get(i)));
            }
            pipeline.sync();
            for (int i = from; i < to; i++) {
                now.put(asked.get(i), answer(answers.get(i - from)));
            }
        }
        return now;
    }

    /** Texts are kept as their hash and length: a million jobs would be a lot of text. */
    private static Object answer(Response<?> response) {
        try {
            Object value = response.get();
            return value instanceof String text ? text.hashCode() * 31L + text.length() : String.valueOf(value);
        } catch (JedisDataException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void addMembers(Jedis jedis, String list, Set<String> names) {
        try {
            names.addAll(jedis.smembers(list));
        } catch (JedisDataException e) {
            if (RedisError.of(e) != RedisError.WRONG_TYPE) {
                throw e;
            }
        }
    }
}
