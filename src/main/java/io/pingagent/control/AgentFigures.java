package io.pingagent.control;

import org.jspecify.annotations.Nullable;

/**
 * An agent as a whole. Null is unknown.
 *
 * @param problems what the user has to put right
 */
public record AgentFigures(
        String name,
        @Nullable String version,
        boolean online,
        Targets targets,
        Connections connections,
        @Nullable Problems problems) {

    /**
     * How many addresses it has.
     *
     * @param probed addresses that it probes
     * @param errListed addresses on its err list, without those that are there because it is cut off
     */
    public record Targets(@Nullable Long probed, @Nullable Long errListed) {}

    /**
     * What it reaches.
     *
     * @param redis whether it is connected to Redis
     * @param zabbix whether a Zabbix server takes its values; null also if it sends none
     * @param isolated whether it is cut off from its network
     */
    public record Connections(
            @Nullable Boolean redis,
            @Nullable Boolean zabbix,
            @Nullable Boolean isolated) {}

    /** @param first the first of them, or empty */
    public record Problems(int count, String first) {}
}
