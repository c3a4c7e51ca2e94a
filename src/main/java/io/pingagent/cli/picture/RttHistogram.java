package io.pingagent.cli.picture;

import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.Ansi.Style;
import io.pingagent.cli.shell.Millis;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.model.ProbeSeries;
import io.pingagent.model.RttSummary;
import java.util.ArrayList;
import java.util.List;

/**
 * How often each round-trip time was measured: bars, one under the other, and one for what was lost. Classes are of equal
 * width. Where times differ more than tenfold classes grow with them. Immutable.
 */
public final class RttHistogram {

    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
    private static final String FULL = "█";
    private static final double WIDE_RATIO = 10;
    /** Times a power of ten, the finest first. */
    private static final int[][] GROWTHS = {{10, 12, 15, 20, 25, 30, 40, 50, 60, 80}, {1, 2, 5}, {1}};

    private static final double NANOS_PER_MICRO = 1_000;
    private static final int LEAST_ROWS = 4;
    private static final int LEAST_BAR = 10;
    private static final int MOST_BAR = 60;
    private static final int EDGE_WIDTH = 7;
    /** Two edges, what stands between and behind them, the counts. */
    private static final int BESIDE_BAR = 2 * EDGE_WIDTH + 9 + 16;

    /**
     * Some round-trip times.
     *
     * @param fromNanos the least that is in it
     * @param toNanos the least that is no longer in it
     */
    record Bin(long fromNanos, long toNanos, int count) {}

    private final List<Bin> classes;
    private final RttSummary summary;

    /** @param mostRows of classes; 4 or more */
    public RttHistogram(ProbeSeries series, int mostRows) {
        summary = RttSummary.of(series);
        classes = classes(series.sortedRtts(), Math.max(LEAST_ROWS, mostRows));
    }

    List<Bin> classes() {
        return classes;
    }

    private static List<Bin> classes(long[] sorted, int mostRows) {
        List<Bin> classes = new ArrayList<>();
        if (sorted.length == 0) {
            return classes;
        }
        long[] edges = edges(Math.max(1, sorted[0]), Math.max(1, sorted[sorted.length - 1]), mostRows);
        int next = 0;
        for (int i = 0; i + 1 < edges.length; i++) {
            int before = next;
            while (next < sorted.length && (sorted[next] < edges[i + 1] || i + 2 == edges.length)) {
                next++;
            }
            classes.add(new Bin(edges[i], edges[i + 1], next - before));
        }
        return classes;
    }

    private static long[] edges(long low, long high, int mostRows) {
        return high > low * WIDE_RATIO ? growing(low, high, mostRows) : equal(low, high, mostRows);
    }

    private static long[] equal(long low, long high, int mostRows) {
        // One class is lost to the rounding of the first edge.
        double step = NiceSteps.atLeast(Math.max(NANOS_PER_MICRO, (double) (high - low) / (mostRows - 1)));
        double first = Math.floor(low / step) * step;
        int count = (int) Math.floor((high - first) / step) + 1;
        long[] edges = new long[count + 1];
        for (int i = 0; i <= count; i++) {
            edges[i] = Math.round(first + i * step);
        }
        return edges;
    }

    private static long[] growing(long low, long high, int mostRows) {
        List<Long> edges = List.of();
        for (int[] digits : GROWTHS) {
            edges = growing(low, high, digits);
            if (edges.size() - 1 <= mostRows) {
                break;
            }
        }
        // What is left over stays in the last class.
        int size = Math.min(edges.size(), mostRows + 1);
        long[] found = new long[size];
        for (int i = 0; i < size; i++) {
            found[i] = edges.get(i);
        }
        found[size - 1] = edges.get(edges.size() - 1);
        return found;
    }

    private static List<Long> growing(long low, long high, int[] digits) {
        List<Long> edges = new ArrayList<>();
        long before = 0;
        for (long power = 1; ; power *= 10) {
            for (int digit : digits) {
                long edge = digit * power;
                if (edge > low && edges.isEmpty()) {
                    edges.add(before);
                }
                if (!edges.isEmpty()) {
                    edges.add(edge);
                    if (edge > high) {
                        return edges;
                    }
                }
                before = edge;
            }
        }
    }

    /** One line for each class, and one for the losses if there are any. */
    public List<String> lines(int columns, boolean utf8, boolean colours) {
        int most = summary.lost();
        for (Bin each : classes) {
            most = Math.max(most, each.count());
        }
        int width = Math.max(LEAST_BAR, Math.min(MOST_BAR, columns - BESIDE_BAR));
        List<String> lines = new ArrayList<>();
        for (Bin each : classes) {
            String range =
                    right(Millis.format(each.fromNanos())) + " - " + right(Millis.format(each.toNanos())) + " ms";
            lines.add(line(range, each.count(), bar(each.count(), most, width, utf8), Style.GOOD, colours));
        }
        if (summary.lost() > 0) {
            String range = " ".repeat(2 * EDGE_WIDTH + 2) + "lost";
            lines.add(line(range, summary.lost(), bar(summary.lost(), most, width, utf8), Style.BAD, colours));
        }
        return lines;
    }

    private String line(String range, int count, String bar, Style style, boolean colours) {
        String share = Numbers.percent((double) count / summary.settled());
        return range + "  " + (bar.isEmpty() ? "" : Ansi.paint(bar, style, colours) + " ") + count
                + (count == 0 ? "" : " (" + share + ")");
    }

    private static String right(String number) {
        return " ".repeat(Math.max(0, EDGE_WIDTH - number.length())) + number;
    }

    /** Never empty for what there is. */
    private static String bar(int count, int most, int width, boolean utf8) {
        if (count == 0) {
            return "";
        }
        if (!utf8) {
            return "#".repeat(Math.max(1, (int) Math.round((double) count / most * width)));
        }
        int eighths = Math.max(1, (int) Math.round((double) count / most * width * EIGHTHS.length()));
        int rest = eighths % EIGHTHS.length();
        return FULL.repeat(eighths / EIGHTHS.length()) + (rest == 0 ? "" : EIGHTHS.substring(rest, rest + 1));
    }

    /** Counts and percentiles, as many in a line as there is room for. */
    public List<String> figures(int columns) {
        RttSummary.Times times = summary.times();
        List<String> parts = List.of(
                "probes " + Numbers.grouped(summary.settled()),
                "lost " + Numbers.grouped(summary.lost()) + " (" + Numbers.percent(summary.loss()) + ")",
                "last " + Numbers.millis(times.last()),
                "avg " + Numbers.millis(times.avg()),
                "p50 " + Numbers.millis(times.p50()),
                "p95 " + Numbers.millis(times.p95()),
                "max " + Numbers.millis(times.max()));
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String part : parts) {
            if (!line.isEmpty() && line.length() + 2 + part.length() > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : "  ").append(part);
        }
        lines.add(line.toString());
        return lines;
    }
}
