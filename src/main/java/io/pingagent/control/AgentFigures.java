package io.pingagent.control;

import org.jspecify.annotations.Nullable;

/**
 * An agent as a whole. Null is unknown.
 *
 * @param targets addresses that it probes
 * @param errListed addresses on its err list, without those that are there because it is cut off
 * @param redis whether it is connected to Redis
 * @param zabbix whether a Zabbix server takes its values; null also if it sends none
 * @param isolated whether it is cut off from its network
 * @param problems how many things a person has to put right
 * @param problem the first of them, or empty
 */
public record AgentFigures(
        String name,
        @Nullable String version,
        boolean online,
        @Nullable Long targets,
        @Nullable Long errListed,
        @Nullable Boolean redis,
        @Nullable Boolean zabbix,
        @Nullable Boolean isolated,
        @Nullable Integer problems,
        @Nullable String problem) {}
