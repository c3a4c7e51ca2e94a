package io.pingagent.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelFieldsTest {

    private static final IpAddress ADDRESS = Addresses.parse("192.0.2.7");

    private static String refused(Map<String, String> fields) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> LabelFields.parse(ADDRESS, fields))
                .getMessage());
    }

    @Test
    void nameAndParentAreNoLabels() {
        TargetLabels labels = LabelFields.parse(
                ADDRESS, Map.of("name", "core-1", "parent", "2001:DB8::1", "site", "Amsterdam Zuid", "role", "core"));

        assertEquals("core-1", labels.name());
        assertEquals(Addresses.parse("2001:db8::1"), labels.parent());
        assertEquals(Map.of("site", "Amsterdam Zuid", "role", "core"), labels.labels());
        assertEquals("role=core, site=Amsterdam Zuid", labels.labelsText());
    }

    @Test
    void aFieldWithoutAValueIsMissing() {
        TargetLabels labels = LabelFields.parse(ADDRESS, Map.of("name", "", "parent", "", "site", ""));
        assertTrue(labels.isEmpty());
        assertNull(labels.parent());
        assertEquals("", labels.labelsText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"site", "SITE", "a.b", "a_b", "a-b", "7"})
    void lettersDigitsAndThreeSignsMakeTheNameOfALabel(String label) {
        assertEquals(
                Map.of(label, "x"),
                LabelFields.parse(ADDRESS, Map.of(label, "x")).labels());
    }

    @ParameterizedTest
    @CsvSource({
        "a b, letters and digits",
        "größe, letters and digits",
        "'', letters and digits",
        "a=b, letters and digits",
        "Name, write 'name'",
        "PARENT, write 'parent'"
    })
    void otherNamesOfLabelsAreRefused(String label, String why) {
        assertTrue(refused(Map.of(label, "x")).contains(why), refused(Map.of(label, "x")));
    }

    @Test
    void whatIsTooLongIsNamedWithItsLimit() {
        LabelFields.parse(ADDRESS, Map.of("name", "n".repeat(128), "l".repeat(64), "v".repeat(255)));
        assertEquals(
                "the value of 'name' has 129 characters, at most 128 are allowed",
                refused(Map.of("name", "n".repeat(129))));
        assertEquals(
                "the value of 'site' has 256 characters, at most 255 are allowed",
                refused(Map.of("site", "v".repeat(256))));
        assertTrue(refused(Map.of("l".repeat(65), "v")).contains("1 to 64"));
    }

    @Test
    void controlCharactersNeverReachATerminal() {
        assertEquals("the value of 'name' holds a control character", refused(Map.of("name", "a\u001b[31m")));
        assertEquals("the value of 'site' holds a control character", refused(Map.of("site", "a\nb")));
        assertEquals("the value of 'site' is blank", refused(Map.of("site", "  ")));
    }

    @Test
    void aParentIsAnotherAddress() {
        assertEquals("its 'parent' is the address itself", refused(Map.of("parent", "192.0.2.7")));
        assertTrue(refused(Map.of("parent", "core-1")).startsWith("the value of 'parent' is no address: "));
        assertTrue(refused(Map.of("parent", "192.0.2.0/24")).contains("is a network"));
    }

    @Test
    void anAddressHasALimitedNumberOfLabels() {
        Map<String, String> fields = new HashMap<>(Map.of("name", "n", "parent", "192.0.2.1"));
        for (int i = 0; i < 32; i++) {
            fields.put("l" + i, "v");
        }
        assertEquals(32, LabelFields.parse(ADDRESS, fields).labels().size());
        fields.put("more", "v");
        assertEquals("it has 33 labels; an address has at most 32", refused(fields));
    }
}
