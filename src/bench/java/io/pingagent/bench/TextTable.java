package io.pingagent.bench;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells as a Markdown table that can also be read as it is. Stateless. */
final class TextTable {

    private TextTable() {}

    /** @param rows of equal length, the head first; the first column is text, the others are numbers */
    static List<String> lines(List<String[]> rows) {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], Math.max(2, row[i].length()));
            }
        }
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder("|");
            for (int i = 0; i < columns; i++) {
                String gap = " ".repeat(widths[i] - row[i].length());
                line.append(' ').append(i == 0 ? row[i] + gap : gap + row[i]).append(" |");
            }
            lines.add(line.toString());
            if (lines.size() == 1) {
                StringBuilder rule = new StringBuilder("|");
                for (int i = 0; i < columns; i++) {
                    rule.append("-")
                            .append("-".repeat(widths[i]))
                            .append(i == 0 ? "-|" : ":|");
                }
                lines.add(rule.toString());
            }
        }
        return lines;
    }
}
