package io.pingagent.zabbix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
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
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

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

    private static final String OF_PEOPLE = "[{\"templateid\":\"5\",\"host\":\"Ping agent by Zabbix trapper\","
            + "\"macros\":[{\"macro\":\"{$PING.AGENT.NODATA}\",\"value\":\"7m\"},"
            + "{\"macro\":\"{$PING.AGENT.WINDOW}\",\"value\":\"10m\"},"
            + "{\"macro\":\"{$MINE:\\\"a: b\\\"}\",\"value\":\"x\\ny #1\",\"description\":\"mine\"}],"
            + "\"tags\":[{\"tag\":\"mine\",\"value\":\"y\"},{\"tag\":\"target\",\"value\":\"ping-agent\"}]}]";

    /** A timeout leaves open whether Zabbix imports the file, and nothing can be put back afterwards. */
    @Test
    void anImportWithoutAnAnswerLosesNothingOfPeoples() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.result("configuration.importcompare", "{\"templates\":{\"added\":[{}]}}");
            api.result("template.get", OF_PEOPLE);
            api.bodies("configuration.import", asked -> "");
            TemplateImport templates = new TemplateImport(api.open(directory));
            assertEquals(
                    ApiException.Kind.AWAY,
                    assertThrows(ApiException.class, () -> templates.run(false)).kind());
            String source =
                    parameters(api, "configuration.import").get("source").getAsString();
            JsonObject template = template(source);
            assertEquals("7m", value(template, "macros", "macro", "{$PING.AGENT.NODATA}"));
            assertEquals("10m", value(template, "macros", "macro", "{$PING.AGENT.WINDOW}"));
            assertEquals("x\ny #1", value(template, "macros", "macro", "{$MINE:\"a: b\"}"));
            assertEquals("y", value(template, "tags", "tag", "mine"));
            assertEquals("ping-agent", value(template, "tags", "tag", "target"));
            assertEquals(2, template.getAsJsonArray("tags").size());
            JsonObject before = template(TemplateFiles.text("7.0", "ping-agent.yaml"));
            for (String kept : before.keySet()) {
                if (!kept.equals("macros") && !kept.equals("tags")) {
                    assertEquals(before.get(kept), template.get(kept), kept);
                }
            }
            assertEquals(
                    before.getAsJsonArray("macros").size() + 1,
                    template.getAsJsonArray("macros").size());
        }
    }

    /** As a reader of YAML that is none of ours sees it. */
    private static JsonObject template(String yaml) {
        Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return new Gson()
                .toJsonTree(read)
                .getAsJsonObject()
                .getAsJsonObject("zabbix_export")
                .getAsJsonArray("templates")
                .get(0)
                .getAsJsonObject();
    }

    private static String value(JsonObject template, String list, String field, String name) {
        List<String> values = template.getAsJsonArray(list).asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(one -> one.get(field).getAsString().equals(name))
                .map(one -> one.get("value").getAsString())
                .toList();
        assertEquals(1, values.size(), name);
        return values.get(0);
    }

    @Test
    void whatPeopleSetIsNamed() throws Exception {
        try (FakeApi api = new FakeApi("7.0.22")) {
            api.result("configuration.importcompare", "{\"templates\":{\"added\":[{}]}}");
            api.result("template.get", OF_PEOPLE);
            api.result("configuration.import", "true");
            List<String> lines = new TemplateImport(api.open(directory)).run(false);
            assertTrue(lines.get(0).startsWith("imported 7.0/ping-agent.yaml"), lines.toString());
            assertEquals(
                    List.of(
                            "template 'Ping agent by Zabbix trapper' keeps {$PING.AGENT.NODATA}=7m; the file has '3m'",
                            "template 'Ping agent by Zabbix trapper' keeps its macro {$MINE:\"a: b\"}",
                            "template 'Ping agent by Zabbix trapper' keeps 1 tag"),
                    lines.subList(1, 4));
        }
    }

    /** What is read line by line has to be what a reader of YAML finds. */
    @Test
    void theMacrosOfAllFilesAreRead() {
        for (String folder : TemplateFiles.FOLDERS) {
            for (String name : TemplateFiles.NAMES) {
                String yaml = TemplateFiles.text(folder, name);
                JsonObject first = template(yaml);
                TemplateSource source = new TemplateSource(yaml);
                for (JsonElement macro : first.getAsJsonArray("macros")) {
                    JsonElement value = macro.getAsJsonObject().get("value");
                    assertEquals(
                            value == null ? "" : value.getAsString(),
                            source.macro(
                                    first.get("template").getAsString(),
                                    macro.getAsJsonObject().get("macro").getAsString()),
                            folder + "/" + name);
                }
            }
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
