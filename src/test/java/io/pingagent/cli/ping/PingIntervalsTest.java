package io.pingagent.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pingagent.cli.ping.PingIntervals.Form;
import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener;
import io.pingagent.ping.PingListener.Reply;
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
    private static final Reply REPLY = new Reply(64, MILLI, 0, 64, 0);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PingIntervals intervals = intervals(Form.NETDATA, false);
    private long now = START;

    private PingIntervals intervals(Form form, boolean isCumulative) {
        PingTargets targets = new PingTargets();
        targets.add("core", IpAddress.v4(0x7f000001));
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new PingIntervals(
                new Nothing(),
                targets,
                new PingIntervals.Summaries(SECOND, SECOND, form, isCumulative, -1),
                stream,
                stream);
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
            intervals.replied(0, 0, REPLY);
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

    private String after(PingIntervals summaries, int seconds) {
        summaries.passed(now);
        for (int second = 0; second < seconds; second++) {
            summaries.replied(0, second, REPLY);
            now += SECOND;
            summaries.passed(now);
        }
        return out.toString(StandardCharsets.UTF_8)
                .replaceAll("\\[\\d\\d:\\d\\d:\\d\\d]", "[#]")
                .replaceAll("\"time\": \\d{10,}", "\"time\": #");
    }

    @Test
    void eachIntervalCountsItself() {
        assertEquals("""
                [#]
                core : xmt/rcv/%loss = 1/1/0%, min/avg/max = 1.00/1.00/1.00
                [#]
                core : xmt/rcv/%loss = 1/1/0%, min/avg/max = 1.00/1.00/1.00
                """, after(intervals(Form.LINES, false), 2));
    }

    @Test
    void cumulativeSummariesCountFromTheStart() {
        assertEquals("""
                [#]
                core : xmt/rcv/%loss = 1/1/0%, min/avg/max = 1.00/1.00/1.00
                [#]
                core : xmt/rcv/%loss = 2/2/0%, min/avg/max = 1.00/1.00/1.00
                """, after(intervals(Form.LINES, true), 2));
    }

    /** fping's manual: not with -N. */
    @Test
    void netdataGetsEachIntervalAlthoughCumulativeIsAskedFor() {
        after(intervals(Form.NETDATA, true), 2);
        assertEquals(List.of("1", "1"), values("xmt"));
    }

    /** The blank that is missing after the comma is missing in fping. */
    @Test
    void jsonHasAnObjectForEachTargetAndInterval() {
        assertEquals(
                "{\"intSum\": {\"time\": #,\"host\": \"core\", \"xmt\": 1, \"rcv\": 1, \"loss\": 0,"
                        + " \"rttMin\": 1.00, \"rttAvg\": 1.00, \"rttMax\": 1.00}}\n",
                after(intervals(Form.JSON, false), 1));
    }

    /** fping 5.2 took the host out of the titles. */
    @Test
    void chartsOfNetdataAreThoseOfFping() {
        String text = after(intervals(Form.NETDATA, false), 1);
        assertEquals(
                List.of(
                        "CHART fping.core_packets '' 'FPing Packets' packets 'core' fping.packets line 110020 1",
                        "CHART fping.core_quality '' 'FPing Quality' percentage 'core' fping.quality area 110010 1",
                        "CHART fping.core_latency '' 'FPing Latency' ms 'core' fping.latency area 110000 1"),
                text.lines().filter(line -> line.startsWith("CHART ")).toList());
    }

    private static final class Nothing implements PingListener {

        @Override
        public void replied(int target, int probe, Reply reply) {}

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
