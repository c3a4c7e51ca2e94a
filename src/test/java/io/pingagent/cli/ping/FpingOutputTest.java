package io.pingagent.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener.Reply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected lines were written by fping 5.1 for the same events, or by a newer one where that differs. */
class FpingOutputTest {

    private static final int LOOPBACK = 0x7f000000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static Reply reply(long rttNanos, long wallNanos) {
        return new Reply(64, rttNanos, wallNanos, 61, 8);
    }

    /**
     * @param flags fping's letters; {@code c} stands for -c, {@code C} for -C, {@code x} for -x 2, {@code t} for
     *     --print-tos, {@code h} for --print-ttl
     */
    private FpingOutput output(String flags, int... lastOctets) {
        return outputOf(
                flags,
                Arrays.stream(lastOctets)
                        .mapToObj(octet -> IpAddress.v4(LOOPBACK + octet))
                        .toArray(IpAddress[]::new));
    }

    private FpingOutput outputOf(String flags, IpAddress... addresses) {
        PingTargets targets = new PingTargets();
        for (IpAddress address : addresses) {
            targets.add("", address);
        }
        FpingOutput.Style style = new FpingOutput.Style(
                new FpingOutput.Probes(
                        flags.contains("c") || flags.contains("C"),
                        flags.contains("C"),
                        flags.contains("D") ? PingTimestamps.UNIX : PingTimestamps.NONE,
                        flags.contains("o") ? 1_000_000_000 : -1),
                new FpingOutput.Verdicts(flags.contains("a"), flags.contains("u"), flags.contains("e")),
                new FpingOutput.Header(flags.contains("t"), flags.contains("h")),
                flags.contains("q"),
                flags.contains("s"),
                flags.contains("J"),
                flags.contains("x") ? 2 : 0);
        return new FpingOutput(
                style,
                targets,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private void printed(String expectedOut, String expectedErr) {
        assertEquals(expectedOut, out.toString(StandardCharsets.UTF_8));
        assertEquals(expectedErr, err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aliveAndUnreachable() {
        FpingOutput output = output("", 1, 66);
        output.replied(0, 0, reply(34_000, 0));
        output.lost(1, 0, 0);
        output.lost(1, 1, 0);
        assertEquals(1, output.finish(0, 0));
        printed("127.0.0.1 is alive\n127.0.0.66 is unreachable\n", "");
    }

    @Test
    void elapsed() {
        FpingOutput output = output("e", 1, 66);
        output.replied(0, 0, reply(43_000, 0));
        output.lost(1, 0, 0);
        assertEquals(1, output.finish(0, 0));
        printed("127.0.0.1 is alive (0.043 ms)\n127.0.0.66 is unreachable\n", "");
    }

    @Test
    void onlyAliveElapsed() {
        FpingOutput output = output("ae", 1, 66);
        output.replied(0, 0, reply(33_000, 0));
        output.lost(1, 0, 0);
        output.finish(0, 0);
        printed("127.0.0.1 (0.033 ms)\n", "");
    }

    @Test
    void onlyUnreachableWhetherQuietOrNot() {
        FpingOutput output = output("uq", 1, 66);
        output.replied(0, 0, reply(33_000, 0));
        output.lost(1, 0, 0);
        output.finish(0, 0);
        printed("127.0.0.66\n", "");
    }

    @Test
    void onlyAliveQuiet() {
        FpingOutput output = output("aq", 1);
        output.replied(0, 0, reply(33_000, 0));
        assertEquals(0, output.finish(0, 0));
        printed("127.0.0.1\n", "");
    }

    @Test
    void quietSaysNothing() {
        FpingOutput output = output("q", 1, 66);
        output.replied(0, 0, reply(33_000, 0));
        output.lost(1, 0, 0);
        assertEquals(1, output.finish(0, 0));
        printed("", "");
    }

    @Test
    void nameNotFoundWins() {
        FpingOutput output = output("q", 66);
        output.lost(0, 0, 0);
        assertEquals(2, output.finish(1, 0));
    }

    @Test
    void countingAlignsNames() {
        FpingOutput output = output("c", 1, 22);
        output.replied(0, 0, reply(23_000, 0));
        output.replied(1, 0, reply(39_000, 0));
        output.replied(0, 1, reply(32_000, 0));
        output.replied(1, 1, reply(15_000, 0));
        assertEquals(0, output.finish(0, 0));
        printed("""
                127.0.0.1  : [0], 64 bytes, 0.023 ms (0.023 avg, 0% loss)
                127.0.0.22 : [0], 64 bytes, 0.039 ms (0.039 avg, 0% loss)
                127.0.0.1  : [1], 64 bytes, 0.032 ms (0.028 avg, 0% loss)
                127.0.0.22 : [1], 64 bytes, 0.015 ms (0.027 avg, 0% loss)
                """, """

                127.0.0.1  : xmt/rcv/%loss = 2/2/0%, min/avg/max = 0.023/0.028/0.032
                127.0.0.22 : xmt/rcv/%loss = 2/2/0%, min/avg/max = 0.015/0.027/0.039
                """);
    }

    @Test
    void countingWithLoss() {
        FpingOutput output = output("c", 66, 68);
        output.lost(0, 0, 0);
        output.lost(1, 0, 0);
        output.replied(1, 1, reply(80_000, 0));
        output.lost(0, 1, 0);
        output.lost(0, 2, 0);
        output.lost(1, 2, 0);
        assertEquals(1, output.finish(0, 0));
        printed("""
                127.0.0.66 : [0], timed out (NaN avg, 100% loss)
                127.0.0.68 : [0], timed out (NaN avg, 100% loss)
                127.0.0.68 : [1], 64 bytes, 0.080 ms (0.080 avg, 50% loss)
                127.0.0.66 : [1], timed out (NaN avg, 100% loss)
                127.0.0.66 : [2], timed out (NaN avg, 100% loss)
                127.0.0.68 : [2], timed out (0.080 avg, 66% loss)
                """, """

                127.0.0.66 : xmt/rcv/%loss = 3/0/100%
                127.0.0.68 : xmt/rcv/%loss = 3/1/66%, min/avg/max = 0.080/0.080/0.080
                """);
    }

    @Test
    void resultListKeepsTheOrderOfProbes() {
        FpingOutput output = output("Cq", 66, 68);
        for (int probe = 0; probe < 4; probe++) {
            output.lost(0, probe, 0);
        }
        output.replied(1, 0, reply(49_000, 0));
        output.replied(1, 2, reply(38_000, 0));
        output.lost(1, 1, 0);
        output.lost(1, 3, 0);
        assertEquals(1, output.finish(0, 0));
        printed("", "127.0.0.66 : - - - -\n127.0.0.68 : 0.049 - 0.038 -\n");
    }

    @Test
    void quietSummary() {
        FpingOutput output = output("cq", 1, 10);
        for (int probe = 0; probe < 3; probe++) {
            output.replied(0, probe, reply(17_000 + probe * 5_000, 0));
            output.replied(1, probe, reply(12_000, 0));
        }
        assertEquals(0, output.finish(0, 0));
        printed("", """
                127.0.0.1  : xmt/rcv/%loss = 3/3/0%, min/avg/max = 0.017/0.022/0.027
                127.0.0.10 : xmt/rcv/%loss = 3/3/0%, min/avg/max = 0.012/0.012/0.012
                """);
    }

    /** As fping 5.2 and newer; 5.1 left the summary only. */
    @ParameterizedTest
    @ValueSource(strings = {"c", "ca", "cu"})
    void countingShowsEachProbeWhateverTheVerdictsAsked(String flags) {
        FpingOutput output = output(flags, 66, 1);
        output.lost(0, 0, 0);
        output.replied(1, 0, reply(31_000, 0));
        assertEquals(1, output.finish(0, 0));
        printed("""
                127.0.0.66 : [0], timed out (NaN avg, 100% loss)
                127.0.0.1  : [0], 64 bytes, 0.031 ms (0.031 avg, 0% loss)
                """, """

                127.0.0.66 : xmt/rcv/%loss = 1/0/100%
                127.0.0.1  : xmt/rcv/%loss = 1/1/0%, min/avg/max = 0.031/0.031/0.031
                """);
    }

    @Test
    void timestampsHaveFiveDecimals() {
        FpingOutput output = output("cD", 1);
        output.replied(0, 0, reply(15_000, 1_795_328_895_040_712_345L));
        output.lost(0, 1, 1_795_328_945_373_449_999L);
        output.finish(0, 0);
        assertEquals("""
                [1795328895.04071] 127.0.0.1 : [0], 64 bytes, 0.015 ms (0.015 avg, 0% loss)
                [1795328945.37344] 127.0.0.1 : [1], timed out (0.015 avg, 50% loss)
                """, out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void statistics() {
        FpingOutput output = output("s", 66, 1);
        output.replied(1, 0, reply(41_000, 0));
        output.lost(0, 0, 0);
        output.lost(0, 1, 0);
        assertEquals(2, output.finish(1, 1_252_000_000L));
        printed("127.0.0.1 is alive\n127.0.0.66 is unreachable\n", """

                       2 targets
                       1 alive
                       1 unreachable
                       1 unknown addresses

                       2 timeouts (waiting for response)
                       3 ICMP Echos sent
                       1 ICMP Echo Replies received
                       0 other ICMP received

                 0.041 ms (min round trip time)
                 0.041 ms (avg round trip time)
                 0.041 ms (max round trip time)
                        1.252 sec (elapsed real time)

                """);
    }

    @Test
    void statisticsWithoutAnyReply() {
        FpingOutput output = output("csq", 66);
        output.lost(0, 0, 0);
        output.lost(0, 1, 0);
        assertEquals(1, output.finish(0, 200_000_000L));
        printed("", """
                127.0.0.66 : xmt/rcv/%loss = 2/0/100%

                       1 targets
                       0 alive
                       1 unreachable
                       0 unknown addresses

                       2 timeouts (waiting for response)
                       2 ICMP Echos sent
                       0 ICMP Echo Replies received
                       0 other ICMP received

                 0.000 ms (min round trip time)
                 0.000 ms (avg round trip time)
                 0.000 ms (max round trip time)
                        0.200 sec (elapsed real time)

                """);
    }

    @Test
    void errorsGoToStandardError() {
        FpingOutput output = output("", 67, 3);
        output.icmpError(0, 0, "ICMP Host Unreachable", IpAddress.v4(LOOPBACK + 67));
        output.lost(0, 0, 0);
        output.sendFailed(1, 0, "Network is unreachable");
        output.lost(1, 0, 0);
        output.finish(0, 0);
        printed("127.0.0.67 is unreachable\n127.0.0.3 is unreachable\n", """
                ICMP Host Unreachable from 127.0.0.67 for ICMP Echo sent to 127.0.0.67
                127.0.0.3: error while sending ping: Network is unreachable
                """);
    }

    /** fping says nothing of them in the counting modes, and counts no timeout. */
    @Test
    void probesThatTheKernelRefusesAreLostWithoutALine() {
        FpingOutput output = output("c", 3);
        output.sendFailed(0, 0, "Network is unreachable");
        output.lost(0, 0, 0);
        output.finish(0, 0);
        printed("", """

                127.0.0.3 : xmt/rcv/%loss = 1/0/100%
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "aq", "u", "x"})
    void duplicatesAreReportedWhereTargetsHaveAVerdict(String flags) {
        FpingOutput output = output(flags, 3);
        output.replied(0, 0, reply(41_000, 0));
        output.duplicate(0, 0, 64, 52_000);
        assertEquals("127.0.0.3 : duplicate for [0], 64 bytes, 0.052 ms\n", err.toString(StandardCharsets.UTF_8));
    }

    /** As fping 5.5; up to 5.4 it reported them with -q. */
    @ParameterizedTest
    @ValueSource(strings = {"c", "cq", "Cq"})
    void duplicatesOfCountedProbesAreNotReported(String flags) {
        FpingOutput output = output(flags, 3);
        output.replied(0, 0, reply(41_000, 0));
        output.duplicate(0, 0, 64, 52_000);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void duplicatesAreRepliesInTheStatistics() {
        FpingOutput output = output("cqs", 3);
        output.replied(0, 0, reply(41_000, 0));
        output.duplicate(0, 0, 64, 52_000);
        output.finish(0, 0);
        String statistics = err.toString(StandardCharsets.UTF_8);
        assertTrue(statistics.contains("""
                               1 ICMP Echos sent
                               2 ICMP Echo Replies received
                               0 other ICMP received
                        """), statistics);
    }

    @Test
    void headersOfRepliesStandBeforeTheTimeOfAVerdict() {
        FpingOutput output = output("the", 1, 66);
        output.replied(0, 0, reply(34_000, 0));
        output.lost(1, 0, 0);
        output.finish(0, 0);
        printed("127.0.0.1 is alive (TOS 8) (TTL 61) (0.034 ms)\n127.0.0.66 is unreachable\n", "");
    }

    @Test
    void headersOfRepliesStandAtTheEndOfALine() {
        FpingOutput output = output("cth", 1);
        output.replied(0, 0, reply(34_000, 0));
        output.lost(0, 1, 0);
        assertEquals("""
                127.0.0.1 : [0], 64 bytes, 0.034 ms (0.034 avg, 0% loss) (TOS 8) (TTL 61)
                127.0.0.1 : [1], timed out (0.034 avg, 50% loss)
                """, out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void headersThatAreNotKnownAreSaidToBe() {
        FpingOutput output = output("ath", 1);
        output.replied(0, 0, new Reply(64, 34_000, 0, -1, -1));
        assertEquals("127.0.0.1 (TOS unknown) (TTL unknown)\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void errorsAboutIpv6NameIt() {
        FpingOutput output = outputOf("", IpAddress.v6(0xfd00L << 48, 5, 0));
        output.icmpError(
                0, 0, "ICMPv6 Destination Unreachable (Address unreachable)", IpAddress.v6(0xfd00L << 48, 1, 0));
        printed(
                "",
                "ICMPv6 Destination Unreachable (Address unreachable) from fd00::1"
                        + " for ICMPv6 Echo Request sent to fd00::5\n");
    }

    /** -q alone silences ICMP errors; -x, -a and -u silence those of this machine, too. */
    @Test
    void verdictsThatAreNotAskedForLeaveIcmpErrors() {
        for (String flags : new String[] {"x", "a", "u"}) {
            FpingOutput output = output(flags, 67);
            output.icmpError(0, 0, "ICMP Host Unreachable", IpAddress.v4(LOOPBACK + 1));
            output.sendFailed(0, 0, "Network is unreachable");
        }
        printed("", "ICMP Host Unreachable from 127.0.0.1 for ICMP Echo sent to 127.0.0.67\n".repeat(3));
    }

    @Test
    void outageIsLostProbesTimesThePeriod() {
        FpingOutput output = output("cqo", 3);
        output.replied(0, 0, reply(41_000, 0));
        output.lost(0, 1, 0);
        output.finish(0, 0);
        printed("", "127.0.0.3 : xmt/rcv/%loss = 2/1/50%, outage(ms) = 1000, min/avg/max = 0.041/0.041/0.041\n");
    }

    @Test
    void statisticsComeBeforeTheVerdictOnReachableTargets() {
        FpingOutput output = output("qxs", 3);
        output.replied(0, 0, reply(41_000, 0));
        assertEquals(1, output.finish(0, 0));
        assertEquals("Not enough hosts reachable (required: 2, reachable: 1)\n", out.toString(StandardCharsets.UTF_8));
        String statistics = err.toString(StandardCharsets.UTF_8);
        assertTrue(statistics.startsWith("\n       1 targets\n       1 alive\n"), statistics);
    }

    @Test
    void enoughReachableTargetsAreSuccess() {
        FpingOutput output = output("qx", 3, 4, 5);
        output.replied(0, 0, reply(41_000, 0));
        output.lost(1, 0, 0);
        assertEquals(1, output.finish(0, 0));
        output.replied(2, 0, reply(41_000, 0));
        assertEquals(0, output.finish(1, 0));
        printed("""
                Not enough hosts reachable (required: 2, reachable: 1)
                Enough hosts reachable (required: 2, reachable: 2)
                """, "");
    }

    @Test
    void stoppedBeforeAnythingSettled() {
        FpingOutput output = output("cqC", 1);
        assertEquals(1, output.finish(0, 0));
        printed("", "127.0.0.1 : \n");
    }
}
