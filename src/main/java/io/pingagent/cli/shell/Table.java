package io.pingagent.cli.shell;

import io.pingagent.cli.shell.Ansi.Style;
import io.pingagent.cli.shell.TableLayout.Cell;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that is as wide as its content, with numbers to the right. On a narrow terminal its widest left-aligned columns are
 * cut. Keeps all rows, as it measures them before the first line. Not thread-safe.
 */
public final class Table {

    /** Where a column's cells are put. */
    private enum Align {
        LEFT,
        RIGHT
    }

    private static final int GAP = 2;
    private static final int NARROWEST_CUT_COLUMN = 8;

    private final List<Cell> heading = new ArrayList<>();
    private final List<Align> aligns = new ArrayList<>();
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table left(String title) {
        return column(title, Align.LEFT);
    }

    public Table right(String title) {
        return column(title, Align.RIGHT);
    }

    private Table column(String title, Align align) {
        heading.add(new Cell(title, Style.HEADING));
        aligns.add(align);
        return this;
    }

    /** Adds a row of plain cells. */
    public Table row(String... cells) {
        startRow();
        for (String cell : cells) {
            cell(cell, Style.PLAIN);
        }
        return this;
    }

    public Table startRow() {
        rows.add(new ArrayList<>(aligns.size()));
        return this;
    }

    /** Adds a cell to the last row. */
    public Table cell(String text, Style style) {
        List<Cell> row = rows.get(rows.size() - 1);
        if (row.size() == aligns.size()) {
            throw new IllegalStateException("a row has " + aligns.size() + " cells");
        }
        row.add(new Cell(Ansi.harmless(text), style));
        return this;
    }

    public Table cell(String text) {
        return cell(text, Style.PLAIN);
    }

    public void print(Terminal terminal) {
        for (String line : lines(terminal.columns(), terminal.colours())) {
            terminal.out().println(line);
        }
    }

    /** @param columns width of the terminal, {@link Integer#MAX_VALUE} for no limit */
    public List<String> lines(int columns, boolean colours) {
        TableLayout layout = layout(widths(columns), colours);
        List<String> lines = new ArrayList<>(rows.size() + 1);
        lines.add(layout.line(heading));
        for (List<Cell> row : rows) {
            lines.add(layout.line(row));
        }
        return lines;
    }

    private TableLayout layout(int[] widths, boolean colours) {
        TableLayout layout = new TableLayout(colours);
        for (int i = 0; i < widths.length; i++) {
            if (aligns.get(i) == Align.LEFT) {
                layout.left(widths[i], GAP);
            } else {
                layout.right(widths[i], GAP);
            }
        }
        return layout;
    }

    private int[] widths(int columns) {
        int[] widths = new int[aligns.size()];
        measure(heading, widths);
        rows.forEach(row -> measure(row, widths));
        if (columns == Integer.MAX_VALUE) {
            return widths;
        }
        int excess = -columns;
        for (int width : widths) {
            excess += width;
        }
        excess += GAP * (widths.length - 1);
        while (excess > 0) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (aligns.get(i) == Align.LEFT
                        && widths[i] > NARROWEST_CUT_COLUMN
                        && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                break;
            }
            widths[widest]--;
            excess--;
        }
        return widths;
    }

    private static void measure(List<Cell> row, int[] widths) {
        for (int i = 0; i < row.size(); i++) {
            widths[i] = Math.max(widths[i], TableLayout.length(row.get(i).text()));
        }
    }
}
