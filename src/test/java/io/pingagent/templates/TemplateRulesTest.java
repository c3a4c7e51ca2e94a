package io.pingagent.templates;

import static io.pingagent.templates.TemplateFile.identity;
import static io.pingagent.templates.TemplateFile.itemsOf;
import static io.pingagent.templates.TemplateFile.list;
import static io.pingagent.templates.TemplateFile.tagNames;
import static io.pingagent.templates.TemplateFile.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Zabbix's importer demands, and what it lets pass although it does harm; no server needed. */
class TemplateRulesTest {

    private static final Pattern UUID_V4 = Pattern.compile("[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}");
    private static final Pattern MACRO = Pattern.compile("\\{\\$([A-Z0-9_.]+)(?::\"\\{#GROUP\\}\")?\\}");
    /** The one check of agent 2. */
    private static final String MASTER = "ping.get[{$PING.AGENT}]";

    private static final Pattern LLD_MACRO = Pattern.compile("\\{#[A-Z.]+\\}");
    /** {@code /Template/key[...]} in an expression. */
    private static final Pattern REFERENCE = Pattern.compile("/([^/()]*)/([a-z.]+(?:\\[\"[^\\]]*\"\\])?)");

    static Stream<Path> files() {
        return TemplateFile.all();
    }

    @ParameterizedTest
    @MethodSource("files")
    void uuidsAreRandomOnesAndUnique(Path path) {
        TemplateFile file = TemplateFile.read(path);
        Set<String> seen = new HashSet<>();
        for (String named : List.of(
                "groups",
                "template_groups",
                "host_groups",
                "templates",
                "items",
                "triggers",
                "discovery_rules",
                "item_prototypes",
                "trigger_prototypes",
                "graph_prototypes",
                "host_prototypes",
                "graphs",
                "dashboards",
                "valuemaps")) {
            file.everywhere(named).forEach(node -> {
                // Groups and templates are also named where they are used.
                if (node.keySet().equals(Set.of("name"))) {
                    return;
                }
                assertTrue(UUID_V4.matcher(text(node, "uuid")).matches(), named + ": " + node.get("name"));
                assertTrue(seen.add(text(node, "uuid")), "twice: " + node.get("uuid"));
            });
        }
        assertTrue(seen.size() > 10);
    }

    @Test
    void noUuidStandsForTwoThings() {
        for (String version : TemplateFile.VERSIONS) {
            noUuidStandsForTwoThings(TemplateFile.ofVersion(version).toList());
        }
    }

    private static void noUuidStandsForTwoThings(List<Path> files) {
        Map<String, Object> owners = new HashMap<>();
        for (Path path : files) {
            for (String named : List.of("groups", "templates", "items", "triggers", "discovery_rules", "valuemaps")) {
                TemplateFile.read(path)
                        .everywhere(named)
                        .filter(node -> node.containsKey("uuid"))
                        .forEach(node -> {
                            Object other = owners.put(text(node, "uuid"), node.get("name"));
                            assertTrue(
                                    other == null || other.equals(node.get("name")),
                                    other + " and " + node.get("name"));
                        });
            }
        }
    }

    /** The importer refuses an unquoted number, and 'NO' without quotes is no text in YAML 1.1. */
    @ParameterizedTest
    @MethodSource("files")
    void everyScalarIsAText(Path path) throws IOException {
        assertTexts(TemplateFile.read(path).export(), path.toString());
        Pattern unquoted = Pattern.compile("(?m)^[ -]*(?:[a-z_0-9]+: |- )(?:[0-9.]+|YES|NO|yes|no|true|false|null|~)$");
        Matcher found = unquoted.matcher(Files.readString(path));
        assertFalse(found.find(), () -> found.group());
        assertEquals(
                path.getParent().getFileName().toString(),
                TemplateFile.read(path).version());
    }

    private static void assertTexts(Object node, String where) {
        if (node instanceof Map<?, ?> entries) {
            entries.forEach((name, value) -> assertTexts(value, where + '/' + name));
        } else if (node instanceof List<?> rows) {
            assertFalse(rows.isEmpty(), where);
            rows.forEach(row -> assertTexts(row, where));
        } else {
            assertTrue(node instanceof String, where + " is " + node);
        }
    }

