package io.pingagent.redis.catalogue;

import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.model.LabelFields;
import io.pingagent.model.Problem;
import io.pingagent.model.TargetLabels;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Reads what users call the addresses of groups: the hashes {@code target_$ip}. Each call opens a connection of its own
 * and closes it; one thread at a time.
 */
public final class LabelReader {

    /** Lines for single addresses. */
    private static final int MAX_PROBLEMS_PER_GROUP = 5;
    /** And one that counts the rest. */
    public static final int MOST_PROBLEMS_PER_GROUP = MAX_PROBLEMS_PER_GROUP + 1;

    /** Words that many addresses share are kept once, as far as they are so few. */
    private static final int MOST_SHARED_WORDS = 10_000;

    private final RedisConnector connector;

    public LabelReader(RedisConnector connector) {
        this.connector = connector;
    }

    /**
     * @param found by address, of those that have any
     * @param unreadable addresses whose key cannot be used
     * @param problems of groups that have any, at most {@link #MOST_PROBLEMS_PER_GROUP} each
     * @param denied why nothing could be read, or null
     */
    public record Labels(
            Map<IpAddress, TargetLabels> found,
            Set<IpAddress> unreadable,
            Map<String, List<Problem>> problems,
            @Nullable Problem denied) {}

    /**
     * Reads the labels of some groups' addresses. Where there are none, that costs one command for a thousand addresses.
     *
     * @throws RedisUnreachableException if Redis cannot be asked
     */
    public Labels read(Map<String, AddressSet> groups) {
        Reading reading = new Reading();
        if (groups.isEmpty()) {
            return reading.result(null);
        }
        try (Jedis jedis = connector.open("catalogue")) {
            for (Map.Entry<String, AddressSet> group : new TreeMap<>(groups).entrySet()) {
                AddressSet addresses = group.getValue();
                reading.begin(group.getKey());
                TargetHashes.read(jedis, addresses.size(), addresses::get, reading);
                reading.end();
            }
        } catch (JedisDataException e) {
            if (!RedisError.of(e).isDenied()) {
                throw connector.away(e);
            }
            return new Reading().result(notPermitted());
        } catch (JedisException e) {
            throw connector.away(e);
        }
        return reading.result(null);
    }

    private static Problem notPermitted() {
        return new Problem(
                "target_*",
                "Redis does not permit the agent to read names and labels of addresses",
                "allow reading target_*, EXISTS and HGETALL with ACL SETUSER, as security.md shows");
    }

    /** What one call found. */
    private static final class Reading implements TargetHashes.Sink {

        private final Map<IpAddress, TargetLabels> found = new HashMap<>();
        private final Set<IpAddress> unreadable = new HashSet<>();
        private final Map<String, List<Problem>> problems = new HashMap<>();
        private final Map<String, String> words = new HashMap<>();
        private String group = "";
        private int bad;

        void begin(String name) {
            group = name;
            bad = 0;
        }

        void end() {
            if (bad > MAX_PROBLEMS_PER_GROUP) {
                add(new Problem(
                        RedisKeys.group(group),
                        (bad - MAX_PROBLEMS_PER_GROUP) + " more addresses with labels that cannot be used, " + bad
                                + " in all",
                        "correct them with 'ping-agent group add " + group + " --file FILE'"));
            }
        }

        @Override
        public void hash(IpAddress address, Map<String, String> fields) {
            Map<String, String> shared = new HashMap<>();
            fields.forEach((label, value) ->
                    shared.put(shared(label), label.equals(LabelFields.NAME) ? value : shared(value)));
            try {
                TargetLabels labels = LabelFields.parse(address, shared);
                if (!labels.isEmpty()) {
                    found.put(address, labels);
                }
            } catch (IllegalArgumentException e) {
                bad(address, e.getMessage() + "; its last good labels stay", "correct it with HSET or HDEL");
            }
        }

        @Override
        public void wrongType(IpAddress address) {
            bad(
                    address,
                    "it is not a hash; its last good labels stay",
                    "DEL " + RedisKeys.target(address) + " and write it again");
        }

        private void bad(IpAddress address, String what, String remedy) {
            if (unreadable.add(address) && ++bad <= MAX_PROBLEMS_PER_GROUP) {
                add(new Problem(RedisKeys.target(address), what, remedy));
            }
        }

        private void add(Problem problem) {
            problems.computeIfAbsent(group, name -> new ArrayList<>()).add(problem);
        }

        private String shared(String word) {
            String known = words.get(word);
            if (known != null) {
                return known;
            }
            if (words.size() < MOST_SHARED_WORDS) {
                words.put(word, word);
            }
            return word;
        }

        Labels result(@Nullable Problem denied) {
            return new Labels(found, unreadable, problems, denied);
        }
    }
}
