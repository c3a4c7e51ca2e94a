package io.pingagent.templates;

import static io.pingagent.templates.TemplateFile.list;
import static io.pingagent.templates.TemplateFile.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final Pattern LLD_MACRO = Pattern.compile("\\{#[A-Z]+\\}");
    /** {@code /Template/key[...]} in an expression. */
    private static final Pattern REFERENCE = Pattern.compile("/([^/()]*)/([a-z.]+(?:\\[\"[^\\]]*\"\\])?)");

    static Stream<Path> files() {
        return TemplateFile.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void uuidsAreRandomOnesAndUnique(Path path) {
        TemplateFile file = TemplateFile.read(path);
        Set<String> seen = new HashSet<>();
        for (String named : List.of(
                "groups",
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
        assertTrue(seen.size() > 15);
    }

    @Test
    void noUuidStandsForTwoThings() {
        Map<String, Object> owners = new HashMap<>();
        for (Path path : TemplateFile.ALL) {
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
        assertEquals("6.0", TemplateFile.read(path).export().get("version"));
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
        allItems(file).forEach(item -> {
            assertTrue(text(item, "history").matches("[0-9]+d"), text(item, "key"));
            assertTrue(Set.of("TRAP", "CALCULATED").contains(text(item, "type")), text(item, "key"));
            assertTrue(!text(item, "type").equals("TRAP") || text(item, "delay").equals("0"), text(item, "key"));
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
            assertTrue(text(rule, "lifetime").matches("[1-9][0-9]*[hd]"), text(rule, "key"));
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
        triggers(file).forEach(trigger -> {
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
        allItems(file).filter(item -> text(item, "type").equals("CALCULATED")).forEach(item -> {
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
        allItems(file)
                .filter(item -> item.containsKey("valuemap"))
                .forEach(item -> assertTrue(valuemaps.contains(text(TemplateFile.map(item.get("valuemap")), "name"))));
    }

    /** Zabbix exports a trigger of several items outside of them: otherwise every import shows a change. */
    @ParameterizedTest
    @MethodSource("files")
    void aTriggerWithinAnItemIsOfThatItemAlone(Path path) {
        allItems(TemplateFile.read(path))
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
        Set<String> known = triggers(file).map(TemplateRulesTest::identity).collect(Collectors.toSet());
        triggers(file)
                .flatMap(trigger -> list(trigger, "dependencies").stream())
                .forEach(dependency -> assertTrue(known.contains(identity(dependency)), identity(dependency)));
    }

    @Test
    void everythingWaitsForTheAgentsHeartbeat() {
        TemplateFile file = TemplateFile.read(TemplateFile.AGENT);
        Map<String, Map<String, Object>> byIdentity =
                triggers(file).collect(Collectors.toMap(TemplateRulesTest::identity, trigger -> trigger));
        for (Map<String, Object> trigger : byIdentity.values()) {
            assertTrue(waitsForHeartbeat(trigger, byIdentity, 0), text(trigger, "name"));
        }
        assertDepends(file, "Ping {#IP}: High round-trip time", "Ping {#IP}: High loss");
        assertDepends(file, "Ping {#IP}: High loss", "Ping {#IP}: Down");
    }

    private static boolean waitsForHeartbeat(
            Map<String, Object> trigger, Map<String, Map<String, Object>> byIdentity, int depth) {
        assertTrue(depth < 5, "a ring of dependencies");
        return text(trigger, "expression").startsWith("nodata(")
                || list(trigger, "dependencies").stream()
                        .anyMatch(next -> waitsForHeartbeat(byIdentity.get(identity(next)), byIdentity, depth + 1));
    }

    private static void assertDepends(TemplateFile file, String name, String on) {
        assertTrue(triggers(file)
                .filter(trigger -> text(trigger, "name").equals(name))
                .flatMap(trigger -> list(trigger, "dependencies").stream())
                .anyMatch(dependency -> text(dependency, "name").equals(on)));
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
        if (path.equals(TemplateFile.HOSTS)) {
            used.add("{$PING.IP}");
        }
        assertEquals(defined, used);
        Matcher context = Pattern.compile("\\{\\$PING\\.(RTT|LOSS)\\.WARN\\}")
                .matcher(triggers(file)
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
        assertEquals(Set.of("{#AGENT}", "{#GROUP}", "{#IP}", "{#JOB}"), used);
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

    /** Zabbix shows three tags of a problem, in the order of their names. */
    @Test
    void theAddressIsAmongTheTagsThatZabbixShows() {
        TemplateFile file = TemplateFile.read(TemplateFile.AGENT);
        Map<String, Object> template = file.templates().get(0);
        file.everywhere("item_prototypes").forEach(item -> {
            Set<String> shown = new TreeSet<>(tagNames(item));
            shown.addAll(tagNames(template));
            list(item, "trigger_prototypes").forEach(trigger -> shown.addAll(tagNames(trigger)));
            assertEquals(
                    List.of("address", "component", "group"),
                    shown.stream().limit(3).toList(),
                    text(item, "key"));
        });
    }

    /** A graph draws an item of type trapper through every gap, and flat back to before its first value, unless in dots. */
    @ParameterizedTest
    @MethodSource("files")
    void everyGraphOfRoundTripTimesShowsLossAndGaps(Path path) {
        TemplateFile file = TemplateFile.read(path);
        List<Map<String, Object>> graphs = Stream.concat(file.everywhere("graphs"), file.everywhere("graph_prototypes"))
                .filter(graph -> list(graph, "graph_items").stream()
                        .anyMatch(line -> keyOf(line).startsWith("ping.rtt")))
                .toList();
        assertFalse(graphs.isEmpty());
        for (Map<String, Object> graph : graphs) {
            for (Map<String, Object> line : list(graph, "graph_items")) {
                boolean loss = keyOf(line).startsWith("ping.loss");
                assertEquals(loss ? "FILLED_REGION" : "DOTTED_LINE", text(line, "drawtype"), keyOf(line));
                assertEquals(loss ? "RIGHT" : "", text(line, "yaxisside"), keyOf(line));
            }
            assertTrue(list(graph, "graph_items").stream()
                    .anyMatch(line -> keyOf(line).startsWith("ping.loss")));
        }
    }

    private static String keyOf(Map<String, Object> graphItem) {
        return text(TemplateFile.map(graphItem.get("item")), "key");
    }

    /** One bad value of a new address is no problem. */
    @ParameterizedTest
    @MethodSource("files")
    void lossAndRoundTripTimesNeedSeveralValues(Path path) {
        List<Map<String, Object>> slow = triggers(TemplateFile.read(path))
                .filter(trigger -> text(trigger, "name").matches(".*: High (loss|round-trip time)"))
                .toList();
        assertEquals(2, slow.size());
        slow.forEach(trigger -> assertTrue(
                text(trigger, "expression").matches(".* and count\\(.*\\)>=\\{\\$PING\\.VALUES\\.MIN.*"),
                text(trigger, "expression")));
    }

    /** What comes of the agent's own isolation is no second problem, and none when it ends. */
    @Test
    void whatComesOfAnIsolationWaitsForIt() {
        TemplateFile file = TemplateFile.read(TemplateFile.AGENT);
        String isolated = "Ping agent: Cut off from its network";
        for (String name : List.of(
                "Ping agent: Probes cannot be sent",
                "Ping agent: Probes find no room in the send queues",
                "Ping agent: Problems to mend",
                "Ping agent: {$PING.MASS.SHARE}% of all addresses or more are on the err list")) {
            assertDepends(file, name, isolated);
        }
        // Their own end would have to wait for the end of what they depend on.
        assertTrue(triggers(file)
                .filter(trigger -> text(trigger, "name").equals("Ping {#IP}: Down"))
                .allMatch(trigger -> list(trigger, "dependencies").size() == 1));
    }

    private static Set<String> tagNames(Map<String, Object> node) {
        return list(node, "tags").stream().map(tag -> text(tag, "tag")).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("files")
    void widgetsFitAndDoNotOverlap(Path path) {
        TemplateFile.read(path).everywhere("pages").forEach(page -> {
            boolean[][] taken = new boolean[64][24];
            for (Map<String, Object> widget : list(page, "widgets")) {
                int x = number(widget, "x");
                int y = number(widget, "y");
                int height = number(widget, "height");
                assertTrue(height >= 2, "height " + height);
                for (int row = y; row < y + height; row++) {
                    for (int column = x; column < x + number(widget, "width"); column++) {
                        if (column >= 24 || taken[row][column]) {
                            fail("widget at " + x + "," + y);
                        }
                        taken[row][column] = true;
                    }
                }
            }
        });
    }

    /** Every item of the contract, spelled as the agent spells it. */
    @Test
    void allItemsOfTheContractAreThere() {
        Set<String> keys = allItems(TemplateFile.read(TemplateFile.AGENT))
                .map(item -> text(item, "key"))
                .collect(Collectors.toSet());
        List<String> expected = new ArrayList<>();
        for (String item : List.of("status", "loss", "rtt", "rtt.min", "rtt.max", "jitter")) {
            expected.add("ping." + item + "[\"{#IP}\"]");
        }
        for (String item : List.of(
                "heartbeat",
                "version",
                "isolated",
                "targets",
                "errlist.size",
                "probes.rate",
                "refused",
                "kernel.drops",
                "overruns",
                "redis.state",
                "problems",
                "problems.text",
                "buffer.values",
                "buffer.dropped")) {
            expected.add("ping.agent." + item);
        }
        assertTrue(keys.containsAll(expected), keys.toString());
        assertEquals(
                List.of("ping.discovery", "ping.errlist.discovery"),
                TemplateFile.read(TemplateFile.AGENT)
                        .everywhere("discovery_rules")
                        .map(rule -> text(rule, "key"))
                        .toList());
    }

    private static int number(Map<String, Object> widget, String name) {
        return widget.containsKey(name) ? Integer.parseInt(text(widget, name)) : 0;
    }

    private static String identity(Map<String, Object> trigger) {
        return text(trigger, "name") + " <- " + text(trigger, "expression");
    }

    private static Stream<Map<String, Object>> allItems(TemplateFile file) {
        return file.templates().stream().flatMap(TemplateRulesTest::itemsOf);
    }

    private static Stream<Map<String, Object>> itemsOf(Map<String, Object> template) {
        return Stream.concat(
                list(template, "items").stream(),
                list(template, "discovery_rules").stream().flatMap(rule -> list(rule, "item_prototypes").stream()));
    }

    private static Stream<Map<String, Object>> triggers(TemplateFile file) {
        return Arrays.asList("triggers", "trigger_prototypes").stream().flatMap(file::everywhere);
    }
}
