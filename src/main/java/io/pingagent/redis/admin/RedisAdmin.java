package io.pingagent.redis.admin;

import io.pingagent.base.Utf8;
import io.pingagent.model.AddressSet;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.NeverAnswers;
import io.pingagent.model.Problem;
import io.pingagent.redis.Ipv4Text;
import io.pingagent.redis.OwnDefinition;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.ServerFacts;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * What people do with jobs, groups, agents and err lists, and what they look at. Both layouts are read; the current one is
 * written, and an agent's own jobs in the earlier one.
 *
 * <p>One connection, one thread. Every method may throw {@link RedisUnreachableException} when Redis is away and
 * {@link AdminRefusedException} when it refuses.
 *
 * <p>Over 500 lines because it is the one door for all commands; the connection and its failures have classes of their own.
 */
public final class RedisAdmin implements AutoCloseable {

    private static final int DELETE_BATCH = 1_000;
    /** Agents read it within a reload interval; later a job of that name may be lost like any other. */
    private static final long REMOVED_TTL_SECONDS = 3_600;

    private final AdminSession session;

    private RedisAdmin(AdminSession session) {
        this.session = session;
    }

    public static RedisAdmin connect(RedisSettings settings) {
        return new RedisAdmin(new AdminSession(new RedisConnector(settings)));
    }

    /** Host and port, for messages. */
    public String server() {
        return session.server();
    }

    @Override
    public void close() {
        session.close();
    }

    // ---- agents ----

    /** Every agent of {@code agent-list}, by name. */
    public List<AdminAgent> agents() {
        List<AdminAgent> agents = new ArrayList<>();
        for (String name : members(RedisKeys.AGENT_LIST)) {
            if (!name.isEmpty()) {
                agents.add(agent(name));
            }
        }
        return agents;
    }

    /** One agent, listed or not. */
    public AdminAgent agent(String name) {
        RedisKeys keys = new RedisKeys(name);
        // On its own, so that a key of the wrong type is told by its name.
        long ownJobs = session.call(keys.agentJobs(), redis -> redis.scard(keys.agentJobs()));
        return session.call(keys.errList(), redis -> {
            try (Pipeline pipeline = redis.pipelined()) {
                Response<Boolean> listed = pipeline.sismember(RedisKeys.AGENT_LIST, name);
                Response<Boolean> online = pipeline.exists(keys.online());
                Response<Long> errListed = pipeline.scard(keys.errList());
                pipeline.sync();
                return new AdminAgent(name, listed.get(), online.get(), errListed.get(), ownJobs);
            }
        });
    }

    /** The agent's own counters as JSON, or null while there are none. */
    public @Nullable String stats(String agent) {
        return text(new RedisKeys(agent).stats());
    }

    /** Length of the agent's status string in bytes, 0 if there is none. */
    public long statusBytes(String agent) {
        String key = new RedisKeys(agent).allIpStatus();
        return session.call(key, redis -> redis.strlen(key));
    }

