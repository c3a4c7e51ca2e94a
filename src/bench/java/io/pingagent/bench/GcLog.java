package io.pingagent.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM's garbage collections as its log tells them. One thread. */
final class GcLog {

    private static final Pattern PAUSE =
            Pattern.compile("\\[(\\d+)ms\\].*Pause.* (\\d+)([KM])->(\\d+)([KM])\\(.*\\) ([\\d.]+)ms");

    private final Path file;

    GcLog() throws IOException {
        file = Files.createTempFile("ping-agent-bench-", ".gc");
    }

    /** The option that makes a JVM write it: sizes in KiB where the JVM gives them, times in Unix milliseconds. */
    String jvmOption() {
        return "-Xlog:gc:file=" + file + ":timemillis:filecount=0";
    }

    /** Fills in what happened between two Unix times; allocation only if no better figure is there. */
    void read(long fromMillis, long untilMillis, Figures figures) throws IOException {
        List<Double> pauses = new ArrayList<>();
        double allocated = 0;
        double after = Double.NaN;
        for (String line : Files.readAllLines(file)) {
            Matcher pause = PAUSE.matcher(line);
            if (!pause.find()) {
                continue;
            }
            long at = Long.parseLong(pause.group(1));
            if (at > fromMillis && at <= untilMillis) {
                pauses.add(Double.parseDouble(pause.group(6)));
                if (!Double.isNaN(after)) {
                    allocated += bytes(pause, 2) - after;
                }
            }
            after = bytes(pause, 4);
        }
        figures.put(Metric.GC_COUNT, pauses.size());
        figures.put(
                Metric.GC_TOTAL_MS,
                pauses.stream().mapToDouble(Double::doubleValue).sum());
        figures.put(
                Metric.GC_MAX_MS,
                pauses.stream().mapToDouble(Double::doubleValue).max().orElse(0));
        double probes = figures.get(Metric.PROBES_PER_S) * figures.get(Metric.SECONDS);
        if (!figures.has(Metric.ALLOCATED_B) && pauses.size() > 1 && probes > 0) {
            figures.put(Metric.ALLOCATED_B, allocated / probes);
        }
    }

    private static double bytes(Matcher pause, int group) {
        return Double.parseDouble(pause.group(group)) * (pause.group(group + 1).equals("M") ? 1 << 20 : 1 << 10);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
