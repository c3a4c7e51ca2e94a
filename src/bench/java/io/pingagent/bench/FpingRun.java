package io.pingagent.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * fping over the same addresses. Its processor time, the kernel's share included, is what the shell that waited for it
 * has from {@code wait4}. One thread.
 */
final class FpingRun {

    /** {@code 127.16.0.1 : xmt/rcv/%loss = 1/1/0%, min/avg/max = 0.012/0.012/0.012}. */
    private static final Pattern SUMMARY =
            Pattern.compile("xmt/rcv/%loss = (\\d+)/(\\d+)/\\d+%(?:, min/avg/max = ([\\d.]+)/([\\d.]+)/([\\d.]+))?");

    /** Second line of the shell's {@code times}: user and system time of its children. */
    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s");

    private FpingRun() {}

    /** One probe each, as fast as fping goes. */
    static Figures flood(int addresses) throws IOException {
        return run(addresses, List.of("fping", "-c1", "-i0", "-q"));
    }

    /** Loop mode at 10 s, as its manual advises for monitoring, for so long. */
    static Figures loop(int addresses, int seconds) throws IOException {
        double gapMillis = Math.max(0.1, 10_000.0 / addresses * 0.6);
        return run(
                addresses,
                List.of(
                        "timeout",
                        "-s",
                        "INT",
                        Integer.toString(seconds),
                        "fping",
                        "-l",
                        "-p10000",
                        String.format(Locale.ROOT, "-i%.3f", gapMillis),
                        "-q"));
    }

    /** A file with the addresses, one a line. */
    static Path targets(int addresses) throws IOException {
        Path file = Files.createTempFile("ping-agent-bench-", ".targets");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            lines.add(Addresses.text(i));
        }
        Files.write(file, lines);
        return file;
    }

    private static Figures run(int addresses, List<String> fping) throws IOException {
        Path targets = targets(addresses);
        Path summary = Files.createTempFile("ping-agent-bench-", ".fping");
        try {
            CpuTimes machine = CpuTimes.now();
            ProcessTimes own = ProcessTimes.of(ProcessHandle.current().pid());
            long startNanos = System.nanoTime();
            // The loop mode reads its targets before it starts, too.
            List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" 2>\"$0\"; times", summary.toString()));
            command.addAll(fping);
            command.addAll(List.of("-f", targets.toString()));
            Process process = new ProcessBuilder(Processes.guarded(command))
                    .redirectInput(new File("/dev/null"))
                    .start();
            String last = "";
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line;
                }
            }
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            CpuTimes all = CpuTimes.now().since(machine);
            double ownSeconds =
                    ProcessTimes.of(ProcessHandle.current().pid()).since(own).seconds();
            Matcher times = TIMES.matcher(last);
            if (!times.find()) {
                throw new IOException("fping: the shell told no times: " + last);
            }
            double user = Integer.parseInt(times.group(1)) * 60 + Double.parseDouble(times.group(2));
            double system = Integer.parseInt(times.group(3)) * 60 + Double.parseDouble(times.group(4));
            Figures figures = new Figures().put(Metric.SECONDS, seconds);
            long sent = summary(summary, figures);
            figures.put(Metric.PROBES_PER_S, sent / seconds);
            figures.put(Metric.OTHER_USER_US, user * 1e6 / sent);
            figures.put(Metric.OTHER_SYSTEM_US, system * 1e6 / sent);
            figures.put(Metric.AGENT_US, (user + system) * 1e6 / sent);
            figures.put(Metric.ALL_US, (user + system) * 1e6 / sent);
            figures.put(Metric.USER_TO_KERNEL, user / Math.max(1e-9, system));
            figures.put(Metric.CORES, (user + system) / seconds);
            figures.put(Metric.SOFTIRQ_CORES, all.softirqSeconds() / seconds);
            figures.put(Metric.FOREIGN_CORES, Math.max(0, all.busySeconds() - user - system - ownSeconds) / seconds);
            figures.put(Metric.STEAL_CORES, all.stealSeconds() / seconds);
            figures.put(Metric.LOAD_AVERAGE, CpuTimes.loadAverage());
            return figures;
        } finally {
            Files.delete(targets);
            Files.delete(summary);
        }
    }

    private static long summary(Path file, Figures figures) throws IOException {
        long sent = 0;
        long received = 0;
        List<String> lines = Files.readAllLines(file);
        double[] micros = new double[lines.size()];
        double max = 0;
        int count = 0;
        for (String line : lines) {
            Matcher summary = SUMMARY.matcher(line);
            if (!summary.find()) {
                continue;
            }
            sent += Long.parseLong(summary.group(1));
            received += Long.parseLong(summary.group(2));
            if (summary.group(4) != null) {
                micros[count++] = Double.parseDouble(summary.group(4)) * 1_000;
                max = Math.max(max, Double.parseDouble(summary.group(5)) * 1_000);
            }
        }
        if (sent == 0) {
            throw new IOException("fping sent nothing: "
                    + String.join("\n", lines.subList(0, Math.min(5, lines.size()))));
        }
        Distribution sorted = new Distribution(micros, count);
        figures.put(Metric.FALSE_LOSSES, (double) (sent - received));
        figures.put(Metric.RTT_P50_US, sorted.quantile(0.5));
        figures.put(Metric.RTT_P99_US, sorted.quantile(0.99));
        figures.put(Metric.RTT_MAX_US, max);
        return sent;
    }
}
