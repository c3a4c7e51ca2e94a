package io.pingagent.app.zabbix;

import io.pingagent.testkit.ZabbixVersion;

/** With Zabbix 7.0. */
class Zabbix7ApiIT extends ZabbixApiContract {

    Zabbix7ApiIT() {
        super(ZabbixVersion.V7_0);
    }
}
