package io.pingagent.templates;

import static io.pingagent.templates.TemplateFile.list;
import static io.pingagent.templates.TemplateFile.map;
import static io.pingagent.templates.TemplateFile.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a template file of a later Zabbix from that of 6.0, as Zabbix's own importer would convert it, and adds what {@code
 * src/templates/VERSION/} has beyond that. The identifiers stay, so that an import updates what an earlier one made.
 */
final class TemplateEdition {

    private static final Path ADDITIONS = Path.of("src/templates");
    /** Raised with every change of a template. */
    private static final String REVISION = "2";

    private static final Map<String, String> WIDGETS = Map.of(
            "GRAPH_PROTOTYPE", "graphprototype",
            "GRAPH_CLASSIC", "graph");

    /** A dashboard of 6.0 has 24 columns, one of 7.0 has 72. */
    private static final int COLUMNS_FACTOR = 3;

    private TemplateEdition() {}

    /** The content of {@code zabbix_export}. */
    static Map<String, Object> export(String version, String fileName) {
        return switch (version) {
            case "7.0" -> edition(version, fileName, converted(TemplateFile.read(TemplateFile.path("6.0", fileName))));
            case "7.4" -> edition(version, fileName, export("7.0", fileName));
            default -> throw new IllegalArgumentException(version);
        };
    }

    private static Map<String, Object> edition(String version, String fileName, Map<String, Object> earlier) {
        Map<String, Object> export = new LinkedHashMap<>(earlier);
        export.put("version", version);
        export.put(
                "templates",
                list(earlier, "templates").stream()
                        .map(template -> withVendor(template, version + '-' + REVISION))
                        .toList());
        Path additions = ADDITIONS.resolve(version).resolve(fileName);
        Map<String, Object> merged =
                Files.exists(additions) ? TemplateMerge.merge(export, TemplateFile.yaml(additions)) : export;
        list(merged, "templates").forEach(TemplateEdition::normalise);
        return merged;
    }

    private static Map<String, Object> withVendor(Map<String, Object> template, String revision) {
        Map<String, Object> vendor = new LinkedHashMap<>();
        vendor.put("name", "ping-agent");
        vendor.put("version", revision);
        template.put("vendor", vendor);
        return moved(template, "groups", "vendor");
    }

    /** As Zabbix exports it: otherwise its comparison before an import shows changes where there are none. */
    private static void normalise(Map<String, Object> template) {
        TemplateFile.itemsOf(template).forEach(item -> item.remove("history", "31d"));
        for (Map<String, Object> rule : list(template, "discovery_rules")) {
            rule.remove("lifetime", "7d");
            // Compared in this order.
            Map<String, Object> ordered = moved(rule, "description", "enabled_lifetime_type", "enabled_lifetime");
            rule.clear();
            rule.putAll(ordered);
        }
        for (Map<String, Object> dashboard : list(template, "dashboards")) {
            for (Map<String, Object> page : list(dashboard, "pages")) {
                List<Map<String, Object>> widgets = new ArrayList<>(list(page, "widgets"));
                widgets.sort(Comparator.comparing((Map<String, Object> widget) -> place(widget, "x"))
                        .thenComparing(widget -> place(widget, "y")));
                page.put("widgets", widgets);
                for (Map<String, Object> widget : widgets) {
                    widget.remove("height", "2");
                    List<Map<String, Object>> fields = new ArrayList<>(list(widget, "fields"));
                    fields.sort(
                            Comparator.comparing(field -> text(field, "name").toUpperCase(Locale.ROOT)));
                    widget.put("fields", fields);
                }
            }
        }
    }

    /** With these names before another one. */
    private static Map<String, Object> moved(Map<String, Object> node, String before, String... names) {
        Map<String, Object> result = new LinkedHashMap<>();
        Map<String, Object> rest = new LinkedHashMap<>(node);
        rest.keySet().removeAll(List.of(names));
        rest.forEach((name, value) -> {
            if (name.equals(before)) {
                Stream.of(names).filter(node::containsKey).forEach(moved -> result.put(moved, node.get(moved)));
            }
            result.put(name, value);
        });
        return result;
    }

    private static int place(Map<String, Object> widget, String axis) {
        return widget.containsKey(axis) ? Integer.parseInt(text(widget, axis)) : 0;
    }

    private static Map<String, Object> converted(TemplateFile file) {
        Map<String, Object> export = new LinkedHashMap<>();
        export.put("version", "7.0");
        List<Map<String, Object>> groups = list(file.export(), "groups");
        List<String> hostGroups = file.everywhere("group_links")
                .map(link -> text(map(link.get("group")), "name"))
                .toList();
        Map<Boolean, List<Map<String, Object>>> split =
                groups.stream().collect(Collectors.partitioningBy(group -> hostGroups.contains(text(group, "name"))));
        export.put("template_groups", split.get(false));
        if (!split.get(true).isEmpty()) {
            export.put("host_groups", split.get(true));
        }
        file.export().forEach((name, value) -> {
            if (!List.of("version", "date", "groups").contains(name)) {
                export.put(name, value);
            }
        });
        file.templates().forEach(TemplateEdition::convert);
        return export;
    }

    private static void convert(Map<String, Object> template) {
        // The default of 7.0 is another one.
        list(template, "discovery_rules").forEach(rule -> rule.put("enabled_lifetime_type", "DISABLE_NEVER"));
        for (Map<String, Object> dashboard : list(template, "dashboards")) {
            List<Map<String, Object>> widgets = list(dashboard, "pages").stream()
                    .flatMap(page -> list(page, "widgets").stream())
                    .toList();
            for (int i = 0; i < widgets.size(); i++) {
                convertWidget(widgets.get(i), "GRAP" + (char) ('A' + i));
            }
        }
    }

    private static void convertWidget(Map<String, Object> widget, String reference) {
        widget.computeIfPresent("type", (name, type) -> WIDGETS.get((String) type));
        Stream.of("x", "width")
                .forEach(name -> widget.computeIfPresent(
                        name, (same, columns) -> "" + COLUMNS_FACTOR * Integer.parseInt((String) columns)));
        List<Object> fields = new ArrayList<>(list(widget, "fields"));
        Map<String, Object> field = new LinkedHashMap<>();
        field.put("type", "STRING");
        field.put("name", "reference");
        field.put("value", reference);
        fields.add(field);
        widget.put("fields", fields);
    }
}
