package io.pingagent.redis.catalogue;

import io.pingagent.base.Utf8;
import io.pingagent.model.AddressSet;
import io.pingagent.model.HostName;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisError;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.ServerFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Reads jobs and groups of both layouts. Each call opens a connection of its own and closes it; used by one thread at a
 * time, the one that reloads.
 *
 * <p>What users wrote wrongly is a {@link Problem}, and the rest is read. A server that cannot be asked is a
 * {@link RedisUnreachableException}, so that nobody takes its silence for an empty catalogue.
 */
public final class CatalogueReader {

    /** Members per {@code SSCAN}: a million take 200 calls of about a millisecond. */
    private static final int MEMBERS_AT_ONCE = 5_000;

    private static final int JOBS_AT_ONCE = 500;
    /** Most groups are small: eight thousand one by one would take seconds of waiting. */
    private static final int GROUPS_AT_ONCE = 20;

    private final RedisConnector connector;
    private final RedisKeys keys;

    /**
     * The definition that an agent runs.
     *
     * @param key where it stands, for messages
     * @param json as a user wrote it, not looked at yet
     */
    public record StoredJob(String key, String json) {}

    /**
     * @param lists names by list, {@code job-list} and {@code agent-jobs_$agent}; one that is no set is left out
     * @param byName the definitions of all jobs that were asked for and have one, sorted by name
     * @param unusable why a job that was asked for has none, or only everyone's instead of the agent's own
     * @param problems of the lists
     * @param signs seen after all else
     */
    public record Jobs(
            Map<String, Set<String>> lists,
            Map<String, StoredJob> byName,
            Map<String, Problem> unusable,
            List<Problem> problems,
            CatalogueSigns signs) {
        public Jobs {
            lists = Map.copyOf(lists);
            byName = Collections.unmodifiableMap(new TreeMap<>(byName));
            unusable = Map.copyOf(unusable);
            problems = List.copyOf(problems);
        }
    }

    /**
     * @param byName the groups that exist, of those asked for: the addresses that they name
     * @param hostNames their host names, of those that have any
     * @param present those of them whose key is there; the others are only listed
     * @param unreadable of those asked for, the ones whose key is no set
     * @param listed names in {@code group-list} and {@code groups-list}
     * @param problems in the order of the names; at most 20 of one group and a line with the rest
     * @param signs seen after all else
     */
    public record Groups(
            Map<String, AddressSet> byName,
            Map<String, Set<HostName>> hostNames,
            Set<String> present,
            Map<String, Problem> unreadable,
            Set<String> listed,
            List<Problem> problems,
            CatalogueSigns signs) {
        public Groups {
            byName = Map.copyOf(byName);
            hostNames = Map.copyOf(hostNames);
            present = Set.copyOf(present);
            unreadable = Map.copyOf(unreadable);
            listed = Set.copyOf(listed);
            problems = List.copyOf(problems);
        }
    }

    public CatalogueReader(RedisConnector connector, RedisKeys keys) {
        this.connector = connector;
        this.keys = keys;
    }

    /** As {@link #readJobs(Set)}, of the listed jobs only. */
    public Jobs readJobs() {
        return readJobs(Set.of());
    }

    /**
     * The jobs of {@code job-list} and {@code agent-jobs_$agent}; this agent's own definition wins.
     *
     * @param alsoNames jobs whose definitions are read even if no list names them
     * @throws RedisUnreachableException if Redis cannot be asked
     */
    public Jobs readJobs(Set<String> alsoNames) {
        List<Problem> problems = new ArrayList<>();
        try (Jedis jedis = connector.open("catalogue")) {
            Map<String, Set<String>> lists = new HashMap<>();
            Set<String> everyones = readList(jedis, RedisKeys.JOB_LIST, problems);
            Set<String> own = readList(jedis, keys.agentJobs(), problems);
            TreeSet<String> names = new TreeSet<>(alsoNames);
            if (everyones != null) {
                lists.put(RedisKeys.JOB_LIST, everyones);
                names.addAll(everyones);
            }
            if (own != null) {
                lists.put(keys.agentJobs(), own);
                names.addAll(own);
            }
            Definitions definitions = new Definitions(keys, own == null ? Set.of() : own);
            List<String> sorted = List.copyOf(names);
            for (int from = 0; from < sorted.size(); from += JOBS_AT_ONCE) {
                definitions.read(jedis, sorted.subList(from, Math.min(sorted.size(), from + JOBS_AT_ONCE)));
            }
            // Last: what was missing above was missing before these were seen, so a wiped server never looks sound.
            return new Jobs(lists, definitions.byName, definitions.unusable, problems, signs(jedis));
        } catch (JedisException e) {
            throw connector.away(e);
        }
    }

