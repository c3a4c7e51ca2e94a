package io.pingagent.templates;

import static io.pingagent.templates.TemplateFile.identity;
import static io.pingagent.templates.TemplateFile.list;
import static io.pingagent.templates.TemplateFile.tagNames;
import static io.pingagent.templates.TemplateFile.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the templates make of the values: which problems come, which wait for others, what graphs show. */
class TemplateMonitoringTest {

    private static final String RTT = "(ping\\.(get\\.)?rtt|icmppingsec).*";
    private static final String LOSS = "(ping\\.(get\\.)?loss|icmppingloss).*";

    static Stream<Path> files() {
        return TemplateFile.all();
    }

    static Stream<String> versions() {
        return TemplateFile.VERSIONS.stream();
    }

    static Stream<Path> filesOfAgents() {
        return versions()
                .flatMap(version -> Stream.of(TemplateFile.AGENT, TemplateFile.AGENT2)
                        .map(name -> TemplateFile.path(version, name)));
    }

    @ParameterizedTest
    @MethodSource("filesOfAgents")
    void everythingWaitsForTheAgent(Path path) {
        TemplateFile file = TemplateFile.read(path);
        Map<String, Map<String, Object>> byIdentity =
                file.triggers().collect(Collectors.toMap(TemplateFile::identity, trigger -> trigger));
        for (Map<String, Object> trigger : byIdentity.values()) {
            assertTrue(waitsForAgent(trigger, byIdentity, 0), text(trigger, "name"));
        }
        assertDepends(file, "Ping {#IP}: High round-trip time", "Ping {#IP}: High loss");
        assertDepends(file, "Ping {#IP}: High loss", "Ping {#IP}: Down");
    }

    /** Behind a dead parent nothing else hides it. */
    @ParameterizedTest
    @MethodSource("files")
    void noLossIsHighWhileNothingIsAnswered(Path path) {
        List<String> expressions = TemplateFile.read(path)
                .triggers()
                .filter(trigger -> text(trigger, "name").matches("(.*: )?High (ICMP ping )?loss"))
                .map(trigger -> text(trigger, "expression"))
                .toList();
        assertFalse(expressions.isEmpty());
        expressions.forEach(expression ->
                assertTrue(expression.matches(".* and last\\(/[^,]*loss[^,]*\\)<100( and .*)?"), expression));
    }

    private static boolean waitsForAgent(
            Map<String, Object> trigger, Map<String, Map<String, Object>> byIdentity, int depth) {
        assertTrue(depth < 5, "a ring of dependencies");
        return text(trigger, "expression").startsWith("nodata(")
                || list(trigger, "dependencies").stream()
                        .anyMatch(next -> waitsForAgent(byIdentity.get(identity(next)), byIdentity, depth + 1));
    }

    private static void assertDepends(TemplateFile file, String name, String on) {
        assertTrue(file.triggers()
                .filter(trigger -> text(trigger, "name").equals(name))
                .flatMap(trigger -> list(trigger, "dependencies").stream())
                .anyMatch(dependency -> text(dependency, "name").equals(on)));
    }

