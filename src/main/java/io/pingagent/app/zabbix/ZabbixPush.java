package io.pingagent.app.zabbix;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code zabbix send} did.
 *
 * @param addresses that are bridged
 * @param answered of them
 * @param server that took the values, or null if nothing was sent
 * @param processed values that it took
 * @param failed values that it refused
 * @param lines the values as {@code zabbix_sender --with-ns --input-file} wants them
 */
public record ZabbixPush(
        int addresses, int answered, @Nullable String server, int processed, int failed, List<String> lines) {

    public ZabbixPush {
        lines = List.copyOf(lines);
    }
}
