package io.pingagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.cli.view.LabelFormat;
import io.pingagent.model.Addresses;
import io.pingagent.model.LabelFields;
import io.pingagent.model.TargetLabels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberLineTest {

    private static String refused(String line) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> MemberLine.parse(line))
                .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "# all of it", "  # and this", "\t"})
    void aLineMayHoldNothing(String line) {
        assertNull(MemberLine.parse(line));
    }

    @Test
    void anAddressMayHaveLabels() {
        MemberLine line = MemberLine.parse("192.0.2.7 name=core-1\tsite=ams  parent=192.0.2.1 # new");
        assertEquals("192.0.2.7", line.member());
        assertEquals(Addresses.parse("192.0.2.7"), line.target());
        assertEquals(Map.of("name", "core-1", "site", "ams", "parent", "192.0.2.1"), line.labels());
        assertEquals(1, line.addresses());
    }

    @Test
    void quotesKeepBlanksAndWhatElseIsSpecial() {
        MemberLine line =
                MemberLine.parse("192.0.2.7 site=\"Amsterdam Zuid #3\" note=\"say \\\"a=b\\\" \\\\\" rack=a\"b c\"d");
        assertEquals(Map.of("site", "Amsterdam Zuid #3", "note", "say \"a=b\" \\", "rack", "ab cd"), line.labels());
    }

    @Test
    void aNumberSignWithinALabelBeginsNoComment() {
        MemberLine line = MemberLine.parse("192.0.2.7 name=core#1 site=ams note=\"a\"#b rack=#3 #name=x");
        assertEquals(Map.of("name", "core#1", "site", "ams", "note", "a#b", "rack", "#3"), line.labels());
        assertEquals("192.0.2.7", MemberLine.parse("192.0.2.7#core-1 of ams").member(), "no address has one");
    }

    @Test
    void anEmptyValueIsKeptToRemoveTheLabel() {
        assertEquals(
                Map.of("site", "", "name", ""),
                MemberLine.parse("192.0.2.7 site= name=\"\"").labels());
    }

    @Test
    void networksHaveNoLabels() {
        assertEquals(254, MemberLine.parse("192.0.2.0/24").addresses());
        assertTrue(refused("192.0.2.0/24 site=ams").contains("labels belong to one address"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.7 192.0.2.8|is no label; write one address a line, and labels as in site=ams",
                "192.0.2.7 site=\"ams|a double quote is not closed",
                "192.0.2.7 a=1 a=2|has 'a' twice",
                "192.0.2.7 Name=x|write 'name'",
                "192.0.2.7 =x|cannot be the name of a label",
                "192.0.2.7 parent=core|labels of '192.0.2.7': the value of 'parent' is no address",
                "192.0.2.7 parent=192.0.2.7|the address itself",
                "core-1 site=ams|core-1",
                "site=ams|site=ams"
            })
    void whatIsWrongIsNamed(String line, String why) {
        assertTrue(refused(line).contains(why), refused(line));
    }

    @Test
    void wordsOfACommandLineBelongToTheAddressBeforeThem() {
        List<MemberLine> lines = MemberLine.ofArguments(
                List.of("192.0.2.7", "name=core 1", "site=ams", "192.0.2.8", "192.0.2.9", "name=x"));
        assertEquals(
                List.of("192.0.2.7", "192.0.2.8", "192.0.2.9"),
                lines.stream().map(MemberLine::member).toList());
        assertEquals(Map.of("name", "core 1", "site", "ams"), lines.get(0).labels());
        assertEquals(Map.of(), lines.get(1).labels());
        assertEquals(Map.of("name", "x"), lines.get(2).labels());
        assertEquals(List.of(), MemberLine.ofArguments(List.of()));
    }

    /** What 'group show' prints can be given to 'group add --file -'. */
    @Test
    void whatIsPrintedIsReadAsItWas() {
        TargetLabels labels = new TargetLabels(
                "core \"1\"", Addresses.parse("192.0.2.1"), Map.of("site", "a#b", "path", "C:\\x", "role", "core"));
        MemberLine line = MemberLine.parse("192.0.2.7" + LabelFormat.words(labels));
        assertEquals(labels, LabelFields.parse(Addresses.parse("192.0.2.7"), line.labels()));
        assertEquals("", LabelFormat.words(TargetLabels.NONE));
    }
}