    /** Zabbix shows three tags of a problem, in the order of their names. */
    @ParameterizedTest
    @MethodSource("filesOfAgents")
    void theAddressIsAmongTheTagsThatZabbixShows(Path path) {
        TemplateFile file = TemplateFile.read(path);
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
                        .anyMatch(line -> keyOf(line).matches(RTT)))
                .toList();
        assertFalse(graphs.isEmpty());
        for (Map<String, Object> graph : graphs) {
            for (Map<String, Object> line : list(graph, "graph_items")) {
                boolean loss = keyOf(line).matches(LOSS);
                assertEquals(loss ? "FILLED_REGION" : "DOTTED_LINE", text(line, "drawtype"), keyOf(line));
                assertEquals(loss ? "RIGHT" : "", text(line, "yaxisside"), keyOf(line));
            }
            assertTrue(list(graph, "graph_items").stream()
                    .anyMatch(line -> keyOf(line).matches(LOSS)));
        }
    }

    private static String keyOf(Map<String, Object> graphItem) {
        return text(TemplateFile.map(graphItem.get("item")), "key");
    }

    /** All but "ICMP Ping", which keeps the triggers of Zabbix's own. */
    static Stream<Path> filesOfOwnThresholds() {
        return files().filter(path -> !path.endsWith(TemplateFile.ICMP));
    }

    /** One bad value of a new address is no problem. */
    @ParameterizedTest
    @MethodSource("filesOfOwnThresholds")
    void lossAndRoundTripTimesNeedSeveralValues(Path path) {
        List<Map<String, Object>> slow = TemplateFile.read(path)
                .triggers()
                .filter(trigger -> text(trigger, "name").matches(".*: High (loss|round-trip time)"))
                .toList();
        assertEquals(2, slow.size());
        slow.forEach(trigger -> assertTrue(
                text(trigger, "expression").matches(".* and count\\(.*\\)>=\\{\\$PING\\.VALUES\\.MIN.*"),
                text(trigger, "expression")));
    }

    /** What comes of the agent's own isolation is no second problem, and none when it ends. */
    @ParameterizedTest
    @MethodSource("versions")
    void whatComesOfAnIsolationWaitsForIt(String version) {
        TemplateFile file = TemplateFile.read(TemplateFile.path(version, TemplateFile.AGENT));
        String isolated = "Ping agent: Cut off from its network";
        for (String name : List.of(
                "Ping agent: Probes cannot be sent",
                "Ping agent: Probes find no room in the send queues",
                "Ping agent: Something needs attention",
                "Ping agent: {$PING.MASS.SHARE}% of all addresses or more are on the err list")) {
            assertDepends(file, name, isolated);
        }
        // Their own end would have to wait for the end of what they depend on.
        assertTrue(file.triggers()
                .filter(trigger -> text(trigger, "name").equals("Ping {#IP}: Down"))
                .allMatch(trigger -> list(trigger, "dependencies").size() == 1));
    }

    /** Every item of the contract, spelled as the agent spells it. */
    @ParameterizedTest
    @MethodSource("versions")
    void allItemsOfTheContractAreThere(String version) {
        TemplateFile file = TemplateFile.read(TemplateFile.path(version, TemplateFile.AGENT));
        Set<String> keys = file.allItems().map(item -> text(item, "key")).collect(Collectors.toSet());
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
                file.everywhere("discovery_rules")
                        .map(rule -> text(rule, "key"))
                        .toList());
    }

    /**
     * A host takes over an item with the same key and a trigger with the same name and expression when a template is linked in
     * the place of Zabbix's own: these are those of 6.0.14 and of 7.0.22.
     */
    @ParameterizedTest
    @MethodSource("versions")
    void icmpPingHasTheKeysAndTriggersOfZabbixsOwn(String version) {
        TemplateFile file = TemplateFile.read(TemplateFile.path(version, TemplateFile.ICMP));
        String prefix = version.equals("6.0") ? "" : "ICMP Ping: ";
        assertEquals(
                List.of("icmpping", "icmppingloss", "icmppingsec"),
                file.allItems().map(item -> text(item, "key")).toList());
        Map<String, String> expressions = file.triggers()
                .filter(trigger -> !text(trigger, "expression").startsWith("nodata("))
                .collect(Collectors.toMap(
                        trigger -> text(trigger, "name"),
                        trigger -> text(trigger, "expression").replace("/ICMP Ping by ping-agent/", "/ICMP Ping/")));
        assertEquals(
                Map.of(
                        prefix + "Unavailable by ICMP ping",
                        "max(/ICMP Ping/icmpping,#3)=0",
                        prefix + "High ICMP ping loss",
                        "min(/ICMP Ping/icmppingloss,5m)>{$ICMP_LOSS_WARN} and min(/ICMP Ping/icmppingloss,5m)<100"
                                + " and last(/ICMP Ping/icmppingloss)<100",
                        prefix + "High ICMP ping response time",
                        "avg(/ICMP Ping/icmppingsec,5m)>{$ICMP_RESPONSE_TIME_WARN}"),
                expressions);
        assertDepends(file, prefix + "High ICMP ping loss", prefix + "Unavailable by ICMP ping");
        assertDepends(file, prefix + "High ICMP ping response time", prefix + "High ICMP ping loss");
        assertEquals(
                version.equals("6.0") ? Set.of("1w") : Set.of(""),
                file.allItems().map(item -> text(item, "history")).collect(Collectors.toSet()));
    }

    /** A value that one address does not have leaves its item as it is, and no other one. */
    @ParameterizedTest
    @MethodSource("versions")
    void theItemsOfAgent2BearAnAbsentValue(String version) {
        TemplateFile file = TemplateFile.read(TemplateFile.path(version, TemplateFile.AGENT2));
        List<Map<String, Object>> prototypes = file.everywhere("item_prototypes")
                .filter(item -> text(item, "type").equals("DEPENDENT"))
                .toList();
        assertEquals(
                Set.of("status", "loss", "rtt", "jitter", "errlist"),
                prototypes.stream()
                        .map(item -> text(item, "key").replaceAll("ping\\.get\\.([a-z]+).*", "$1"))
                        .collect(Collectors.toSet()));
        prototypes.forEach(item -> {
            Map<String, Object> step = list(item, "preprocessing").get(0);
            String field = text(item, "key").replaceAll("ping\\.get\\.([a-z]+).*", "$1");
            assertEquals(List.of("$.data[?(@.ip=='{#IP}')]." + field + ".first()"), step.get("parameters"));
            assertEquals("DISCARD_VALUE", text(step, "error_handler"));
        });
    }

    /** An item that gets no value is dead: it is made only where a row says that its value comes. */
    @ParameterizedTest
    @MethodSource("versions")
    void whatIsOptedForIsDiscoveredOnlyWhereItIsSent(String version) {
        TemplateFile file = TemplateFile.read(TemplateFile.path(version, TemplateFile.AGENT));
        Set<String> always = Set.of("status", "loss", "rtt", "rtt.min", "rtt.max", "jitter", "errlist.loss");
        List<String> overridden = overridden(file, "ITEM_PROTOTYPE");
        file.everywhere("item_prototypes").forEach(item -> {
            String name = text(item, "key").replaceAll("ping\\.([a-z.0-9]+)\\[.*", "$1");
            boolean isOptIn = !always.contains(name);
            assertEquals(isOptIn ? "NO_DISCOVER" : "", text(item, "discover"), name);
            assertEquals(
                    isOptIn,
                    overridden.stream().anyMatch(regex -> text(item, "name").matches(".*" + regex)),
                    name);
        });
        List<String> triggers = overridden(file, "TRIGGER_PROTOTYPE");
        List<Map<String, Object>> optIn = file.everywhere("trigger_prototypes")
                .filter(trigger -> trigger.containsKey("discover"))
                .toList();
        assertEquals(2, optIn.size());
        optIn.forEach(trigger -> assertTrue(
                triggers.stream().anyMatch(regex -> text(trigger, "name").matches(".*" + regex)),
                text(trigger, "name")));
    }

    private static List<String> overridden(TemplateFile file, String object) {
        return file.everywhere("operations")
                .filter(operation -> text(operation, "operationobject").equals(object))
                .filter(operation -> text(operation, "discover").equals("DISCOVER"))
                .map(operation -> text(operation, "value"))
                .toList();
    }

    /** While its parent is down an address is neither down nor up: no problem begins, and none ends. */
    @ParameterizedTest
    @MethodSource("files")
    void statusTwoNeitherRaisesNorEndsAnOutage(Path path) {
        TemplateFile file = TemplateFile.read(path);
        List<Map<String, Object>> down = file.triggers()
                .filter(trigger -> text(trigger, "name").matches("Ping( \\{#IP})?: Down"))
                .toList();
        assertEquals(path.endsWith(TemplateFile.ICMP) ? 0 : 1, down.size());
        down.forEach(trigger -> {
            assertTrue(text(trigger, "expression").endsWith(")=0"), text(trigger, "expression"));
            assertEquals("RECOVERY_EXPRESSION", text(trigger, "recovery_mode"));
            assertTrue(text(trigger, "recovery_expression").endsWith(")=1"), text(trigger, "recovery_expression"));
        });
        file.everywhere("valuemaps")
                .filter(map -> text(map, "name").matches("Ping status|Service state"))
                .forEach(map -> assertEquals(
                        text(map, "name").equals("Ping status") ? 3 : 2,
                        list(map, "mappings").size(),
                        text(map, "name")));
    }
}
