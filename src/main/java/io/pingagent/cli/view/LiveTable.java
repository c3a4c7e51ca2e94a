package io.pingagent.cli.view;

import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.Ansi.Style;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.TableLayout;
import io.pingagent.model.TargetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Rows of addresses as {@code demo}, {@code top} and {@code status} show them. A column without any value is left out. On a
 * narrow terminal the times are left out too, the average first, and names are cut.
 */
public final class LiveTable {

    private static final int NUMBER_WIDTH = 8;
    private static final int TIME_WIDTH = 10;
    private static final int ERR_LIST_WIDTH = 10;
    private static final int LEAST_ADDRESS_WIDTH = 15;
    private static final int LEAST_NAME_WIDTH = 8;

    private final List<TargetRow> rows;
    private final Map<String, String> names;
    private final boolean showsName;
    private final boolean showsLast;
    private final boolean showsAverage;
    private final TableLayout layout;

    /** @param columns width of the terminal, {@link Integer#MAX_VALUE} for no limit */
    public LiveTable(List<TargetRow> rows, int columns, boolean colours) {
        this(rows, Map.of(), columns, colours);
    }

    /** @param names of the rows by their addresses, of those that have one */
    public LiveTable(List<TargetRow> rows, Map<String, String> names, int columns, boolean colours) {
        this.rows = rows;
        this.names = names;
        int longestName = names.isEmpty() ? 0 : "NAME".length();
        int longest = LEAST_ADDRESS_WIDTH;
        boolean anyLast = false;
        boolean anyAverage = false;
        for (TargetRow row : rows) {
            longest = Math.max(longest, row.address().length());
            longestName = Math.max(longestName, name(row).length());
            anyLast |= row.lastRttNanos() >= 0;
            anyAverage |= row.avgRttNanos() >= 0;
        }
        int free = columns - LEAST_ADDRESS_WIDTH - 3 * (NUMBER_WIDTH + 1) - ERR_LIST_WIDTH;
        showsLast = anyLast && free > TIME_WIDTH;
        showsAverage = anyAverage && free > (showsLast ? 2 * TIME_WIDTH + 1 : TIME_WIDTH);
        int others = 3 * (NUMBER_WIDTH + 1)
                + (showsLast ? TIME_WIDTH + 1 : 0)
                + (showsAverage ? TIME_WIDTH + 1 : 0)
                + ERR_LIST_WIDTH;
        int forName = columns - others - LEAST_ADDRESS_WIDTH - 1;
        showsName = longestName > 0 && forName >= LEAST_NAME_WIDTH;
        int nameWidth = Math.min(longestName, Math.max(LEAST_NAME_WIDTH, columns - others - longest - 1));
        others += showsName ? nameWidth + 1 : 0;
        int addressWidth = columns == Integer.MAX_VALUE
                ? longest
                : Math.max(LEAST_ADDRESS_WIDTH, Math.min(longest, columns - others));
        layout = new TableLayout(colours).left(addressWidth, 0);
        if (showsName) {
            layout.left(nameWidth, 1);
        }
        layout.right(NUMBER_WIDTH, 1).right(NUMBER_WIDTH, 1).right(NUMBER_WIDTH, 1);
        if (showsLast) {
            layout.right(TIME_WIDTH, 1);
        }
        if (showsAverage) {
            layout.right(TIME_WIDTH, 1);
        }
        layout.left(ERR_LIST_WIDTH - 2, 2);
    }

    /**
     * The heading and the rows.
     *
     * @param most how many rows at most
     */
    public void lines(int most, Consumer<String> sink) {
        sink.accept(layout.line(
                Style.HEADING,
                cells("ADDRESS", "NAME", "SENT", "RECEIVED", "LOSS", "LAST RTT", "AVG RTT", "ERR LIST")));
        for (int i = 0; i < Math.min(most, rows.size()); i++) {
            sink.accept(line(rows.get(i)));
        }
    }

    private String line(TargetRow row) {
        return layout.line(
                style(row),
                cells(
                        Ansi.harmless(row.address()),
                        name(row),
                        Integer.toString(row.sent()),
                        Integer.toString(row.received()),
                        Numbers.loss(row.sent(), row.received()),
                        Numbers.storedMillis(row.lastRttNanos()),
                        Numbers.millis(row.avgRttNanos()),
                        row.inErrList() ? "yes" : ""));
    }

    /** Of these in order: the cells of the columns that are shown, and no empty one at the end. */
    private List<String> cells(
            String address,
            String name,
            String sent,
            String received,
            String loss,
            String last,
            String average,
            String errList) {
        List<String> cells = new ArrayList<>(List.of(address, sent, received, loss));
        if (showsName) {
            cells.add(1, name);
        }
        if (showsLast) {
            cells.add(last);
        }
        if (showsAverage) {
            cells.add(average);
        }
        if (!errList.isEmpty()) {
            cells.add(errList);
        }
        return cells;
    }

    private String name(TargetRow row) {
        return names.isEmpty() ? "" : Ansi.harmless(names.getOrDefault(row.address(), ""));
    }

    private static Style style(TargetRow row) {
        if (row.inErrList()) {
            return Style.BAD;
        }
        return row.received() < row.sent() ? Style.WARNING : Style.PLAIN;
    }
}
