package io.pingagent.redis;

import io.pingagent.model.AddressSet;
import io.pingagent.model.IpAddress;
import io.pingagent.model.Problem;
import io.pingagent.model.ip.Addresses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Reads jobs and groups of both layouts. Each call opens a connection of its own and closes it; used by one thread at a
 * time, the one that reloads.
 *
 * <p>What people wrote wrongly is a {@link Problem} and the rest is read; a server that cannot be asked is a {@link
 * RedisAwayException}, so that nobody takes its silence for an empty catalogue.
 */
public final class CatalogueReader {

    /** Members per {@code SSCAN}: a million take 200 calls of about a millisecond. */
    private static final int MEMBERS_AT_ONCE = 5_000;

    private static final int JOBS_AT_ONCE = 500;
    /** Most groups are small: eight thousand one by one would take seconds of waiting. */
    private static final int GROUPS_AT_ONCE = 20;

    private static final int MAX_PROBLEMS_PER_GROUP = 20;

    private final RedisConnector connector;
    private final RedisKeys keys;

    /** @param key where the definition stands, for messages */
    public record JobText(String key, String json) {}

    /**
     * @param byName the definitions of all listed jobs that have one, sorted by name
     * @param problems in the order of the names
     * @param serverRun tells one start of the Redis server from another, empty if it does not say: an empty catalogue of
     *     a server that has just lost its data is not the same as one that people emptied
     */
    public record Jobs(Map<String, JobText> byName, List<Problem> problems, String serverRun) {
        public Jobs {
            byName = Collections.unmodifiableMap(new TreeMap<>(byName));
            problems = List.copyOf(problems);
        }
    }

    /**
     * @param byName the groups that exist, of those asked for
     * @param problems in the order of the names; at most 20 of one group and a line with the rest
     */
    public record Groups(Map<String, AddressSet> byName, List<Problem> problems) {
        public Groups {
            byName = Map.copyOf(byName);
            problems = List.copyOf(problems);
        }
    }

    public CatalogueReader(RedisConnector connector, RedisKeys keys) {
        this.connector = connector;
        this.keys = keys;
    }

    /**
     * The jobs of {@code job-list} and {@code agent-jobs_$agent}; this agent's own definition wins.
     *
     * @throws RedisAwayException if Redis cannot be asked
     */
    public Jobs readJobs() {
        List<Problem> problems = new ArrayList<>();
        try (Jedis jedis = connector.open("catalogue")) {
            Set<String> everyones = readList(jedis, RedisKeys.JOB_LIST, problems);
            Set<String> own = readList(jedis, keys.agentJobs(), problems);
            TreeSet<String> names = new TreeSet<>(everyones);
            names.addAll(own);
            Map<String, JobText> byName = new TreeMap<>();
            List<String> some = new ArrayList<>(JOBS_AT_ONCE);
            for (String name : names) {
                some.add(name);
                if (some.size() == JOBS_AT_ONCE) {
                    readDefinitions(jedis, some, own, byName, problems);
                    some.clear();
                }
            }
            readDefinitions(jedis, some, own, byName, problems);
            return new Jobs(byName, problems, serverRun(jedis));
        } catch (JedisException e) {
            throw connector.away(e);
        }
    }

    /**
     * The addresses of some groups, networks taken apart. A change of one group needs no other read again.
     *
     * @param known groups as read before; a group that still is what it was is the same object again, so that a million
     *     addresses are not kept twice
     * @throws RedisAwayException if Redis cannot be asked
     */
    public Groups readGroups(Set<String> names, Map<String, AddressSet> known) {
        List<Problem> problems = new ArrayList<>();
        try (Jedis jedis = connector.open("catalogue")) {
            Set<String> listed = new HashSet<>(readList(jedis, RedisKeys.GROUP_LIST, problems));
            listed.addAll(readList(jedis, RedisKeys.GROUPS_LIST, problems));
            Map<String, AddressSet> byName = new HashMap<>();
            List<String> sorted = List.copyOf(new TreeSet<>(names));
            for (int from = 0; from < sorted.size(); from += GROUPS_AT_ONCE) {
                List<String> some = sorted.subList(from, Math.min(sorted.size(), from + GROUPS_AT_ONCE));
                List<Response<ScanResult<byte[]>>> firstPages = firstPages(jedis, some);
                for (int i = 0; i < some.size(); i++) {
                    String name = some.get(i);
                    AddressSet before = known.getOrDefault(name, AddressSet.EMPTY);
                    readGroup(jedis, name, firstPages.get(i), listed.contains(name), before, byName, problems);
                }
            }
            return new Groups(byName, problems);
        } catch (JedisException e) {
            throw connector.away(e);
        }
    }

