package io.pingagent.zabbix;

import java.util.Optional;

/** The keys of all items, as {@code zabbix-templates/} has them. All are trapper items. */
public final class ZabbixKeys {

    /** Discovery rule over every bridged address: {@code {#IP}}, {@code {#GROUP}}, {@code {#JOB}}, {@code {#AGENT}}. */
    public static final String DISCOVERY = "ping.discovery";

    /**
     * Discovery rule of one Zabbix host per address: the macros of {@link #DISCOVERY}, and {@code {#HOST}}, the name of
     * the address's host.
     */
    public static final String HOSTS_DISCOVERY = "ping.hosts.discovery";

    /** Discovery rule over the err list, with the same macros. */
    public static final String ERR_LIST_DISCOVERY = "ping.errlist.discovery";

    private static final String PREFIX = "ping ";
    /** Longest technical name of a host in Zabbix. */
    private static final int MAX_HOST = 128;

    private static final String QUOTE = "[\"";

    private ZabbixKeys() {}

    /**
     * The name of an address's own host, as {@code ping-agent-hosts.yaml} of {@code zabbix-templates/} makes it. It has
     * only letters, digits, dots, underscores, blanks and minus signs, and at most 128 of them. The name of a long
     * agent's host is shortened, with a hash.
     *
     * @param host the Zabbix host of the agent
     * @param ip the address's text form
     */
    public static String addressHost(String host, String ip) {
        int room = MAX_HOST - PREFIX.length() - 1 - ip.length();
        String start = host.length() <= room
                ? host
                : host.substring(0, room - 9) + '-' + String.format("%08x", host.hashCode());
        StringBuilder name = new StringBuilder(PREFIX).append(start).append(' ').append(ip);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed = c >= '0' && c <= '9'
                    || c >= 'A' && c <= 'Z'
                    || c >= 'a' && c <= 'z'
                    || c == '.'
                    || c == '_'
                    || c == ' '
                    || c == '-';
            if (!allowed) {
                name.setCharAt(i, '-');
            }
        }
        return name.toString();
    }

    /** Whether a host's name may be one of {@link #addressHost}. */
    static boolean isAddressHost(String name) {
        return name.startsWith(PREFIX);
    }

    /** The address that a key made by {@link AddressItem#key} is about, or empty for any other key. */
    public static Optional<String> addressOf(String key) {
        int start = key.indexOf(QUOTE);
        if (start < 0 || !key.endsWith("\"]")) {
            return Optional.empty();
        }
        return Optional.of(key.substring(start + QUOTE.length(), key.length() - 2));
    }
}
