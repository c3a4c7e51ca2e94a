package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateImportTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "6.0.14, 6.0",
        "6.2.9, 6.0",
        "6.4.18, 6.0",
        "7.0.0, 7.0",
        "7.2.5, 7.0",
        "7.4.0rc2, 7.4",
        "7.6.0, 7.4",
        "8.0.0, 7.4"
    })
    void eachVersionGetsTheFilesOfTheLatestFolderThatIsNotNewer(String version, String folder) {
        assertEquals(folder, TemplateFiles.folder(ApiVersion.parse(version)));
    }

    @Test
    void everyFileIsBroughtAlongAndNamesItsTemplates() {
        for (String folder : TemplateFiles.FOLDERS) {
            for (String name : TemplateFiles.NAMES) {
                String yaml = TemplateFiles.text(folder, name);
                assertTrue(yaml.contains("version: '" + folder + "'"), folder + "/" + name);
                assertFalse(TemplateImport.templates(yaml).isEmpty(), folder + "/" + name);
            }
            assertEquals(
                    Set.of("Ping address by Zabbix trapper", "Ping addresses as hosts by Zabbix trapper"),
                    TemplateImport.templates(TemplateFiles.text(folder, "ping-agent-hosts.yaml")));
        }
    }

    private static boolean isNeeded(String json) throws ApiException {
        return TemplateDifference.isNeeded(JsonParser.parseString(json));
    }

    private static String updated(String before, String after, String below) {
        return "{\"templates\":{\"updated\":[{\"before\":" + before + ",\"after\":" + after + below + "}]}}";
    }

    @Test
    void whatPeopleSetIsNoReasonForAnImport() throws Exception {
        assertFalse(isNeeded("[]"));
        assertFalse(isNeeded("{}"));
        assertFalse(isNeeded("{\"templates\":{\"removed\":[{\"template\":\"x\"}]}}"));
        String ours = "{\"name\":\"t\",\"macros\":[{\"macro\":\"{$A}\",\"value\":\"1\"}]}";
        String another = "{\"name\":\"t\",\"macros\":[{\"macro\":\"{$A}\",\"value\":\"7\"},{\"macro\":\"{$MINE}\"}],"
                + "\"tags\":[{\"tag\":\"mine\",\"value\":\"x\"}]}";
        assertFalse(isNeeded(updated(another, ours, "")));
        assertFalse(isNeeded(updated(ours, ours, ",\"items\":{\"removed\":[{\"key\":\"mine\"}]}")));
    }

    @Test
    void whatZabbixLacksIsAReason() throws Exception {
        assertTrue(isNeeded("{\"templates\":{\"added\":[{\"after\":{\"template\":\"x\"}}]}}"));
        String before = "{\"name\":\"t\",\"macros\":[]}";
        assertTrue(isNeeded(updated(before, "{\"name\":\"t\",\"macros\":[{\"macro\":\"{$NEW}\"}]}", "")));
        assertTrue(isNeeded(updated(before, "{\"name\":\"t\",\"tags\":[{\"tag\":\"new\"}]}", "")));
        assertTrue(isNeeded(updated(before, "{\"name\":\"u\",\"macros\":[]}", "")));
        assertTrue(isNeeded(updated(before, before, ",\"items\":{\"added\":[{\"key\":\"new\"}]}")));
        assertTrue(isNeeded(updated(
                before,
                before,
                ",\"items\":{\"updated\":[{\"before\":{\"delay\":\"1\"},\"after\":{\"delay\":\"2\"}}]}")));
    }

    @Test
    void macrosAndTagsOfPeopleComeBackAfterAnImport() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            boolean[] isImported = {false};
            api.result("configuration.importcompare", "{\"templates\":{\"added\":[{}]}}");
            api.results("configuration.import", asked -> {
                isImported[0] = true;
                return "true";
            });
            String id = "[{\"templateid\":\"5\",\"host\":\"Ping agent by Zabbix trapper\",";
            api.results(
                    "template.get",
                    asked -> isImported[0]
                            ? id + "\"macros\":[{\"macro\":\"{$A}\",\"value\":\"1\",\"hostmacroid\":\"9\"}],"
                                    + "\"tags\":[{\"tag\":\"ours\",\"value\":\"x\"}]}]"
                            : id + "\"macros\":[{\"macro\":\"{$A}\",\"value\":\"7\",\"hostmacroid\":\"9\"},"
                                    + "{\"macro\":\"{$MINE}\",\"value\":\"2\",\"hostmacroid\":\"8\"}],"
                                    + "\"tags\":[{\"tag\":\"mine\",\"value\":\"y\"}]}]");
            List<String> lines = new TemplateImport(api.open(directory)).run(false);
            assertTrue(lines.get(0).startsWith("imported 7.0/ping-agent.yaml"), lines.toString());
            assertTrue(lines.toString().contains("keeps {$A}=7; the file has '1'"), lines.toString());
            JsonObject update = parameters(api, "usermacro.update");
            assertEquals("{\"hostmacroid\":\"9\",\"value\":\"7\"}", update.toString());
            assertEquals(
                    "{$MINE}", parameters(api, "usermacro.create").get("macro").getAsString());
            assertEquals(
                    "[{\"tag\":\"ours\",\"value\":\"x\"},{\"tag\":\"mine\",\"value\":\"y\"}]",
                    parameters(api, "template.update").get("tags").toString());
        }
    }

    private static JsonObject parameters(FakeApi api, String method) {
        return api.asked.stream()
                .filter(asked -> asked.method().equals(method))
                .findFirst()
                .orElseThrow()
                .parameters();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.0.14", "7.0.22"})
    void nothingIsEverDeleted(String version) throws Exception {
        try (FakeApi api = new FakeApi(version)) {
            api.result("configuration.importcompare", "{\"templates\":{\"added\":[{}]}}");
            api.result("configuration.import", "true");
            new TemplateImport(api.open(directory)).run(false);
            JsonObject rules = parameters(api, "configuration.import").getAsJsonObject("rules");
            assertFalse(rules.toString().contains("deleteMissing"), rules.toString());
            assertEquals(version.startsWith("7"), rules.has("template_groups"));
        }
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        try (FakeApi api = new FakeApi("7.4.1")) {
            api.result("configuration.importcompare", "{\"templates\":{\"added\":[{}]}}");
            List<String> lines = new TemplateImport(api.open(directory)).run(true);
            assertEquals(TemplateFiles.NAMES.size(), lines.size());
            assertTrue(lines.get(0).startsWith("would import 7.4/"), lines.toString());
            assertFalse(api.methods().contains("configuration.import"));
        }
    }
}
