package io.pingagent.app.zabbix;

import io.pingagent.testkit.ZabbixVersion;

/** With Zabbix 6.0. */
class Zabbix6ApiIT extends ZabbixApiContract {

    Zabbix6ApiIT() {
        super(ZabbixVersion.V6_0);
    }
}
