package io.pingagent.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time is a number here: one target, probed every second, with a summary every second. */
class PingIntervalsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long START = 77 * SECOND;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PingIntervals intervals = intervals();
    private long now = START;

    private PingIntervals intervals() {
        PingTargets targets = new PingTargets();
        targets.add("core", IpAddress.v4(0x7f000001));
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new PingIntervals(
                new Nothing(), targets, new PingIntervals.Summaries(SECOND, SECOND, true, -1), stream, stream);
    }

    private List<String> values(String name) {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("SET " + name + " = "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }

    /** The machine stands still when the second probe is due, and is in time for the third. */
    @Test
    void countsOneProbeInEachIntervalAlthoughOneIsLate() {
        for (long lateMillis : new long[] {0, 120, 0, 3, 0}) {
            intervals.passed(now + lateMillis * MILLI);
            intervals.replied(0, 0, 64, MILLI, 0);
            intervals.passed(now + (lateMillis + 1) * MILLI);
            now += SECOND;
            intervals.passed(now - MILLI);
        }
        assertEquals(List.of("1", "1", "1", "1", "1"), values("xmt"));
        assertEquals(List.of("100", "100", "100", "100", "100"), values("returned"));
    }

    @Test
    void saysNothingOfRepliesWhereNothingWasSettled() {
        intervals.passed(now);
        intervals.passed(now + SECOND);
        intervals.lost(0, 0, 0);
        intervals.passed(now + 2 * SECOND);
        assertEquals(List.of("0", "1"), values("xmt"));
        assertEquals(List.of("0"), values("returned"));
    }

    private static final class Nothing implements PingListener {

        @Override
        public void replied(int target, int probe, int icmpBytes, long rttNanos, long wallNanos) {}

        @Override
        public void lost(int target, int probe, long wallNanos) {}

        @Override
        public void duplicate(int target, int probe, int icmpBytes, long rttNanos) {}

        @Override
        public void icmpError(int target, int probe, String reason, IpAddress from) {}

        @Override
        public void sendFailed(int target, int probe, String reason) {}
    }
}
