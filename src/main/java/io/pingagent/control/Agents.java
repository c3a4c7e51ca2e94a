package io.pingagent.control;

import io.pingagent.base.AnyThread;

/** Port: the agent at whose socket is asked, and the others that write to its Redis. */
@AnyThread
public interface Agents {

    /**
     * An agent by its name.
     *
     * @param name empty for the agent itself
     * @param timeoutMillis within which it is to be read
     * @throws ControlException if there is none, or Redis is unreachable
     */
    AgentSource agent(String name, long timeoutMillis) throws ControlException;
}
