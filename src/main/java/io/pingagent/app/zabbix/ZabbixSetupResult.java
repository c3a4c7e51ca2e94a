package io.pingagent.app.zabbix;

import java.util.List;

/**
 * What {@code zabbix setup} did, or would do.
 *
 * @param lines each one thing that was done, in order
 * @param warnings each one thing that was left alone and may be wrong
 * @param version of Zabbix
 */
public record ZabbixSetupResult(List<String> lines, List<String> warnings, String version) {

    public ZabbixSetupResult {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }
}
