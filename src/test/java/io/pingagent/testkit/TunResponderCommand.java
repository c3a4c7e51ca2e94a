package io.pingagent.testkit;

import io.pingagent.model.IpAddress;
import io.pingagent.testkit.BehaviourRules.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@link TunResponder}. */
@Command(
        name = "tun-responder",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Answers echo requests for whole networks in a network namespace, rightly or wrongly, and reports"
                + " how regularly they came. Ends after --duration, or with SIGINT or SIGTERM; the report comes either"
                + " way.")
final class TunResponderCommand implements Callable<Integer> {

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            required = true,
            description = "Namespace to answer in; made (and removed at the end) if there is none.")
    private String namespaceName = "";

    @Option(
            names = "--range",
            paramLabel = "CIDR=WORD,...",
            required = true,
            description = "A network and how it behaves, may be given several times; a later one wins. Words: 5ms"
                    + " (delay), jitter=2ms, drop=20%%, dup[=N], dup-gap=1ms, silent, corrupt, forged, truncate[=BYTES],"
                    + " padded, foreign[=ADDRESS], wrongid, wrongseq, garbage, net-unreachable, unreachable,"
                    + " port-unreachable, prohibited, too-big, exceeded, parameter, quote=BYTES, quote-options, options,"
                    + " share=50%%, and-honest, ttl=N; and cadence=2s for the report. A word with @10s-25s behind it"
                    + " holds for that time since the start only, together with the words that always hold.")
    private List<String> ranges = List.of();

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "60s", description = "Default ${DEFAULT-VALUE}.")
    private String duration = "60s";

    @Option(
            names = "--cadence",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "Expected time between two probes of an address, for the report. Default ${DEFAULT-VALUE}.")
    private String cadence = "10s";

    @Option(
            names = "--skip",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "Leaves the requests of the first time after the first request out of the report.")
    private String skip = "0s";

    @Option(names = "--report", paramLabel = "FILE", description = "Takes the report with a line for every address.")
    private @Nullable Path report;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of everything random.")
    private long seed = 1;

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "1500", description = "Default ${DEFAULT-VALUE}.")
    private int mtu = 1500;

    @Spec
    private @Nullable CommandSpec spec;

    /** One {@code --range}. */
    private record Range(String text, Network network, Behaviour always, List<Timed> timed, Duration cadence) {}

    /** A word that holds for a time only. */
    private record Timed(String word, Duration from, Duration until) {}

    @Override
    public Integer call() throws Exception {
        List<Range> parsed;
        Duration runs;
        Duration skipped;
        try {
            parsed = ranges.stream().map(this::parse).toList();
            runs = BehaviourWords.duration(duration);
            skipped = BehaviourWords.duration(skip);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch reported = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> {
            stop.countDown();
            try {
                reported.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (NetworkNamespace namespace = NetworkNamespace.named(namespaceName);
                TunResponder responder = TunResponder.in(namespace)
                        .mtu(mtu)
                        .seed(seed)
                        .recordLimit(50_000_000)
                        .withoutPayloads()
                        .start()) {
            for (Range range : parsed) {
                apply(range, responder);
            }
            System.out.println("answering in namespace " + namespaceName + " for " + duration
                    + "; probe it with: ip netns exec " + namespaceName + " COMMAND");
            boolean signalled = stop.await(runs.toNanos(), TimeUnit.NANOSECONDS);
            report(parsed, responder, skipped);
            return signalled ? 1 : 0;
        } finally {
            reported.countDown();
        }
    }

    private Range parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("--range needs CIDR=WORD,..., not '" + text + "'");
        }
        Behaviour always = Behaviour.honest();
        List<Timed> timed = new ArrayList<>();
        Duration expected = BehaviourWords.duration(cadence);
        for (String word : text.substring(equals + 1).split(",", -1)) {
            int at = word.indexOf('@');
            if (at >= 0) {
                String[] times = word.substring(at + 1).split("-", -1);
                if (times.length != 2) {
                    throw new IllegalArgumentException("'" + word + "' needs two times: WORD@10s-25s");
                }
                timed.add(new Timed(
                        word.substring(0, at), BehaviourWords.duration(times[0]), BehaviourWords.duration(times[1])));
            } else if (word.startsWith("cadence=")) {
                expected = BehaviourWords.duration(word.substring("cadence=".length()));
            } else {
                always = BehaviourWords.apply(always, word);
            }
        }
        for (Timed word : timed) {
            // To find a wrong word before anything starts.
            BehaviourWords.apply(always, word.word);
        }
        return new Range(text, Network.parse(text.substring(0, equals)), always, timed, expected);
    }

    private static void apply(Range range, TunResponder responder) throws IOException {
        String cidr = range.network.first() + "/" + range.network.prefixLength();
        if (!Network.parse(TunResponder.V4_NETWORK).contains(range.network.first())
                && !Network.parse(TunResponder.V6_NETWORK).contains(range.network.first())) {
            responder.route(cidr);
        }
        responder.behave(cidr, range.always);
        for (Timed word : range.timed) {
            responder.behave(cidr, BehaviourWords.apply(range.always, word.word), word.from, word.until);
        }
    }

    private void report(List<Range> parsed, TunResponder responder, Duration skipped) throws IOException {
        Map<IpAddress, long[]> times = responder.requestTimes();
        long firstNanos = times.values().stream().mapToLong(all -> all[0]).min().orElse(0);
        long fromNanos = firstNanos + skipped.toNanos();
        times.replaceAll((address, all) ->
                Arrays.stream(all).filter(time -> time - fromNanos >= 0).toArray());
        List<String> summary = new ArrayList<>();
        List<String> details = new ArrayList<>();
        for (TunResponder.Count count : TunResponder.Count.values()) {
            summary.add(count.name().toLowerCase(Locale.ROOT) + " " + responder.count(count));
        }
        // An address belongs to the last range that names it, as its behaviour.
        for (int i = 0; i < parsed.size(); i++) {
            Range range = parsed.get(i);
            List<Range> later = parsed.subList(i + 1, parsed.size());
            List<Map.Entry<IpAddress, long[]>> mine = times.entrySet().stream()
                    .filter(entry -> range.network.contains(entry.getKey())
                            && later.stream().noneMatch(other -> other.network.contains(entry.getKey())))
                    .toList();
            summary.add(range.text + ": "
                    + line(mine.stream().map(Map.Entry::getValue).toList(), range.cadence));
            mine.forEach(entry -> details.add(entry.getKey() + " requests " + entry.getValue().length + " "
                    + gaps(Cadence.of(List.of(entry.getValue()), range.cadence))));
        }
        summary.forEach(System.out::println);
        if (report != null) {
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(report, StandardCharsets.UTF_8))) {
                summary.forEach(out::println);
                details.forEach(out::println);
            }
        }
    }

    private static String line(Collection<long[]> times, Duration cadence) {
        Cadence found = Cadence.of(times, cadence);
        return String.format(
                Locale.ROOT,
                "addresses %d requests %d cadence %s ms %s largest share of a round in a tenth of the cadence %.1f %%",
                found.addresses(),
                found.requests(),
                millis(cadence.toNanos()),
                gaps(found),
                100 * found.largestShare());
    }

    private static String gaps(Cadence found) {
        return "gaps min/p50/max ms " + millis(found.shortestGapNanos()) + " " + millis(found.medianGapNanos()) + " "
                + millis(found.longestGapNanos());
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }
}
