package io.pingagent.app.zabbix;

import io.pingagent.testkit.ZabbixVersion;
import org.junit.jupiter.api.Tag;

/** With Zabbix 7.0. */
@Tag("root")
class Zabbix7ApiIT extends ZabbixApiContract {

    Zabbix7ApiIT() {
        super(ZabbixVersion.V7_0);
    }
}
