package io.pingagent.cli.shell;

import io.pingagent.cli.shell.Ansi.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of text columns: as wide as its content, numbers to the right, cut to the terminal by shortening its widest
 * left-aligned columns. Not thread-safe.
 */
public final class Table {

    /** Where a column's cells are put. */
    enum Align {
        LEFT,
        RIGHT
    }

    private static final String GAP = "  ";
    private static final int NARROWEST_CUT_COLUMN = 8;

    private record Cell(String text, Style style) {}

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

    boolean isEmpty() {
        return rows.isEmpty();
    }

    public void print(Terminal terminal) {
        for (String line : lines(terminal.columns(), terminal.colours())) {
            terminal.out().println(line);
        }
    }

    /** @param columns width of the terminal, {@link Integer#MAX_VALUE} for no limit */
    public List<String> lines(int columns, boolean colours) {
        int[] widths = widths(columns);
        List<String> lines = new ArrayList<>(rows.size() + 1);
        lines.add(line(heading, widths, colours));
        for (List<Cell> row : rows) {
            lines.add(line(row, widths, colours));
        }
        return lines;
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
        excess += GAP.length() * (widths.length - 1);
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
            widths[i] = Math.max(widths[i], length(row.get(i).text));
        }
    }

    private String line(List<Cell> row, int[] widths, boolean colours) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            Cell cell = row.get(i);
            String text = cut(cell.text, widths[i]);
            int padding = widths[i] - length(text);
            boolean right = aligns.get(i) == Align.RIGHT;
            boolean last = i == row.size() - 1;
            line.append(right ? " ".repeat(padding) : "")
                    .append(Ansi.paint(text, cell.style, colours))
                    .append(right || last ? "" : " ".repeat(padding))
                    .append(last ? "" : GAP);
        }
        return line.toString();
    }

    private static String cut(String text, int width) {
        if (length(text) <= width) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
