package io.pingagent.app.zabbix;

import io.pingagent.testkit.ZabbixVersion;
import org.junit.jupiter.api.Tag;

/** With Zabbix 6.0. */
@Tag("root")
class Zabbix6ApiIT extends ZabbixApiContract {

    Zabbix6ApiIT() {
        super(ZabbixVersion.V6_0);
    }
}
