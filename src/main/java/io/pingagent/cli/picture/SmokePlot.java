package io.pingagent.cli.picture;

import io.pingagent.cli.picture.SmokeSlots.Slot;
import io.pingagent.cli.picture.Svg.Anchor;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.control.KeptProbes;
import io.pingagent.model.ProbeSeries;
import io.pingagent.model.RttSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * An address over time, in the manner of SmokePing. The median round-trip time of each slot is a line in the
 * colour of the slot's loss, the spread is smoke around it. Below are a strip of losses and figures.
 *
 * <p>The axis reaches to the largest round-trip time, unless that is more than four times the 95th percentile. Then it ends
 * at twice that percentile, and the figures say how many are above. Immutable.
 */
final class SmokePlot {

    private static final int WIDTH = 880;
    private static final int HEIGHT = 400;
    private static final int LEFT = 76;
    private static final int RIGHT = 36;
    private static final int TOP = 48;
    private static final int PLOT_HEIGHT = 220;
    private static final int BOTTOM = TOP + PLOT_HEIGHT;
    private static final int PLOT_WIDTH = WIDTH - LEFT - RIGHT;
    private static final int STRIP_TOP = BOTTOM + 3;
    private static final int STRIP_HEIGHT = 7;
    private static final int TIMES_AT = STRIP_TOP + STRIP_HEIGHT + 16;
    private static final int LEGEND_AT = TIMES_AT + 26;
    private static final int FIGURES_AT = LEGEND_AT + 24;
    private static final int LINE = 18;

    private static final int MOST_TIMES = 8;
    private static final int MOST_LINES = 5;
    private static final int OUTLIER_RATIO = 4;
    private static final double HEADROOM = 1.05;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long MILLIS = 1_000;
    private static final int MINUTE = 60;

    /** How much of both ends each layer of smoke leaves out; where they lie on each other it is darker. */
    private static final double[] SMOKE = {0, 0.1, 0.2, 0.3, 0.4};

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final KeptProbes kept;
    private final ZoneId zone;
    private final long fromMillis;
    private final long toMillis;
    private final ProbeSeries series;
    private final RttSummary summary;
    private final SmokeSlots slots;
    private final double topNanos;

    /** @param nowMillis Unix time, where the picture ends */
    SmokePlot(KeptProbes kept, Duration last, long nowMillis, ZoneId zone) {
        this.kept = kept;
        this.zone = zone;
        this.toMillis = nowMillis;
        this.fromMillis = nowMillis - last.toMillis();
        this.series = kept.series().between(fromMillis, nowMillis + 1);
        this.summary = RttSummary.of(series);
        this.slots = SmokeSlots.of(series, fromMillis, nowMillis);
        this.topNanos = top();
    }

    private double top() {
        RttSummary.Times times = summary.times();
        if (times.max() < 0) {
            return NANOS_PER_MILLI;
        }
        double wanted = Math.max(
                NANOS_PER_MILLI / 100,
                times.max() > (double) OUTLIER_RATIO * times.p95() ? 2.0 * times.p95() : HEADROOM * times.max());
        double step = NiceSteps.atLeast(wanted / MOST_LINES);
        return Math.ceil(wanted / step - 1e-9) * step;
    }

    String svg() {
        Svg svg = new Svg(WIDTH, HEIGHT, title(), style());
        svg.rectangle("paper", 0, 0, WIDTH, HEIGHT);
        svg.text("title", LEFT, 24, Anchor.START, title());
        rttAxis(svg);
        timeAxis(svg);
        smoke(svg);
        medians(svg);
        svg.rectangle("frame", LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT);
        legend(svg);
        figures(svg);
        return svg.finish();
    }

    private String title() {
        return "Round-trip time of " + kept.address() + ", agent " + kept.agent();
    }

