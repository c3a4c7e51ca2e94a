package io.pingagent.cli;

import io.pingagent.cli.picture.LiveSeries;
import io.pingagent.cli.picture.RttHistogram;
import io.pingagent.cli.picture.Sparkline;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.Ansi.Style;
import io.pingagent.cli.shell.Key;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.LiveTable;
import io.pingagent.model.ProbeSeries;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws what {@code top} has read: all addresses with their last 60 s, or the histogram of the chosen one. Knows what is
 * chosen. Not thread-safe.
 */
final class TopView {

    /** A blank line, the agent's name and the heading come with the rows. */
    static final int LINES_BESIDE_ROWS = 3;

    private static final int GAP = 2;
    private static final int LEAST_SPARKLINE = 10;
    /** As in {@code 11.9-15.3 ms}, with a blank before it. */
    private static final int SCALE_WIDTH = 14;

    private static final int LINES_BESIDE_CLASSES = 9;
    private static final String MARK = "> ";

    private record Choice(String agent, String address) {}

    private final Terminal terminal;
    private final LiveSeries series;
    /** In the order of the screen. */
    private List<Choice> choices = List.of();

    private @Nullable Choice chosen;
    private int chosenAt;
    private boolean isOpen;

    TopView(Terminal terminal, LiveSeries series) {
        this.terminal = terminal;
        this.series = series;
    }

    /** Whether the key had a use. */
    boolean pressed(Key key) {
        if (isOpen) {
            isOpen = key == Key.UP || key == Key.DOWN;
            return true;
        }
        switch (key) {
            case UP -> choose(chosenAt - 1);
            case DOWN -> choose(chosenAt + 1);
            case ENTER -> isOpen = chosen != null;
            default -> {
                return false;
            }
        }
        return true;
    }

    private void choose(int index) {
        chosenAt = Math.max(0, Math.min(choices.size() - 1, index));
        chosen = choices.isEmpty() ? null : choices.get(chosenAt);
    }

    /** Takes in a reading. The choice stays with its address as long as that is shown. */
    void read(TopReading reading, boolean live) {
        if (!live) {
            return;
        }
        List<Choice> present = new ArrayList<>();
        series.begin(reading.wallMillis());
        for (TopReading.Part part : reading.parts()) {
            series.read(part.agent(), part.rows(), reading.wallMillis());
            part.rows().forEach(row -> present.add(new Choice(part.agent(), row.address())));
        }
        choices = List.copyOf(present);
        int at = chosen == null ? -1 : choices.indexOf(chosen);
        if (at >= 0) {
            chosenAt = at;
        } else if (!isOpen) {
            choose(chosenAt);
        }
    }

    /** @param most lines there is room for */
    List<String> lines(TopReading reading, int most, boolean live) {
        Choice open = isOpen ? chosen : null;
        if (open != null) {
            return histogram(open, reading.wallMillis(), most);
        }
        int columns = terminal.columns();
        List<String> lines = new ArrayList<>(reading.head());
        for (TopReading.Part part : reading.parts()) {
            lines.add("");
            lines.add(part.heading());
            if (live) {
                rows(part, reading.wallMillis(), columns, lines);
            } else {
                new LiveTable(part.rows(), part.names(), columns, terminal.colours())
                        .lines(part.rows().size(), lines::add);
            }
        }
        return lines;
    }

    /** The table with a mark at the chosen line, and beside it the last 60 s as far as there is room. */
    private void rows(TopReading.Part part, long nowMillis, int columns, List<String> lines) {
        int wide = columns - MARK.length();
        List<String> table = table(part, wide);
        int width = widest(table);
        if (wide - width - GAP < LEAST_SPARKLINE) {
            List<String> narrower = table(part, wide - GAP - LEAST_SPARKLINE);
            if (wide - widest(narrower) - GAP >= LEAST_SPARKLINE) {
                table = narrower;
                width = widest(table);
            }
        }
        int free = wide - width - GAP;
        boolean hasScale = free >= LEAST_SPARKLINE + SCALE_WIDTH;
        Sparkline sparkline = new Sparkline(hasScale ? free - SCALE_WIDTH : free, terminal.utf8(), terminal.colours());
        for (int i = 0; i < table.size(); i++) {
            String line = table.get(i);
            StringBuilder whole = new StringBuilder();
            boolean isRow = i > 0;
            Choice choice =
                    isRow ? new Choice(part.agent(), part.rows().get(i - 1).address()) : null;
            whole.append(choice != null && choice.equals(chosen) ? MARK : " ".repeat(MARK.length()))
                    .append(line);
            if (sparkline.width() > 0) {
                whole.append(" ".repeat(width - Ansi.columns(line) + GAP))
                        .append(
                                choice == null
                                        ? heading(sparkline.width(), hasScale)
                                        : trend(
                                                sparkline,
                                                series.of(choice.agent(), choice.address()),
                                                nowMillis,
                                                hasScale));
            }
            lines.add(whole.toString());
        }
    }

    private List<String> table(TopReading.Part part, int columns) {
        List<String> lines = new ArrayList<>();
        new LiveTable(part.rows(), part.names(), columns, terminal.colours())
                .lines(part.rows().size(), lines::add);
        return lines;
    }

    private static int widest(List<String> lines) {
        int widest = 0;
        for (String line : lines) {
            widest = Math.max(widest, Ansi.columns(line));
        }
        return widest;
    }

    private String heading(int width, boolean hasScale) {
        String text = "LAST 60 S";
        return Ansi.paint(
                text + (hasScale ? " ".repeat(Math.max(0, width - text.length())) + " SCALE" : ""),
                Style.HEADING,
                terminal.colours());
    }

    private static String trend(Sparkline sparkline, ProbeSeries probes, long nowMillis, boolean hasScale) {
        return sparkline.of(probes, nowMillis) + (hasScale ? " " + Sparkline.scale(probes) : "");
    }

    private List<String> histogram(Choice open, long nowMillis, int most) {
        int columns = terminal.columns();
        LiveSeries.Known known = series.all(open.agent(), open.address());
        List<String> lines = new ArrayList<>();
        lines.add(Ansi.paint(Ansi.harmless(open.address()), Style.HEADING, terminal.colours()) + "  "
                + Ansi.harmless(open.agent()) + "  last "
                + Numbers.age(known.last().toSeconds()) + "  (Enter, Esc or q closes)");
        RttHistogram histogram = new RttHistogram(known.series(), most - LINES_BESIDE_CLASSES);
        lines.addAll(histogram.figures(columns));
        lines.add("");
        List<String> bars = histogram.lines(columns, terminal.utf8(), terminal.colours());
        lines.addAll(bars.isEmpty() ? List.of("no probe is known yet") : bars);
        lines.add("");
        Sparkline sparkline = new Sparkline(columns - SCALE_WIDTH, terminal.utf8(), terminal.colours());
        if (sparkline.width() > 0) {
            ProbeSeries minute = known.series().between(nowMillis - Sparkline.WINDOW_MILLIS, Long.MAX_VALUE);
            lines.add(trend(sparkline, minute, nowMillis, true).stripTrailing() + " in the last 60 s");
        }
        lines.add(
                known.everyProbe()
                        ? "every probe, as the agent keeps them"
                        : "one reading of Redis a second; history.last in the agent's configuration keeps every probe");
        return lines;
    }
}