    /**
     * The agent's status string as it is at one moment, or null if there is none. Its bytes, at 50 per address, are held in
     * memory; nothing else of it is.
     */
    public @Nullable InputStream status(String agent) {
        String key = new RedisKeys(agent).allIpStatus();
        byte[] bytes = read(key);
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    /** The last-ms values of some addresses, in their order; null where there is none. */
    public List<@Nullable String> lastMs(String agent, List<IpAddress> addresses) {
        if (addresses.isEmpty()) {
            return List.of();
        }
        RedisKeys keys = new RedisKeys(agent);
        String[] names = addresses.stream().map(keys::lastMs).toArray(String[]::new);
        List<@Nullable String> values = new ArrayList<>(names.length);
        values.addAll(session.call(names[0], redis -> redis.mget(names)));
        return values;
    }

    /**
     * Removes an agent from {@code agent-list} and all state it wrote. Its own jobs stay.
     *
     * @return how many keys were removed
     */
    public long forgetAgent(String agent) {
        RedisKeys keys = new RedisKeys(agent);
        long removed = session.call(
                keys.errList(),
                redis -> redis.del(
                        keys.online(),
                        keys.owner(),
                        keys.errList(),
                        keys.allIpStatus(),
                        keys.allIpStatusNext(),
                        keys.stats(),
                        keys.witness()));
        List<String> batch = new ArrayList<>();
        for (String prefix : List.of(keys.lastMsPrefix(), keys.perIpPrefix())) {
            session.eachKey(prefix, key -> {
                if (keys.addressOfExpired(key) != null) {
                    batch.add(key);
                }
            });
        }
        for (int i = 0; i < batch.size(); i += DELETE_BATCH) {
            String[] part =
                    batch.subList(i, Math.min(batch.size(), i + DELETE_BATCH)).toArray(String[]::new);
            removed += session.call(part[0], redis -> redis.unlink(part));
        }
        session.call(RedisKeys.AGENT_LIST, redis -> redis.srem(RedisKeys.AGENT_LIST, agent));
        return removed;
    }

    // ---- jobs ----

    /** The jobs of {@code job-list}, by name. */
    public List<AdminJob> jobs() {
        return definitions(members(RedisKeys.JOB_LIST), null);
    }

    /** The jobs that only this agent runs, by name. */
    public List<AdminJob> jobsOf(String agent) {
        return definitions(members(new RedisKeys(agent).agentJobs()), agent);
    }

    private List<AdminJob> definitions(Set<String> names, @Nullable String agent) {
        List<AdminJob> jobs = new ArrayList<>(names.size());
        for (String name : names) {
            AdminJob own = job(name, agent);
            // An agent's own list may name a job that all share.
            // And the key of its own definition may be another agent's.
            jobs.add(
                    agent != null && own.json() == null
                            ? new AdminJob(name, agent, RedisKeys.job(name), text(RedisKeys.job(name)))
                            : own);
        }
        return jobs;
    }

    /** @param agent null for the definition that all agents share */
    public AdminJob job(String name, @Nullable String agent) {
        String key = jobKey(name, agent);
        String json = text(key);
        return new AdminJob(name, agent, key, json != null && foreign(name, agent, json) != null ? null : json);
    }

    /** The problem if the key of a job holds the definition of another agent's job, or null. */
    public @Nullable Problem foreignDefinition(String name, @Nullable String agent) {
        String json = text(jobKey(name, agent));
        return json == null ? null : foreign(name, agent, json);
    }

    private static @Nullable Problem foreign(String name, @Nullable String agent, String json) {
        return agent == null ? null : OwnDefinition.foreign(jobKey(name, agent), agent, name, json);
    }

    /** Whether the job's list names it. */
    public boolean isJobListed(String name, @Nullable String agent) {
        String list = jobList(agent);
        return session.call(list, redis -> redis.sismember(list, name));
    }

    /**
     * Writes a definition and names it in its list, both or neither.
     *
     * @throws AdminRefusedException if its key holds the definition of another agent's job
     */
    public void putJob(String name, @Nullable String agent, String json) {
        String key = jobKey(name, agent);
        Problem foreign = foreignDefinition(name, agent);
        if (foreign != null) {
            throw new AdminRefusedException(
                    AdminRefusedException.Reason.WRONG_CONTENT,
                    "Redis key '" + foreign.where() + "': " + foreign.what() + "; " + foreign.remedy(),
                    null);
        }
        transaction(key, transaction -> {
            transaction.set(key, json);
            transaction.sadd(jobList(agent), name);
            transaction.srem(RedisKeys.REMOVED, key);
        });
    }

    /**
     * Removes a job from its list, and its definition unless it is that of another agent's job. Agents hear that it was meant,
     * those that go on with a job which Redis has lost, too.
     *
     * @return whether there was anything to remove
     */
    public boolean removeJob(String name, @Nullable String agent) {
        String key = jobKey(name, agent);
        boolean isOurs = foreignDefinition(name, agent) == null;
        List<Object> replies = transaction(key, transaction -> {
            transaction.srem(jobList(agent), name);
            if (isOurs) {
                transaction.del(key);
            }
            markRemoved(transaction, key);
        });
        return countOf(replies.subList(0, isOurs ? 2 : 1)) > 0;
    }

    /**
     * Removes all jobs of a list. Agents that still know jobs which Redis has lost hear that they are to end, too.
     *
     * @return how many were there
     */
    public int removeAllJobs(@Nullable String agent) {
        Set<String> names = members(jobList(agent));
        for (String name : names) {
            removeJob(name, agent);
        }
        transaction(jobList(agent), transaction -> markRemoved(transaction, jobList(agent)));
        return names.size();
    }

    private static void markRemoved(AbstractTransaction transaction, String key) {
        transaction.sadd(RedisKeys.REMOVED, key);
        transaction.expire(RedisKeys.REMOVED, REMOVED_TTL_SECONDS);
    }

    /** The key of a definition. */
    public static String jobKey(String name, @Nullable String agent) {
        return agent == null ? RedisKeys.job(name) : new RedisKeys(agent).agentJob(name);
    }

    private static String jobList(@Nullable String agent) {
        return agent == null ? RedisKeys.JOB_LIST : new RedisKeys(agent).agentJobs();
    }

    // ---- groups ----

    /** The groups of {@code group-list} and {@code groups-list}, by name. */
    public List<AdminGroup> groups() {
        Set<String> names = members(RedisKeys.GROUP_LIST);
        names.addAll(members(RedisKeys.GROUPS_LIST));
        List<AdminGroup> groups = new ArrayList<>(names.size());
        for (String name : names) {
            String key = RedisKeys.group(name);
            groups.add(new AdminGroup(name, true, session.call(key, redis -> redis.scard(key))));
        }
        return groups;
    }

    /** One group, listed or not. */
    public AdminGroup group(String name) {
        String key = RedisKeys.group(name);
        boolean listed = session.call(
                RedisKeys.GROUP_LIST,
                redis -> redis.sismember(RedisKeys.GROUP_LIST, name) || redis.sismember(RedisKeys.GROUPS_LIST, name));
        return new AdminGroup(name, listed, session.call(key, redis -> redis.scard(key)));
    }

    /** Hands over the members as they were written, in no order, a few perhaps twice while the group changes. */
    public void eachGroupMember(String group, Consumer<String> sink) {
        session.eachMember(RedisKeys.group(group), sink);
    }

    /** How many different addresses a group's members stand for; what is no address counts for nothing. */
    public long addressesOf(String group) {
        AddressSet.Builder addresses = new AddressSet.Builder();
        eachGroupMember(group, member -> {
            long v4 = Ipv4Text.parse(member, 0);
            if (v4 >= 0 && !NeverAnswers.isV4((int) v4)) {
                addresses.add(IpAddress.v4((int) v4));
                return;
            }
            try {
                Addresses.expand(member, addresses::add);
            } catch (IllegalArgumentException e) {
                // The agent's problem lines tell of it.
            }
        });
        return addresses.build().size();
    }

    /** Names a group in {@code group-list}; it may be empty. */
    public void listGroup(String group) {
        session.call(RedisKeys.GROUP_LIST, redis -> redis.sadd(RedisKeys.GROUP_LIST, group));
        session.call(RedisKeys.REMOVED, redis -> redis.srem(RedisKeys.REMOVED, RedisKeys.group(group)));
    }

    /** @return how many were new */
    public long addMembers(String group, Collection<String> members) {
        String key = RedisKeys.group(group);
        return members.isEmpty() ? 0 : session.call(key, redis -> redis.sadd(key, members.toArray(String[]::new)));
    }

    /** @return how many were there */
    public long removeMembers(String group, Collection<String> members) {
        String key = RedisKeys.group(group);
        return members.isEmpty() ? 0 : session.call(key, redis -> redis.srem(key, members.toArray(String[]::new)));
    }

    /**
     * Agents hear that it was meant, those that go on with a group which Redis has lost, too.
     *
     * @return whether there was anything to remove
     */
    public boolean removeGroup(String group) {
        String key = RedisKeys.group(group);
        return countOf(transaction(key, transaction -> {
                            transaction.srem(RedisKeys.GROUP_LIST, group);
                            transaction.srem(RedisKeys.GROUPS_LIST, group);
                            transaction.unlink(key);
                            transaction.unlink(RedisKeys.groupHosts(group));
                            markRemoved(transaction, key);
                        })
                        .subList(0, 4))
                > 0;
    }

    /** Which Zabbix hosts take the values of a group's addresses: the hash's fields and texts as they stand. */
    public Map<String, String> groupHosts(String group) {
        String key = RedisKeys.groupHosts(group);
        Map<String, String> hosts = new TreeMap<>();
        session.eachField(key, hosts::put);
        return hosts;
    }

    /** Writes some fields of the hash and removes others, and nothing else. */
    public void changeGroupHosts(String group, Map<String, String> put, Collection<String> removed) {
        String key = RedisKeys.groupHosts(group);
        if (!removed.isEmpty()) {
            session.call(key, redis -> redis.hdel(key, removed.toArray(String[]::new)));
        }
        if (!put.isEmpty()) {
            session.call(key, redis -> redis.hset(key, put));
        }
    }

    // ---- err lists ----

    /** Hands over the addresses on an agent's err list, in no order, a few perhaps twice while it changes. */
    public void eachErrListed(String agent, Consumer<String> sink) {
        session.eachMember(new RedisKeys(agent).errList(), sink);
    }

    /** @return how many were new */
    public long addToErrList(String agent, Collection<IpAddress> addresses) {
        String key = new RedisKeys(agent).errList();
        return session.call(key, redis -> redis.sadd(key, texts(addresses)));
    }

    /** @return how many were there */
    public long removeFromErrList(String agent, Collection<IpAddress> addresses) {
        String key = new RedisKeys(agent).errList();
        return session.call(key, redis -> redis.srem(key, texts(addresses)));
    }

    private static String[] texts(Collection<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::toString).toArray(String[]::new);
    }

