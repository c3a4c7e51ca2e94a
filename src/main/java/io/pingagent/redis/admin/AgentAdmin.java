package io.pingagent.redis.admin;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.HostName;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.NamesReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Agents, and what they wrote last. Every method throws as those of {@link RedisAdmin} do. */
@OwnedBy("caller")
public final class AgentAdmin {

    private static final int DELETE_BATCH = 1_000;

    private final AdminSession session;

    AgentAdmin(AdminSession session) {
        this.session = session;
    }

    /** Every agent of {@code agent-list}, by name. */
    public List<AdminAgent> all() {
        List<AdminAgent> agents = new ArrayList<>();
        for (String name : session.members(RedisKeys.AGENT_LIST)) {
            if (!name.isEmpty()) {
                agents.add(get(name));
            }
        }
        return agents;
    }

    /** One agent, listed or not. */
    public AdminAgent get(String name) {
        RedisKeys keys = new RedisKeys(name);
        // On its own, so that a key of the wrong type is named by itself.
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
        return session.text(new RedisKeys(agent).stats());
    }

    /** How an address was reached, and not reached when it last went down, as JSON; null if the agent kept nothing. */
    public @Nullable String path(String agent, IpAddress address) {
        return session.text(new RedisKeys(agent).path(address));
    }

    /** By which host name addresses came to the agent, as it last wrote it: of several, the first in their order. */
    public Map<IpAddress, HostName> hostNames(String agent) {
        String key = new RedisKeys(agent).agentNames();
        Map<IpAddress, HostName> byAddress = new HashMap<>();
        session.call(key, redis -> NamesReader.read(redis, key))
                .forEach((name, addresses) -> addresses.forEach(address ->
                        byAddress.merge(address, name, (one, other) -> one.compareTo(other) <= 0 ? one : other)));
        return byAddress;
    }

    /** Length of the agent's status string in bytes, 0 if there is none. */
    public long statusBytes(String agent) {
        String key = new RedisKeys(agent).allIpStatus();
        return session.call(key, redis -> redis.strlen(key));
    }

    /**
     * The agent's status string as it is at one moment, or null if there is none. Its bytes, at 50 per address, are
     * held in memory; nothing else of it is.
     */
    public @Nullable InputStream status(String agent) {
        String key = new RedisKeys(agent).allIpStatus();
        byte[] bytes = session.read(key);
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
    public long forget(String agent) {
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
                        keys.agentNames(),
                        keys.witness()));
        List<String> batch = new ArrayList<>();
        for (String prefix : List.of(keys.lastMsPrefix(), keys.perIpPrefix(), keys.pathPrefix())) {
            session.eachKey(prefix, key -> {
                if (keys.addressOfExpired(key) != null || keys.addressOfPath(key) != null) {
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
}
