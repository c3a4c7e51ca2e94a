package io.pingagent.templates;

import static io.pingagent.templates.TemplateFile.list;
import static io.pingagent.templates.TemplateFile.map;
import static io.pingagent.templates.TemplateFile.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of one template, in the order of the READMEs of Zabbix's own templates. */
final class TemplateTables {

    private static final String ITEMS = "|Name|Description|Type|Key and additional info|";
    private static final String TRIGGERS = "|Name|Description|Expression|Severity|Dependencies and additional info|";

    private final TemplateFile file;
    private final Map<String, Object> template;
    private final StringBuilder out = new StringBuilder();

    TemplateTables(TemplateFile file, Map<String, Object> template) {
        this.file = file;
        this.template = template;
    }

    String markdown() {
        table(
                "Macros used",
                "|Name|Description|Default|",
                list(template, "macros").stream()
                        .map(macro -> row(
                                code(text(macro, "macro")), text(macro, "description"), code(text(macro, "value")))));
        table("Items", ITEMS, list(template, "items").stream().map(TemplateTables::item));
        table(
                "Triggers",
                TRIGGERS,
                Stream.concat(
                                list(template, "items").stream().flatMap(item -> list(item, "triggers").stream()),
                                list(file.export(), "triggers").stream().filter(this::isOfThisTemplate))
                        .map(TemplateTables::trigger));
        for (Map<String, Object> rule : list(template, "discovery_rules")) {
            String name = text(rule, "name");
            table("LLD rule " + name, ITEMS, Stream.of(rule(rule)));
            List<Map<String, Object>> prototypes = list(rule, "item_prototypes");
            table("Item prototypes for " + name, ITEMS, prototypes.stream().map(TemplateTables::item));
            table(
                    "Trigger prototypes for " + name,
                    TRIGGERS,
                    Stream.concat(
                                    prototypes.stream().flatMap(item -> list(item, "trigger_prototypes").stream()),
                                    list(rule, "trigger_prototypes").stream())
                            .map(TemplateTables::trigger));
            table(
                    "Host prototypes for " + name,
                    "|Name|Host name|Host groups|Templates|",
                    list(rule, "host_prototypes").stream().map(TemplateTables::host));
        }
        return out.toString();
    }

    private boolean isOfThisTemplate(Map<String, Object> trigger) {
        return text(trigger, "expression").contains("/" + text(template, "template") + "/");
    }

    private void table(String title, String heading, Stream<String> rows) {
        List<String> lines = rows.toList();
        if (lines.isEmpty()) {
            return;
        }
        out.append(out.isEmpty() ? "" : "\n").append("### ").append(title).append("\n\n");
        out.append(heading).append('\n').append(heading.replaceAll("[^|]+", "----"));
        lines.forEach(line -> out.append('\n').append(line));
        out.append('\n');
    }

    private static String row(String... cells) {
        return Stream.of(cells)
                .map(cell -> cell.isEmpty() ? "-" : cell.replace("|", "\\|").replace("\n", " "))
                .collect(Collectors.joining("|", "|", "|"));
    }

    private static String item(Map<String, Object> item) {
        return row(
                text(item, "name"),
                text(item, "description"),
                type(item),
                code(text(item, "key"))
                        + preprocessing(item)
                        + (item.containsKey("params")
                                ? "<p>**Expression**: " + code(text(item, "params")) + "</p>"
                                : ""));
    }

    private static String rule(Map<String, Object> rule) {
        return row(
                text(rule, "name"),
                text(rule, "description"),
                type(rule),
                code(text(rule, "key")) + preprocessing(rule) + filter(rule) + overrides(rule));
    }

    private static String trigger(Map<String, Object> trigger) {
        return row(
                text(trigger, "name"),
                text(trigger, "description"),
                code(text(trigger, "expression"))
                        + (trigger.containsKey("recovery_expression")
                                ? "<p>**Recovery**: " + code(text(trigger, "recovery_expression")) + "</p>"
                                : ""),
                text(trigger, "priority"),
                (text(trigger, "manual_close").equals("YES") ? "Manual close: Yes" : "") + dependencies(trigger));
    }

    private static String host(Map<String, Object> host) {
        return row(
                text(host, "name"),
                code(text(host, "host")),
                Stream.concat(
                                list(host, "group_links").stream().map(link -> map(link.get("group"))),
                                list(host, "group_prototypes").stream())
                        .map(group -> text(group, "name"))
                        .collect(Collectors.joining(", ")),
                list(host, "templates").stream()
                        .map(linked -> text(linked, "name"))
                        .collect(Collectors.joining(", ")));
    }

    private static String type(Map<String, Object> item) {
        return switch (text(item, "type")) {
            case "" -> "Zabbix agent";
            case "TRAP" -> "Zabbix trapper";
            case "DEPENDENT" -> "Dependent item";
            case "CALCULATED" -> "Calculated";
            default -> text(item, "type");
        };
    }

    private static String preprocessing(Map<String, Object> node) {
        List<String> steps = new ArrayList<>();
        for (Map<String, Object> step : list(node, "preprocessing")) {
            String parameter = ((List<?>) step.get("parameters")).get(0).toString();
            String shown = text(step, "type").equals("JAVASCRIPT") ? "(see the template)" : code(parameter);
            steps.add("<p>- " + text(step, "type") + (parameter.isEmpty() ? "" : ": " + shown)
                    + (text(step, "error_handler").equals("DISCARD_VALUE") ? ", otherwise no value" : "") + "</p>");
        }
        return steps.isEmpty() ? "" : "<p>**Preprocessing**:</p>" + String.join("", steps);
    }

    private static String filter(Map<String, Object> rule) {
        return "<p>**Filter**:</p>"
                + list(map(rule.get("filter")), "conditions").stream()
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

    private static String code(String text) {
        return text.isEmpty() ? "" : '`' + text + '`';
    }
}
