package io.pingagent.templates;

import static io.pingagent.templates.TemplateFile.list;
import static io.pingagent.templates.TemplateFile.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the tables of the templates' README equal to the YAML. Run with {@code -Dpingagent.regenerate=true} to write them
 * anew.
 */
class TemplateReadmeTest {

    private static final Path README = Path.of("zabbix-templates/6.0/README.md");

    @Test
    void theTablesAreThoseOfTheTemplates() throws IOException {
        String readme = Files.readString(README);
        String expected = readme;
        for (Path path : TemplateFile.ALL) {
            String begin = "<!-- tables of " + path.getFileName() + " -->\n";
            String end = "<!-- end of tables -->\n";
            int from = expected.indexOf(begin) + begin.length();
            int to = expected.indexOf(end, from);
            assertTrue(from >= begin.length() && to >= 0, "README.md has no place for the tables of " + path);
            expected = expected.substring(0, from) + tables(TemplateFile.read(path)) + expected.substring(to);
        }
        if (Boolean.getBoolean("pingagent.regenerate")) {
            Files.writeString(README, expected);
        }
        assertEquals(
                expected,
                Files.readString(README),
                "run: mvn -Dtest=TemplateReadmeTest -Dpingagent.regenerate=true test");
    }

    @Test
    void theReadmeNamesEveryTemplateAsZabbixShowsIt() throws IOException {
        String readme = Files.readString(README);
        for (Path path : TemplateFile.ALL) {
            for (Map<String, Object> template : TemplateFile.read(path).templates()) {
                assertTrue(readme.contains(text(template, "name")), text(template, "name"));
            }
        }
    }

    private static String tables(TemplateFile file) {
        List<Map<String, Object>> templates = file.templates();
        StringBuilder out = new StringBuilder();
        table(
                out,
                "Macros used",
                "|Name|Description|Default|",
                templates.stream()
                        .flatMap(template -> list(template, "macros").stream())
                        .map(macro -> row(
                                code(text(macro, "macro")),
                                paragraph(text(macro, "description")),
                                code(text(macro, "value"))))
                        .distinct());
        table(
                out,
                "Discovery rules",
                "|Name|Description|Type|Key and additional info|",
                templates.stream()
                        .flatMap(template -> list(template, "discovery_rules").stream())
                        .map(rule -> row(
                                text(rule, "name"),
                                paragraph(text(rule, "description")),
                                text(rule, "type"),
                                code(text(rule, "key")) + preprocessing(rule) + filter(rule) + overrides(rule))));
        table(
                out,
                "Items collected",
                "|Group|Name|Description|Type|Key and additional info|",
                templates.stream()
                        .flatMap(TemplateReadmeTest::items)
                        .map(item -> row(
                                text(list(item, "tags").get(0), "value"),
                                text(item, "name"),
                                paragraph(text(item, "description")),
                                text(item, "type"),
                                code(text(item, "key"))
                                        + preprocessing(item)
                                        + (item.containsKey("params")
                                                ? "<p>**Expression**:</p>" + paragraph(code(text(item, "params")))
                                                : ""))));
        table(
                out,
                "Triggers",
                "|Name|Description|Expression|Severity|Dependencies and additional info|",
                Stream.concat(
                                templates.stream()
                                        .flatMap(TemplateReadmeTest::items)
                                        .flatMap(item -> Stream.of("triggers", "trigger_prototypes")
                                                .flatMap(name -> list(item, name).stream())),
                                list(file.export(), "triggers").stream())
                        .map(trigger -> row(
                                text(trigger, "name"),
                                paragraph(text(trigger, "description")),
                                code(text(trigger, "expression")),
                                text(trigger, "priority"),
                                (text(trigger, "manual_close").equals("YES") ? "<p>Manual close: YES</p>" : "")
                                        + dependencies(trigger))));
        return out.append('\n').toString();
    }

    private static Stream<Map<String, Object>> items(Map<String, Object> template) {
        return Stream.concat(
                list(template, "items").stream(),
                list(template, "discovery_rules").stream().flatMap(rule -> list(rule, "item_prototypes").stream()));
    }

    private static void table(StringBuilder out, String title, String heading, Stream<String> rows) {
        List<String> lines = rows.toList();
        if (lines.isEmpty()) {
            return;
        }
        out.append("\n### ").append(title).append("\n\n").append(heading).append('\n');
        out.append(heading.replaceAll("[^|]+", "----")).append('\n');
        lines.forEach(line -> out.append(line).append('\n'));
    }

    private static String row(String... cells) {
        return Stream.of(cells)
                .map(cell -> cell.isEmpty() ? "-" : cell.replace("|", "\\|").replace("\n", " "))
                .collect(Collectors.joining(" |", "|", " |"));
    }

    private static String preprocessing(Map<String, Object> node) {
        List<String> steps = new ArrayList<>();
        for (Map<String, Object> step : list(node, "preprocessing")) {
            String parameter = ((List<?>) step.get("parameters")).get(0).toString();
            String shown = text(step, "type").equals("JAVASCRIPT") ? "(see the template)" : code(parameter);
            steps.add("<p>- " + text(step, "type") + (parameter.isEmpty() ? "" : ": " + shown) + "</p>");
        }
        return steps.isEmpty() ? "" : "<p>**Preprocessing**:</p>" + String.join("", steps);
    }

    private static String filter(Map<String, Object> rule) {
        List<Map<String, Object>> conditions = list(TemplateFile.map(rule.get("filter")), "conditions");
        return "<p>**Filter**:</p>"
                + conditions.stream()
                        .map(condition -> "<p>- " + code(text(condition, "macro"))
                                + (condition.containsKey("operator") ? " does not match " : " matches ")
                                + code(text(condition, "value")) + "</p>")
                        .collect(Collectors.joining());
    }

    private static String overrides(Map<String, Object> rule) {
        return list(rule, "overrides").stream()
                .map(override -> "<p>**Override**: " + text(override, "name") + "</p>")
                .collect(Collectors.joining());
    }

    private static String dependencies(Map<String, Object> trigger) {
        List<Map<String, Object>> all = list(trigger, "dependencies");
        return all.isEmpty()
                ? ""
                : "<p>**Depends on**:</p>"
                        + all.stream()
                                .map(dependency -> "<p>- " + text(dependency, "name") + "</p>")
                                .collect(Collectors.joining());
    }

    private static String paragraph(String text) {
        return text.isEmpty() ? "" : "<p>" + text + "</p>";
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : '`' + text + '`';
    }
}
