package io.pingagent.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How true RTTs are: those that the engine reports, and those of fping for the same addresses, against packet stamps that
 * an {@link Observer} takes outside of either. Truth is the reply's arrival minus the request's departure, both by the
 * kernel's clock; the error is what was reported minus that. One thread.
 */
final class Truth {

    private static final int CADENCE_SECONDS = 10;
    /** From here on one address in eight is looked at. */
    private static final int SAMPLED_FROM_RATE = 40_000;

    private static final int SAMPLE_MASK = 7;
    private static final int WARM_SECONDS = 12;
    private static final int MAX_FPING_ADDRESSES = 60_000;
    private static final Pattern FPING_LINE = Pattern.compile("^(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)\\s*: ([\\d.]+)");

    /** One line of the table; times in microseconds. */
    private record Row(
            int rate,
            String who,
            double achieved,
            Distribution truth,
            Distribution errors,
            Distribution absolute,
            double foreignCores) {

        double error(double share) {
            return errors.quantile(share);
        }

        double absolute(double share) {
            return absolute.quantile(share);
        }
    }

    private final List<Integer> rates;
    private final List<String> modes;
    private final Path output;
    private final boolean quick;
    private final List<String> jvmOptions;

    Truth(Options options) throws IOException {
        quick = options.has("quick");
        rates = options.list("rates", quick ? "1000,10000,80000" : "1,1000,10000,80000,100000").stream()
                .map(Integer::valueOf)
                .toList();
        modes = options.list("modes", "default");
        output = Path.of(options.text("output", "target/bench"));
        for (int rate : rates) {
            if (rate < 1 || rate * CADENCE_SECONDS > Addresses.MAX) {
                throw new IllegalArgumentException("--rates: " + rate + " is not between 1 and "
                        + Addresses.MAX / CADENCE_SECONDS + " probes per second");
            }
        }
        jvmOptions = Processes.productJvmOptions();
    }

    void run() throws IOException {
        List<String> text = new ArrayList<>(Conditions.lines(jvmOptions));
        text.add("error:    reported RTT minus (arrival of the reply - departure of the request, by packet stamps), us");
        text.add("fping:    prints 1 us; goes as fast as it can where the rate is beyond it");
        text.add("foreign:  foreign load has the observer in it");
        text.forEach(System.out::println);
        List<Row> rows = new ArrayList<>();
        for (int rate : rates) {
            for (String mode : modes) {
                rows.add(engine(rate, mode));
            }
            rows.add(fping(rate));
            System.out.println("measured at " + rate + " probes/s");
        }
        text.add("");
        text.addAll(table(rows));
        Files.createDirectories(output);
        text.forEach(System.out::println);
        Files.write(output.resolve("truth.txt"), text);
        Files.write(output.resolve("truth.csv"), csv(rows));
        System.out.println("\nwritten to " + output + ": truth.txt, truth.csv");
    }

    private static int mask(int rate) {
        return rate >= SAMPLED_FROM_RATE ? SAMPLE_MASK : 0;
    }

    private int seconds(int rate) {
        if (rate < 100) {
            return quick ? 10 : 30;
        }
        return quick ? 3 : 8;
    }