    private static String style() {
        StringBuilder style = new StringBuilder("""
                text { font: 12px system-ui, sans-serif; fill: #222 }
                .title { font-size: 16px; font-weight: 600 }
                .paper { fill: #fff }
                .grid { stroke: #ddd; fill: none }
                .frame { stroke: #888; fill: none }
                .smoke { fill: #555; fill-opacity: .17 }
                """);
        for (LossClass each : LossClass.values()) {
            style.append("""
                    .CLASS { fill: COLOUR }
                    .mCLASS { stroke: COLOUR; stroke-width: 2.5; fill: none }
                    """.replace("CLASS", each.style()).replace("COLOUR", each.colour()));
        }
        return style.append("""
                .gone { fill: COLOUR; fill-opacity: .12 }
                @media (prefers-color-scheme: dark) {
                text { fill: #ddd }
                .paper { fill: #16181d }
                .grid { stroke: #333 }
                .smoke { fill: #ccc; fill-opacity: .16 }
                }
                """.replace("COLOUR", LossClass.ALL.colour())).toString();
    }

    private void rttAxis(Svg svg) {
        double step = NiceSteps.atLeast(topNanos / MOST_LINES);
        StringBuilder grid = new StringBuilder();
        for (int i = 0; i * step <= topNanos * HEADROOM; i++) {
            double nanos = Math.min(topNanos, i * step);
            if (i > 0) {
                line(grid, LEFT, y(nanos), LEFT + PLOT_WIDTH, y(nanos));
            }
            svg.text("tick", LEFT - 8, y(nanos) + 4, Anchor.END, milliseconds(nanos));
        }
        svg.path("grid", grid);
        svg.text("tick", LEFT - 8, TOP - 12, Anchor.END, "ms");
    }

    private static String milliseconds(double nanos) {
        return Numbers.plain(Math.round(nanos / 1e3) / 1e3);
    }

    private void timeAxis(Svg svg) {
        int step = NiceSteps.secondsAtLeast((toMillis - fromMillis) / (double) MILLIS / MOST_TIMES);
        long offset =
                zone.getRules().getOffset(Instant.ofEpochMilli(fromMillis)).getTotalSeconds();
        long first = Math.floorDiv(fromMillis / MILLIS + offset + step - 1, step) * (long) step - offset;
        StringBuilder grid = new StringBuilder();
        for (long second = first; second * MILLIS <= toMillis; second += step) {
            double x = x(second * MILLIS);
            line(grid, x, TOP, x, BOTTOM);
            svg.text("tick", x, TIMES_AT, Anchor.MIDDLE, text(step < MINUTE ? SECONDS : MINUTES, second * MILLIS));
        }
        svg.path("grid", grid);
    }

