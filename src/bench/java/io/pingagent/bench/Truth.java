package io.pingagent.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How true RTTs are: those that the engine reports, and those of fping for the same addresses, against packet stamps that
 * an {@link Observer} takes outside of either. Truth is from the request's arrival at the other end of the loopback device,
 * where it is in the moment in which it leaves, to the reply's arrival, both by the kernel's clock; the error is what was
 * reported minus that. One thread.
 */
final class Truth {

    private static final int CADENCE_SECONDS = 10;
    /** From here on one address in eight is looked at. */
    private static final int SAMPLED_FROM_RATE = 40_000;

    private static final int SAMPLE_MASK = 7;
    private static final int WARM_SECONDS = 12;
    private static final int MAX_FPING_ADDRESSES = 60_000;
    private static final int END_SECONDS = 5;

    private final List<Integer> rates;
    private final List<String> modes;
    private final boolean departures;
    private final int rounds;
    private final Path output;
    private final boolean quick;
    private final List<String> jvmOptions;

    /** What one measurement gave. */
    private record Measured(TruthErrors errors, Map<TruthFigure, Double> others) {}

    Truth(Options options) throws IOException {
        quick = options.has("quick");
        rates = options.list("rates", quick ? "1000,10000,80000" : "1,1000,10000,80000,100000").stream()
                .map(Integer::valueOf)
                .toList();
        modes = options.list("modes", "default");
        departures = options.has("departures");
        rounds = options.number("rounds", 1);
        output = Path.of(options.text("output", "target/bench"));
        for (int rate : rates) {
            if (rate < 1 || rate * CADENCE_SECONDS > AddressRange.MAX) {
                throw new IllegalArgumentException("--rates: " + rate + " is not between 1 and "
                        + AddressRange.MAX / CADENCE_SECONDS + " probes per second");
            }
        }
        jvmOptions = Processes.productJvmOptions();
    }

    void run() throws IOException {
        List<String> text = new ArrayList<>(Conditions.lines(jvmOptions));
        text.add("error:    reported RTT minus (arrival of the reply - arrival of the request), by packet stamps, us");
        text.add("fping:    prints 1 us; goes as fast as it can where the rate is beyond it");
        if (departures) {
            text.add("departures: looked at, too; each request left between that and its arrival (uncertainty), and the"
                    + " looking itself takes part of that time");
            text.add("early:    error if each request had left at the earlier of the two moments");
        }
        text.forEach(System.out::println);
        TruthReport report = new TruthReport();
        for (int rate : rates) {
            for (int round = 1; round <= rounds; round++) {
                Map<String, TruthErrors> errors = new LinkedHashMap<>();
                Map<String, Map<TruthFigure, Double>> others = new HashMap<>();
                for (String mode : modes) {
                    String who = mode.equals("default") ? "engine" : "engine, transmit stamps " + mode;
                    Measured engine = engine(rate, mode);
                    errors.put(who, engine.errors);
                    others.put(who, engine.others);
                }
                Measured fping = fping(rate);
                errors.put(TruthReport.FPING, fping.errors);
                others.put(TruthReport.FPING, fping.others);
                report.add(rate, round, errors, others);
                System.out.println("measured at " + rate + " probes/s, round " + round);
            }
        }
        text.add("");
        text.addAll(report.table());
        Files.createDirectories(output);
        text.forEach(System.out::println);
        Files.write(output.resolve("truth.txt"), text);
        Files.write(output.resolve("truth.csv"), report.csv());
        Files.write(output.resolve("truth-worst.csv"), report.worst());
        System.out.println("\nwritten to " + output + ": truth.txt, truth.csv, truth-worst.csv");
    }

    private static int mask(int rate) {
        return rate >= SAMPLED_FROM_RATE ? SAMPLE_MASK : 0;
    }

    private int seconds(int rate) {
        if (rate < 100) {
            return quick ? 10 : 60;
        }
        return quick ? 3 : 8;
    }