    private Row engine(int rate, String mode) throws IOException {
        GcLog gcLog = new GcLog();
        Path samples = Files.createTempFile("ping-agent-bench-", ".samples");
        try (Sightings sightings = new Sightings(mask(rate), true);
                AgentFile file = new AgentFile(null, null, AgentFile.NO_RATE_LIMIT, mode)) {
            List<String> options = new ArrayList<>(jvmOptions);
            options.add(gcLog.jvmOption());
            Figures figures = EngineRun.of(
                    Processes.childJvm(
                            options,
                            "io.pingagent.app.EngineChild",
                            List.of(
                                    "config=" + file.path(),
                                    "addresses=" + rate * CADENCE_SECONDS,
                                    "flood=0",
                                    "redis=0",
                                    "mask=" + mask(rate),
                                    "samples=" + samples,
                                    "warm=" + (rate < 100 ? 2 : WARM_SECONDS),
                                    "seconds=" + seconds(rate))),
                    gcLog,
                    null);
            sightings.end();
            Map<Long, Double> reported = new HashMap<>();
            long count = Files.size(samples) / 16;
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(samples)))) {
                for (long i = 0; i < count; i++) {
                    reported.put(key(in.readInt(), in.readInt()), in.readLong() / 1e3);
                }
            }
            return row(
                    rate,
                    mode.equals("default") ? "engine" : "engine, transmit stamps " + mode,
                    figures.get(Metric.PROBES_PER_S),
                    sightings.probes(),
                    reported,
                    true,
                    figures.get(Metric.FOREIGN_CORES));
        } finally {
            Files.delete(samples);
            gcLog.delete();
        }
    }

    private Row fping(int rate) throws IOException {
        int addresses = Math.min(MAX_FPING_ADDRESSES, Math.max(20, rate * seconds(rate)));
        Path targets = FpingRun.targets(addresses);
        boolean flood = rate >= SAMPLED_FROM_RATE;
        String gap = flood ? "-i0" : String.format(Locale.ROOT, "-i%.4f", 1_000.0 / rate);
        try (Sightings sightings = new Sightings(mask(rate), true)) {
            CpuTimes before = CpuTimes.now();
            String output = Processes.output(
                    Map.of(), Processes.guarded(List.of("fping", "-C1", gap, "-q", "-f", targets.toString())));
            CpuTimes machine = CpuTimes.now().since(before);
            sightings.end();
            Map<Long, Double> reported = new HashMap<>();
            output.lines().forEach(line -> {
                Matcher matcher = FPING_LINE.matcher(line);
                if (matcher.find()) {
                    int address = 0;
                    for (int i = 1; i <= 4; i++) {
                        address = address << 8 | Integer.parseInt(matcher.group(i));
                    }
                    reported.put(key(address, 0), Double.parseDouble(matcher.group(5)) * 1_000);
                }
            });
            List<Sightings.Probe> probes = sightings.probes();
            long first = probes.stream().mapToLong(Sightings.Probe::sentNanos).min().orElse(0);
            long last = probes.stream().mapToLong(Sightings.Probe::sentNanos).max().orElse(1);
            double seconds = Math.max(1, last - first) / 1e9;
            double achieved = addresses / seconds;
            // What fping itself and the observer spend is not told apart here.
            return row(rate, "fping", achieved, probes, reported, false, machine.stealSeconds() / seconds);
        } finally {
            Files.delete(targets);
        }
    }

    private static long key(int address, int sequence) {
        return (long) address << 32 | sequence;
    }

    private static Row row(
            int rate,
            String who,
            double achieved,
            List<Sightings.Probe> probes,
            Map<Long, Double> reported,
            boolean bySequence,
            double foreignCores) {
        double[] truth = new double[probes.size()];
        double[] errors = new double[probes.size()];
        double[] absolute = new double[probes.size()];
        int count = 0;
        for (Sightings.Probe probe : probes) {
            Double micros = reported.get(key(probe.address(), bySequence ? probe.sequence() : 0));
            if (micros != null) {
                truth[count] = probe.rttNanos() / 1e3;
                errors[count] = micros - truth[count];
                absolute[count] = Math.abs(errors[count]);
                count++;
            }
        }
        return new Row(
                rate,
                who,
                achieved,
                new Distribution(truth, count),
                new Distribution(errors, count),
                new Distribution(absolute, count),
                foreignCores);
    }

    private static List<String> table(List<Row> rows) {
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {
            "RTT reported by",
            "probes/s wanted",
            "probes/s",
            "samples",
            "true RTT p50",
            "p99",
            "error p50",
            "p99",
            "max",
            "min",
            "abs p50",
            "abs p99",
            "p50 x fping",
            "p99 x fping",
            "foreign load"
        });
        for (Row row : rows) {
            Row fping = rows.stream()
                    .filter(other -> other.rate == row.rate && other.who.equals("fping"))
                    .findFirst()
                    .orElse(row);
            cells.add(new String[] {
                row.who,
                Integer.toString(row.rate),
                number(row.achieved, 0),
                Integer.toString(row.errors.count()),
                number(row.truth.quantile(0.5), 1),
                number(row.truth.quantile(0.99), 1),
                number(row.error(0.5), 2),
                number(row.error(0.99), 2),
                number(row.error(1), 1),
                number(row.error(0), 1),
                number(row.absolute(0.5), 2),
                number(row.absolute(0.99), 2),
                number(row.absolute(0.5) / fping.absolute(0.5), 3),
                number(row.absolute(0.99) / fping.absolute(0.99), 3),
                row.who.equals("fping") ? "" : number(row.foreignCores, 2)
            });
        }
        return TextTable.lines(cells);
    }

    private static List<String> csv(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("who,wanted_per_s,achieved_per_s,samples,truth_p50_us,truth_p99_us,error_p50_us,error_p99_us,"
                + "error_max_us,error_min_us,abs_p50_us,abs_p99_us");
        for (Row row : rows) {
            lines.add(String.join(
                    ",",
                    '"' + row.who + '"',
                    Integer.toString(row.rate),
                    number(row.achieved, 0),
                    Integer.toString(row.errors.count()),
                    number(row.truth.quantile(0.5), 2),
                    number(row.truth.quantile(0.99), 2),
                    number(row.error(0.5), 3),
                    number(row.error(0.99), 3),
                    number(row.error(1), 3),
                    number(row.error(0), 3),
                    number(row.absolute(0.5), 3),
                    number(row.absolute(0.99), 3)));
        }
        return lines;
    }

    private static String number(double value, int decimals) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
