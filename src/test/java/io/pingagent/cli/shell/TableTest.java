package io.pingagent.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.cli.view.LiveTable;
import io.pingagent.model.TargetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final int UNLIMITED = Integer.MAX_VALUE;

    private final Table table = new Table()
            .left("GROUP")
            .right("MEMBERS")
            .left("NOTE")
            .row("core", "12", "")
            .row("a-much-longer-group-name", "1,024", "it is fine");

    @Test
    void alignsNumbersToTheRight() {
        assertEquals(
                List.of(
                        "GROUP                     MEMBERS  NOTE",
                        "core                           12  ",
                        "a-much-longer-group-name    1,024  it is fine"),
                table.lines(UNLIMITED, false));
    }

    @Test
    void cutsTheWidestTextColumnToFit() {
        List<String> lines = table.lines(36, false);
        assertEquals(
                "a-much-longer-…    1,024  it is fine", lines.get(2).strip().replaceAll(" {5,}", "    "));
        lines.forEach(line -> assertTrue(line.length() <= 36, line));
    }

    @Test
    void staysReadableWhereNothingFits() {
        assertTrue(table.lines(5, false).get(2).contains("1,024"));
    }

    @Test
    void disarmsControlSequences() {
        Table hostile = new Table().left("NAME").row("a\033[2Jb\nc");
        assertEquals("a\ufffd[2Jb\ufffdc", hostile.lines(UNLIMITED, false).get(1));
    }

    @Test
    void coloursDoNotCountAsWidth() {
        Table coloured = new Table().left("STATE").right("N");
        coloured.startRow().cell("bad", Ansi.Style.BAD).cell("1");
        assertEquals("\033[31mbad\033[0m    1", coloured.lines(UNLIMITED, true).get(1));
        assertEquals("bad    1", coloured.lines(UNLIMITED, false).get(1));
    }

    @Test
    void liveTableLeavesOutColumnsWithoutValues() {
        List<String> lines = new ArrayList<>();
        new LiveTable(List.of(new TargetRow("192.0.2.1", 60, 59, 11_204_000, -1, true)), UNLIMITED, false)
                .lines(10, lines::add);
        assertEquals(
                List.of(
                        "ADDRESS             SENT RECEIVED     LOSS   LAST RTT  ERR LIST",
                        "192.0.2.1             60       59     1.7%    11.2 ms  yes"),
                lines);
    }

    @Test
    void liveTableFitsTheTerminal() {
        List<String> lines = new ArrayList<>();
        String address = "2001:db8:1111:2222:3333:4444:5555:6666";
        new LiveTable(List.of(new TargetRow(address, 60, 60, 1_000_000, 1_000_000, false)), 80, false)
                .lines(10, lines::add);
        lines.forEach(line -> assertTrue(line.length() <= 80, line));
        assertTrue(lines.get(1).contains("…"), lines.get(1));
    }

    @Test
    void liveTableOfANarrowTerminalLeavesOutTheTimes() {
        TargetRow row = new TargetRow("192.0.2.1", 60, 60, 1_000_000, 1_000_000, true);
        for (int columns : new int[] {52, 60, 63, 70, 74, 80}) {
            List<String> lines = new ArrayList<>();
            new LiveTable(List.of(row), columns, false).lines(10, lines::add);
            lines.forEach(line -> assertTrue(line.length() <= columns, line));
            assertEquals(columns >= 63, lines.get(0).contains("LAST RTT"), lines.get(0));
            assertEquals(columns >= 74, lines.get(0).contains("AVG RTT"), lines.get(0));
        }
    }

    @Test
    void namesAreCutBeforeTheTableIsTooWide() {
        TargetRow row = new TargetRow("192.0.2.1", 60, 60, 1_000_000, -1, true);
        Map<String, String> names = Map.of("192.0.2.1", "core-router-of-the-eastern-ring");
        for (int columns : new int[] {52, 60, 63, 70, 74, 80, 120}) {
            List<String> lines = new ArrayList<>();
            new LiveTable(List.of(row), names, columns, false).lines(10, lines::add);
            lines.forEach(line -> assertTrue(line.length() <= columns, columns + ": " + line));
            assertEquals(columns >= 74, lines.get(0).contains("NAME"), columns + ": " + lines.get(0));
        }
        List<String> lines = new ArrayList<>();
        new LiveTable(List.of(row), names, UNLIMITED, false).lines(10, lines::add);
        assertTrue(lines.get(1).startsWith("192.0.2.1       core-router-of-the-eastern-ring       60"), lines.get(1));
    }
}
