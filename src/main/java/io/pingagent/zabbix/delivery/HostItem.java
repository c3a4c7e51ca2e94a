package io.pingagent.zabbix.delivery;

import io.pingagent.model.ZabbixValue;

/** An item of the server: a key alone may be an item of many hosts. */
public record HostItem(String host, String key) {

    public static HostItem of(ZabbixValue value) {
        return new HostItem(value.host(), value.key());
    }

    @Override
    public String toString() {
        return key + " of host " + host;
    }
}
