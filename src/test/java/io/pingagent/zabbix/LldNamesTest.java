package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LldNamesTest {

    private final LldNames names = new LldNames();

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
        assertEquals(expected, LldNames.fitGroup(name));
    }

    @Test
    void longNamesEndWithAMark() {
        assertEquals("g".repeat(239) + "…", names.group("g".repeat(241)));
        assertEquals("g".repeat(240), names.group("g".repeat(240)));
        assertEquals(255, names.job("j".repeat(256)).length());
        assertEquals(
                70, names.agent("a".repeat(128), LldNames.MAX_AGENT_OF_HOST).length());
        // Not half of a pair.
        assertEquals("j".repeat(253) + "…", names.job("j".repeat(253) + "😀😀"));
        assertTrue(LldNames.fitGroup("//".repeat(120)).length() <= 240);
        assertEquals("a…b", names.job("a\0b"));
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
}
