package io.pingagent.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pingagent.testkit.Requires;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Fills the fault matrices of network, host and Redis: each fault in a network of its own with an agent of its own, several
 * at a time, and random faults of Redis beside them. {@code -Dpingagent.faults=REGEX} takes some rows only; {@code
 * -Dpingagent.regenerate=true} writes the tables into the document; {@code -Dpingagent.random-faults.minutes=30} and {@code
 * -Dpingagent.random-faults.seed=N} are for the random ones. Logs and tables are left in {@code target/fault-matrix}.
 */
@Tag("root")
class FaultMatrixIT {

    /** Rows mostly wait: for the fault to show, and a minute for losses to be forgotten. */
    private static final int AT_A_TIME = 12;

    /** A start takes a processor for a second or two. */
    private static final int STARTS_AT_A_TIME = 2;

    private static final String WANTED = System.getProperty("pingagent.faults", ".*");

    private static final List<Fault> ALL = Stream.of(NetworkFaults.all(), HostFaults.all())
            .flatMap(List::stream)
            .toList();

    private static final String REDIS_TABLE = "redis";
    private static final String RANDOM = "random faults";

    private static final Map<Fault, Future<FaultResult>> ROWS = new LinkedHashMap<>();
    private static final Map<RedisFault, Future<RedisFaultResult>> REDIS_ROWS = new LinkedHashMap<>();
    private static final ExecutorService TOGETHER = Executors.newFixedThreadPool(AT_A_TIME);
    private static final ExecutorService DISPATCHER = Executors.newSingleThreadExecutor();
    private static @Nullable Future<RandomFaults.Result> randomFaults;

    @BeforeAll
    static void start() {
        Requires.rawSockets();
        Requires.rawSocketsV6();
        Requires.tun();
        Requires.nft();
        Requires.redisServer();
        Requires.program("tc", "iproute2");
        Requires.program("prlimit", "util-linux");
        SteppedClock.requires();
        Semaphore starting = new Semaphore(STARTS_AT_A_TIME);
        List<Fault> wanted =
                ALL.stream().filter(fault -> fault.name.matches(WANTED)).toList();
        List<Future<?>> before = new ArrayList<>();
        // The longest first.
        if (RANDOM.matches(WANTED)) {
            randomFaults = TOGETHER.submit(() -> RandomFaults.ofProperties().run());
            before.add(randomFaults);
        }
        for (Fault fault : wanted) {
            if (!fault.isAlone) {
                Future<FaultResult> row = TOGETHER.submit(() -> new FaultRun(fault, starting, () -> {}).run());
                ROWS.put(fault, row);
                before.add(row);
            }
        }
        for (RedisFault fault : RedisFaults.all()) {
            if (fault.name.matches(WANTED)) {
                Future<RedisFaultResult> row = TOGETHER.submit(() -> new RedisFaultRun(fault, starting).run());
                REDIS_ROWS.put(fault, row);
                before.add(row);
            }
        }
        List<Fault> alone = wanted.stream()
                .filter(fault -> fault.isAlone)
                // Whose end others need not wait for goes first.
                .sorted(Comparator.comparing((Fault fault) -> fault.isAloneUntilItsEnd)
                        .reversed())
                .toList();
        startAlone(alone, before, starting);
    }

