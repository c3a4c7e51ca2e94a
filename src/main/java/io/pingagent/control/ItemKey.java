package io.pingagent.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be asked for: the item keys of the plugin of Zabbix agent 2. */
public enum ItemKey {
    GET("ping.get", "[agent]", 0, 1, "Returns an agent and all its addresses as JSON."),
    AGENT_GET("ping.agent.get", "[agent]", 0, 1, "Returns the state of an agent as JSON."),
    DISCOVERY("ping.discovery", "[agent]", 0, 1, "Returns the addresses of an agent for low-level discovery."),
    ERR_LIST_GET("ping.errlist.get", "[agent]", 0, 1, "Returns the addresses on the err list of an agent as JSON."),
    STATUS("ping.status", "[agent,address]", 2, 2, "Returns 1 if an address is up, 0 if it is down."),
    LOSS("ping.loss", "[agent,address]", 2, 2, "Returns the loss of the last minute in percent."),
    RTT("ping.rtt", "[agent,address]", 2, 2, "Returns the last round-trip time in seconds."),
    JITTER("ping.jitter", "[agent,address]", 2, 2, "Returns the jitter in seconds."),
    PROBE(
            "ping.probe",
            "[address,count,interval,size,timeout]",
            1,
            5,
            "Probes an address from this host and returns the result as JSON.");

    private final String key;
    private final String usage;
    private final int fewest;
    private final int most;
    private final String description;

    ItemKey(String key, String usage, int fewest, int most, String description) {
        this.key = key;
        this.usage = usage;
        this.fewest = fewest;
        this.most = most;
        this.description = description;
    }

    /** As Zabbix spells it, without parameters. */
    public String key() {
        return key;
    }

    /** The key with the names of its parameters. */
    public String usage() {
        return key + usage;
    }

    /** One sentence, as Zabbix agent 2 wants it: a capital letter first, a full stop last. */
    public String description() {
        return description;
    }

    /** Null if there is no such key. */
    public static @Nullable ItemKey of(String key) {
        for (ItemKey known : values()) {
            if (known.key.equals(key)) {
                return known;
            }
        }
        return null;
    }

    /** @throws ControlException if there are too many or too few */
    public void requireCount(List<String> parameters) throws ControlException {
        if (parameters.size() < fewest || parameters.size() > most) {
            throw new ControlException("wrong number of parameters (" + parameters.size() + "): write " + usage());
        }
    }

    /** The parameter at an index, stripped; empty if it is missing. */
    static String parameter(List<String> parameters, int index) {
        return index < parameters.size() ? parameters.get(index).strip() : "";
    }
}
