package io.pingagent.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Processor time of a process since its start, by the names of its threads. Immutable.
 *
 * <p>The kernel counts a thread's time in nanoseconds ({@code schedstat}) and splits it into user and system by ticks of
 * 10 ms ({@code stat}); the split of an interval is as good as the interval is long.
 *
 * @param threads by name; threads of one name together
 * @param seconds of the whole process, ended threads included
 */
record ProcessTimes(Map<String, Spent> threads, double seconds) {

    /** In seconds; user and system by ticks, total exactly. */
    record Spent(double user, double system, double total) {

        static final Spent NONE = new Spent(0, 0, 0);

        Spent plus(Spent other) {
            return new Spent(user + other.user, system + other.system, total + other.total);
        }

        Spent minus(Spent other) {
            return new Spent(user - other.user, system - other.system, total - other.total);
        }

        double exactUser() {
            double ticks = user + system;
            return ticks <= 0 ? 0 : total * user / ticks;
        }

        double exactSystem() {
            return total - exactUser();
        }
    }

    /** @throws IOException if the process is gone */
    static ProcessTimes of(long pid) throws IOException {
        Map<String, Spent> threads = new TreeMap<>();
        Path process = Path.of("/proc", Long.toString(pid));
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                try {
                    String stat = Files.readString(task.resolve("stat"));
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                    double nanos = Long.parseLong(
                            Files.readString(task.resolve("schedstat")).split(" ", -1)[0]);
                    threads.merge(name, spent(stat, nanos / 1e9), Spent::plus);
                } catch (NoSuchFileException e) {
                    // Ended in between.
                } catch (IOException e) {
                    if (Files.exists(task)) {
                        throw e;
                    }
                }
            }
        }
        Spent whole = spent(Files.readString(process.resolve("stat")), 0);
        return new ProcessTimes(threads, whole.user + whole.system);
    }

    private static Spent spent(String stat, double seconds) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Spent(
                Long.parseLong(fields[11]) / CpuTimes.TICKS_PER_SECOND,
                Long.parseLong(fields[12]) / CpuTimes.TICKS_PER_SECOND,
                seconds);
    }

    ProcessTimes since(ProcessTimes earlier) {
        Map<String, Spent> difference = new TreeMap<>();
        threads.forEach(
                (name, spent) -> difference.put(name, spent.minus(earlier.threads.getOrDefault(name, Spent.NONE))));
        return new ProcessTimes(difference, seconds - earlier.seconds);
    }

    Spent thread(String name) {
        return threads.getOrDefault(name, Spent.NONE);
    }

    /** All threads that are alive at the end. */
    Spent allThreads() {
        return threads.values().stream().reduce(Spent.NONE, Spent::plus);
    }

    /** @param field {@code VmHWM} for the peak of resident memory, {@code VmRSS} for now */
    static double megabytes(long pid, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
            }
        }
        return 0;
    }
}
