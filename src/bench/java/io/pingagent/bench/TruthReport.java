package io.pingagent.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of the truth bench, its CSV with every run, and the worst samples. One thread. */
final class TruthReport {

    /** What the others are compared with. */
    static final String FPING = "fping";

    /** With fewer samples the worst hundredth is less than one of them. */
    private static final int ENOUGH_SAMPLES = 100;

    private static final String TOO_FEW = " (max)";

    /** A row of the table. */
    private record Subject(int rate, String who) {}

    private final Map<Subject, List<Map<TruthFigure, Double>>> runs = new LinkedHashMap<>();
    private final List<String> csv = new ArrayList<>();
    private final List<String> worst = new ArrayList<>();

    TruthReport() {
        StringBuilder head = new StringBuilder("who,wanted_per_s,run");
        for (TruthFigure figure : TruthFigure.values()) {
            head.append(',').append(figure.name().toLowerCase(Locale.ROOT));
        }
        csv.add(head.toString());
        worst.add("who,wanted_per_s,run,address,sequence,arrived_unix_ns,pause_us,true_us,reported_us,error_us");
    }

    /**
     * Adds the measurements of one rate in one round. Ratios are taken here, because these had the same neighbours on the
     * machine.
     *
     * @param round from 1 on
     * @param errors by who reported; with {@value #FPING} among them
     * @param others figures that do not come from errors
     */
    void add(int rate, int round, Map<String, TruthErrors> errors, Map<String, Map<TruthFigure, Double>> others) {
        Map<String, Map<TruthFigure, Double>> all = new LinkedHashMap<>();
        errors.forEach((who, each) -> {
            Map<TruthFigure, Double> figures = each.figures();
            figures.putAll(others.getOrDefault(who, Map.of()));
            all.put(who, figures);
        });
        Map<TruthFigure, Double> fping = all.getOrDefault(FPING, Map.of());
        all.forEach((who, figures) -> {
            ratio(figures, TruthFigure.P50_TO_FPING, TruthFigure.ABSOLUTE_P50, fping);
            ratio(figures, TruthFigure.P99_TO_FPING, TruthFigure.ABSOLUTE_P99, fping);
            ratio(figures, TruthFigure.EARLY_P50_TO_FPING, TruthFigure.EARLY_P50, fping);
            ratio(figures, TruthFigure.EARLY_P99_TO_FPING, TruthFigure.EARLY_P99, fping);
            runs.computeIfAbsent(new Subject(rate, who), key -> new ArrayList<>()).add(figures);
            csv.add(csvLine(who, rate, Integer.toString(round), figures));
        });
        errors.forEach((who, each) -> each.worst().forEach(sample -> worst.add(worstLine(who, rate, round, sample))));
    }

    private static void ratio(
            Map<TruthFigure, Double> figures, TruthFigure ratio, TruthFigure of, Map<TruthFigure, Double> fping) {
        if (figures.containsKey(of) && fping.containsKey(of)) {
            figures.put(ratio, figures.get(of) / fping.get(of));
        }
    }

    /** Medians of the rounds; columns without any figure are left out. */
    List<String> table() {
        Map<Subject, Map<TruthFigure, Double>> medians = medians();
        List<TruthFigure> columns = Arrays.stream(TruthFigure.values())
                .filter(figure -> medians.values().stream().anyMatch(figures -> figures.containsKey(figure)))
                .toList();
        List<String[]> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("RTT reported by", "wanted/s", "runs"));
        columns.forEach(column -> head.add(column.label()));
        rows.add(head.toArray(String[]::new));
        medians.forEach((subject, figures) -> {
            List<String> row = new ArrayList<>(List.of(
                    subject.who,
                    Integer.toString(subject.rate),
                    Integer.toString(runs.get(subject).size())));
            boolean few = figures.getOrDefault(TruthFigure.SAMPLES, 0.0) < ENOUGH_SAMPLES;
            for (TruthFigure column : columns) {
                String text = text(figures, column);
                row.add(few && column.ofTheWorst() && !text.isEmpty() ? text + TOO_FEW : text);
            }
            rows.add(row.toArray(String[]::new));
        });
        List<String> lines = new ArrayList<>(TextTable.lines(rows));
        if (lines.stream().anyMatch(line -> line.contains(TOO_FEW))) {
            lines.add("");
            lines.add("(max): fewer than " + ENOUGH_SAMPLES + " samples have no p99; this is the greatest of them");
        }
        return lines;
    }

    /** Every run, then the medians. */
    List<String> csv() {
        List<String> lines = new ArrayList<>(csv);
        medians().forEach((subject, figures) -> lines.add(csvLine(subject.who, subject.rate, "median", figures)));
        return lines;
    }

    /** The hundredth of each run with the greatest errors, and their circumstances. */
    List<String> worst() {
        return List.copyOf(worst);
    }

    private Map<Subject, Map<TruthFigure, Double>> medians() {
        Map<Subject, Map<TruthFigure, Double>> medians = new LinkedHashMap<>();
        runs.forEach((subject, all) -> {
            Map<TruthFigure, Double> figures = new EnumMap<>(TruthFigure.class);
            for (TruthFigure figure : TruthFigure.values()) {
                double[] values = all.stream()
                        .filter(each -> each.containsKey(figure))
                        .mapToDouble(each -> each.get(figure))
                        .toArray();
                if (values.length > 0) {
                    figures.put(figure, new Quantiles(values, values.length).median());
                }
            }
            medians.put(subject, figures);
        });
        return medians;
    }

    private static String text(Map<TruthFigure, Double> figures, TruthFigure figure) {
        double value = figures.getOrDefault(figure, Double.NaN);
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + figure.decimals() + "f", value);
    }

    private static String csvLine(String who, int rate, String run, Map<TruthFigure, Double> figures) {
        StringBuilder line = new StringBuilder("\"" + who + "\"," + rate + ',' + run);
        for (TruthFigure figure : TruthFigure.values()) {
            line.append(',').append(text(figures, figure));
        }
        return line.toString();
    }

    private static String worstLine(String who, int rate, int round, TruthErrors.Sample sample) {
        Sightings.Probe probe = sample.probe();
        return String.format(
                Locale.ROOT,
                "\"%s\",%d,%d,%s,%d,%d,%.1f,%.2f,%.2f,%.2f",
                who,
                rate,
                round,
                AddressRange.textOf(probe.address()),
                probe.sequence(),
                probe.arrivedNanos(),
                probe.pauseNanos() / 1e3,
                sample.truth(),
                sample.reported(),
                sample.error());
    }
}