    /**
     * The addresses of some groups, networks taken apart. A change of one group needs no other read again.
     *
     * @param known groups as read before. A group that has not changed is the same object again, so that a million
     *     addresses are not kept twice
     * @throws RedisUnreachableException if Redis cannot be asked
     */
    public Groups readGroups(Set<String> names, Map<String, AddressSet> known) {
        List<Problem> problems = new ArrayList<>();
        try (Jedis jedis = connector.open("catalogue")) {
            Set<String> listed = new HashSet<>();
            for (String list : List.of(RedisKeys.GROUP_LIST, RedisKeys.GROUPS_LIST)) {
                Set<String> some = readList(jedis, list, problems);
                if (some != null) {
                    listed.addAll(some);
                }
            }
            GroupsBuilder groups = new GroupsBuilder(listed, problems);
            List<String> sorted = List.copyOf(new TreeSet<>(names));
            for (int from = 0; from < sorted.size(); from += GROUPS_AT_ONCE) {
                List<String> some = sorted.subList(from, Math.min(sorted.size(), from + GROUPS_AT_ONCE));
                List<Response<ScanResult<byte[]>>> firstPages = firstPages(jedis, some);
                for (int i = 0; i < some.size(); i++) {
                    String name = some.get(i);
                    groups.read(jedis, name, firstPages.get(i), known.getOrDefault(name, AddressSet.EMPTY));
                }
            }
            return new Groups(
                    groups.byName, groups.hostNames, groups.present, groups.unreadable, listed, problems, signs(jedis));
        } catch (JedisException e) {
            throw connector.away(e);
        }
    }

    /**
     * Leaves the witness in Redis, after a reading that was believed.
     *
     * @return whether it is there now
     * @throws RedisUnreachableException if Redis cannot be asked
     */
    public boolean leaveWitness(String since) {
        try (Jedis jedis = connector.open("catalogue")) {
            jedis.set(keys.witness(), since, new SetParams().nx());
            return true;
        } catch (JedisDataException e) {
            return false;
        } catch (JedisException e) {
            throw connector.away(e);
        }
    }

    private CatalogueSigns signs(Jedis jedis) {
        Pipeline pipeline = jedis.pipelined();
        Response<Boolean> witness = pipeline.exists(keys.witness());
        Response<Set<String>> removed = pipeline.smembers(RedisKeys.REMOVED);
        pipeline.sync();
        return new CatalogueSigns(ServerFacts.ask(jedis), witnessOf(witness), removedOf(removed));
    }

    private static CatalogueSigns.Witness witnessOf(Response<Boolean> exists) {
        try {
            return exists.get() ? CatalogueSigns.Witness.PRESENT : CatalogueSigns.Witness.MISSING;
        } catch (JedisDataException e) {
            return CatalogueSigns.Witness.UNKNOWN;
        }
    }

    private static Set<String> removedOf(Response<Set<String>> members) {
        try {
            return members.get();
        } catch (JedisDataException e) {
            return Set.of();
        }
    }

    private static List<Response<ScanResult<byte[]>>> firstPages(Jedis jedis, List<String> names) {
        List<Response<ScanResult<byte[]>>> pages = new ArrayList<>(names.size());
        Pipeline pipeline = jedis.pipelined();
        for (String name : names) {
            pages.add(pipeline.sscan(keyOf(name), ScanParams.SCAN_POINTER_START_BINARY, page()));
        }
        pipeline.sync();
        return pages;
    }

    static byte[] keyOf(String group) {
        return Utf8.bytes(RedisKeys.group(group));
    }

    static ScanParams page() {
        return new ScanParams().count(MEMBERS_AT_ONCE);
    }

    /** Null if the key is no set. */
    private static @Nullable Set<String> readList(Jedis jedis, String key, List<Problem> problems) {
        try {
            return jedis.smembers(key);
        } catch (JedisDataException e) {
            problems.add(unreadable(key, e, "a set"));
            return null;
        }
    }

    /** The problem of one key of the wrong type; anything else is the server's and thrown on. */
    static Problem unreadable(String key, JedisDataException e, String expected) {
        if (RedisError.of(e) != RedisError.WRONG_TYPE) {
            throw e;
        }
        return new Problem(key, "it is not " + expected, "DEL " + key + " and write it again");
    }
}
