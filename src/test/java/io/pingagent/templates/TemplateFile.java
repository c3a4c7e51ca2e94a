package io.pingagent.templates;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A template file as maps and lists, read strictly: everything that is no map and no list is a text. */
final class TemplateFile {

    static final Path AGENT = Path.of("zabbix-templates/6.0/ping-agent.yaml");
    static final Path HOSTS = Path.of("zabbix-templates/6.0/ping-agent-hosts.yaml");
    static final List<Path> ALL = List.of(AGENT, HOSTS);

    private final Map<String, Object> export;

    private TemplateFile(Map<String, Object> export) {
        this.export = export;
    }

    static TemplateFile read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Object root = new Load(LoadSettings.builder()
                            .setLabel(file.toString())
                            .setAllowDuplicateKeys(false)
                            .build())
                    .loadFromInputStream(in);
            return new TemplateFile(map(map(root).get("zabbix_export")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
}
