package io.pingagent.templates;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A template file as maps and lists, read strictly: everything that is no map and no list is a text. */
final class TemplateFile {

    static final Path DIRECTORY = Path.of("zabbix-templates");
    /** Of Zabbix; the files of the first are the source of the others. */
    static final List<String> VERSIONS = List.of("6.0", "7.0", "7.4");

    static final String AGENT = "ping-agent.yaml";
    static final String HOSTS = "ping-agent-hosts.yaml";
    static final String ICMP = "ping-agent-icmp.yaml";
    static final String AGENT2 = "ping-agent-agent2.yaml";
    static final List<String> NAMES = List.of(AGENT, HOSTS, ICMP, AGENT2);

    private final Map<String, Object> export;

    private TemplateFile(Map<String, Object> export) {
        this.export = export;
    }

    static Path path(String version, String name) {
        return DIRECTORY.resolve(version).resolve(name);
    }

    /** All files of all versions. */
    static Stream<Path> all() {
        return VERSIONS.stream().flatMap(TemplateFile::ofVersion);
    }

    static Stream<Path> ofVersion(String version) {
        return NAMES.stream().map(name -> path(version, name));
    }

    static TemplateFile read(Path file) {
        return new TemplateFile(map(yaml(file).get("zabbix_export")));
    }

    static Map<String, Object> yaml(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return map(new Load(LoadSettings.builder()
                            .setLabel(file.toString())
                            .setAllowDuplicateKeys(false)
                            .build())
                    .loadFromInputStream(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String version() {
        return text(export, "version");
    }

    Map<String, Object> export() {
        return export;
    }

    List<Map<String, Object>> templates() {
        return list(export, "templates");
    }

    /** All maps, however deep, that stand in a list of this name. */
    Stream<Map<String, Object>> everywhere(String listName) {
        List<Map<String, Object>> found = new ArrayList<>();
        collect(export, listName, found);
        return found.stream();
    }

    private static void collect(Object node, String listName, List<Map<String, Object>> found) {
        if (node instanceof Map<?, ?> entries) {
            entries.forEach((name, value) -> {
                if (name.equals(listName) && value instanceof List<?> rows) {
                    rows.forEach(row -> found.add(map(row)));
                }
                collect(value, listName, found);
            });
        } else if (node instanceof List<?> rows) {
            rows.forEach(row -> collect(row, listName, found));
        }
    }

    /** The list of this name, empty where there is none. */
    static List<Map<String, Object>> list(Map<String, Object> node, String name) {
        return node.get(name) instanceof List<?> rows
                ? rows.stream().map(TemplateFile::map).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    /** The text of this name, empty where there is none. */
    static String text(Map<String, Object> node, String name) {
        return node.containsKey(name) ? (String) node.get(name) : "";
    }

    /** Items and item prototypes of all templates. */
    Stream<Map<String, Object>> allItems() {
        return templates().stream().flatMap(TemplateFile::itemsOf);
    }

    /** Items and item prototypes. */
    static Stream<Map<String, Object>> itemsOf(Map<String, Object> template) {
        return Stream.concat(
                list(template, "items").stream(),
                list(template, "discovery_rules").stream().flatMap(rule -> list(rule, "item_prototypes").stream()));
    }

    /** Triggers and trigger prototypes, wherever they stand. */
    Stream<Map<String, Object>> triggers() {
        return Stream.of("triggers", "trigger_prototypes").flatMap(this::everywhere);
    }

    /** A dependency is found by name and expressions, to the blank. */
    static String identity(Map<String, Object> trigger) {
        return text(trigger, "name") + " <- " + text(trigger, "expression") + " -> "
                + text(trigger, "recovery_expression");
    }

    static Set<String> tagNames(Map<String, Object> node) {
        return list(node, "tags").stream().map(tag -> text(tag, "tag")).collect(Collectors.toSet());
    }
}