    /** One after the other, once all others have ended. */
    private static void startAlone(List<Fault> faults, List<Future<?>> before, Semaphore starting) {
        Semaphore turn = new Semaphore(1);
        List<FutureTask<FaultResult>> rows = new ArrayList<>();
        for (Fault fault : faults) {
            AtomicBoolean isOver = new AtomicBoolean();
            Runnable over = () -> {
                if (isOver.compareAndSet(false, true)) {
                    turn.release();
                }
            };
            FutureTask<FaultResult> row = new FutureTask<>(() -> {
                try {
                    return new FaultRun(fault, starting, fault.isAloneUntilItsEnd ? over : () -> {}).run();
                } finally {
                    over.run();
                }
            });
            ROWS.put(fault, row);
            rows.add(row);
        }
        DISPATCHER.execute(() -> {
            try {
                awaitAll(before);
                for (FutureTask<FaultResult> row : rows) {
                    turn.acquire();
                    TOGETHER.execute(row);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void awaitAll(List<Future<?>> rows) throws InterruptedException {
        for (Future<?> row : rows) {
            try {
                row.get();
            } catch (ExecutionException e) {
                // Its own test tells of it.
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (REDIS_ROWS.size() == RedisFaults.all().size()) {
                List<String> rows = new ArrayList<>();
                for (Map.Entry<RedisFault, Future<RedisFaultResult>> row : REDIS_ROWS.entrySet()) {
                    rows.add(result(row.getKey(), row.getValue()).markdown());
                }
                MatrixDocument.write(REDIS_TABLE, RedisFaultResult.HEAD, rows);
            }
            if (ROWS.size() == ALL.size()) {
                for (Fault.Kind kind : Fault.Kind.values()) {
                    List<FaultResult> rows = new ArrayList<>();
                    for (Fault fault : faults(kind)) {
                        rows.add(result(fault, ROWS.get(fault)));
                    }
                    MatrixDocument.write(kind, rows);
                }
            }
        } finally {
            TOGETHER.shutdownNow();
            DISPATCHER.shutdownNow();
        }
    }

    private static List<Fault> faults(Fault.Kind kind) {
        return ALL.stream().filter(fault -> fault.kind == kind).toList();
    }

    private static FaultResult result(Fault fault, Future<FaultResult> row) throws InterruptedException {
        try {
            return row.get();
        } catch (ExecutionException e) {
            return FaultResult.failed(fault, e.getCause());
        }
    }

    private static RedisFaultResult result(RedisFault fault, Future<RedisFaultResult> row) throws InterruptedException {
        try {
            return row.get();
        } catch (ExecutionException e) {
            return RedisFaultResult.failed(fault, e.getCause());
        }
    }

    @TestFactory
    Stream<DynamicTest> eachFaultStaysWhereItIs() {
        return ROWS.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey().name, () -> {
                    FaultResult result = result(row.getKey(), row.getValue());
                    System.out.println(result.markdown());
                    assertTrue(
                            result.failures().isEmpty(),
                            () -> String.join("\n", result.failures()) + "\nlog: "
                                    + FaultRun.DIRECTORY.resolve(row.getKey().slug() + ".log"));
                }));
    }

    @TestFactory
    Stream<DynamicTest> eachFaultOfRedisCostsNothingThatWasKnown() {
        return REDIS_ROWS.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey().name, () -> {
                    RedisFaultResult result = result(row.getKey(), row.getValue());
                    System.out.println(result.markdown());
                    assertTrue(
                            result.failures().isEmpty(),
                            () -> String.join("\n", result.failures()) + "\nlog: "
                                    + FaultRun.DIRECTORY.resolve(row.getKey().slug() + ".log"));
                }));
    }

    @Test
    void redisHoldsTheTruthAfterRandomFaults() throws Exception {
        assumeTrue(randomFaults != null, () -> "only '" + WANTED + "' is wanted");
        RandomFaults.Result result = Objects.requireNonNull(randomFaults).get();
        System.out.println(result.text());
        assertTrue(result.failures().isEmpty(), () -> result.text() + "\n" + String.join("\n", result.failures()));
    }

    @Test
    void theDocumentHasARowForEachFault() throws Exception {
        if (Boolean.getBoolean("pingagent.regenerate")) {
            return;
        }
        for (Fault.Kind kind : Fault.Kind.values()) {
            MatrixDocument.check(kind, faults(kind));
        }
        assertEquals(RedisFaults.all().stream().map(fault -> fault.name).toList(), MatrixDocument.rows(REDIS_TABLE));
    }
}
