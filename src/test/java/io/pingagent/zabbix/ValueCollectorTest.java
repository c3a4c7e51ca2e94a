package io.pingagent.zabbix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ValueCollectorTest {

    private static final int TARGET = 5_000;
    private static final long MS = 1_000_000;

    private boolean onErrList = true;
    private final ValueCollector collector = new ValueCollector(3, 2, id -> onErrList);
    private final IntervalRow row = new IntervalRow();

    private List<String> changes() {
        List<String> seen = new ArrayList<>();
        collector.changes((id, up, wallNanos) -> seen.add(id + (up ? " up " : " down ") + wallNanos));
        return seen;
    }

    @Test
    void oneIntervalIsSummedAndTheNextStartsFromNothing() {
        collector.watch(TARGET);
        collector.replied(TARGET, 10 * MS, 100);
        collector.replied(TARGET, 14 * MS, 200);
        collector.lost(TARGET, 300);
        collector.replied(TARGET, 8 * MS, 400);
        collector.lost(TARGET, 500);
        collector.take(TARGET, row);
        assertEquals(5, row.sent);
        assertEquals(3, row.received);
        assertEquals(40.0, row.lossPercent());
        assertEquals(32 * MS, row.rttSumNanos);
        assertEquals(8 * MS, row.rttMinNanos);
        assertEquals(14 * MS, row.rttMaxNanos);
        assertEquals(10 * MS, row.jitterSumNanos);
        assertEquals(2, row.jitterCount);
        assertEquals(400, row.lastReplyWallNanos);
        assertEquals(500, row.lastWallNanos);
        collector.replied(TARGET, 9 * MS, 600);
        collector.take(TARGET, row);
        assertEquals(1, row.sent);
        assertEquals(9 * MS, row.rttMinNanos);
        assertEquals(MS, row.jitterSumNanos, "consecutive across the border of two intervals");
        collector.take(TARGET, row);
        assertEquals(0, row.sent);
    }

    @Test
    void nextTargetInAPlaceInheritsNothing() {
        collector.watch(TARGET);
        collector.replied(TARGET, 10 * MS, 100);
        collector.lost(TARGET, 200);
        collector.unwatch(TARGET);
        int other = 900_000;
        collector.watch(other);
        assertEquals(StatusJudge.Status.UNKNOWN, collector.status(other));
        assertEquals(StatusJudge.Status.UNKNOWN, collector.status(TARGET));
        collector.replied(TARGET, MS, 300);
        collector.replied(other, 3 * MS, 400);
        collector.take(other, row);
        assertEquals(1, row.sent);
        assertEquals(3 * MS, row.rttSumNanos);
        assertEquals(0, row.jitterCount);
        collector.take(TARGET, row);
        assertEquals(0, row.sent);
    }

    @Test
    void othersAreNotMeasured() {
        collector.replied(TARGET, 1, 1);
        collector.lost(TARGET + 1, 1);
        collector.watch(TARGET);
        collector.unwatch(TARGET);
        collector.replied(TARGET, 1, 1);
        collector.take(TARGET, row);
        assertEquals(0, row.sent);
        assertEquals(List.of(), changes());
    }

    @Test
    void anIdThatIsUsedAgainStartsFromNothing() {
        collector.watch(TARGET);
        collector.replied(TARGET, MS, 1);
        collector.unwatch(TARGET);
        collector.watch(TARGET);
        assertEquals(StatusJudge.Status.UNKNOWN, collector.status(TARGET));
        collector.replied(TARGET, MS, 2);
        collector.take(TARGET, row);
        assertEquals(1, row.sent);
        assertEquals(0, row.jitterCount);
    }

    @Test
    void whatWasOnTheErrListBeforeARestartMustAnswerAgainToBeUp() {
        collector.watch(TARGET);
        collector.replied(TARGET, MS, 1);
        collector.lost(TARGET, 2);
        collector.lost(TARGET, 3);
        collector.lost(TARGET, 4);
        assertEquals(List.of(TARGET + " down 4"), changes(), "never up");
        collector.watch(TARGET);
        collector.replied(TARGET, MS, 5);
        collector.replied(TARGET, MS, 6);
        assertEquals(List.of(TARGET + " up 6"), changes());
    }

    @Test
    void anUnknownTargetThatIsNotOnTheErrListIsUpAtItsFirstReply() {
        onErrList = false;
        collector.watch(TARGET);
        collector.replied(TARGET, MS, 1);
        assertEquals(List.of(TARGET + " up 1"), changes());
    }

    @Test
    void downNeedsLossesInARowAndUpRepliesInARow() {
        onErrList = false;
        collector.watch(TARGET);
        collector.replied(TARGET, MS, 1);
        onErrList = true;
        collector.lost(TARGET, 2);
        collector.lost(TARGET, 3);
        collector.replied(TARGET, MS, 4);
        collector.lost(TARGET, 5);
        collector.lost(TARGET, 6);
        assertEquals(List.of(TARGET + " up 1"), changes());
        collector.lost(TARGET, 7);
        collector.lost(TARGET, 8);
        assertEquals(List.of(TARGET + " down 7"), changes());
        collector.replied(TARGET, MS, 9);
        collector.lost(TARGET, 10);
        collector.replied(TARGET, MS, 11);
        assertEquals(List.of(), changes());
        collector.replied(TARGET, MS, 12);
        assertEquals(List.of(TARGET + " up 12"), changes());
    }

    @Test
    void lossesCountOnlyAtErrListCadence() {
        onErrList = false;
        collector.watch(TARGET);
        for (int i = 0; i < 10; i++) {
            collector.lost(TARGET, i);
        }
        assertEquals(List.of(), changes());
        onErrList = true;
        collector.lost(TARGET, 10);
        assertEquals(List.of(TARGET + " down 10"), changes());
    }

    @Test
    void changesThatNobodyReadsAreReportedAsMissed() {
        onErrList = false;
        for (int id = 0; id < 20_000; id++) {
            collector.watch(id);
            collector.replied(id, MS, 1);
        }
        assertTrue(changes().size() < 20_000);
        assertTrue(collector.takeMissedChanges());
        assertEquals(StatusJudge.Status.UP, collector.status(19_999));
    }

    /** Every row must be one that the writer left behind: all its probes have the same round-trip time. */
    @Test
    void rowsAreConsistentWhileTheWriterRuns() throws InterruptedException {
        collector.watch(TARGET);
        AtomicBoolean stop = new AtomicBoolean();
        long[] written = new long[1];
        Thread writer = new Thread(() -> {
            while (!stop.get()) {
                collector.replied(TARGET, 7, written[0]);
                written[0]++;
            }
        });
        writer.start();
        long read = 0;
        for (int i = 0; i < 200_000; i++) {
            collector.take(TARGET, row);
            read += row.received;
            assertEquals(row.sent, row.received);
            assertEquals(7 * row.received, row.rttSumNanos);
            if (row.received > 0) {
                assertEquals(read - 1, row.lastWallNanos);
                assertEquals(7, row.rttMinNanos);
            }
        }
        stop.set(true);
        writer.join();
        collector.take(TARGET, row);
        assertEquals(written[0], read + row.received);
    }

    @Test
    void measuringMakesNoGarbage() {
        collector.watch(TARGET);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(100_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 2_000, "allocated " + allocated);
    }

    private void run(int count) {
        for (int i = 0; i < count; i++) {
            collector.replied(TARGET, i, i);
            collector.lost(TARGET, i);
            collector.take(TARGET, row);
        }
    }
}
