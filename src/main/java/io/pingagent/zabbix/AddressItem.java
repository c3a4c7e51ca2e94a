package io.pingagent.zabbix;

import org.jspecify.annotations.Nullable;

/** A value of an address over one push interval. Seconds and percent are decimal numbers. */
public enum AddressItem {
    /** 1 up, 0 down, 2 behind a dead parent. */
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
    /** Half of the round-trip times are at most this, seconds. */
    RTT_P50("rtt.p50", 50),
    /** 95 % of the round-trip times are at most this, seconds. */
    RTT_P95("rtt.p95", 95),
    /** 99 % of the round-trip times are at most this, seconds. */
    RTT_P99("rtt.p99", 99),
    /** Population standard deviation of the round-trip times, seconds. */
    RTT_STDDEV("rtt.stddev", 0),
    /** TTL or hop limit of the newest reply, 1 to 255. */
    TTL("ttl", 0),
    /** Text: the path when the address went down. Sent with {@code path.on-down} only. */
    PATH("path", 0);

    private final String text;
    private final String key;
    private final String prefix;
    private final @Nullable String officialKey;
    private final boolean isOptional;
    private final int percent;

    AddressItem(String text, @Nullable String officialKey) {
        this(text, officialKey, false, 0);
    }

    /** One that is sent only where it is asked for. */
    AddressItem(String text, int percent) {
        this(text, null, true, percent);
    }

    AddressItem(String text, @Nullable String officialKey, boolean isOptional, int percent) {
        this.text = text;
        this.key = "ping." + text;
        this.prefix = key + "[\"";
        this.officialKey = officialKey;
        this.isOptional = isOptional;
        this.percent = percent;
    }

    /** Whether it is not among the default of {@code zabbix.items}: it costs memory of its own, or packets. */
    public boolean isOptional() {
        return isOptional;
    }

    /** Of a quantile of the round-trip times, 1 to 99; 0 if the item is none. */
    int percent() {
        return percent;
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
