package io.pingagent.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs the variants one after the other, round upon round, and reports medians. One thread. */
final class Benchmark {

    private static final String ALL = "a,a1,b,c,e,e1,b50kd,b60k,c60k,d60k,c500k,d500k,c1m,d1m";
    private static final String QUICK = "a,b,c,e,e1,c60k,d60k";

    /** fping takes no more per 10 s. */
    private static final int MAX_FPING_ADDRESSES = 65_535;

    /** What runs once runs longer. */
    private static final int ONCE_FACTOR = 3;

    private final boolean quick;
    private final int addresses;
    private final int floodSeconds;
    private final int pacedSeconds;
    private final int pacedWarmSeconds;
    private final int rounds;
    private final int zabbixAddresses;
    private final List<Variant> variants;
    private final Path output;
    private final List<String> jvmOptions;

    Benchmark(Options options) throws IOException {
        quick = options.has("quick");
        addresses = options.number("addresses", 60_000);
        floodSeconds = options.number("seconds", quick ? 3 : 8);
        pacedSeconds = Math.max(10, (floodSeconds + 9) / 10 * 10);
        pacedWarmSeconds = options.number("warm", quick ? 8 : 20);
        rounds = options.number("rounds", quick ? 1 : 3);
        zabbixAddresses = options.number("zabbix-addresses", 10_000);
        variants = Variant.parse(options.list("variants", quick ? QUICK : ALL));
        output = Path.of(options.text("output", "target/bench"));
        if (addresses < 1 || addresses > AddressRange.MAX) {
            throw new IllegalArgumentException("--addresses " + addresses + " is not between 1 and " + AddressRange.MAX);
        }
        jvmOptions = Processes.productJvmOptions();
    }

    void run() throws IOException {
        List<String> conditions = new ArrayList<>(Conditions.lines(jvmOptions));
        conditions.add("warm-up:  floods " + warmSeconds(true) + " s, jobs at 10 s " + warmSeconds(false)
                + " s, before anything is measured; agent at least that, and until it keeps its cadence");
        conditions.add("Zabbix:   " + zabbixAddresses + " addresses of the whole agent go to a sink");
        conditions.forEach(System.out::println);
        Map<Variant, List<Figures>> runs = new EnumMap<>(Variant.class);
        for (int round = 1; round <= rounds; round++) {
            for (Variant variant : variants) {
                if (round > 1 && variant.once()) {
                    continue;
                }
                Figures figures = measure(variant);
                figures.put(Metric.ADDRESSES, addressesOf(variant));
                runs.computeIfAbsent(variant, key -> new ArrayList<>()).add(figures);
                System.out.printf(
                        Locale.ROOT,
                        "round %d  %-6s %-36s %9s probes/s  %8s us/probe  %s false losses  foreign load %s%n",
                        round,
                        variant.code(),
                        variant.title(),
                        figures.text(Metric.PROBES_PER_S),
                        figures.text(Metric.ALL_US),
                        figures.text(Metric.FALSE_LOSSES),
                        figures.text(Metric.FOREIGN_CORES));
            }
        }
        new Report(runs, conditions).write(output);
    }

    private int warmSeconds(boolean flood) {
        if (flood) {
            return quick ? 3 : 5;
        }
        return pacedWarmSeconds;
    }

    private int addressesOf(Variant variant) {
        int wanted = variant.addresses(addresses);
        boolean fping = variant.kind() == Variant.Kind.FPING || variant.kind() == Variant.Kind.FPING_LOOP;
        return fping ? Math.min(MAX_FPING_ADDRESSES, wanted) : wanted;
    }

    private Figures measure(Variant variant) throws IOException {
        int count = addressesOf(variant);
        int warm = warmSeconds(variant.flood());
        int seconds = variant.flood() ? floodSeconds : variant.once() ? ONCE_FACTOR * pacedSeconds : pacedSeconds;
        return switch (variant.kind()) {
            case BARE -> bare(count, variant == Variant.BARE_SINGLE, warm, seconds);
            case ENGINE -> engine(count, variant.deadNeighbours(), variant.flood(), null, warm, seconds);
            case STATE -> {
                try (Redis redis = new Redis()) {
                    yield engine(count, 0, variant.flood(), redis, warm, seconds);
                }
            }
            case AGENT -> AgentRun.of(count, zabbixAddresses, warm, seconds);
            case FPING -> FpingRun.flood(count);
            case FPING_LOOP -> FpingRun.loop(count, pacedSeconds);
        };
    }

    private Figures bare(int count, boolean single, int warm, int seconds) throws IOException {
        return child(
                "io.pingagent.bench.BareLoop",
                List.of("addresses=" + count, "single=" + (single ? 1 : 0), "warm=" + warm, "seconds=" + seconds),
                null);
    }

    private Figures engine(int count, int deadNeighbours, boolean flood, Redis redis, int warm, int seconds)
            throws IOException {
        if (deadNeighbours > 0) {
            AddressRange.attachDeadNetwork();
        }
        try (AgentFile file = new AgentFile(redis, null, AgentFile.NO_RATE_LIMIT, "default")) {
            return child(
                    "io.pingagent.bench.EngineChild",
                    List.of(
                            "config=" + file.path(),
                            "addresses=" + count,
                            "dead=" + deadNeighbours,
                            "flood=" + (flood ? 1 : 0),
                            "redis=" + (redis == null ? 0 : 1),
                            "mask=-1",
                            "warm=" + warm,
                            "seconds=" + seconds),
                    redis);
        }
    }

    private Figures child(String main, List<String> arguments, Redis redis) throws IOException {
        GcLog gcLog = new GcLog();
        try {
            List<String> options = new ArrayList<>(jvmOptions);
            options.add(gcLog.jvmOption());
            return EngineRun.of(Processes.childJvm(options, main, arguments), gcLog, redis);
        } finally {
            gcLog.delete();
        }
    }
}
