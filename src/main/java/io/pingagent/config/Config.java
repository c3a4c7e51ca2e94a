package io.pingagent.config;

import io.pingagent.redis.RedisSettings;

/**
 * The whole configuration, checked by {@link ConfigLoader}. Each part is what the package that uses it wants.
 * Immutable; safe to print, for no part shows a secret in its {@code toString}.
 */
public record Config(
        AgentConfig agent,
        RedisSettings redis,
        ProbeSettings probe,
        JobsConfig jobs,
        ErrListConfig errList,
        ZabbixSettings zabbix,
        LoggingConfig logging) {}