    private Measured engine(int rate, String mode) throws IOException {
        GcLog gcLog = new GcLog();
        Path samples = Files.createTempFile("ping-agent-bench-", ".samples");
        try (Sightings sightings = new Sightings(mask(rate), true, departures);
                AgentFile file = new AgentFile(null, null, AgentFile.NO_RATE_LIMIT, mode)) {
            List<String> options = new ArrayList<>(jvmOptions);
            options.add(gcLog.jvmOption());
            Figures figures = EngineRun.of(
                    Processes.childJvm(
                            options,
                            "io.pingagent.bench.EngineChild",
                            List.of(
                                    "config=" + file.path(),
                                    "addresses=" + rate * CADENCE_SECONDS,
                                    "flood=0",
                                    "redis=0",
                                    "dead=0",
                                    "mask=" + mask(rate),
                                    "samples=" + samples,
                                    "warm=" + (rate < 100 ? 2 : WARM_SECONDS),
                                    "seconds=" + seconds(rate))),
                    gcLog,
                    pid -> new Watch(pid, null, sightings.pid()));
            sightings.end();
            TruthErrors errors = new TruthErrors();
            errors.add(sightings.probes(), reported(samples), true);
            return measured(errors, figures.get(Metric.PROBES_PER_S), figures.get(Metric.FOREIGN_CORES));
        } finally {
            Files.delete(samples);
            gcLog.delete();
        }
    }

    private static Map<Long, Double> reported(Path samples) throws IOException {
        Map<Long, Double> reported = new HashMap<>();
        long count = Files.size(samples) / 16;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(samples)))) {
            for (long i = 0; i < count; i++) {
                reported.put(TruthErrors.key(in.readInt(), in.readInt()), in.readLong() / 1e3);
            }
        }
        return reported;
    }

    /** Its fastest mode is over in less than a second: it is run as often as it takes for as many samples. */
    private Measured fping(int rate) throws IOException {
        int addresses = Math.min(MAX_FPING_ADDRESSES, Math.max(20, rate * seconds(rate)));
        boolean flood = rate >= SAMPLED_FROM_RATE;
        int runs = flood ? Math.max(1, rate * seconds(rate) / addresses) : 1;
        TruthErrors errors = new TruthErrors();
        double seconds = 0;
        double foreign = 0;
        Path targets = FpingRun.targets(addresses);
        try {
            for (int run = 0; run < runs; run++) {
                try (Sightings sightings = new Sightings(mask(rate), true, departures)) {
                    Figures figures = new Figures();
                    String gap = flood ? "-i0" : String.format(Locale.ROOT, "-i%.4f", 1_000.0 / rate);
                    Map<Long, Double> reported = fping(
                            List.of("fping", "-C1", gap, "-q", "-f", targets.toString()),
                            flood ? 20 : 200,
                            sightings.pid(),
                            figures);
                    sightings.end();
                    List<Sightings.Probe> probes = sightings.probes();
                    errors.add(probes, reported, false);
                    seconds += seconds(probes);
                    foreign += figures.get(Metric.FOREIGN_CORES);
                }
            }
        } finally {
            Files.delete(targets);
        }
        return measured(errors, (double) addresses * runs / seconds, foreign / runs);
    }

    /** What fping reports; fills in what was seen of the machine while it ran. */
    private static Map<Long, Double> fping(List<String> command, int lookMillis, long observer, Figures figures)
            throws IOException {
        Path printed = Files.createTempFile("ping-agent-bench-", ".fping");
        Process process = new ProcessBuilder(Processes.guarded(command))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            Watch watch = new Watch(process.pid(), null, observer);
            while (process.isAlive()) {
                Processes.pauseMillis(lookMillis);
                try {
                    watch.end(figures, 1);
                } catch (IOException e) {
                    // It is just ending, though this JVM may not have heard of it; what was seen last stands.
                    break;
                }
            }
            Processes.awaitEnd(process, END_SECONDS);
            return FpingRun.reported(Files.readAllLines(printed));
        } finally {
            process.destroyForcibly();
            Files.delete(printed);
        }
    }

    /** From the first request to the last. */
    private static double seconds(List<Sightings.Probe> probes) {
        long first = probes.stream().mapToLong(Sightings.Probe::arrivedNanos).min().orElse(0);
        long last = probes.stream().mapToLong(Sightings.Probe::arrivedNanos).max().orElse(1);
        return Math.max(1, last - first) / 1e9;
    }

    private static Measured measured(TruthErrors errors, double probesPerSecond, double foreignCores) {
        Map<TruthFigure, Double> others = new EnumMap<>(TruthFigure.class);
        others.put(TruthFigure.PROBES_PER_S, probesPerSecond);
        others.put(TruthFigure.FOREIGN_CORES, foreignCores);
        return new Measured(errors, others);
    }
}