    /** The defaults of history and lifetime changed in 7.0; the value of a number of days would be taken for seconds. */
    @ParameterizedTest
    @MethodSource("files")
    void nothingIsLeftToDefaultsThatChanged(Path path) {
        TemplateFile file = TemplateFile.read(path);
        // Made by the generator, which leaves out what is the default of this very version.
        boolean later = !file.version().equals("6.0");
        file.allItems().forEach(item -> {
            boolean master = text(item, "key").equals(MASTER);
            String history = text(item, "history");
            assertTrue(
                    master ? history.equals("0") : history.matches("[0-9]+[dw]") || later && history.isEmpty(),
                    text(item, "key"));
            assertEquals(master, text(item, "type").isEmpty(), text(item, "key"));
            assertTrue(
                    master || Set.of("TRAP", "CALCULATED", "DEPENDENT").contains(text(item, "type")),
                    text(item, "key"));
            assertTrue(!text(item, "type").equals("TRAP") || text(item, "delay").equals("0"), text(item, "key"));
            assertTrue(
                    !text(item, "type").equals("DEPENDENT")
                            || text(TemplateFile.map(item.get("master_item")), "key")
                                    .equals(MASTER),
                    text(item, "key"));
            assertTrue(item.containsKey("description"), text(item, "key"));
            assertTrue(
                    list(item, "tags").stream().anyMatch(tag -> text(tag, "tag").equals("component")),
                    text(item, "key"));
            // A long unit cuts the legend of a graph.
            assertTrue(
                    text(item, "units").startsWith("!") || text(item, "units").length() <= 8, text(item, "key"));
            // Zabbix would make kiloseconds of milliseconds.
            assertFalse(text(item, "units").equals("ms"), text(item, "key"));
        });
        file.everywhere("discovery_rules").forEach(rule -> {
            assertTrue(
                    text(rule, "lifetime").matches("[1-9][0-9]*[hd]") || later && !rule.containsKey("lifetime"),
                    text(rule, "key"));
            assertEquals(later, rule.containsKey("enabled_lifetime_type"), text(rule, "key"));
            assertTrue(
                    list(rule, "preprocessing").stream()
                            .anyMatch(step -> text(step, "type").equals("DISCARD_UNCHANGED_HEARTBEAT")),
                    "an unchanged list costs the server: " + text(rule, "key"));
            // zabbix.discovery-interval is 10m: changed macros act with the next list.
            assertTrue(
                    list(rule, "preprocessing").stream()
                            .anyMatch(step -> step.get("parameters").equals(List.of("{$PING.LLD.HEARTBEAT}"))),
                    text(rule, "key"));
            assertTrue(rule.containsKey("description"), text(rule, "key"));
        });
        file.everywhere("preprocessing").forEach(step -> assertTrue(step.containsKey("parameters"), step.toString()));
        file.everywhere("conditions").forEach(step -> assertTrue(step.containsKey("formulaid"), step.toString()));
    }

