package io.pingagent.zabbix;

import java.util.Optional;

/** The keys of all items, as {@code zabbix-templates/} has them. All are trapper items. */
public final class ZabbixKeys {

    /** Discovery rule over every bridged address: {@code {#IP}}, {@code {#GROUP}}, {@code {#JOB}}, {@code {#AGENT}}. */
    public static final String DISCOVERY = "ping.discovery";

    /** Discovery rule over the err list, with the same macros. */
    public static final String ERR_LIST_DISCOVERY = "ping.errlist.discovery";

    private static final String QUOTE = "[\"";

    private ZabbixKeys() {}

    /** The address that a key made by {@link AddressItem#key} is about, or empty for any other key. */
    public static Optional<String> addressOf(String key) {
        int start = key.indexOf(QUOTE);
        if (start < 0 || !key.endsWith("\"]")) {
            return Optional.empty();
        }
        return Optional.of(key.substring(start + QUOTE.length(), key.length() - 2));
    }
}
