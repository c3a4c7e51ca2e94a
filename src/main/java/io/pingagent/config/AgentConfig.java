package io.pingagent.config;

import io.pingagent.config.type.TextTypes;
import org.jspecify.annotations.Nullable;

/**
 * Who this agent is.
 *
 * @param name not empty, without white space and control characters
 * @param socket absolute path of the control socket, {@link #NO_SOCKET}, or null for that of the agent's name
 * @param history what it keeps of probes in memory
 */
public record AgentConfig(String name, @Nullable String socket, HistoryConfig history) {

    /** In place of a path. */
    public static final String NO_SOCKET = TextTypes.NO_SOCKET;
}