    /** Two rules with the same prototype key are accepted, and fail when they discover the same address. */
    @ParameterizedTest
    @MethodSource("files")
    void keysAreUniqueInTheirTemplate(Path path) {
        for (Map<String, Object> template : TemplateFile.read(path).templates()) {
            Set<String> keys = new HashSet<>();
            Stream.concat(itemsOf(template), list(template, "discovery_rules").stream())
                    .forEach(item -> assertTrue(keys.add(text(item, "key")), "twice: " + item.get("key")));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void prototypesNameTheirAddressOnce(Path path) {
        TemplateFile file = TemplateFile.read(path);
        file.everywhere("item_prototypes").forEach(item -> {
            assertTrue(text(item, "key").endsWith("[\"{#IP}\"]"), text(item, "key"));
            assertTrue(text(item, "name").contains("{#IP}"), text(item, "name"));
        });
        Stream.concat(file.everywhere("trigger_prototypes"), file.everywhere("graph_prototypes"))
                .forEach(node -> assertTrue(text(node, "name").contains("{#IP}"), text(node, "name")));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyExpressionRefersToAnItemThatExists(Path path) {
        TemplateFile file = TemplateFile.read(path);
        Map<String, Set<String>> keys = file.templates().stream()
                .collect(Collectors.toMap(
                        template -> text(template, "template"),
                        template ->
                                itemsOf(template).map(item -> text(item, "key")).collect(Collectors.toSet())));
        file.triggers().forEach(trigger -> {
            Matcher reference = REFERENCE.matcher(text(trigger, "expression"));
            int count = 0;
            while (reference.find()) {
                assertTrue(
                        keys.getOrDefault(reference.group(1), Set.of()).contains(reference.group(2)),
                        text(trigger, "name") + ": " + reference.group());
                count++;
            }
            assertTrue(count > 0, text(trigger, "expression"));
            assertEquals(
                    count,
                    text(trigger, "expression").split("(?<![a-z])/(?=[A-Z])", -1).length - 1,
                    "read in full: " + text(trigger, "expression"));
        });
        file.allItems().filter(item -> text(item, "type").equals("CALCULATED")).forEach(item -> {
            Matcher reference = Pattern.compile("//([^()]*)\\)").matcher(text(item, "params"));
            assertTrue(reference.find(), text(item, "params"));
            assertTrue(keys.values().stream().anyMatch(set -> set.contains(reference.group(1))), text(item, "params"));
        });
        Set<String> graphs = new HashSet<>();
        Stream.concat(file.everywhere("graphs"), file.everywhere("graph_prototypes"))
                .forEach(graph -> {
                    graphs.add(text(graph, "name"));
                    for (Map<String, Object> line : list(graph, "graph_items")) {
                        Map<String, Object> item = TemplateFile.map(line.get("item"));
                        assertTrue(keys.get(text(item, "host")).contains(text(item, "key")), text(item, "key"));
                    }
                });
        file.everywhere("fields")
                .filter(field -> text(field, "name").equals("graphid"))
                .forEach(field -> assertTrue(
                        graphs.contains(text(TemplateFile.map(field.get("value")), "name")), field.toString()));
        Set<String> valuemaps =
                file.everywhere("valuemaps").map(map -> text(map, "name")).collect(Collectors.toSet());
        file.allItems()
                .filter(item -> item.containsKey("valuemap"))
                .forEach(item -> assertTrue(valuemaps.contains(text(TemplateFile.map(item.get("valuemap")), "name"))));
    }

    /** Zabbix exports a trigger of several items outside of them: otherwise every import shows a change. */
    @ParameterizedTest
    @MethodSource("files")
    void aTriggerWithinAnItemIsOfThatItemAlone(Path path) {
        TemplateFile.read(path)
                .allItems()
                .forEach(item -> Stream.of("triggers", "trigger_prototypes")
                        .flatMap(name -> list(item, name).stream())
                        .forEach(trigger -> {
                            Matcher reference = REFERENCE.matcher(text(trigger, "expression"));
                            while (reference.find()) {
                                assertEquals(text(item, "key"), reference.group(2), text(trigger, "name"));
                            }
                        }));
    }

    /** A dependency is found by name and expression, to the blank. */
    @ParameterizedTest
    @MethodSource("files")
    void everyDependencyNamesATrigger(Path path) {
        TemplateFile file = TemplateFile.read(path);
        Set<String> known = file.triggers().map(TemplateFile::identity).collect(Collectors.toSet());
        file.triggers()
                .flatMap(trigger -> list(trigger, "dependencies").stream())
                .forEach(dependency -> assertTrue(known.contains(identity(dependency)), identity(dependency)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyMacroIsDefinedDescribedAndUsed(Path path) throws IOException {
        TemplateFile file = TemplateFile.read(path);
        Set<String> defined = new TreeSet<>();
        for (Map<String, Object> macro : file.everywhere("macros").toList()) {
            assertTrue(text(macro, "macro").matches("\\{\\$[A-Z_.]+\\}"), text(macro, "macro"));
            assertTrue(text(macro, "description").endsWith("."), text(macro, "macro"));
            defined.add(text(macro, "macro"));
        }
        Set<String> used = new TreeSet<>();
        String yaml = Files.readString(path).replaceAll("(?m)^ *(- macro|description): .*$", "");
        Matcher matcher = MACRO.matcher(yaml);
        while (matcher.find()) {
            used.add("{$" + matcher.group(1) + "}");
        }
        // For people: in names of notifications and in scripts.
        if (path.endsWith(TemplateFile.HOSTS)) {
            used.add("{$PING.IP}");
        }
        assertEquals(defined, used);
        Matcher context = Pattern.compile("\\{\\$PING\\.(RTT|LOSS)\\.WARN\\}")
                .matcher(file.triggers()
                        .filter(trigger -> text(trigger, "name").contains("{#IP}"))
                        .map(trigger -> text(trigger, "expression"))
                        .collect(Collectors.joining("\n")));
        assertFalse(context.find(), "a threshold without the context of the group");
    }

    /** What the agent puts into a row, and what the template of hosts adds. */
    @ParameterizedTest
    @MethodSource("files")
    void onlyMacrosThatARowHasAreUsed(Path path) throws IOException {
        Set<String> used = new TreeSet<>();
        Matcher matcher = LLD_MACRO.matcher(Files.readString(path));
        while (matcher.find()) {
            used.add(matcher.group());
        }
        used.remove("{#HOST}");
        Set<String> expected = new TreeSet<>();
        if (!path.endsWith(TemplateFile.ICMP)) {
            expected.addAll(Set.of("{#AGENT}", "{#GROUP}", "{#IP}", "{#JOB}", "{#WHO}"));
        }
        if (path.endsWith(TemplateFile.AGENT) || path.endsWith(TemplateFile.HOSTS)) {
            expected.addAll(Set.of("{#LABELS}", "{#LABEL.SITE}", "{#NAME}"));
        }
        if (path.endsWith(TemplateFile.AGENT)) {
            expected.add("{#ITEMS}");
        }
        assertEquals(expected, used);
    }

    /** A tag that template and item both have is shown twice on every problem. */
    @ParameterizedTest
    @MethodSource("files")
    void noTagComesTwiceToAProblem(Path path) {
        for (Map<String, Object> template : TemplateFile.read(path).templates()) {
            Set<String> above = tagNames(template);
            itemsOf(template).forEach(item -> {
                Set<String> own = tagNames(item);
                assertTrue(own.stream().noneMatch(above::contains), text(item, "key"));
                Stream.concat(list(item, "triggers").stream(), list(item, "trigger_prototypes").stream())
                        .forEach(trigger -> {
                            assertEquals(Set.of("scope"), tagNames(trigger), text(trigger, "name"));
                            assertFalse(own.contains("scope") || above.contains("scope"));
                        });
            });
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void widgetsFitAndDoNotOverlap(Path path) {
        TemplateFile file = TemplateFile.read(path);
        int columns = file.version().equals("6.0") ? 24 : 72;
        file.everywhere("pages").forEach(page -> {
            boolean[][] taken = new boolean[64][columns];
            for (Map<String, Object> widget : list(page, "widgets")) {
                int x = number(widget, "x");
                int y = number(widget, "y");
                // The generator leaves out what is the default.
                int height = columns == 72 && !widget.containsKey("height") ? 2 : number(widget, "height");
                assertTrue(height >= 2, "height " + height);
                for (int row = y; row < y + height; row++) {
                    for (int column = x; column < x + number(widget, "width"); column++) {
                        if (column >= columns || taken[row][column]) {
                            fail("widget at " + x + "," + y);
                        }
                        taken[row][column] = true;
                    }
                }
            }
        });
    }

    private static int number(Map<String, Object> widget, String name) {
        return widget.containsKey(name) ? Integer.parseInt(text(widget, name)) : 0;
    }
}
