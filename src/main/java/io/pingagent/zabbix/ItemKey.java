package io.pingagent.zabbix;

/** An item of the server: a key alone may be an item of many hosts. */
record ItemKey(String host, String key) {

    static ItemKey of(ZabbixValue value) {
        return new ItemKey(value.host(), value.key());
    }

    @Override
    public String toString() {
        return key + " of host " + host;
    }
}
