package io.pingagent.config;

import java.time.Duration;

/**
 * Who this agent is.
 *
 * @param name not empty, without white space and control characters
 * @param onlineTtl TTL of {@code agent-online_$agent}, 3 s to 1 h
 */
public record AgentConfig(String name, Duration onlineTtl) {}