    private String text(DateTimeFormatter format, long millis) {
        return format.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    private static void line(StringBuilder path, double x1, double y1, double x2, double y2) {
        path.append('M')
                .append(Svg.number(x1))
                .append(' ')
                .append(Svg.number(y1))
                .append('L')
                .append(Svg.number(x2))
                .append(' ')
                .append(Svg.number(y2));
    }

    private static void box(StringBuilder path, double x1, double y1, double x2, double y2) {
        path.append('M')
                .append(Svg.number(x1))
                .append(' ')
                .append(Svg.number(y1))
                .append('H')
                .append(Svg.number(x2))
                .append('V')
                .append(Svg.number(y2))
                .append('H')
                .append(Svg.number(x1))
                .append('Z');
    }

    private void smoke(Svg svg) {
        for (double left : SMOKE) {
            StringBuilder layer = new StringBuilder();
            for (Slot slot : slots.slots()) {
                if (slot.sortedRtts().size() > 1 && slot.rtt(1 - left) > slot.rtt(left)) {
                    box(layer, start(slot), y(slot.rtt(1 - left)), end(slot), y(slot.rtt(left)));
                }
            }
            svg.path("smoke", layer);
        }
    }

    /** The medians, what is gone altogether, and the strip of losses. */
    private void medians(Svg svg) {
        Map<LossClass, StringBuilder> medians = new EnumMap<>(LossClass.class);
        Map<LossClass, StringBuilder> strip = new EnumMap<>(LossClass.class);
        StringBuilder gone = new StringBuilder();
        for (Slot slot : slots.slots()) {
            LossClass loss = slot.lossClass();
            box(
                    strip.computeIfAbsent(loss, key -> new StringBuilder()),
                    start(slot),
                    STRIP_TOP,
                    end(slot),
                    STRIP_TOP + STRIP_HEIGHT);
            if (slot.sortedRtts().isEmpty()) {
                box(gone, start(slot), TOP, end(slot), BOTTOM);
            } else {
                double y = y(slot.median());
                line(medians.computeIfAbsent(loss, key -> new StringBuilder()), start(slot), y, end(slot), y);
            }
        }
        svg.path("gone", gone);
        strip.forEach((loss, path) -> svg.path(loss.style(), path));
        medians.forEach((loss, path) -> svg.path("m" + loss.style(), path));
    }

    private double x(long millis) {
        double share = (double) (millis - fromMillis) / (toMillis - fromMillis);
        return LEFT + Math.max(0, Math.min(1, share)) * PLOT_WIDTH;
    }

    private double start(Slot slot) {
        return x(slot.fromMillis());
    }

    private double end(Slot slot) {
        return x(slot.fromMillis() + slots.seconds() * MILLIS);
    }

    private double y(long nanos) {
        return y((double) nanos);
    }

    private double y(double nanos) {
        return BOTTOM - Math.min(1, nanos / topNanos) * PLOT_HEIGHT;
    }

    private static void legend(Svg svg) {
        svg.text("tick", LEFT, LEGEND_AT, Anchor.START, "Loss:");
        int x = LEFT + 42;
        for (LossClass each : LossClass.values()) {
            svg.rectangle(each.style(), x, LEGEND_AT - 9, 12, 10);
            svg.text("tick", x + 17, LEGEND_AT, Anchor.START, each.text());
            x += 84;
        }
        svg.rectangle("smoke", x, LEGEND_AT - 9, 12, 10);
        svg.text("tick", x + 17, LEGEND_AT, Anchor.START, "spread of RTT");
    }

    private void figures(Svg svg) {
        RttSummary.Times times = summary.times();
        List<String> lines = List.of(
                times.max() < 0
                        ? "RTT: no reply"
                        : "RTT: median " + Numbers.millis(times.p50()) + ", average " + Numbers.millis(times.avg())
                                + ", minimum " + Numbers.millis(times.min()) + ", 95th percentile "
                                + Numbers.millis(times.p95()) + ", maximum " + Numbers.millis(times.max())
                                + aboveTop(),
                "Loss: " + Numbers.percent(summary.loss()) + ", " + Numbers.grouped(summary.lost()) + " of "
                        + Numbers.count(summary.settled(), "probe", "probes") + worst(),
                text(DATE, fromMillis) + " to " + text(DATE, toMillis) + " " + zone.getId() + ", "
                        + Numbers.count(slots.seconds(), "second", "seconds") + " a slot");
        for (int i = 0; i < lines.size(); i++) {
            svg.text("figure", LEFT, FIGURES_AT + i * LINE, Anchor.START, lines.get(i));
        }
    }

    private String aboveTop() {
        int above = 0;
        for (long rtt : series.sortedRtts()) {
            above += rtt > topNanos ? 1 : 0;
        }
        return above == 0 ? "" : " (" + Numbers.grouped(above) + " above the axis)";
    }

    private String worst() {
        double worst = 0;
        for (Slot slot : slots.slots()) {
            worst = Math.max(worst, (double) slot.lost() / slot.settled());
        }
        return summary.lost() == 0 ? "" : ", worst slot " + Numbers.percent(worst);
    }
}
