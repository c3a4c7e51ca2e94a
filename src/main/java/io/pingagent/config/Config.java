package io.pingagent.config;

/**
 * The whole configuration, checked by {@link ConfigLoader}. Immutable; safe to print, for no part shows a secret in its
 * {@code toString}.
 */
public record Config(
        AgentConfig agent,
        RedisConfig redis,
        ProbeConfig probe,
        JobsConfig jobs,
        ErrListConfig errList,
        ZabbixConfig zabbix,
        LoggingConfig logging) {}
