package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoregistrationActionTest {

    @TempDir
    Path directory;

    private final List<String> lines = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private static String action(String name, String status, String templateIds, String conditions) {
        StringBuilder linked = new StringBuilder();
        for (String id : templateIds.split(" ", -1)) {
            linked.append(linked.isEmpty() ? "" : ",")
                    .append("{\"templateid\":\"")
                    .append(id)
                    .append("\"}");
        }
        return "{\"actionid\":\"1\",\"name\":\"" + name + "\",\"status\":\"" + status
                + "\",\"filter\":{\"conditions\":[" + conditions + "]},\"operations\":[{\"operationtype\":\"2\"},"
                + "{\"operationtype\":\"6\",\"optemplate\":[" + linked + "]}]}";
    }

    private static String metadata(String text) {
        return "{\"conditiontype\":\"24\",\"operator\":\"2\",\"value\":\"" + text + "\"}";
    }

    /** Template A has the id 1, B the id 2. */
    private FakeApi ensure(String metadata, List<String> templates, String... actions) throws Exception {
        FakeApi api = new FakeApi("7.0.22");
        api.results(
                "template.get",
                asked -> asked.parameters().toString().contains("\"A\"")
                        ? "[{\"templateid\":\"1\"}]"
                        : "[{\"templateid\":\"2\"}]");
        api.result("hostgroup.get", "[{\"groupid\":\"5\"}]");
        api.result("action.get", "[" + String.join(",", actions) + "]");
        new AutoregistrationAction(api.open(directory))
                .ensure(templates, metadata, Encryption.unencrypted(), false, lines, warnings);
        return api;
    }

    private static String created(FakeApi api) {
        return api.asked.stream()
                .filter(asked -> asked.method().equals("action.create"))
                .map(asked -> asked.parameters().getAsJsonObject("filter").toString())
                .findFirst()
                .orElse("");
    }

    @Test
    void theConditionIsWhatTheAgentsSend() throws Exception {
        try (FakeApi api = ensure("ping-agent 1.0", List.of("A"))) {
            assertTrue(created(api).contains("\"value\":\"ping-agent\""), created(api));
        }
        try (FakeApi api = ensure("Linux Hamburg", List.of("A"))) {
            assertTrue(created(api).contains("\"value\":\"Linux Hamburg\""), created(api));
        }
        assertEquals(List.of(), warnings);
    }

    @Test
    void anActionThatDoesItIsEnough() throws Exception {
        String other = action("off", "1", "1", metadata("nothing"));
        try (FakeApi api =
                ensure("ping-agent 1", List.of("A", "B"), other, action("x", "0", "1 2", metadata("ping")))) {
            assertFalse(api.methods().contains("action.create"));
        }
        assertEquals(List.of(), lines);
        assertEquals(List.of(), warnings);
    }

    @Test
    void whatAnActionLacksIsNamed() throws Exception {
        String host = "{\"conditiontype\":\"22\",\"operator\":\"2\",\"value\":\"h\"}";
        try (FakeApi api =
                ensure("Hamburg", List.of("A", "B"), action("x", "1", "1", metadata("ping-agent") + "," + host))) {
            assertFalse(api.methods().contains("action.create"));
        }
        assertEquals(4, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).contains("is disabled"), warnings.toString());
        assertTrue(warnings.get(1).contains("does not link template 'B'"), warnings.toString());
        assertTrue(warnings.get(2).contains("does not match 'Hamburg'"), warnings.toString());
        assertTrue(warnings.get(3).contains("besides"), warnings.toString());
    }
}
