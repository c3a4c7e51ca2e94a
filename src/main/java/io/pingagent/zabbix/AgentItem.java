package io.pingagent.zabbix;

/** A value of the agent as a whole. Counters are totals since the agent's start. */
public enum AgentItem {
    /** Unix time of the agent, whole seconds. */
    HEARTBEAT("ping.agent.heartbeat"),
    /** Text, sent at start and every hour. */
    VERSION("ping.agent.version"),
    /** Addresses that are probed. */
    TARGETS("ping.agent.targets"),
    /** 1 while the agent itself is cut off from its network, else 0; a change is sent at once. */
    ISOLATED("ping.agent.isolated"),
    /** Addresses on the err list, without those that are there because the agent is cut off. */
    ERR_LIST_SIZE("ping.agent.errlist.size"),
    /** Probes per second over the last push interval, decimal. */
    PROBES_RATE("ping.agent.probes.rate"),
    /** Replies that failed a check (counter). */
    REFUSED("ping.agent.refused"),
    /** Packets that the kernel dropped for want of receive buffer (counter). */
    KERNEL_DROPS("ping.agent.kernel.drops"),
    /** Rounds that were still running when the next was due (counter). */
    OVERRUNS("ping.agent.overruns"),
    /** Probes without a reply that do not count, because the agent's machine may have lost it (counter). */
    INVALIDATED("ping.agent.invalidated"),
    /** Probes that the kernel refused to send: no route, firewall, no interface (counter). */
    SEND_ERRORS("ping.agent.send.errors"),
    /** Probes that had to wait for room in this machine's queues (counter). */
    SEND_DEFERRED("ping.agent.send.deferred"),
    /** Probes left out because the one before still waited for room (counter). */
    SEND_OMITTED("ping.agent.send.omitted"),
    /** By how much probes went out late over the last push interval, 99th percentile; seconds, decimal. */
    LATENESS("ping.agent.lateness"),
    /** 1 connected, 0 unreachable. */
    REDIS_STATE("ping.agent.redis.state"),
    /** Problems that the user has to fix: in jobs and groups, in Redis, on this machine's interfaces. */
    PROBLEMS("ping.agent.problems"),
    /** Text: those problems, one a line, the first few of them; {@code none} if there is none. */
    PROBLEMS_TEXT("ping.agent.problems.text"),
    /** Values that wait for a Zabbix server. */
    BUFFER_VALUES("ping.agent.buffer.values"),
    /** Values that nobody will ever deliver although somebody wanted them (counter, kept across restarts). */
    BUFFER_DROPPED("ping.agent.buffer.dropped");

    private static final String PREFIX = "ping.agent.";

    private final String key;

    AgentItem(String key) {
        this.key = key;
    }

    /** Whether an item key is one of these. */
    static boolean isKey(String key) {
        return key.startsWith(PREFIX);
    }

    /** The item key. */
    public String key() {
        return key;
    }
}
