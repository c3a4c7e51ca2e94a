package io.pingagent.zabbix.delivery;

import io.pingagent.model.ZabbixValue;

/** An item of the server: a key alone may be an item of many hosts. */
record HostItem(String host, String key) {

    static HostItem of(ZabbixValue value) {
        return new HostItem(value.host(), value.key());
    }

    @Override
    public String toString() {
        return key + " of host " + host;
    }
}
