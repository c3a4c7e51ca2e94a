package io.pingagent.cli.picture;

import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.Ansi.Style;
import io.pingagent.cli.shell.Millis;
import io.pingagent.model.ProbeSeries;
import java.util.Arrays;

/**
 * The last 60 s of an address in one line of text. Each character is the largest round-trip time of some seconds, or a lost
 * probe if there is one. Seconds without a probe show the round-trip time before; after a loss, or before the first
 * probe, they are blank.
 *
 * <p>The scale is the address's own: the lowest level is its smallest round-trip time, the highest its largest. But the
 * highest is at least half as much again as the lowest, so that noise does not look like trouble. Immutable.
 */
public final class Sparkline {

    /** What one covers. */
    public static final long WINDOW_MILLIS = 60_000;

    /** Widths at which a character is a whole number of seconds, the widest first. */
    private static final int[] WIDTHS = {60, 30, 20, 15, 12, 10};

    private static final String BLOCKS = "▁▂▃▄▅▆▇█";
    private static final String ASCII = "_.-:=+*#";
    private static final double LEAST_SPAN = 1.5;

    private static final long EMPTY = -2;
    private static final long LOST = -1;

    private final int width;
    private final boolean utf8;
    private final boolean colours;

    /**
     * @param free columns that it may take
     * @param utf8 whether the terminal shows more than ASCII
     */
    public Sparkline(int free, boolean utf8, boolean colours) {
        this.width = widest(free);
        this.utf8 = utf8;
        this.colours = colours;
    }

    private static int widest(int free) {
        for (int candidate : WIDTHS) {
            if (candidate <= free) {
                return candidate;
            }
        }
        return 0;
    }

    /** Columns that it takes; 0 if there is too little room. */
    public int width() {
        return width;
    }

    /** One of exactly {@link #width} columns; painted if colours are wanted. */
    public String of(ProbeSeries series, long nowMillis) {
        long[] cells = cells(series, nowMillis);
        long low = Long.MAX_VALUE;
        long high = 0;
        for (long cell : cells) {
            if (cell >= 0) {
                low = Math.min(low, cell);
                high = Math.max(high, cell);
            }
        }
        double span = Math.max((double) (high - low), low * (LEAST_SPAN - 1));
        String levels = utf8 ? BLOCKS : ASCII;
        StringBuilder line = new StringBuilder();
        StringBuilder losses = new StringBuilder();
        for (long cell : cells) {
            if (cell == LOST) {
                losses.append(utf8 ? '✕' : 'x');
                continue;
            }
            line.append(Ansi.paint(losses.toString(), Style.BAD, colours));
            losses.setLength(0);
            if (cell == EMPTY) {
                line.append(' ');
            } else {
                int level = span <= 0 ? 0 : (int) ((cell - low) / span * levels.length());
                line.append(levels.charAt(Math.min(levels.length() - 1, level)));
            }
        }
        return line.append(Ansi.paint(losses.toString(), Style.BAD, colours)).toString();
    }

    /** A round-trip time, {@link #LOST} or {@link #EMPTY} for each character. */
    private long[] cells(ProbeSeries series, long nowMillis) {
        long[] cells = new long[width];
        if (width == 0) {
            return cells;
        }
        Arrays.fill(cells, EMPTY);
        long cellMillis = WINDOW_MILLIS / width;
        // On a grid of their own, so that they do not flicker from one picture to the next.
        long first = Math.floorDiv(nowMillis, cellMillis) - width + 1;
        for (int i = 0; i < series.size(); i++) {
            long cell = Math.floorDiv(series.wallMillis(i), cellMillis) - first;
            long rtt = series.rttNanos(i);
            if (cell < 0 || cell >= width || rtt == ProbeSeries.UNKNOWN) {
                continue;
            }
            int index = (int) cell;
            cells[index] = rtt == ProbeSeries.LOST || cells[index] == LOST ? LOST : Math.max(cells[index], rtt);
        }
        for (int i = 1; i < width; i++) {
            if (cells[i] == EMPTY && cells[i - 1] >= 0) {
                cells[i] = cells[i - 1];
            }
        }
        return cells;
    }

    /** The scale in words, {@code 11.9-15.3 ms}; empty without a reply. */
    public static String scale(ProbeSeries series) {
        long[] sorted = series.sortedRtts();
        if (sorted.length == 0) {
            return "";
        }
        String low = Millis.format(sorted[0]);
        String high = Millis.format(sorted[sorted.length - 1]);
        return (low.equals(high) ? low : low + "-" + high) + " ms";
    }
}
