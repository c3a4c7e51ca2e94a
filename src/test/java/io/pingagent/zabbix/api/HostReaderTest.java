package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.pingagent.model.ZabbixHost.Keys;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostReaderTest {

    private static final HostSelection ROUTERS = new HostSelection(List.of("Routers"), List.of(), List.of());

    @TempDir
    Path directory;

    private static String interfaceOf(int type, int main, int useIp, String ip, String dns) {
        return "{\"type\":\"" + type + "\",\"main\":\"" + main + "\",\"useip\":\"" + useIp + "\",\"ip\":\"" + ip
                + "\",\"dns\":\"" + dns + "\"}";
    }

    private static String host(String id, String... interfaces) {
        return "{\"hostid\":\"" + id + "\",\"host\":\"h" + id + "\",\"flags\":\"0\",\"interfaces\":["
                + String.join(",", interfaces) + "]}";
    }

    private static FakeApi withGroups() throws Exception {
        FakeApi api = new FakeApi("7.0.22");
        api.result("hostgroup.get", "[{\"groupid\":\"1\",\"name\":\"Routers\"}]");
        return api;
    }

    @Test
    void aHostGroupMeansThoseBelowItAndNoOther() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.result(
                    "hostgroup.get",
                    "[{\"groupid\":\"1\",\"name\":\"Routers\"},"
                            + "{\"groupid\":\"2\",\"name\":\"Routers/Core/Deep\"},"
                            + "{\"groupid\":\"3\",\"name\":\"Routers of guests\"},"
                            + "{\"groupid\":\"4\",\"name\":\"routers\"}]");
            api.result("host.get", "[]");
            assertEquals(List.of(), new HostReader(api.open(directory)).read(ROUTERS));
            assertEquals(
                    "[\"1\",\"2\"]",
                    api.asked.get(2).parameters().get("groupids").toString());
            assertEquals(
                    "{\"status\":\"0\"}",
                    api.asked.get(2).parameters().get("filter").toString());
        }
    }

    @Test
    void aGroupOrTemplateThatIsNotThereIsNamed() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            HostReader reader = new HostReader(api.open(directory));
            ApiException noGroup = assertThrows(ApiException.class, () -> reader.read(ROUTERS));
            assertEquals(Kind.UNKNOWN_NAME, noGroup.kind());
            assertTrue(noGroup.getMessage().contains("'Routers'"), noGroup.getMessage());
            ApiException noTemplate = assertThrows(
                    ApiException.class,
                    () -> reader.read(new HostSelection(List.of(), List.of(), List.of("ICMP Ping"))));
            assertEquals(Kind.UNKNOWN_NAME, noTemplate.kind());
            assertFalse(api.methods().contains("host.get"));
        }
    }

    @Test
    void theAddressIsThatOfTheMainInterfaceOfTheFirstType() throws Exception {
        try (FakeApi api = withGroups()) {
            api.result(
                    "host.get",
                    "["
                            + host(
                                    "1",
                                    interfaceOf(2, 1, 1, "192.0.2.2", ""),
                                    interfaceOf(1, 0, 1, "192.0.2.9", ""),
                                    interfaceOf(1, 1, 0, "192.0.2.8", "edge.example"))
                            + ","
                            + host("2", interfaceOf(4, 1, 1, "192.0.2.4", ""), interfaceOf(3, 1, 1, "192.0.2.3", ""))
                            + "," + host("3") + "," + host("4", interfaceOf(9, 1, 1, "192.0.2.5", "")) + "]");
            List<FoundHost> hosts = new HostReader(api.open(directory)).read(ROUTERS);
            assertEquals(
                    List.of(
                            new FoundHost.Interface("agent", "edge.example", true),
                            new FoundHost.Interface("SNMP", "192.0.2.2", false)),
                    hosts.get(0).interfaces());
            assertEquals("JMX", hosts.get(1).interfaces().get(0).type());
            assertEquals(List.of(), hosts.get(2).interfaces());
            assertEquals(List.of(), hosts.get(3).interfaces());
        }
    }

    @Test
    void theKeysAreThoseOfTheTrapperItems() throws Exception {
        try (FakeApi api = withGroups()) {
            api.result("host.get", "[" + host("1") + "," + host("2") + "," + host("3") + "," + host("4") + "]");
            api.result(
                    "item.get",
                    "[{\"hostid\":\"1\",\"key_\":\"ping.status\"},{\"hostid\":\"2\",\"key_\":\"icmpping\"},"
                            + "{\"hostid\":\"3\",\"key_\":\"icmpping\"},{\"hostid\":\"3\",\"key_\":\"ping.status\"}]");
            List<FoundHost> hosts = new HostReader(api.open(directory)).read(ROUTERS);
            assertEquals(
                    List.of(Set.of(Keys.PING), Set.of(Keys.ICMPPING), Set.of(Keys.PING, Keys.ICMPPING), Set.of()),
                    hosts.stream().map(FoundHost::keys).toList());
            JsonObject filter = api.asked.stream()
                    .filter(asked -> asked.method().equals("item.get"))
                    .findFirst()
                    .orElseThrow()
                    .parameters()
                    .getAsJsonObject("filter");
            assertEquals("2", filter.get("type").getAsString());
        }
    }

    @Test
    void whoMonitorsAHostIsReadAsEachVersionWritesIt() throws Exception {
        try (FakeApi api = new FakeApi("6.0.14")) {
            api.result("hostgroup.get", "[{\"groupid\":\"1\",\"name\":\"Routers\"}]");
            api.result(
                    "host.get",
                    "[{\"hostid\":\"1\",\"host\":\"a\",\"proxy_hostid\":\"0\"},"
                            + "{\"hostid\":\"2\",\"host\":\"b\",\"proxy_hostid\":\"7\"}]");
            assertEquals(
                    List.of(FoundHost.Monitor.SERVER, new FoundHost.Monitor(FoundHost.Monitor.Kind.PROXY, "7")),
                    monitors(api));
        }
        try (FakeApi api = withGroups()) {
            String none = "\"proxyid\":\"0\",\"proxy_groupid\":\"0\"}";
            api.result(
                    "host.get",
                    "[{\"hostid\":\"1\",\"host\":\"a\",\"monitored_by\":\"0\"," + none
                            + ",{\"hostid\":\"2\",\"host\":\"b\",\"monitored_by\":\"1\",\"proxyid\":\"7\"},"
                            + "{\"hostid\":\"3\",\"host\":\"c\",\"monitored_by\":\"2\",\"proxyid\":\"0\","
                            + "\"proxy_groupid\":\"9\"}]");
            assertEquals(
                    List.of(
                            FoundHost.Monitor.SERVER,
                            new FoundHost.Monitor(FoundHost.Monitor.Kind.PROXY, "7"),
                            new FoundHost.Monitor(FoundHost.Monitor.Kind.PROXY_GROUP, "9")),
                    monitors(api));
        }
    }

    private List<FoundHost.Monitor> monitors(FakeApi api) throws Exception {
        return new HostReader(api.open(directory))
                .read(ROUTERS).stream().map(FoundHost::monitor).toList();
    }

    @Test
    void manyHostsAreReadInPages() throws Exception {
        try (FakeApi api = withGroups()) {
            api.results("host.get", asked -> {
                JsonObject parameters = asked.parameters();
                IntStream ids = parameters.has("hostids")
                        ? parameters.getAsJsonArray("hostids").asList().stream().mapToInt(id -> id.getAsInt())
                        : IntStream.range(0, 2_500);
                return ids.mapToObj(id -> host(Integer.toString(id))).collect(Collectors.joining(",", "[", "]"));
            });
            assertEquals(
                    2_500, new HostReader(api.open(directory)).read(ROUTERS).size());
            assertEquals(3, api.methods().stream().filter("item.get"::equals).count());
        }
    }

    @Test
    void tagsAreOfTheHostOrItsTemplates() throws Exception {
        try (FakeApi api = new FakeApi("6.0.14")) {
            api.result("host.get", "\"7\"");
            HostReader reader = new HostReader(api.open(directory));
            assertEquals(7, reader.count(new HostSelection(List.of(), List.of("ping", "site=a=b"), List.of())));
            JsonObject parameters = api.asked.get(1).parameters();
            assertEquals(
                    "[{\"tag\":\"ping\",\"operator\":\"4\"},{\"tag\":\"site\",\"value\":\"a=b\",\"operator\":\"1\"}]",
                    parameters.get("tags").toString());
            assertTrue(parameters.get("inheritedTags").getAsBoolean());
        }
    }

    @Test
    void templatesThatAreLinkedToTheNamedOneAreMeantToo() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.results("template.get", asked -> {
                JsonObject parameters = asked.parameters();
                if (!parameters.has("parentTemplateids")) {
                    return parameters.getAsJsonObject("filter").has("host") ? "[{\"templateid\":\"10\"}]" : "[]";
                }
                // In a circle, which Zabbix refuses but a decoder has to survive.
                return parameters.get("parentTemplateids").toString().equals("[\"10\"]")
                        ? "[{\"templateid\":\"11\"}]"
                        : "[{\"templateid\":\"10\"},{\"templateid\":\"11\"}]";
            });
            api.result("host.get", "\"1\"");
            new HostReader(api.open(directory)).count(new HostSelection(List.of(), List.of(), List.of("ICMP Ping")));
            JsonObject last = api.asked.get(api.asked.size() - 1).parameters();
            assertEquals("[\"10\",\"11\"]", last.get("templateids").toString());
        }
    }
}
