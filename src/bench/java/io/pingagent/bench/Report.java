package io.pingagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The one table, the CSV with every run, and the plot. One thread. */
final class Report {

    private final Map<Variant, List<Figures>> runs;
    private final Map<Variant, Figures> medians = new EnumMap<>(Variant.class);
    private final List<String> conditions;

    Report(Map<Variant, List<Figures>> runs, List<String> conditions) {
        this.runs = runs;
        this.conditions = conditions;
        runs.forEach((variant, figures) -> {
            for (int i = 0; i < figures.size(); i++) {
                ratios(variant, figures.get(i), i);
            }
        });
        runs.forEach((variant, figures) -> medians.put(variant, Figures.medians(figures)));
    }

    /** Against the runs of the same round, which had the same neighbours on the machine. */
    private void ratios(Variant variant, Figures figures, int round) {
        if (variant.flood() && variant.kind() != Variant.Kind.FPING_LOOP) {
            figures.put(
                    Metric.TO_BARE, figures.get(Metric.PROBES_PER_S) / of(Variant.BARE, round, Metric.PROBES_PER_S));
        }
        figures.put(Metric.TO_FPING_FLOOD, figures.get(Metric.ALL_US) / of(Variant.FPING, round, Metric.ALL_US));
        figures.put(
                Metric.TO_FPING_SENDING, figures.get(Metric.ALL_US) / of(Variant.FPING, round, Metric.SENDING_US));
        figures.put(Metric.TO_FPING_LOOP, figures.get(Metric.ALL_US) / of(Variant.FPING_LOOP, round, Metric.ALL_US));
    }

    private double of(Variant variant, int round, Metric metric) {
        List<Figures> figures = runs.get(variant);
        return figures == null || round >= figures.size()
                ? Double.NaN
                : figures.get(round).get(metric);
    }

    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<String> table = new ArrayList<>(conditions);
        table.add("");
        table.addAll(table());
        table.add("");
        table.addAll(legend());
        table.forEach(System.out::println);
        Files.write(directory.resolve("benchmark.txt"), table);
        Files.write(directory.resolve("benchmark.csv"), csv());
        Files.writeString(directory.resolve("benchmark.svg"), new Plot(medians).svg());
        System.out.println();
        System.out.println("written to " + directory + ": benchmark.txt, benchmark.csv, benchmark.svg");
    }

    private List<String> table() {
        List<String[]> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("median of runs"));
        List<String> counts = new ArrayList<>(List.of("runs"));
        medians.keySet().forEach(variant -> {
            head.add(variant.code());
            counts.add(Integer.toString(runs.get(variant).size()));
        });
        rows.add(head.toArray(String[]::new));
        rows.add(counts.toArray(String[]::new));
        for (Metric metric : Metric.values()) {
            List<String> row = new ArrayList<>(List.of(metric.label()));
            medians.values().forEach(figures -> row.add(figures.text(metric)));
            if (row.stream().skip(1).anyMatch(text -> !text.isEmpty())) {
                rows.add(row.toArray(String[]::new));
            }
        }
        return TextTable.lines(rows);
    }

    private List<String> legend() {
        List<String> lines = new ArrayList<>();
        medians.keySet().forEach(variant -> lines.add(String.format("%-6s %s", variant.code(), variant.title())));
        return lines;
    }

    private List<String> csv() {
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder("variant,title,run");
        for (Metric metric : Metric.values()) {
            head.append(',').append(metric.name().toLowerCase(Locale.ROOT));
        }
        lines.add(head.toString());
        runs.forEach((variant, figures) -> {
            for (int i = 0; i < figures.size(); i++) {
                lines.add(row(variant, Integer.toString(i + 1), figures.get(i)));
            }
            lines.add(row(variant, "median", medians.get(variant)));
        });
        return lines;
    }

    private static String row(Variant variant, String run, Figures figures) {
        StringBuilder row = new StringBuilder(variant.code() + ",\"" + variant.title() + "\"," + run);
        for (Metric metric : Metric.values()) {
            row.append(',').append(figures.text(metric));
        }
        return row.toString();
    }
}
