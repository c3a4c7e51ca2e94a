package io.pingagent.cli.view;

import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.Ansi.Style;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.model.TargetRow;
import java.util.List;
import java.util.function.Consumer;

/**
 * Rows of addresses as {@code demo}, {@code top} and {@code status} show them. Columns without any value are left out, and
 * times where the terminal is too narrow for them, the average first. Makes lines one by one, so that a million rows need no memory of their own.
 */
public final class LiveTable {

    private static final int NUMBER_WIDTH = 8;
    private static final int TIME_WIDTH = 10;
    private static final int ERR_LIST_WIDTH = 10;
    private static final int LEAST_ADDRESS_WIDTH = 15;

    private final List<TargetRow> rows;
    private final boolean colours;
    private final int addressWidth;
    private final boolean last;
    private final boolean average;

    /** @param columns width of the terminal, {@link Integer#MAX_VALUE} for no limit */
    public LiveTable(List<TargetRow> rows, int columns, boolean colours) {
        this.rows = rows;
        this.colours = colours;
        int longest = LEAST_ADDRESS_WIDTH;
        boolean anyLast = false;
        boolean anyAverage = false;
        for (TargetRow row : rows) {
            longest = Math.max(longest, row.address().length());
            anyLast |= row.lastRttNanos() >= 0;
            anyAverage |= row.avgRttNanos() >= 0;
        }
        int free = columns - LEAST_ADDRESS_WIDTH - 3 * (NUMBER_WIDTH + 1) - ERR_LIST_WIDTH;
        last = anyLast && free > TIME_WIDTH;
        average = anyAverage && free > (last ? 2 * TIME_WIDTH + 1 : TIME_WIDTH);
        int others =
                3 * (NUMBER_WIDTH + 1) + (last ? TIME_WIDTH + 1 : 0) + (average ? TIME_WIDTH + 1 : 0) + ERR_LIST_WIDTH;
        addressWidth = columns == Integer.MAX_VALUE
                ? longest
                : Math.max(LEAST_ADDRESS_WIDTH, Math.min(longest, columns - others));
    }

    /**
     * The heading and the rows.
     *
     * @param most how many rows at most
     */
    public void lines(int most, Consumer<String> sink) {
        StringBuilder heading = new StringBuilder();
        left(heading, "ADDRESS", addressWidth);
        right(heading, "SENT", NUMBER_WIDTH);
        right(heading, "RECEIVED", NUMBER_WIDTH);
        right(heading, "LOSS", NUMBER_WIDTH);
        if (last) {
            right(heading, "LAST RTT", TIME_WIDTH);
        }
        if (average) {
            right(heading, "AVG RTT", TIME_WIDTH);
        }
        heading.append("  ERR LIST");
        sink.accept(Ansi.paint(heading.toString(), Style.HEADING, colours));
        for (int i = 0; i < Math.min(most, rows.size()); i++) {
            sink.accept(line(rows.get(i)));
        }
    }

    private String line(TargetRow row) {
        StringBuilder line = new StringBuilder(addressWidth + 64);
        left(line, Ansi.harmless(row.address()), addressWidth);
        right(line, Integer.toString(row.sent()), NUMBER_WIDTH);
        right(line, Integer.toString(row.received()), NUMBER_WIDTH);
        right(line, Numbers.loss(row.sent(), row.received()), NUMBER_WIDTH);
        if (last) {
            right(line, Numbers.storedMillis(row.lastRttNanos()), TIME_WIDTH);
        }
        if (average) {
            right(line, Numbers.millis(row.avgRttNanos()), TIME_WIDTH);
        }
        if (row.inErrList()) {
            line.append("  yes");
        }
        return Ansi.paint(line.toString(), style(row), colours);
    }

    private static Style style(TargetRow row) {
        if (row.inErrList()) {
            return Style.BAD;
        }
        return row.received() < row.sent() ? Style.WARNING : Style.PLAIN;
    }

    private static void left(StringBuilder line, String text, int width) {
        String shown = text.length() <= width ? text : text.substring(0, width - 1) + "…";
        line.append(shown).append(" ".repeat(width - shown.length()));
    }

    private static void right(StringBuilder line, String text, int width) {
        line.append(' ').append(" ".repeat(Math.max(0, width - text.length()))).append(text);
    }
}
