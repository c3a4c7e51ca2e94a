package io.pingagent.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Requires;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/**
 * Fills the network and host fault matrix: each fault in a network of its own with an agent of its own, several at a time.
 * {@code -Dpingagent.faults=REGEX} takes some rows only; {@code -Dpingagent.regenerate=true} writes the tables into the
 * document. Logs and tables are left in {@code target/fault-matrix}.
 */
class NetworkFaultMatrixIT {

    /** Rows mostly wait: for the fault to show, and a minute for losses to be forgotten. */
    private static final int AT_A_TIME = 10;

    /** A start takes a processor for a second or two. */
    private static final int STARTS_AT_A_TIME = 2;

    private static final String WANTED = System.getProperty("pingagent.faults", ".*");

    private static final List<Fault> ALL = Stream.of(NetworkFaults.all(), HostFaults.all())
            .flatMap(List::stream)
            .toList();

    private static final Map<Fault, Future<FaultResult>> ROWS = new LinkedHashMap<>();
    private static final ExecutorService TOGETHER = Executors.newFixedThreadPool(AT_A_TIME);
    private static final ExecutorService ALONE = Executors.newSingleThreadExecutor();

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
        List<Future<FaultResult>> before = new ArrayList<>();
        for (Fault fault : wanted) {
            if (!fault.isAlone) {
                Future<FaultResult> row = TOGETHER.submit(() -> new FaultRun(fault, starting).run());
                ROWS.put(fault, row);
                before.add(row);
            }
        }
        for (Fault fault : wanted) {
            if (fault.isAlone) {
                ROWS.put(fault, ALONE.submit(() -> {
                    for (Future<FaultResult> other : before) {
                        result(fault, other);
                    }
                    return new FaultRun(fault, starting).run();
                }));
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
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
            ALONE.shutdownNow();
        }
    }

    private static List<Fault> faults(Fault.Kind kind) {
        return ALL.stream().filter(fault -> fault.kind == kind).toList();
    }

    private static FaultResult result(Fault fault, Future<FaultResult> row) throws InterruptedException {
        try {
            return row.get();
        } catch (java.util.concurrent.ExecutionException e) {
            return FaultResult.failed(fault, e.getCause());
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

    @Test
    void theDocumentHasARowForEachFault() throws Exception {
        if (Boolean.getBoolean("pingagent.regenerate")) {
            return;
        }
        for (Fault.Kind kind : Fault.Kind.values()) {
            MatrixDocument.check(kind, faults(kind));
        }
    }
}
