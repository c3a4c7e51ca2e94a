package io.pingagent.zabbix;

import org.jspecify.annotations.Nullable;

/** A value of an address over one push interval. Seconds and percent are decimal numbers. */
public enum AddressItem {
    /** 1 up, 0 down. */
    STATUS("status", "icmpping"),
    /** Percent of the settled probes that were lost, 0 to 100. */
    LOSS("loss", "icmppingloss"),
    /** Mean round-trip time, seconds. */
    RTT("rtt", "icmppingsec"),
    /** Shortest round-trip time, seconds. */
    RTT_MIN("rtt.min", null),
    /** Longest round-trip time, seconds. */
    RTT_MAX("rtt.max", null),
    /** Mean difference of consecutive round-trip times, seconds. */
    JITTER("jitter", null),
    /** Text: the path when the address went down. Sent with {@code path.on-down} only. */
    PATH("path", null);

    private final String text;
    private final String key;
    private final String prefix;
    private final @Nullable String officialKey;

    AddressItem(String text, @Nullable String officialKey) {
        this.text = text;
        this.key = "ping." + text;
        this.prefix = key + "[\"";
        this.officialKey = officialKey;
    }

    /**
     * The key of Zabbix's own template "ICMP Ping" for the same thing, or null: Zabbix's manual, simple checks,
     * {@code icmpping}, {@code icmppingloss} and {@code icmppingsec}.
     */
    @Nullable
    String officialKey() {
        return officialKey;
    }

    /** As the configuration writes it: {@code rtt.min}. */
    public String text() {
        return text;
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
