package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.model.Addresses;
import io.pingagent.model.TargetLabels;
import io.pingagent.model.ZabbixHost;
import java.io.IOException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelMacrosTest {

    private final FakeTargets targets = new FakeTargets(3);

    private void label(int targetId, String name, Map<String, String> labels) {
        targets.labels.put(targetId, new TargetLabels(name, null, labels));
    }

    private static JsonObject row(String list, int index) {
        JsonArray rows = JsonParser.parseString(list).getAsJsonArray();
        return rows.get(index).getAsJsonObject();
    }

    private static String value(JsonObject row, String macro) {
        return row.get(macro).getAsString();
    }

    private JsonObject row(int index) {
        return row(DiscoveryJson.addresses(targets, "gza"), index);
    }

    @Test
    void anAddressWithoutANameIsItsOwnName() {
        assertEquals("192.0.2.1", value(row(1), "{#NAME}"));
        assertEquals("", value(row(1), "{#LABELS}"));
        assertEquals("", value(row(1), "{#LABEL.SITE}"));
        assertEquals("", value(row(1), "{#PARENT}"));
    }

    @Test
    void nameLabelsAndParentAreMacros() {
        targets.labels.put(
                1, new TargetLabels("core-1", Addresses.parse("2001:db8::1"), Map.of("site", "ams", "role", "core")));

        assertEquals("core-1", value(row(1), "{#NAME}"));
        assertEquals("role=core, site=ams", value(row(1), "{#LABELS}"));
        assertEquals("ams", value(row(1), "{#LABEL.SITE}"));
        assertEquals("core", value(row(1), "{#LABEL.ROLE}"));
        assertEquals("2001:db8::1", value(row(1), "{#PARENT}"));
        assertEquals("", value(row(0), "{#LABEL.ROLE}"), "Zabbix drops a row without a macro of the filter");
    }

    /** A row of the list must not lack a macro because the address that has the label is well. */
    @Test
    void theErrListHasTheMacrosOfAllAddresses() {
        label(1, "", Map.of("role", "core"));
        targets.onErrList.add(2);
        JsonObject row = row(DiscoveryJson.ofErrList(targets, "gza", "").text(), 0);
        assertEquals("192.0.2.2", value(row, "{#IP}"));
        assertEquals("", value(row, "{#LABEL.ROLE}"));
    }

    @ParameterizedTest
    @CsvSource({"site,SITE", "a-b,A_B", "Rack.3,RACK.3", "x_1,X_1"})
    void aMacroTakesUpperCaseAndAFewSigns(String label, String macro) {
        assertEquals(macro, LabelMacros.macro(label));
    }

    @Test
    void labelsThatBecomeOneMacroDoNotDoubleIt() {
        label(0, "", Map.of("a-b", "minus", "a_b", "underscore"));
        label(1, "", Map.of("a_b", "underscore"));
        assertEquals("minus", value(row(0), "{#LABEL.A_B}"));
        assertEquals("underscore", value(row(1), "{#LABEL.A_B}"));
        assertEquals("a-b=minus, a_b=underscore", value(row(0), "{#LABELS}"));
    }

    /** Zabbix refuses a second graph, and a second host, of the same name. */
    @Test
    void namesThatSeveralHaveCarryTheirAddresses() {
        label(0, "core", Map.of());
        label(1, "core", Map.of());
        label(2, "edge", Map.of());
        assertEquals("core 192.0.2.0", value(row(0), "{#NAME}"));
        assertEquals("core 192.0.2.1", value(row(1), "{#NAME}"));
        assertEquals("edge", value(row(2), "{#NAME}"));
    }

    /** Zabbix gets what is left after the cut. */
    @Test
    void namesThatAreTheSameAfterTheCutCarryTheirAddresses() {
        label(0, "n".repeat(60) + "-amsterdam", Map.of());
        label(1, "n".repeat(60) + "-rotterdam", Map.of());
        label(2, "a\\", Map.of());
        String list = DiscoveryJson.ofHosts(targets, "gza", "", "gza").text();
        assertTrue(value(row(list, 0), "{#NAME}").endsWith("n… 192.0.2.0"), list);
        assertTrue(value(row(list, 1), "{#NAME}").endsWith("n… 192.0.2.1"), list);
        assertEquals("a…", value(row(list, 2), "{#NAME}"));
    }

    @Test
    void aNameThatIsTheAddressOfAnotherCarriesItsOwn() {
        label(0, "192.0.2.1", Map.of());
        label(2, "192.0.2.2", Map.of());
        assertEquals("192.0.2.1 192.0.2.0", value(row(0), "{#NAME}"));
        assertEquals("192.0.2.1", value(row(1), "{#NAME}"));
        assertEquals("192.0.2.2", value(row(2), "{#NAME}"));
    }

    /** A plugin takes at most 2 MiB. */
    @Test
    void aShortListHasNoMacrosThatAreEmptyInAllRows() {
        assertEquals(
                Set.of("{#IP}", "{#GROUP}", "{#JOB}", "{#AGENT}", "{#NAME}", "{#WHO}"),
                row(DiscoveryJson.shortest(targets, "gza"), 0).keySet());
        label(1, "", Map.of("role", "core"));
        assertEquals("", value(row(DiscoveryJson.shortest(targets, "gza"), 0), "{#LABEL.ROLE}"));
        assertEquals("", value(row(DiscoveryJson.shortest(targets, "gza"), 0), "{#LABEL.SITE}"));
        targets.labels.put(1, new TargetLabels("", Addresses.parse("192.0.2.0"), Map.of()));
        assertEquals("", value(row(DiscoveryJson.shortest(targets, "gza"), 0), "{#PARENT}"));
    }

    @Test
    void ofAHostTheNameIsCutSoThatTheVisibleNameFits() {
        label(0, "n".repeat(128), Map.of());
        label(1, "m".repeat(128), Map.of());
        label(2, "m".repeat(128), Map.of());
        String list = DiscoveryJson.ofHosts(targets, "a".repeat(128), "", "gza").text();
        for (int i = 0; i < 3; i++) {
            JsonObject row = row(list, i);
            String visible = value(row, "{#NAME}") + " (" + value(row, "{#AGENT}") + ")";
            assertEquals(128, visible.length(), visible);
        }
        assertTrue(value(row(list, 2), "{#NAME}").endsWith("m… 192.0.2.2"));
        assertEquals("n".repeat(128), value(row(0), "{#NAME}"), "a tag and an item take all of it");
    }

    @Test
    void whatATagDoesNotTakeShowsAMark() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            many.put("label" + i, "v".repeat(20));
        }
        label(0, "a\\", many);
        label(1, "", Map.of("site", "C:\\"));
        assertEquals(255, value(row(0), "{#LABELS}").length());
        assertTrue(value(row(0), "{#LABELS}").endsWith("…"));
        assertEquals("a…", value(row(0), "{#NAME}"));
        assertEquals("C:…", value(row(1), "{#LABEL.SITE}"));
    }

    @Test
    void tooManyNamesOfLabelsAreReported() throws IOException {
        for (int id = 0; id < 3; id++) {
            Map<String, String> labels = new TreeMap<>();
            for (int i = 0; i < 30; i++) {
                labels.put("l" + id + "-" + i, "v");
            }
            label(id, "", labels);
        }
        var list = DiscoveryJson.ofAddresses(targets, "gza", "");
        StringWriter text = new StringWriter();
        list.writeTo(text);
        assertEquals(
                64,
                row(text.toString(), 0).keySet().stream()
                        .filter(macro -> macro.startsWith("{#LABEL."))
                        .count());
        assertEquals(1, list.problems().size());
        assertTrue(
                list.problems().get(0).what().contains("more than 64 names"),
                list.problems().toString());
    }

    @Test
    void labelsOfAddressesWithHostsOfTheirOwnDoNoHarm() {
        label(0, "core", Map.of());
        label(1, "core", Map.of());
        targets.hosts.put(1, List.of(ZabbixHost.parse("router-1").get(0)));
        assertEquals(
                2,
                JsonParser.parseString(DiscoveryJson.addresses(targets, "gza"))
                        .getAsJsonArray()
                        .size());
    }
}
