package io.pingagent.agent.report;

import io.pingagent.redis.events.ExpirySubscriber;
import io.pingagent.redis.writer.StateWriter;
import io.pingagent.zabbix.ZabbixBridge;
import org.jspecify.annotations.Nullable;

/**
 * Those who talk to Redis and Zabbix.
 *
 * @param bridge null without Zabbix
 */
public record Connections(
        StateWriter writer,
        ExpirySubscriber subscriber,
        @Nullable ZabbixBridge bridge) {}
