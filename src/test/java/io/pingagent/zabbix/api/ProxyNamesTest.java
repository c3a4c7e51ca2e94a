package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.zabbix.api.FoundHost.Monitor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyNamesTest {

    private static final Monitor PROXY = new Monitor(Monitor.Kind.PROXY, "7");
    private static final Monitor GROUP = new Monitor(Monitor.Kind.PROXY_GROUP, "9");

    @TempDir
    Path directory;

    @Test
    void eachVersionNamesItsProxies() throws Exception {
        try (FakeApi api = new FakeApi("6.0.14")) {
            api.result("proxy.get", "[{\"proxyid\":\"7\",\"host\":\"Hamburg\"}]");
            assertEquals("proxy 'Hamburg'", new ProxyNames(api.open(directory)).text(PROXY));
        }
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.result("proxy.get", "[{\"proxyid\":\"7\",\"name\":\"Hamburg\"}]");
            api.result("proxygroup.get", "[{\"proxy_groupid\":\"9\",\"name\":\"North\"}]");
            ProxyNames names = new ProxyNames(api.open(directory));
            assertEquals("proxy 'Hamburg'", names.text(PROXY));
            assertEquals("proxy group 'North'", names.text(GROUP));
        }
    }

    /** The role for imports need not allow it. */
    @Test
    void aNameThatMayNotBeReadIsAnId() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.error("proxy.get", "No permissions to call \\\"proxy.get\\\".");
            assertEquals("proxy 7", new ProxyNames(api.open(directory)).text(PROXY));
        }
    }
}
