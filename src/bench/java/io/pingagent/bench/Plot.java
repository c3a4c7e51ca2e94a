package io.pingagent.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Two bar charts above each other as SVG: probes per second, and processor time per probe by thread. One thread. */
final class Plot {

    private static final int WIDTH = 900;
    private static final int LEFT = 250;
    private static final int RIGHT = 90;
    private static final int BAR = 16;
    private static final int STEP = 24;

    /** A part of a bar. */
    private record Part(Metric metric, String name, String colour) {}

    private static final List<Part> PARTS = List.of(
            new Part(Metric.SEND_SYSTEM_US, "ping-send, kernel", "#1f4e79"),
            new Part(Metric.SEND_USER_US, "ping-send, user", "#7fb2e5"),
            new Part(Metric.RECEIVE_SYSTEM_US, "ping-recv, kernel", "#2e6b2e"),
            new Part(Metric.RECEIVE_USER_US, "ping-recv, user", "#8fd18f"),
            new Part(Metric.WRITE_SYSTEM_US, "ping-redis, kernel", "#7a4a00"),
            new Part(Metric.WRITE_USER_US, "ping-redis, user", "#f0b45a"),
            new Part(Metric.OTHER_SYSTEM_US, "other threads or fping, kernel", "#555555"),
            new Part(Metric.OTHER_USER_US, "other threads or fping, user", "#bbbbbb"),
            new Part(Metric.REDIS_US, "Redis", "#b03030"));

    private final Map<Variant, Figures> medians;
    private final StringBuilder svg = new StringBuilder();
    private int y = 20;

    Plot(Map<Variant, Figures> medians) {
        this.medians = medians;
    }

    String svg() {
        title("Probes per second");
        double most = max(Metric.PROBES_PER_S);
        medians.forEach((variant, figures) -> {
            double value = figures.get(Metric.PROBES_PER_S);
            label(variant);
            bar(LEFT, width(value, most), "#1f4e79", variant.code() + ": " + figures.text(Metric.PROBES_PER_S));
            value(width(value, most), figures.text(Metric.PROBES_PER_S));
        });
        y += 20;
        title("Processor time per probe, µs");
        double longest = max(Metric.ALL_US);
        medians.forEach((variant, figures) -> {
            label(variant);
            double x = 0;
            for (Part part : PARTS) {
                if (figures.has(part.metric)) {
                    double width = width(Math.max(0, figures.get(part.metric)), longest);
                    bar(LEFT + x, width, part.colour, part.name + ": " + figures.text(part.metric));
                    x += width;
                }
            }
            value(x, figures.text(Metric.ALL_US));
        });
        legend();
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + WIDTH + "\" height=\"" + (y + 10)
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n" + svg + "</svg>\n";
    }

    private double max(Metric metric) {
        return medians.values().stream()
                .mapToDouble(figures -> figures.has(metric) ? figures.get(metric) : 0)
                .max()
                .orElse(1);
    }

    private static double width(double value, double max) {
        return max <= 0 ? 0 : value / max * (WIDTH - LEFT - RIGHT);
    }

    private void title(String text) {
        add("<text x=\"10\" y=\"%d\" font-size=\"15\" font-weight=\"bold\">%s</text>", y, text);
        y += 14;
    }

    private void label(Variant variant) {
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s  (%s)</text>",
                LEFT - 8, y + BAR - 4, variant.title(), variant.code());
    }

    private void bar(double x, double width, String colour, String tip) {
        add(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"><title>%s</title></rect>",
                x, y, width, BAR, colour, tip);
    }

    /** Behind the bar; ends its line. */
    private void value(double width, String text) {
        add("<text x=\"%.1f\" y=\"%d\">%s</text>", LEFT + width + 6, y + BAR - 4, text);
        y += STEP;
    }

    private void legend() {
        y += 12;
        int column = 0;
        for (Part part : PARTS) {
            int x = 20 + column * 290;
            add("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>", x, y, part.colour);
            add("<text x=\"%d\" y=\"%d\">%s</text>", x + 18, y + 11, part.name);
            column = (column + 1) % 3;
            y += column == 0 ? 20 : 0;
        }
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
