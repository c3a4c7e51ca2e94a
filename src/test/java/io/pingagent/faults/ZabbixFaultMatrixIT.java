package io.pingagent.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Fills the fault matrix of Zabbix: each fault on a host of its own with an agent of its own, all at the same time. As for
 * the other matrices, {@code -Dpingagent.faults=REGEX} takes some rows only, {@code -Dpingagent.regenerate=true} writes the
 * table into the document, and logs and tables are left in {@code target/fault-matrix}.
 */
@Tag("root")
class ZabbixFaultMatrixIT {

    private static final String TABLE = "zabbix";
    private static final String WANTED = System.getProperty("pingagent.faults", ".*");

    /** A start takes a processor for a second or two. */
    private static final int STARTS_AT_A_TIME = 2;

    private static final Map<ZabbixFault, Future<ZabbixFaultResult>> ROWS = new LinkedHashMap<>();
    private static final ExecutorService TOGETHER = Executors.newCachedThreadPool();

    @BeforeAll
    static void start() {
        Requires.rawSockets();
        Requires.tun();
        Requires.redisServer();
        Requires.program("nsenter", "util-linux");
        SteppedClock.requires();
        Semaphore starting = new Semaphore(STARTS_AT_A_TIME, true);
        for (ZabbixFault fault : ZabbixFaults.all()) {
            if (fault.name.matches(WANTED)) {
                ROWS.put(fault, TOGETHER.submit(() -> new ZabbixFaultRun(fault, starting).run()));
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (ROWS.size() == ZabbixFaults.all().size()) {
                List<String> rows = new ArrayList<>();
                for (Map.Entry<ZabbixFault, Future<ZabbixFaultResult>> row : ROWS.entrySet()) {
                    rows.add(result(row.getKey(), row.getValue()).markdown());
                }
                MatrixDocument.write(TABLE, ZabbixFaultResult.HEAD, rows);
            }
        } finally {
            TOGETHER.shutdownNow();
        }
    }

    private static ZabbixFaultResult result(ZabbixFault fault, Future<ZabbixFaultResult> row)
            throws InterruptedException {
        try {
            return row.get();
        } catch (ExecutionException e) {
            return ZabbixFaultResult.failed(fault, e.getCause());
        }
    }

    @TestFactory
    Stream<DynamicTest> eachValueIsAtTheServerOnceOrCountedAsDropped() {
        return ROWS.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey().name, () -> {
                    ZabbixFaultResult result = result(row.getKey(), row.getValue());
                    System.out.println(result.markdown());
                    assertTrue(
                            result.failures().isEmpty(),
                            () -> String.join("\n", result.failures()) + "\nlog: "
                                    + FaultRun.DIRECTORY.resolve(row.getKey().slug() + ".log"));
                }));
    }

    @Test
    void theDocumentHasARowForEachFault() throws Exception {
        if (!Boolean.getBoolean("pingagent.regenerate")) {
            assertEquals(ZabbixFaults.all().stream().map(fault -> fault.name).toList(), MatrixDocument.rows(TABLE));
        }
    }
}
