package io.pingagent.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pingagent.testkit.Requires;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Fills the Redis fault matrix: each fault on a host of its own with an agent of its own, several at a time, and random
 * faults beside them. {@code -Dpingagent.faults=REGEX} takes some rows only; {@code -Dpingagent.regenerate=true} writes the
 * table into the document; {@code -Dpingagent.random-faults.minutes=30} and {@code -Dpingagent.random-faults.seed=N} are for
 * the random ones. Logs and tables are left in {@code target/fault-matrix}.
 */
@Execution(ExecutionMode.SAME_THREAD)
class RedisFaultMatrixIT {

    private static final String TABLE = "redis";

    /** Rows mostly wait. */
    private static final int AT_A_TIME = 8;

    /** A start takes a processor for a second or two. */
    private static final int STARTS_AT_A_TIME = 2;

    private static final String WANTED = System.getProperty("pingagent.faults", ".*");
    private static final String RANDOM = "random faults";

    private static final Map<RedisFault, Future<RedisFaultResult>> ROWS = new LinkedHashMap<>();
    private static final ExecutorService POOL = Executors.newFixedThreadPool(AT_A_TIME);
    private static Future<RandomFaults.Result> randomFaults;

    @BeforeAll
    static void start() {
        Requires.rawSockets();
        Requires.rawSocketsV6();
        Requires.tun();
        Requires.redisServer();
        Semaphore starting = new Semaphore(STARTS_AT_A_TIME);
        if (RANDOM.matches(WANTED)) {
            randomFaults = POOL.submit(() -> RandomFaults.ofProperties().run());
        }
        for (RedisFault fault : RedisFaults.all()) {
            if (fault.name.matches(WANTED)) {
                ROWS.put(fault, POOL.submit(() -> new RedisFaultRun(fault, starting).run()));
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (ROWS.size() == RedisFaults.all().size()) {
                List<String> rows = new ArrayList<>();
                for (Map.Entry<RedisFault, Future<RedisFaultResult>> row : ROWS.entrySet()) {
                    rows.add(result(row.getKey(), row.getValue()).markdown());
                }
                MatrixDocument.write(TABLE, RedisFaultResult.HEAD, rows);
            }
        } finally {
            POOL.shutdownNow();
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
    Stream<DynamicTest> eachFaultCostsNothingThatWasKnown() {
        return ROWS.entrySet().stream()
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
        RandomFaults.Result result = randomFaults.get();
        System.out.println(result.text());
        assertTrue(result.failures().isEmpty(), () -> result.text() + "\n" + String.join("\n", result.failures()));
    }

    @Test
    void theDocumentHasARowForEachFault() throws Exception {
        if (Boolean.getBoolean("pingagent.regenerate")) {
            return;
        }
        assertEquals(RedisFaults.all().stream().map(fault -> fault.name).toList(), MatrixDocument.rows(TABLE));
    }
}