    // ---- the server ----

    /** Looks at the server itself. */
    public AdminServer inspect() {
        long beforeNanos = System.nanoTime();
        long beforeMillis = System.currentTimeMillis();
        List<String> time = session.call("TIME", redis -> redis.time());
        long tookNanos = System.nanoTime() - beforeNanos;
        long serverMillis = TimeUnit.SECONDS.toMillis(Long.parseLong(time.get(0))) + Long.parseLong(time.get(1)) / 1000;
        long hereMillis = beforeMillis + TimeUnit.NANOSECONDS.toMillis(tookNanos / 2);
        String info = session.call("INFO", redis -> redis.info());
        return new AdminServer(
                infoField(info, "redis_version"),
                configValue("notify-keyspace-events"),
                number(infoField(info, "used_memory")),
                number(infoField(info, "maxmemory")),
                infoField(info, "maxmemory_policy"),
                serverMillis - hereMillis,
                TimeUnit.NANOSECONDS.toMicros(tookNanos));
    }

    /** What keeps agents from writing there, or from being read: such a server may show an old state, or none. */
    public List<Problem> serverProblems() {
        String info = session.call("INFO", redis -> redis.info());
        ServerFacts facts = ServerFacts.parse(info);
        List<Problem> problems = new ArrayList<>();
        if (facts.readOnly()) {
            problems.add(new Problem(
                    "Redis at " + server(),
                    "it is a read-only replica, so no agent can write there and what is shown may be old",
                    "let redis.url name the master"));
        } else if (facts.synchronising()) {
            problems.add(new Problem("Redis at " + server(), "it is loading or synchronising its data", "wait"));
        }
        long usedBytes = number(infoField(info, "used_memory"));
        long maxBytes = number(infoField(info, "maxmemory"));
        if (maxBytes > 0 && usedBytes >= maxBytes) {
            String policy = infoField(info, "maxmemory_policy");
            problems.add(new Problem(
                    "Redis at " + server(),
                    policy.equals("noeviction")
                            ? "its memory is full, so it refuses what agents write"
                            : "its memory is full and maxmemory-policy is " + policy
                                    + ", so it evicts keys: jobs, groups and state vanish",
                    "raise maxmemory" + (policy.equals("noeviction") ? "" : " and set maxmemory-policy noeviction")));
        }
        return problems;
    }

