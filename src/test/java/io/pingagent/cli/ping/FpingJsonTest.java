package io.pingagent.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingListener.Reply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The objects are those of {@code doc/fping-json.md} of fping 5.5, blanks included. */
class FpingJsonTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /**
     * @param flags {@code C} for -C, else -c; {@code q}, {@code s}, {@code o} as fping's; {@code D} for -D; {@code h} for
     *     --print-ttl --print-tos
     */
    private FpingOutput output(String flags, String... names) {
        PingTargets targets = new PingTargets();
        for (int i = 0; i < names.length; i++) {
            targets.add(names[i], IpAddress.v4(0x7f000001 + i));
        }
        FpingOutput.Style style = new FpingOutput.Style(
                new FpingOutput.Probes(
                        true,
                        flags.contains("C"),
                        flags.contains("D") ? PingTimestamps.UNIX : PingTimestamps.NONE,
                        flags.contains("o") ? 1_000_000_000 : -1),
                new FpingOutput.Verdicts(false, false, false),
                new FpingOutput.Header(flags.contains("h"), flags.contains("h")),
                flags.contains("q"),
                flags.contains("s"),
                true,
                0);
        return new FpingOutput(
                style,
                targets,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static Reply reply(long rttNanos) {
        return new Reply(64, rttNanos, 1_795_328_895_040_712_345L, 61, 8);
    }

    private void printed(String expected) {
        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(expected, text);
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        text.lines()
                .forEach(line -> assertEquals(
                        1, JsonParser.parseString(line).getAsJsonObject().size(), line));
    }

    @Test
    void eachProbeAndEachTargetIsAnObject() {
        FpingOutput output = output("c", "", "core");
        output.replied(0, 0, reply(5_120_000));
        output.lost(1, 0, 1_795_328_896_000_000_000L);
        assertEquals(1, output.finish(0, 0));
        printed("""
                {"resp": {"host": "127.0.0.1", "seq": 0, "size": 64, "rtt": 5.12}}
                {"timeout": {"host": "core", "seq": 0}}
                {"summary": {"host": "127.0.0.1", "xmt": 1, "rcv": 1, "loss": 0, "rttMin": 5.12, "rttAvg": 5.12, "rttMax": 5.12}}
                {"summary": {"host": "core", "xmt": 1, "rcv": 0, "loss": 100}}
                """);
    }

    @Test
    void timestampsAndHeadersAreFieldsOfAReply() {
        FpingOutput output = output("cDh", "");
        output.replied(0, 0, reply(54_000));
        output.replied(0, 1, new Reply(64, 54_000, 1_795_328_895_040_712_345L, -1, -1));
        output.lost(0, 2, 1_795_328_896_000_000_000L);
        printed("""
                {"resp": {"timestamp": "1795328895.04071", "host": "127.0.0.1", "seq": 0, "size": 64, "rtt": 0.054, "tos": 8, "ttl": 61}}
                {"resp": {"timestamp": "1795328895.04071", "host": "127.0.0.1", "seq": 1, "size": 64, "rtt": 0.054, "tos": -1, "ttl": -1}}
                {"timeout": {"timestamp": "1795328896.00000", "host": "127.0.0.1", "seq": 2}}
                """);
    }

    @Test
    void listedTimesHaveNullForALoss() {
        FpingOutput output = output("Cq", "");
        output.replied(0, 0, reply(54_000));
        output.lost(0, 1, 0);
        output.replied(0, 2, reply(81_000));
        output.finish(0, 0);
        printed("""
                {"vSum": {"host": "127.0.0.1", "values": [0.054, null, 0.081]}}
                """);
    }

    @Test
    void outageAndStatisticsAreObjectsAsWell() {
        FpingOutput output = output("cqos", "");
        output.replied(0, 0, reply(54_000));
        output.lost(0, 1, 0);
        output.finish(2, 1_252_400_000L);
        printed("""
                {"summary": {"host": "127.0.0.1", "xmt": 2, "rcv": 1, "loss": 50, "outage(ms)": 1000, "rttMin": 0.054, "rttAvg": 0.054, "rttMax": 0.054}}
                {"stats": {"targets": 1, "alive": 1, "unreachable": 0, "unknownAddresses": 2, "timeouts": 1, "icmpEchosSent": 2, "icmpEchoRepliesReceived": 1, "otherIcmpReceived": 0, "rttMin": 0.054, "rttAvg": 0.054, "rttMax": 0.054, "elapsed": 1.252}}
                """);
    }

    /** fping writes names as they are. */
    @Test
    void namesAreEscaped() {
        FpingOutput output = output("cq", "a\"b\\c\u202e");
        output.finish(0, 0);
        printed("{\"summary\": {\"host\": \"a\\\"b\\\\c\\u202e\", \"xmt\": 0, \"rcv\": 0, \"loss\": 0}}\n");
    }

    @Test
    void icmpErrorsStayOnStandardError() {
        FpingOutput output = output("c", "");
        output.icmpError(0, 0, "ICMP Host Unreachable", IpAddress.v4(0x7f000002));
        assertEquals(
                "ICMP Host Unreachable from 127.0.0.2 for ICMP Echo sent to 127.0.0.1\n",
                err.toString(StandardCharsets.UTF_8));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }
}
