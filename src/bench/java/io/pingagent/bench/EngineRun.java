package io.pingagent.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One run of a {@link Child}: its figures and those seen from outside. One thread. */
final class EngineRun {

    private EngineRun() {}

    /**
     * @param command that starts the child
     * @param gcLog that the command's JVM writes
     * @param redis null if there is none
     */
    static Figures of(List<String> command, GcLog gcLog, Redis redis) throws IOException {
        return of(command, gcLog, pid -> new Watch(pid, redis));
    }

    /** What is seen from outside of a process. */
    @FunctionalInterface
    interface Outside {
        Watch watch(long pid) throws IOException;
    }

    /** The same, watched in another way. */
    static Figures of(List<String> command, GcLog gcLog, Outside outside) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            next(lines, "BEGIN");
            Watch watch = outside.watch(process.pid());
            JsonObject told = next(lines, "END");
            long endMillis = System.currentTimeMillis();
            double probesPerSecond =
                    told.get("probes").getAsLong() / told.get("seconds").getAsDouble();
            Figures figures = new Figures().put(Metric.PROBES_PER_S, probesPerSecond);
            figures.put(Metric.SECONDS, told.get("seconds").getAsDouble());
            watch.end(figures, probesPerSecond);
            told(told, figures);
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            JsonObject last = next(lines, "FINAL");
            figures.put(Metric.FALSE_LOSSES, last.get("lost").getAsDouble());
            if (last.has("invalidated")) {
                figures.put(Metric.INVALIDATED, last.get("invalidated").getAsDouble());
            }
            if (last.has("kernelDrops")) {
                figures.put(Metric.KERNEL_DROPS, last.get("kernelDrops").getAsDouble());
            }
            gcLog.read(watch.startMillis(), endMillis, figures);
            return figures;
        } finally {
            Processes.stop(process, 5);
        }
    }

    private static JsonObject next(BufferedReader lines, String word) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(word)) {
                return new JsonObject();
            }
            if (line.startsWith(word + " ")) {
                return JsonParser.parseString(line.substring(word.length())).getAsJsonObject();
            }
            System.err.println(line);
        }
        throw new IOException("the child ended before " + word);
    }

    private static void told(JsonObject told, Figures figures) {
        double probes = told.get("probes").getAsDouble();
        if (told.has("overruns")) {
            figures.put(Metric.OVERRUNS, told.get("overruns").getAsDouble());
        }
        if (told.has("lateNanos")) {
            JsonObject late = told.getAsJsonObject("lateNanos");
            figures.put(Metric.LATE_P50_MS, late.get("p50").getAsLong() / 1e6);
            figures.put(Metric.LATE_P99_MS, late.get("p99").getAsLong() / 1e6);
            figures.put(Metric.LATE_MAX_MS, late.get("max").getAsLong() / 1e6);
        }
        if (told.has("rttNanos")) {
            JsonObject rtt = told.getAsJsonObject("rttNanos");
            figures.put(Metric.RTT_P50_US, rtt.get("p50").getAsLong() / 1e3);
            figures.put(Metric.RTT_P99_US, rtt.get("p99").getAsLong() / 1e3);
            figures.put(Metric.RTT_MAX_US, rtt.get("max").getAsLong() / 1e3);
        }
        JsonObject allocated = told.getAsJsonObject("allocated");
        double sum = 0;
        for (String thread : allocated.keySet()) {
            // The main thread talks to the parent, the rounds' thread stands for the scheduler.
            sum += thread.equals("main") ? 0 : allocated.get(thread).getAsLong();
        }
        figures.put(Metric.ALLOCATED_B, sum / probes);
        figures.put(Metric.ALLOCATED_SEND_B, bytes(allocated, "ping-send") / probes);
        figures.put(Metric.ALLOCATED_RECEIVE_B, bytes(allocated, "ping-recv") / probes);
    }

    private static long bytes(JsonObject allocated, String thread) {
        return allocated.has(thread) ? allocated.get(thread).getAsLong() : 0;
    }

}
