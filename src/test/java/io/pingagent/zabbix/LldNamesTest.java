package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LldNamesTest {

    private final LldNames names = new LldNames("gza", false);

    @ParameterizedTest
    @ValueSource(
            strings = {"core", "a\\b", "a\"b", "\"", "{$X}", "{#IP}", "größe", "a/b", " a", "a b", "x😀", "$1", "a\nb"})
    void whatZabbixTakesStaysAsItIs(String name) {
        assertEquals(name, names.group(name));
        assertEquals(name, names.job(name));
        assertEquals(List.of(), names.problems());
    }

    /** Without the mark the server made no trigger of the first, and no host group of the others. */
    @ParameterizedTest
    @CsvSource({
        "a\\,a\\…",
        "a\\\\,a\\\\…",
        "a/,a/…",
        "/a,…/a",
        "a//b,a/…/b",
        "/,…/…",
        "' ',…",
        "'',…",
        "a/ ,a/…",
        "a/\\,a/\\…"
    })
    void whatZabbixDoesNotTakeShowsAMark(String name, String expected) {
        assertEquals(expected, LldNames.fitParts(name, 255));
    }

    @Test
    void longNamesEndWithAMark() {
        assertEquals("g".repeat(254) + "…", names.group("g".repeat(256)));
        assertEquals("g".repeat(255), names.group("g".repeat(255)));
        assertEquals(255, names.job("j".repeat(256)).length());
        // Not half of a pair.
        assertEquals("j".repeat(253) + "…", names.job("j".repeat(253) + "😀😀"));
        assertTrue(LldNames.fitParts("//".repeat(120), 240).length() <= 240);
        assertEquals("a…b", names.job("a\0b"));
    }

    /** "Ping addresses/AGENT/GROUP" has 255 characters, and "ADDRESS (AGENT)" 128. */
    @Test
    void agentAndGroupTogetherFitIntoTheNameOfAHostGroup() {
        LldNames ofHosts = new LldNames("a".repeat(127) + "/", true);
        assertEquals("a".repeat(69) + "…", ofHosts.agent());
        assertEquals(1, ofHosts.problems().size());
        assertEquals(255, ("Ping addresses/" + ofHosts.agent() + "/" + ofHosts.group("g".repeat(255))).length());
        assertEquals("a/…", new LldNames("a/", true).agent());
        assertEquals("a/", new LldNames("a/", false).agent());
    }

    @Test
    void aFewAreNamedAndTheOthersCounted() {
        for (int i = 0; i < 20; i++) {
            names.group(i + "/");
        }
        names.group("1/");
        assertEquals(6, names.problems().size());
        assertTrue(names.problems().get(0).toString().startsWith("group '0/': Zabbix cannot take"));
        assertTrue(
                names.problems().get(5).toString().contains("15 other groups"),
                names.problems().toString());
    }

    @Test
    void anAddressIsSpokenOfByItsNameIfItHasOne() {
        LldNames names = new LldNames("gza", false);
        assertEquals("core-1 (192.0.2.7)", names.who("core-1", "192.0.2.7"));
        assertEquals("192.0.2.7", names.who("", "192.0.2.7"));
        assertEquals("192.0.2.7", names.who("192.0.2.7", "192.0.2.7"));
        assertEquals(
                LldNames.MAX_CHARACTERS, names.who("x".repeat(300), "192.0.2.7").length());
    }

    /** The visible name of a host is {@code {#WHO} ({#AGENT})} and has 128 characters at most. */
    @Test
    void aHostsNameLeavesRoomForTheAgents() {
        String ip = "fe80:1234:1234:1234:1234:1234:1234:1234%abcdefghijklmno";
        for (String agent : List.of("gza", "a".repeat(LldNames.MAX_AGENT_OF_HOST))) {
            LldNames names = new LldNames(agent, true);
            for (String name : List.of("c1", "core-router-with-a-name", "x".repeat(300))) {
                String visible = names.who(name, ip) + " (" + names.agent() + ")";
                assertTrue(visible.length() <= 128, visible);
                assertTrue(visible.contains(ip), visible);
            }
        }
        assertEquals("c1 (192.0.2.7)", new LldNames("a".repeat(70), true).who("c1", "192.0.2.7"));
    }
}