    private void readDefinitions(
            Jedis jedis, List<String> names, Set<String> own, Map<String, JobText> byName, List<Problem> problems) {
        List<Response<String>> ownTexts = new ArrayList<>(names.size());
        List<Response<String>> texts = new ArrayList<>(names.size());
        Pipeline pipeline = jedis.pipelined();
        for (String name : names) {
            ownTexts.add(pipeline.get(keys.agentJob(name)));
            texts.add(pipeline.get(RedisKeys.job(name)));
        }
        pipeline.sync();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String ownKey = keys.agentJob(name);
            String key = RedisKeys.job(name);
            String text = text(ownTexts.get(i), ownKey, problems);
            if (!text.isEmpty()) {
                byName.put(name, new JobText(ownKey, text));
                continue;
            }
            int before = problems.size();
            text = text(texts.get(i), key, problems);
            if (!text.isEmpty()) {
                byName.put(name, new JobText(key, text));
            } else if (problems.size() == before) {
                String list = own.contains(name) ? keys.agentJobs() : RedisKeys.JOB_LIST;
                problems.add(new Problem(
                        key,
                        "the job is in " + list + " but has no definition",
                        "SET it, or SREM " + list + " " + name));
            }
        }
    }

    /** The text of a definition, empty if there is none or it cannot be read. */
    private static String text(Response<String> response, String key, List<Problem> problems) {
        try {
            String text = response.get();
            return text == null ? "" : text;
        } catch (JedisDataException e) {
            problems.add(unreadable(key, e, "a string"));
            return "";
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

    private static byte[] keyOf(String group) {
        return RedisKeys.group(group).getBytes(StandardCharsets.UTF_8);
    }

    private static ScanParams page() {
        return new ScanParams().count(MEMBERS_AT_ONCE);
    }

    private static void readGroup(
            Jedis jedis,
            String name,
            Response<ScanResult<byte[]>> firstPage,
            boolean listed,
            AddressSet known,
            Map<String, AddressSet> byName,
            List<Problem> problems) {
        String key = RedisKeys.group(name);
        GroupBuilder group = new GroupBuilder(key, known, problems);
        try {
            ScanResult<byte[]> some = firstPage.get();
            some.getResult().forEach(group::add);
            while (!new String(some.getCursorAsBytes(), StandardCharsets.US_ASCII).equals("0")) {
                some = jedis.sscan(keyOf(name), some.getCursorAsBytes(), page());
                some.getResult().forEach(group::add);
            }
        } catch (JedisDataException e) {
            problems.add(unreadable(key, e, "a set"));
            return;
        }
        group.finish();
        if (group.isEmpty()) {
            problems.add(
                    listed
                            ? new Problem(key, "the group has no members", "SADD " + key + " ADDRESS...")
                            : new Problem(
                                    key,
                                    "unknown group: no such key, and " + RedisKeys.GROUP_LIST + " has no '" + name
                                            + "'",
                                    "SADD " + key + " ADDRESS..., or take it out of the job"));
            if (!listed) {
                return;
            }
        }
        byName.put(name, group.build());
    }

    private static Set<String> readList(Jedis jedis, String key, List<Problem> problems) {
        try {
            return jedis.smembers(key);
        } catch (JedisDataException e) {
            problems.add(unreadable(key, e, "a set"));
            return Set.of();
        }
    }

    /** The problem of one key of the wrong type; anything else is the server's and thrown on. */
    private static Problem unreadable(String key, JedisDataException e, String expected) {
        if (!String.valueOf(e.getMessage()).startsWith("WRONGTYPE")) {
            throw e;
        }
        return new Problem(key, "it is not " + expected, "DEL " + key + " and write it again");
    }

    private static String serverRun(Jedis jedis) {
        try {
            return RedisConnector.serverRun(jedis);
        } catch (JedisDataException e) {
            return "";
        }
    }

    /** One group while it is read. */
    private static final class GroupBuilder {

        private final String key;
        private final List<Problem> problems;
        private final AddressSet known;
        private final AddressSet.Builder addresses;
        private long members;
        private long bad;

        GroupBuilder(String key, AddressSet known, List<Problem> problems) {
            this.key = key;
            this.known = known;
            this.addresses = new AddressSet.Builder(known.size());
            this.problems = problems;
        }

        void add(byte[] member) {
            members++;
            long v4 = Ipv4Text.parse(member);
            if (v4 >= 0) {
                addresses.add(IpAddress.v4((int) v4));
                return;
            }
            try {
                Addresses.expand(new String(member, StandardCharsets.UTF_8), addresses::add);
            } catch (IllegalArgumentException e) {
                if (++bad <= MAX_PROBLEMS_PER_GROUP) {
                    problems.add(new Problem(
                            key, String.valueOf(e.getMessage()), "SREM this member of " + key + ", or correct it"));
                }
            }
        }

        void finish() {
            if (bad > MAX_PROBLEMS_PER_GROUP) {
                problems.add(new Problem(
                        key,
                        (bad - MAX_PROBLEMS_PER_GROUP) + " more bad members, " + bad + " in all",
                        "correct them or SREM them"));
            }
        }

        boolean isEmpty() {
            return members == 0;
        }

        AddressSet build() {
            return addresses.buildOrReuse(known);
        }
    }
}
