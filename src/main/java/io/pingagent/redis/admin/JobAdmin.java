package io.pingagent.redis.admin;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisKeys;
import io.pingagent.redis.catalogue.OwnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Jobs, of all agents and of one. Every method throws as those of {@link RedisAdmin} do. */
@OwnedBy("caller")
public final class JobAdmin {

    private final AdminSession session;

    JobAdmin(AdminSession session) {
        this.session = session;
    }

    /** The jobs of {@code job-list}, by name. */
    public List<AdminJob> all() {
        return definitions(session.members(RedisKeys.JOB_LIST), null);
    }

    /** The jobs that only this agent runs, by name. */
    public List<AdminJob> ofAgent(String agent) {
        return definitions(session.members(new RedisKeys(agent).agentJobs()), agent);
    }

    private List<AdminJob> definitions(Set<String> names, @Nullable String agent) {
        List<AdminJob> jobs = new ArrayList<>(names.size());
        for (String name : names) {
            AdminJob own = get(name, agent);
            // An agent's own list may name a job that all share.
            // And the key of its own definition may be another agent's.
            jobs.add(
                    agent != null && own.json() == null
                            ? new AdminJob(name, agent, RedisKeys.job(name), session.text(RedisKeys.job(name)))
                            : own);
        }
        return jobs;
    }

    /** @param agent null for the definition that all agents share */
    public AdminJob get(String name, @Nullable String agent) {
        String key = key(name, agent);
        String json = session.text(key);
        return new AdminJob(name, agent, key, json != null && foreign(name, agent, json) != null ? null : json);
    }

    /** The problem if the key of a job holds the definition of another agent's job, or null. */
    private @Nullable Problem foreignDefinition(String name, @Nullable String agent) {
        String json = session.text(key(name, agent));
        return json == null ? null : foreign(name, agent, json);
    }

    private static @Nullable Problem foreign(String name, @Nullable String agent, String json) {
        return agent == null ? null : OwnDefinition.foreign(key(name, agent), agent, name, json);
    }

    /** Whether the job's list names it. */
    public boolean isListed(String name, @Nullable String agent) {
        String list = list(agent);
        return session.call(list, redis -> redis.sismember(list, name));
    }

    /**
     * Writes a definition and names it in its list, both or neither.
     *
     * @throws AdminRefusedException if its key holds the definition of another agent's job
     */
    public void put(String name, @Nullable String agent, String json) {
        String key = key(name, agent);
        Problem foreign = foreignDefinition(name, agent);
        if (foreign != null) {
            throw new AdminRefusedException(
                    AdminRefusedException.Reason.WRONG_CONTENT,
                    "Redis key '" + foreign.where() + "': " + foreign.what() + "; " + foreign.remedy(),
                    null);
        }
        session.transaction(key, transaction -> {
            transaction.set(key, json);
            transaction.sadd(list(agent), name);
            transaction.srem(RedisKeys.REMOVED, key);
        });
    }

    /**
     * Removes a job from its list, and its definition unless it is that of another agent's job. Agents hear that it was
     * meant; so do those that still run a job which Redis has lost.
     *
     * @return whether there was anything to remove
     */
    public boolean remove(String name, @Nullable String agent) {
        String key = key(name, agent);
        boolean isOurs = foreignDefinition(name, agent) == null;
        List<Object> replies = session.transaction(key, transaction -> {
            transaction.srem(list(agent), name);
            if (isOurs) {
                transaction.del(key);
            }
            AdminSession.markRemoved(transaction, key);
        });
        return AdminSession.countOf(replies.subList(0, isOurs ? 2 : 1)) > 0;
    }

    /**
     * Removes all jobs of a list. Agents that still know jobs which Redis has lost hear that they are to end, too.
     *
     * @return how many were there
     */
    public int removeAll(@Nullable String agent) {
        Set<String> names = session.members(list(agent));
        for (String name : names) {
            remove(name, agent);
        }
        session.transaction(list(agent), transaction -> AdminSession.markRemoved(transaction, list(agent)));
        return names.size();
    }

    /** The key of a definition. */
    public static String key(String name, @Nullable String agent) {
        return agent == null ? RedisKeys.job(name) : new RedisKeys(agent).agentJob(name);
    }

    private static String list(@Nullable String agent) {
        return agent == null ? RedisKeys.JOB_LIST : new RedisKeys(agent).agentJobs();
    }
}
