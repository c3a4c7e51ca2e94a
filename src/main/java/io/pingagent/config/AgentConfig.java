package io.pingagent.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who this agent is.
 *
 * @param name not empty, without white space and control characters
 * @param onlineTtl TTL of {@code agent-online_$agent}, 3 s to 1 h
 * @param socket absolute path of the control socket, {@link #NO_SOCKET}, or null for that of the agent's name
 */
public record AgentConfig(
        String name, Duration onlineTtl, @Nullable String socket) {

    /** In place of a path. */
    public static final String NO_SOCKET = "none";
}
