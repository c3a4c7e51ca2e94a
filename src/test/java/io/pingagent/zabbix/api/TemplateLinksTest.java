package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.zabbix.api.ApiException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateLinksTest {

    @TempDir
    Path directory;

    private static List<FoundHost> hosts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new FoundHost(
                        Integer.toString(i), "h" + i, "", false, FoundHost.Monitor.SERVER, List.of(), Set.of()))
                .toList();
    }

    @Test
    void aHostThatIsRefusedCostsNoOtherHostAnything() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.result("template.get", "[{\"templateid\":\"5\"}]");
            TemplateLinks.Outcome outcome = new TemplateLinks(refusing(api, "137")).link(hosts(250));
            assertEquals(249, outcome.linked());
            assertEquals(Set.of("h137"), outcome.refused().keySet());
            assertTrue(outcome.refused().get("h137").contains("Item already exists"), outcome.toString());
        }
    }

    private ApiSession refusing(FakeApi api, String id) throws Exception {
        ApiSession session = api.open(directory);
        api.bodies(
                "host.massadd",
                asked -> asked.parameters().get("hosts").toString().contains("\"hostid\":\"" + id + "\"")
                        ? "{\"error\":{\"message\":\"Invalid params.\",\"data\":\"Item already exists.\"}}"
                        : "{\"result\":{\"hostids\":[]}}");
        return session;
    }

    @Test
    void aMissingTemplateNamesTheCommandThatImportsIt() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            TemplateLinks links = new TemplateLinks(api.open(directory));
            ApiException e = assertThrows(ApiException.class, () -> links.link(hosts(1)));
            assertTrue(e.remedy().contains("ping-agent zabbix setup"), e.getMessage());
        }
    }

    @Test
    void aTokenThatMayNotLinkIsAskedOnce() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.result("template.get", "[{\"templateid\":\"5\"}]");
            api.error("host.massadd", "No permissions to call \\\"host.massadd\\\".");
            TemplateLinks links = new TemplateLinks(api.open(directory));
            ApiException e = assertThrows(ApiException.class, () -> links.link(hosts(100)));
            assertEquals(Kind.NOT_PERMITTED, e.kind());
            assertEquals(
                    1, api.methods().stream().filter("host.massadd"::equals).count());
        }
    }

    /** An import goes on after it. */
    @Test
    void afterFiftyRefusedTheOthersAreNotTried() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.result("template.get", "[{\"templateid\":\"5\"}]");
            api.error("host.massadd", "Cannot link.");
            TemplateLinks.Outcome outcome = new TemplateLinks(api.open(directory)).link(hosts(1_000));
            assertEquals(0, outcome.linked());
            assertEquals(50, outcome.refused().size());
            assertEquals(50, outcome.refusedIds().size());
            assertEquals(950, outcome.notTried());
            assertTrue(api.asked.size() < 150, api.asked.size() + " calls");
        }
    }

    @Test
    void noHostsAskNothing() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            assertEquals(
                    0, new TemplateLinks(api.open(directory)).link(List.of()).linked());
            assertEquals(List.of("apiinfo.version"), api.methods());
        }
    }
}
