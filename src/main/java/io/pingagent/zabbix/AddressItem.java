package io.pingagent.zabbix;

/** A value of an address over one push interval. Seconds and percent are decimal numbers. */
public enum AddressItem {
    /** 1 up, 0 down. */
    STATUS("status"),
    /** Percent of the settled probes that were lost, 0 to 100. */
    LOSS("loss"),
    /** Mean round-trip time, seconds. */
    RTT("rtt"),
    /** Shortest round-trip time, seconds. */
    RTT_MIN("rtt.min"),
    /** Longest round-trip time, seconds. */
    RTT_MAX("rtt.max"),
    /** Mean difference of consecutive round-trip times, seconds. */
    JITTER("jitter");

    private final String key;
    private final String prefix;

    AddressItem(String text) {
        this.key = "ping." + text;
        this.prefix = key + "[\"";
    }

    /** The item key on an address's own host. */
    public String key() {
        return key;
    }

    /**
     * The item key as the template spells it: Zabbix compares keys as text, so that the quotes belong to it.
     *
     * @param ip the address's text form
     */
    public String key(String ip) {
        return prefix + ip + "\"]";
    }
}
