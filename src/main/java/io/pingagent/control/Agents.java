package io.pingagent.control;

/** Port: the agent at whose socket is asked, and the others that write to its Redis. Any thread. */
public interface Agents {

    /**
     * An agent by its name.
     *
     * @param name empty for the agent itself
     * @param timeoutMillis within which it is to be read
     * @throws ControlException if there is none, or Redis is away
     */
    AgentSource agent(String name, long timeoutMillis) throws ControlException;
}
