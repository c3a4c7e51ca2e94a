package io.pingagent.redis;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.KeyNames;
import io.pingagent.model.Zones;
import org.jspecify.annotations.Nullable;

/**
 * The names of every key of both layouts, for one agent. Immutable, any thread.
 *
 * <p>Agent names may contain {@code _}. So a key is this agent's only if it starts with the whole prefix and the rest
 * parses as an address. The key {@code ip_a_b_192.0.2.1} belongs to agent {@code a_b}, never to {@code a}.
 */
public final class RedisKeys {

    /** Before the address of the key that says what users call it, see {@link #target}. */
    public static final String TARGET = "target_";

    public static final String AGENT_LIST = "agent-list";
    public static final String JOB_LIST = "job-list";
    public static final String GROUP_LIST = "group-list";
    /** The earlier layout's name, read together with {@link #GROUP_LIST}. */
    public static final String GROUPS_LIST = "groups-list";

    /**
     * Set with a TTL: keys of jobs, lists of jobs and groups that users removed, so that no agent takes them for lost.
     */
    public static final String REMOVED = "catalogue-removed";

    public static final String JOB_PREFIX = "job_";
    public static final String GROUP_PREFIX = "group_";

    private final String agent;
    private final String lastMsPrefix;
    private final String perIpPrefix;
    private final String pathPrefix;

    /** @throws IllegalArgumentException if the name is empty or longer than {@link KeyNames#MOST_CHARACTERS} */
    public RedisKeys(String agent) {
        if (agent.isEmpty() || agent.length() > KeyNames.MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "an agent's name has 1 to " + KeyNames.MOST_CHARACTERS + " characters, not " + agent.length());
        }
        this.agent = agent;
        this.lastMsPrefix = "agent-ip-last-ms_" + agent + '_';
        this.perIpPrefix = "ip_" + agent + '_';
        this.pathPrefix = "agent-path_" + agent + '_';
    }

    public String agent() {
        return agent;
    }

    /** String {@code online} with a TTL. */
    public String online() {
        return "agent-online_" + agent;
    }

    /** String with a TTL, JSON: which process runs under this name. */
    public String owner() {
        return "agent-owner_" + agent;
    }

    /** Set of addresses. */
    public String errList() {
        return "agent-err-list_" + agent;
    }

    /** String with a TTL: the last RTT. */
    public String lastMs(IpAddress address) {
        return lastMsPrefix + address;
    }

    public String lastMsPrefix() {
        return lastMsPrefix;
    }

    /** String with a TTL: how the address was reached, and not reached, as JSON. */
    public String path(IpAddress address) {
        return pathPrefix + address;
    }

    public String pathPrefix() {
        return pathPrefix;
    }

    /** The address of one of {@link #path}, or null if the key is another one. */
    public @Nullable IpAddress addressOfPath(String key) {
        return key.startsWith(pathPrefix) ? addressIn(key, pathPrefix.length()) : null;
    }

    /** String: one JSON object with every address. */
    public String allIpStatus() {
        return "agent-all-ip-status_" + agent;
    }

    /** Exists only within a transaction, while {@link #allIpStatus()} and {@link #allIpStatusNext()} change places. */
    public String allIpStatusSpare() {
        return "agent-all-ip-status-spare_" + agent;
    }

    /**
     * Where a long status string is written until it is whole and takes the place of {@link #allIpStatus()}; has a TTL.
     */
    public String allIpStatusNext() {
        return "agent-all-ip-status-next_" + agent;
    }

    /** String with a TTL: the agent's own counters as JSON, read by {@code status}, {@code top} and {@code doctor}. */
    public String stats() {
        return "agent-stats_" + agent;
    }

    /** Lives for a millisecond to see whether the server announces expired keys. */
    public String notifyCheck() {
        return "agent-notify-check_" + agent;
    }

    /** String: since when this agent has known the jobs and groups of this Redis; it goes when all data goes. */
    public String witness() {
        return "agent-catalogue_" + agent;
    }

    /** Hash: which addresses the host names of groups had last, {@code host:NAME} to addresses with blanks between them. */
    public String agentNames() {
        return "agent-names_" + agent;
    }

    /** Earlier layout: set of the names of the jobs that only this agent runs. */
    public String agentJobs() {
        return "agent-jobs_" + agent;
    }

    /** Earlier layout: this agent's own definition of a job. */
    public String agentJob(String job) {
        return agentJobPrefix() + job;
    }

    public String agentJobPrefix() {
        return "agent_" + agent + '_';
    }

    /** Earlier layout: with an address behind it a string with a TTL, its counts as JSON. */
    public String perIpPrefix() {
        return perIpPrefix;
    }

    public static String job(String job) {
        return JOB_PREFIX + job;
    }

    public static String group(String group) {
        return GROUP_PREFIX + group;
    }

    /** Hash: which Zabbix hosts take the values of the group's addresses, see {@link io.pingagent.model.ZabbixHost}. */
    public static String groupHosts(String group) {
        return "group-hosts_" + group;
    }

    /** Hash, optional: name, parent and labels of an address, see {@link io.pingagent.model.LabelFields}. */
    public static String target(IpAddress address) {
        return TARGET + address;
    }

    /** The address whose {@link #target} this is, or null if the key is another one. */
    public static @Nullable IpAddress addressOfTarget(String key) {
        return key.startsWith(TARGET) ? addressIn(key, TARGET.length()) : null;
    }

    /**
     * The address whose last-ms or per-address key this is, or null if the key is another one, or another agent's.
     *
     * @param key any key
     */
    public @Nullable IpAddress addressOfExpired(String key) {
        if (key.startsWith(lastMsPrefix)) {
            return addressIn(key, lastMsPrefix.length());
        }
        return key.startsWith(perIpPrefix) ? addressIn(key, perIpPrefix.length()) : null;
    }

    /** Makes a name match only itself in a Redis glob pattern. */
    public static String escapeGlob(String name) {
        StringBuilder escaped = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\' || c == '^') {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    private static @Nullable IpAddress addressIn(String key, int from) {
        long v4 = Ipv4Text.parse(key, from);
        if (v4 >= 0) {
            return IpAddress.v4((int) v4);
        }
        try {
            String text = key.substring(from);
            int percent = text.indexOf('%');
            if (percent >= 0 && Zones.find(text.substring(percent + 1)) == 0) {
                // No target has a zone that was never named; keys of others must not fill the table of zones.
                return null;
            }
            IpAddress address = Addresses.parse(text);
            // The agent writes one spelling only.
            return address.toString().equals(text) ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
