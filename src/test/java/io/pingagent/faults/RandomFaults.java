package io.pingagent.faults;

import static io.pingagent.faults.FaultResult.seconds;

import io.pingagent.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Random faults of Redis, one every 20 s, while addresses die and come back. One thread. */
final class RandomFaults {

    private static final Duration EVERY = Duration.ofSeconds(20);
    private static final Duration LONGEST_FAULT = Duration.ofSeconds(12);
    /** Losses have to leave the window of 60 s, then comes a review; addresses that were listed stay a whole review period. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final int MOST_CHANGES = 10;
    private static final double MOST_HEAP_GROWTH = 0.25;
    private static final long HEAP_SLACK_KIB = 4 << 10;
    private static final int FILE_SLACK = 4;
    private static final Pattern USED_HEAP = Pattern.compile(" used (\\d+)K");

    private final long seed;
    private final Duration lasting;
    private final Random random;
    private final StringBuilder journal = new StringBuilder();
    private final List<String> failures = new ArrayList<>();

    /** @param failures empty if all is as it should be */
    record Result(String text, List<String> failures) {}

    private RandomFaults(long seed, Duration lasting) {
        this.seed = seed;
        this.lasting = lasting;
        this.random = new Random(seed);
    }

    static RandomFaults ofProperties() {
        return new RandomFaults(
                Long.getLong("pingagent.random-faults.seed", System.nanoTime() & 0xFFFF_FFFFL),
                Duration.ofMinutes(Integer.getInteger("pingagent.random-faults.minutes", 3)));
    }

    Result run() throws Exception {
        Files.createDirectories(FaultRun.DIRECTORY);
        Path log = FaultRun.DIRECTORY.resolve("redis-random-faults.log");
        Files.deleteIfExists(log);
        try (RedisSite site = new RedisSite(log, List.of())) {
            site.startAgent();
            if (site.awaitTruth(System.nanoTime(), PATIENCE) < 0) {
                return new Result("random faults", List.of("never right after the start: " + site.wrong()));
            }
            long heapBefore = usedHeapKib(site);
            long filesBefore = openFiles(site);
            int count = disturb(site);
            long rightNanos = site.awaitTruth(System.nanoTime(), PATIENCE);
            check(rightNanos >= 0, "Redis never holds the truth: " + site.wrong());
            long heapAfter = usedHeapKib(site);
            long filesAfter = openFiles(site);
            check(
                    heapAfter <= heapBefore * (1 + MOST_HEAP_GROWTH) + HEAP_SLACK_KIB,
                    "the heap grew from " + heapBefore + " to " + heapAfter + " KiB");
            check(filesAfter <= filesBefore + FILE_SLACK, "open files grew from " + filesBefore + " to " + filesAfter);
            return new Result(
                    String.format(
                            Locale.ROOT,
                            "%d random faults in %d min, seed %d: right %s after the last, heap %d to %d KiB,"
                                    + " files %d to %d%n%s",
                            count,
                            lasting.toMinutes(),
                            seed,
                            seconds(rightNanos),
                            heapBefore,
                            heapAfter,
                            filesBefore,
                            filesAfter,
                            journal),
                    failures);
        }
    }

    private int disturb(RedisSite site) throws Exception {
        List<RedisFault> faults =
                RedisFaults.all().stream().filter(fault -> fault.isRandom).toList();
        long untilNanos = System.nanoTime() + lasting.toNanos();
        int count = 0;
        while (System.nanoTime() - untilNanos < 0) {
            long beginNanos = System.nanoTime();
            RedisFault fault = faults.get(random.nextInt(faults.size()));
            journal.append(count++).append(": ").append(fault.name);
            long longestMillis = Math.min(fault.lasting.toMillis(), LONGEST_FAULT.toMillis());
            fault.begin.run(site);
            change(site);
            TimeUnit.MILLISECONDS.sleep(random.nextLong(longestMillis));
            change(site);
            fault.end.run(site);
            journal.append('\n');
            TimeUnit.NANOSECONDS.sleep(beginNanos + EVERY.toNanos() - System.nanoTime());
        }
        return count;
    }

    /** Some die, some come back. */
    private void change(RedisSite site) {
        int dying = random.nextInt(MOST_CHANGES);
        int living = random.nextInt(MOST_CHANGES);
        site.die(some(site.alive(), dying));
        site.live(some(List.copyOf(site.dead()), living));
        journal.append(", -").append(dying).append(" +").append(living);
    }

    private List<String> some(List<String> all, int count) {
        return Stream.generate(() -> all.get(random.nextInt(all.size())))
                .limit(all.isEmpty() ? 0 : count)
                .distinct()
                .toList();
    }

    /** What lives after a collection. */
    private static long usedHeapKib(RedisSite site) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(site.agent().pid());
        Command.check(jcmd, pid, "GC.run");
        Matcher used = USED_HEAP.matcher(Command.check(jcmd, pid, "GC.heap_info"));
        long kib = 0;
        // Old and new generation, or the one heap of G1; metaspace stands last.
        while (used.find()) {
            kib += Long.parseLong(used.group(1));
        }
        return kib;
    }

    private static long openFiles(RedisSite site) throws Exception {
        try (Stream<Path> files =
                Files.list(Path.of("/proc", Long.toString(site.agent().pid()), "fd"))) {
            return files.count();
        }
    }

    private void check(boolean isRight, String otherwise) {
        if (!isRight) {
            failures.add(otherwise);
        }
    }
}
