package io.pingagent.bench;

import java.io.File;
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
 * fping over the same addresses. How many requests have left is what the namespace counts. One thread.
 */
final class FpingRun implements AutoCloseable {

    /** {@code 127.16.0.1 : xmt/rcv/%loss = 1/1/0%, min/avg/max = 0.012/0.012/0.012}. */
    private static final Pattern SUMMARY =
            Pattern.compile("xmt/rcv/%loss = (\\d+)/(\\d+)/\\d+%(?:, min/avg/max = ([\\d.]+)/([\\d.]+)/([\\d.]+))?");

    /** {@code 127.16.0.1 : 0.012}, a dash in the place of a lost one. */
    private static final Pattern EACH = Pattern.compile("^(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)\\s*: ([\\d.]+)");

    private static final int POLL_MILLIS = 5;
    private static final int LOOP_WARM_MILLIS = 5_000;
    private static final int END_SECONDS = 60;

    private final int addresses;
    private final Path targets;
    private final Path summary;
    private final Process process;
    private final long sentBefore = requestsSent();

    private FpingRun(int addresses, String... options) throws IOException {
        this.addresses = addresses;
        targets = targets(addresses);
        summary = Files.createTempFile("ping-agent-bench-", ".fping");
        List<String> command = new ArrayList<>(List.of("fping", "-q", "-f", targets.toString()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(Processes.guarded(command))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(summary.toFile())
                .start();
    }

    /**
     * One probe each, as fast as fping goes. Its processor time is that of the whole process, as with every use of this mode;
     * beside it stands the time while it sends, from the first percent of the requests to the last but five.
     */
    static Figures flood(int addresses) throws IOException {
        try (FpingRun run = new FpingRun(addresses, "-c1", "-i0")) {
            Watch whole = new Watch(run.process.pid(), null);
            Figures figures = new Figures();
            while (run.sent() < addresses / 100 && run.process.isAlive()) {
                Processes.pauseMillis(POLL_MILLIS);
            }
            long sentAtStart = run.sent();
            long startNanos = System.nanoTime();
            Figures sending = new Figures();
            Watch watch = new Watch(run.process.pid(), null);
            while (run.sent() < addresses - addresses / 20 && run.process.isAlive()) {
                Processes.pauseMillis(POLL_MILLIS);
            }
            run.watched(watch, startNanos, sentAtStart, sending);
            double seconds = 0;
            try {
                while (run.process.isAlive()) {
                    seconds = whole.seconds();
                    whole.end(figures, addresses / seconds);
                    Processes.pauseMillis(POLL_MILLIS);
                }
            } catch (IOException e) {
                // It has just ended; what was seen last stands.
                if (seconds == 0) {
                    throw e;
                }
            }
            figures.put(Metric.SECONDS, seconds);
            figures.put(Metric.PROBES_PER_S, sending.get(Metric.PROBES_PER_S));
            figures.put(Metric.SENDING_US, sending.get(Metric.ALL_US));
            removeThreads(figures);
            return run.summary(figures);
        }
    }

    /**
     * Loop mode at 10 s, as its manual advises for monitoring.
     *
     * @param seconds measured, a multiple of 10
     */
    static Figures loop(int addresses, int seconds) throws IOException {
        double gapMillis = Math.max(0.1, 10_000.0 / addresses * 0.6);
        try (FpingRun run =
                new FpingRun(addresses, "-l", "-p10000", String.format(Locale.ROOT, "-i%.3f", gapMillis))) {
            Processes.pauseMillis(LOOP_WARM_MILLIS);
            long sentAtStart = run.sent();
            long startNanos = System.nanoTime();
            Watch watch = new Watch(run.process.pid(), null);
            Figures figures = new Figures();
            Processes.pauseMillis(seconds * 1_000L);
            run.watched(watch, startNanos, sentAtStart, figures);
            Processes.output(Map.of(), List.of("sh", "-c", "kill -INT " + run.process.pid()));
            return run.summary(figures);
        }
    }

    private void watched(Watch watch, long startNanos, long sentAtStart, Figures figures) throws IOException {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double perSecond = (sent() - sentAtStart) / seconds;
        watch.end(figures, perSecond);
        figures.put(Metric.SECONDS, seconds).put(Metric.PROBES_PER_S, perSecond);
        removeThreads(figures);
    }

    /** It has one thread, which does not bear the names of ours. */
    private static void removeThreads(Figures figures) {
        for (Metric metric : List.of(
                Metric.SEND_USER_US, Metric.SEND_SYSTEM_US, Metric.RECEIVE_USER_US, Metric.RECEIVE_SYSTEM_US)) {
            figures.remove(metric);
        }
    }

    private long sent() throws IOException {
        return requestsSent() - sentBefore;
    }

    /** Echo requests that left this namespace since it was made. */
    private static long requestsSent() throws IOException {
        List<String> icmp = Files.readAllLines(Path.of("/proc/net/snmp")).stream()
                .filter(line -> line.startsWith("Icmp:"))
                .toList();
        int column = List.of(icmp.get(0).split(" ", -1)).indexOf("OutEchos");
        return Long.parseLong(icmp.get(1).split(" ", -1)[column]);
    }

    /** A file with the addresses, one a line. */
    static Path targets(int addresses) throws IOException {
        Path file = Files.createTempFile("ping-agent-bench-", ".targets");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            lines.add(AddressRange.text(i));
        }
        Files.write(file, lines);
        return file;
    }

    /** Microseconds by {@link TruthErrors#key} without sequence, from the lines of {@code fping -C1 -q}. */
    static Map<Long, Double> reported(List<String> lines) {
        Map<Long, Double> micros = new HashMap<>();
        for (String line : lines) {
            Matcher matcher = EACH.matcher(line);
            if (matcher.find()) {
                int address = 0;
                for (int i = 1; i <= 4; i++) {
                    address = address << 8 | Integer.parseInt(matcher.group(i));
                }
                micros.put(TruthErrors.key(address, 0), Double.parseDouble(matcher.group(5)) * 1_000);
            }
        }
        return micros;
    }

    private Figures summary(Figures figures) throws IOException {
        Processes.awaitEnd(process, END_SECONDS);
        long sent = 0;
        long received = 0;
        List<String> lines = Files.readAllLines(summary);
        double[] micros = new double[lines.size()];
        double max = 0;
        int count = 0;
        for (String line : lines) {
            Matcher matcher = SUMMARY.matcher(line);
            if (!matcher.find()) {
                continue;
            }
            sent += Long.parseLong(matcher.group(1));
            received += Long.parseLong(matcher.group(2));
            if (matcher.group(4) != null) {
                micros[count++] = Double.parseDouble(matcher.group(4)) * 1_000;
                max = Math.max(max, Double.parseDouble(matcher.group(5)) * 1_000);
            }
        }
        if (sent == 0) {
            throw new IOException("fping sent nothing: "
                    + String.join("\n", lines.subList(0, Math.min(5, lines.size()))));
        }
        Quantiles sorted = new Quantiles(micros, count);
        figures.put(Metric.FALSE_LOSSES, (double) (sent - received));
        figures.put(Metric.RTT_P50_US, sorted.quantile(0.5));
        figures.put(Metric.RTT_P99_US, sorted.quantile(0.99));
        figures.put(Metric.RTT_MAX_US, max);
        figures.put(Metric.ADDRESSES, addresses);
        return figures;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(targets);
        Files.delete(summary);
    }
}
