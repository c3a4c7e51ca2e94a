package io.pingagent.probe;

import io.pingagent.probe.round.JobPlan;
import io.pingagent.probe.table.AddressIndex;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TimeoutClasses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the sender reads and writes of the next target, in the order of the job's plan; and finding a target by address. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TableBenchmark {

    private static final int FIRST = 0x7f10_0000;
    private static final long SPREAD_NANOS = 10_000_000_000L;
    /** A stride that visits all, as events from elsewhere do: in no order of the table's. */
    private static final int STRIDE = 7_919;

    @Param({"60000", "1000000"})
    int targets;

    private final TargetTable table = new TargetTable();
    private final AddressIndex index = new AddressIndex(table);
    private JobPlan plan;
    private int position;
    private int next;

    @Setup
    public void fill() {
        TargetIds registry = new TargetIds(table, new SettingsTable(new TimeoutClasses()), index, new SystemNanoClock());
        TargetSettings common = new TargetSettings(21_000, -1, 1_000_000_000L);
        int[] ids = new int[targets];
        for (int i = 0; i < targets; i++) {
            ids[i] = registry.add(IpAddress.v4(FIRST + i), common);
        }
        plan = JobPlan.empty().with(ids);
    }

    @Benchmark
    public long nextOfPlan() {
        int targetId = plan.targetId(position);
        long dueNanos = plan.offsetNanos(position, SPREAD_NANOS);
        position = position + 1 == plan.size() ? 0 : position + 1;
        TargetTable.Page page = table.page(targetId);
        int at = targetId & TargetTable.PAGE_MASK;
        if (TargetTable.has(page, at, TargetTable.IN_ERR_LIST)) {
            return 0;
        }
        return dueNanos
                + TargetTable.low(page, at)
                + TargetTable.high(page, at)
                + TargetTable.zone(page, at)
                + page.nextSequence[at]++;
    }

    @Benchmark
    public int findByAddress() {
        next = (next + STRIDE) % targets;
        return index.find(false, 0, FIRST + next);
    }
}
