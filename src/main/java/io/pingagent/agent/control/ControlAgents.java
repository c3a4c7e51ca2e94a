package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.base.OneLine;
import io.pingagent.config.Config;
import io.pingagent.control.AgentSource;
import io.pingagent.control.Agents;
import io.pingagent.control.ControlException;
import io.pingagent.control.RequestLimiter;
import io.pingagent.model.KeyNames;
import java.time.Duration;

/** The agent itself, and others by what they wrote to the same Redis. */
@AnyThread
public final class ControlAgents implements Agents {

    /**
     * A quarter of the time is for waiting for a turn, one for connecting, one for an answer. So a silent Redis is
     * named before the asker gives up.
     */
    private static final long SHARES = 4;

    private static final long LEAST_MILLIS = 100;
    private static final long MOST_MILLIS = 5_000;

    private final LiveAgent own;
    /** What another agent with a million addresses wrote takes 100 MB while it is read. */
    private final RequestLimiter readings =
            new RequestLimiter(1, "the agent is busy with reading another agent from Redis");

    private final Config config;

    public ControlAgents(LiveAgent own, Config config) {
        this.own = own;
        this.config = config;
    }

    @Override
    public AgentSource agent(String name, long timeoutMillis) throws ControlException {
        if (name.isEmpty() || name.equals(own.name())) {
            return own;
        }
        if (name.length() > KeyNames.MOST_CHARACTERS) {
            throw new ControlException("no agent has a name like '" + OneLine.of(name, KeyNames.MOST_CHARACTERS) + "'");
        }
        Duration patience = Duration.ofMillis(Math.max(LEAST_MILLIS, Math.min(MOST_MILLIS, timeoutMillis / SHARES)));
        return new RedisAgent(name, config, config.redis().within(patience, patience), readings);
    }
}
