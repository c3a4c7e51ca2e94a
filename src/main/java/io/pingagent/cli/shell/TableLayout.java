package io.pingagent.cli.shell;

import io.pingagent.cli.shell.Ansi.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns of known width, and the lines that stand in them. Lines are made one by one, so that a million rows need no memory.
 * A text that is too long is cut in a left-aligned column, and pushes the others aside in a right-aligned one.
 */
public final class TableLayout {

    private record Column(boolean isRight, int width, int gap) {}

    private final List<Column> columns = new ArrayList<>();
    private final boolean colours;

    public TableLayout(boolean colours) {
        this.colours = colours;
    }

    /**
     * Adds a column of text.
     *
     * @param width characters
     * @param gap spaces before it, except in the first column
     */
    public TableLayout left(int width, int gap) {
        columns.add(new Column(false, width, gap));
        return this;
    }

    /** Adds a column of numbers; the arguments are those of {@link #left}. */
    public TableLayout right(int width, int gap) {
        columns.add(new Column(true, width, gap));
        return this;
    }

    /** A line in one style; there may be fewer cells than columns. */
    public String line(Style style, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            append(line, i, i == cells.size() - 1, cells.get(i), Style.PLAIN);
        }
        return Ansi.paint(line.toString(), style, colours);
    }

    /** A line in which each cell has a style of its own. */
    String line(List<Cell> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            append(
                    line,
                    i,
                    i == cells.size() - 1,
                    cells.get(i).text(),
                    cells.get(i).style());
        }
        return line.toString();
    }

    private void append(StringBuilder line, int index, boolean isLast, String text, Style style) {
        Column column = columns.get(index);
        String shown = column.isRight ? text : cut(text, column.width);
        int padding = Math.max(0, column.width - length(shown));
        line.append(" ".repeat(index == 0 ? 0 : column.gap))
                .append(" ".repeat(column.isRight ? padding : 0))
                .append(Ansi.paint(shown, style, colours))
                .append(" ".repeat(column.isRight || isLast ? 0 : padding));
    }

    private static String cut(String text, int width) {
        if (length(text) <= width) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    /** Characters as the terminal counts them. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** A text and what it means. */
    record Cell(String text, Style style) {}
}
