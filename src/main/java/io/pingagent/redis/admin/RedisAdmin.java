package io.pingagent.redis.admin;

import io.pingagent.base.OwnedBy;
import io.pingagent.model.Problem;
import io.pingagent.redis.RedisConnector;
import io.pingagent.redis.RedisSettings;
import io.pingagent.redis.RedisUnreachableException;
import java.util.List;

/**
 * What users do with jobs, groups, agents and err lists, and what they look at. Both layouts are read; the current one
 * is written, and an agent's own jobs in the earlier one.
 *
 * <p>All parts share one connection. Every method may throw {@link RedisUnreachableException} when Redis is
 * unreachable, and {@link AdminRefusedException} when it refuses.
 */
@OwnedBy("caller")
public final class RedisAdmin implements AutoCloseable {

    private final AdminSession session;
    private final AgentAdmin agents;
    private final JobAdmin jobs;
    private final GroupAdmin groups;
    private final LabelAdmin labels;
    private final ErrListAdmin errLists;
    private final ServerInspection inspection;

    private RedisAdmin(AdminSession session) {
        this.session = session;
        this.agents = new AgentAdmin(session);
        this.jobs = new JobAdmin(session);
        this.groups = new GroupAdmin(session);
        this.labels = new LabelAdmin(session);
        this.errLists = new ErrListAdmin(session);
        this.inspection = new ServerInspection(session);
    }

    public static RedisAdmin connect(RedisSettings settings) {
        return new RedisAdmin(new AdminSession(new RedisConnector(settings)));
    }

    /** Host and port, for messages. */
    public String server() {
        return session.server();
    }

    public AgentAdmin agents() {
        return agents;
    }

    public JobAdmin jobs() {
        return jobs;
    }

    public GroupAdmin groups() {
        return groups;
    }

    public LabelAdmin labels() {
        return labels;
    }

    public ErrListAdmin errLists() {
        return errLists;
    }

    /** Looks at the server itself. */
    public AdminServer inspect() {
        return inspection.inspect();
    }

    /** What keeps agents from writing there, or from being read: such a server may show an old state, or none. */
    public List<Problem> serverProblems() {
        return inspection.problems();
    }

    @Override
    public void close() {
        session.close();
    }
}