    private @Nullable String configValue(String name) {
        try {
            Map<String, String> answer = session.call(name, redis -> redis.configGet(name));
            return answer.get(name);
        } catch (AdminRefusedException e) {
            return null;
        } catch (RedisUnreachableException e) {
            if (e.getCause() instanceof redis.clients.jedis.exceptions.JedisDataException) {
                // Hosted servers rename CONFIG or take it away.
                return null;
            }
            throw e;
        }
    }

    private static String infoField(String info, String name) {
        String start = name + ":";
        return info.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst()
                .orElse("");
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    // ---- helpers ----

    private Set<String> members(String key) {
        Set<String> names = new TreeSet<>();
        session.eachMember(key, names::add);
        return names;
    }

    private @Nullable String text(String key) {
        byte[] bytes = read(key);
        return bytes == null ? null : Utf8.text(bytes);
    }

    private byte @Nullable [] read(String key) {
        byte[] name = Utf8.bytes(key);
        // A list, for the functional interface carries no null.
        return session.call(key, redis -> redis.mget(name)).get(0);
    }

    private List<Object> transaction(String key, Consumer<AbstractTransaction> commands) {
        return session.call(key, redis -> {
            try (AbstractTransaction transaction = redis.multi()) {
                commands.accept(transaction);
                return transaction.exec();
            }
        });
    }

    private static long countOf(List<Object> replies) {
        return replies.stream()
                .mapToLong(reply -> reply instanceof Long count ? count : 0)
                .sum();
    }
}
