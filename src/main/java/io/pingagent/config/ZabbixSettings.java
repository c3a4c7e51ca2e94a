package io.pingagent.config;

import io.pingagent.zabbix.BridgeSettings;
import io.pingagent.zabbix.api.ApiSettings;
import io.pingagent.zabbix.api.ZabbixImport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes to Zabbix and comes from there. Immutable.
 *
 * @param bridge what the bridge wants; without servers it is off
 * @param groups names of the groups that are bridged; empty: all
 * @param api from which hosts are read; null: no API
 * @param imports what the running agent keeps in step
 */
public record ZabbixSettings(
        BridgeSettings bridge,
        List<String> groups,
        @Nullable ApiSettings api,
        List<ZabbixImport> imports) {

    public ZabbixSettings {
        groups = List.copyOf(groups);
        imports = List.copyOf(imports);
    }

    /** Whether values are sent. */
    public boolean isOn() {
        return !bridge.access().servers().isEmpty();
    }

    /** The Zabbix host that owns the items. */
    public String host() {
        return bridge.host().name();
    }
}
