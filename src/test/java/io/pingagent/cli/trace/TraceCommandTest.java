package io.pingagent.cli.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.cli.Cli;
import io.pingagent.model.Addresses;
import io.pingagent.trace.Hop;
import io.pingagent.trace.TraceRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceCommandTest {

    private static final String TARGET = "192.0.2.7";

    private final Cli cli = new Cli();

    private static Hop hop(String address, long rttMicros) {
        return new Hop(Addresses.parse(address), rttMicros * 1_000, "");
    }

    private void reached() {
        cli.operations.rounds = List.of(
                List.of(hop("10.0.0.1", 400), hop("10.0.1.1", 1_000), hop(TARGET, 2_000)),
                List.of(hop("10.0.0.1", 600), Hop.SILENT, hop(TARGET, 4_000)),
                List.of(hop("10.0.0.1", 500), hop("10.0.1.9", 3_000), hop(TARGET, 3_000)));
    }

    @Test
    void theTableHasLossAndTimesOfEachHopAndEveryRouterThatAnswered() {
        reached();
        Cli.Result result = cli.run("trace", "-c", "1", TARGET);
        assertEquals(0, result.status());
        assertEquals(
                List.of(
                        "HOP  ADDRESS    LOSS  SENT      LAST       AVG      BEST     WORST    STDDEV",
                        "  1  10.0.0.1     0%     3  0.500 ms  0.500 ms  0.400 ms  0.600 ms  0.100 ms",
                        "  2  10.0.1.1    33%     3   3.00 ms   2.00 ms   1.00 ms   3.00 ms   1.41 ms",
                        "     10.0.1.9",
                        "  3  192.0.2.7    0%     3   3.00 ms   3.00 ms   2.00 ms   4.00 ms   1.00 ms"),
                result.outLines());
    }

    @Test
    void anAddressThatNeverAnswersIsStatusOneAndTheTableEndsBehindTheLastHop() {
        cli.operations.rounds = List.of(
                List.of(hop("10.0.0.1", 400), new Hop(Addresses.parse("10.0.1.1"), 1_000_000, "host unreachable")),
                List.of(hop("10.0.0.1", 400), Hop.SILENT, Hop.SILENT));
        Cli.Result result = cli.run("trace", "-r", "-c", "1", TARGET);
        assertEquals(1, result.status());
        List<String> lines = result.outLines();
        assertEquals(4, lines.size(), result::out);
        assertTrue(lines.get(2).contains("10.0.1.1"), result::out);
        assertEquals("no answer behind hop 2", lines.get(3));

        cli.operations.rounds = List.of(List.of(Hop.SILENT, Hop.SILENT));
        assertEquals(
                "no hop answers", cli.run("trace", "-c", "1", TARGET).outLines().get(1));
    }

    @Test
    void scriptsGetOneDocument() {
        reached();
        Cli.Result result = cli.run("trace", "--json", "-c", "1", TARGET);
        JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
        assertEquals(TARGET, json.get("address").getAsString());
        assertTrue(json.get("reached").getAsBoolean());
        assertEquals(3, json.get("rounds").getAsInt());
        JsonObject second = json.getAsJsonArray("hops").get(1).getAsJsonObject();
        assertEquals(2, second.getAsJsonArray("addresses").size());
        assertEquals(2, second.get("received").getAsInt());
        assertEquals(1.0, second.get("bestMs").getAsDouble());
        assertEquals(3.0, second.get("worstMs").getAsDouble());
    }

    @Test
    void optionsReachTheTrace() {
        reached();
        cli.run(
                "trace",
                "-c",
                "7",
                "-i",
                "0.5",
                "-t",
                "2",
                "-f",
                "2",
                "-m",
                "9",
                "-b",
                "100",
                "-O",
                "184",
                "-S",
                "192.0.2.1",
                "-I",
                "eth9",
                TARGET);
        TraceRequest request = cli.operations.traces.get(0);
        assertEquals(new TraceRequest.Plan(2, 9, 7, 500_000_000L, 2_000_000_000L), request.plan());
        assertEquals(new TraceRequest.Packet(100, 184, "eth9", Addresses.parse("192.0.2.1")), request.packet());
        assertEquals(Addresses.parse(TARGET), request.address());
    }

    @Test
    void withoutATerminalItEndsAfterTenRounds() {
        reached();
        cli.run("trace", TARGET);
        assertEquals(10, cli.operations.traces.get(0).plan().rounds());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-c 0 192.0.2.7|-c takes 1 to 1000000, not 0",
                "-i 0 192.0.2.7|-i takes 0.1 to 3600, not 0",
                "-t 61 192.0.2.7|-t takes 0.01 to 60, not 61",
                "-m 65 192.0.2.7|-m takes 1 to 64, not 65",
                "-f 9 -m 8 192.0.2.7|-f 9 is above -m 8",
                "-b 31 192.0.2.7|-b takes 32 to 65487, not 31",
                "-O 256 192.0.2.7|-O takes 0 to 255, not 256",
                "-4 -6 192.0.2.7|-4 and -6 exclude each other",
                "-n --names 192.0.2.7|-n and --names exclude each other",
                "--agent gza 192.0.2.7|--agent needs --last",
                "--last -c 3 192.0.2.7|-c excludes --last, which shows what agents kept; leave out -c",
                "--last --src 192.0.2.1 192.0.2.7|-S excludes --last",
                "-6 192.0.2.7|'192.0.2.7' is no IPv6 address; leave out -6",
                "-S host 192.0.2.7|-S takes an address",
                "-S 224.0.0.1 192.0.2.7|can never be a source",
                "fe80::1|'fe80::1' can never answer: a link-local address needs its interface",
                "192.0.2.256|192.0.2.256"
            })
    void whatIsWrongIsNamed(String arguments, String message) {
        Cli.Result result = cli.run(("trace " + arguments).split(" "));
        assertEquals(64, result.status());
        assertTrue(result.err().contains(message), result::err);
        assertTrue(cli.operations.traces.isEmpty());
    }

    @Test
    void whatTheMachineryRefusesIsNamedByItsOption() {
        cli.operations.refuse(new ServiceUnreachableException("probe.interface 'nope': there is no such interface"));
        Cli.Result result = cli.run("trace", "-I", "nope", TARGET);
        assertEquals(69, result.status());
        assertEquals("ping-agent: -I 'nope': there is no such interface\n", result.err());
    }

    @Test
    void whereTheHighestTtlWasAnsweredNobodySaysThatNothingAnswersBehindIt() {
        cli.operations.rounds = List.of(List.of(hop("10.0.0.1", 400), hop("10.0.1.1", 400), hop("10.0.0.1", 400)));
        Cli.Result result = cli.run("trace", "-c", "1", "-m", "3", TARGET);
        assertEquals("not reached within 3 hops", result.outLines().get(4));
    }

    @Test
    void aNameThatDoesNotExistIsStatusTwo() {
        Cli.Result result = cli.run("trace", "does-not-exist.invalid");
        assertEquals(2, result.status());
        assertTrue(result.err().contains("'does-not-exist.invalid' is not found"), result::err);
    }
}
