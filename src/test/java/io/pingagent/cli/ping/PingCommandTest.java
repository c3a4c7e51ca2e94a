package io.pingagent.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.cli.Cli;
import io.pingagent.model.IpAddress;
import io.pingagent.ping.PingRequest;
import io.pingagent.ping.PingRequest.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PingCommandTest {

    private final Cli cli = new Cli();

    private PingRequest request(String command) {
        cli.operations.pings.clear();
        Cli.Result result = cli.run(command.split(" ", -1));
        assertEquals(1, cli.operations.pings.size(), result.err());
        return cli.operations.pings.get(0);
    }

    private List<String> targets(String command) {
        return request(command).targets().stream().map(IpAddress::toString).toList();
    }

    @Test
    void defaultsAreThoseOfFping() {
        PingRequest request = request("ping 127.0.0.1");
        assertEquals(Mode.ALIVE, request.plan().mode());
        assertEquals(4, request.plan().probes());
        assertEquals(1.5, request.plan().backoff());
        assertEquals(10_000_000, request.plan().intervalNanos());
        assertEquals(500_000_000, request.plan().timeoutNanos());
        assertEquals(56, request.packet().payloadBytes());
        assertNull(request.packet().trafficClass());
        assertNull(request.packet().hopLimit());
        assertNull(request.route().source());
        assertNull(request.route().interfaceName());
    }

    @Test
    void timeoutOfTheCountingModesIsThePeriodUpToTwoSeconds() {
        assertEquals(100_000_000, request("ping -c 2 -p 100 127.0.0.1").plan().timeoutNanos());
        assertEquals(2_000_000_000, request("ping -l -p 5000 127.0.0.1").plan().timeoutNanos());
        assertEquals(250_000, request("ping -C 2 -t 0.25 127.0.0.1").plan().timeoutNanos());
    }

    @Test
    void everyOptionArrives() {
        PingRequest request =
                request("ping -qC3 -i 0.5 -p 20 -r 1 -B 2 -b 1000 -O 0xb8 -H 7 -I lo -S 127.0.0.2 -M 127.0.0.1");
        assertEquals(Mode.COUNT, request.plan().mode());
        assertEquals(3, request.plan().probes());
        assertEquals(500_000, request.plan().intervalNanos());
        assertEquals(20_000_000, request.plan().periodNanos());
        assertEquals(1000, request.packet().payloadBytes());
        assertEquals(0xb8, request.packet().trafficClass());
        assertEquals(7, request.packet().hopLimit());
        assertEquals("lo", request.route().interfaceName());
        assertEquals("127.0.0.2", String.valueOf(request.route().source()));
        assertTrue(request.packet().dontFragment());
        assertEquals(Mode.LOOP, request("ping --loop 127.0.0.1").plan().mode());
    }

    @Test
    void generatesAsFpingDoes() {
        assertEquals(List.of("127.0.0.0"), targets("ping -g 127.0.0.0/32"));
        assertEquals(List.of("127.0.0.0", "127.0.0.1"), targets("ping -g 127.0.0.0/31"));
        assertEquals(List.of("127.0.0.1", "127.0.0.2"), targets("ping -g 127.0.0.0/30"));
        assertEquals(List.of("127.0.0.1", "127.0.0.2"), targets("ping -g 127.0.0.3/30"));
        assertEquals(List.of("127.0.0.254", "127.0.0.255", "127.0.1.0"), targets("ping -g 127.0.0.254 127.0.1.0"));
        assertEquals(List.of("2001:db8::ffff", "2001:db8::1:0"), targets("ping -g 2001:db8::ffff 2001:db8::1:0"));
        assertEquals(254, targets("ping -g 127.0.0.0/24").size());
    }

    @Test
    void readsAFileAsFpingDoes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("targets");
        Files.writeString(file, "# comment\n\n127.0.0.1\n  127.0.0.2  a note\n#127.0.0.3\n::1");
        assertEquals(List.of("127.0.0.1", "127.0.0.2", "::1"), targets("ping -f " + file));
        cli.input("127.0.0.5\n");
        assertEquals(List.of("127.0.0.5"), targets("ping -f -"));
    }

    @Test
    void readsStandardInputWhenNothingElseNamesTargets() {
        cli.input("127.0.0.1\n\n# note\n127.0.0.2 x\r\n");
        assertEquals(List.of("127.0.0.1", "127.0.0.2"), targets("ping -C3 -i0"));
        assertEquals(List.of("127.0.0.5"), targets("ping -C3 -i0 127.0.0.5"));
    }

    @Test
    void emptyStandardInputIsNoTargetAndNoError() {
        Cli.Result result = cli.run("ping", "-C3");
        assertEquals(1, result.status());
        assertEquals("", result.out() + result.err());
    }

    @Test
    void doesNotWaitForAPersonToTypeTargets() {
        Cli.Result result = cli.typed().run("ping");
        assertEquals(64, result.status());
        assertTrue(result.err().startsWith("ping-agent: no targets; name some addresses"), result.err());
    }

    @Test
    void whatJavaAloneTakesForAnAddressIsUnknown() {
        Cli.Result result = cli.run("ping", "", "[::1]", "127.0.0.1");
        assertEquals(2, result.status());
        assertEquals(": Name or service not known\n[::1]: Name or service not known\n", result.err());
        assertEquals("127.0.0.1 is alive\n", result.out());
    }

    @Test
    void quietLeavesUnknownNamesToTheExitStatus() {
        Cli.Result result = cli.run("ping", "-q", "-c", "1", "no..name");
        assertEquals(2, result.status());
        assertEquals("", result.out() + result.err());
    }

    @Test
    void leavesOutAddressesThatCanNeverAnswer() {
        Cli.Result result = cli.run(
                "ping",
                "0.0.0.0",
                "0.1.2.3",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "ff02::1%lo",
                "::ffff:192.0.2.1",
                "fe80::1",
                "fe80::1%lo",
                "127.0.0.1");
        assertEquals(2, result.status());
        assertEquals("127.0.0.1 is alive\nfe80::1%lo is alive\n", sorted(result.out()));
        assertEquals(9, result.err().lines().count(), result.err());
        result.err().lines().forEach(line -> assertTrue(line.contains(": can never answer: "), line));
        assertTrue(result.err().contains("write 192.0.2.1\n"), result.err());
    }

    private static String sorted(String text) {
        return text.lines().sorted().map(line -> line + "\n").collect(java.util.stream.Collectors.joining());
    }

    @Test
    void callersOfFpingAreNotRefused() {
        PingRequest request = request("ping -c 1 -C 2 -c 3 -T 5 -R -b 24 127.0.0.1");
        assertEquals(Mode.COUNT, request.plan().mode());
        assertEquals(3, request.plan().probes());
        assertEquals(32, request.packet().payloadBytes());
        // SmokePing's own pattern.
        assertTrue(Pattern.compile("Version (3.1[6-9]|[4-9])")
                .matcher(cli.run("ping", "-v").out())
                .find());
        // Zabbix and SmokePing look for the options in the help.
        String help = cli.run("ping", "-h").out();
        for (String option : List.of("-S", "-O", "-k")) {
            assertTrue(help.contains("\n  " + option + ", "), help);
        }
    }

    @Test
    void newerOptionsOfFpingArrive() {
        assertEquals(0x100, request("ping -k 256 127.0.0.1").route().mark());
        assertEquals(-1, request("ping --fwmark 0xffffffff 127.0.0.1").route().mark());
        assertEquals(0, request("ping 127.0.0.1").route().mark());
        assertEquals(65_507, request("ping -b 65507 127.0.0.1").packet().payloadBytes());
        assertTrue(request("ping --print-tos 127.0.0.1").readsTrafficClass());
        assertFalse(request("ping --print-ttl 127.0.0.1").readsTrafficClass());
        assertEquals(
                4,
                request("ping --check-source --seqmap-timeout=500 127.0.0.1")
                        .plan()
                        .probes());
    }

    @Test
    void headersOfRepliesAreShown() {
        assertEquals(
                "127.0.0.1 is alive (TOS 184) (TTL 64)\n",
                cli.run("ping", "--print-ttl", "--print-tos", "127.0.0.1").out());
    }

    @Test
    void stopsAsSoonAsEnoughTargetsHaveAnswered() {
        Cli.Result result = cli.run("ping", "-X", "2", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.9");
        assertEquals(0, result.status());
        assertEquals("Enough hosts reachable (required: 2, reachable: 2)\n", result.out());
        Cli.Result all = cli.run("ping", "-x", "2", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.9");
        assertEquals("Enough hosts reachable (required: 2, reachable: 3)\n", all.out());
        Cli.Result few = cli.run("ping", "-X", "2", "127.0.0.1", "127.0.0.9");
        assertEquals(1, few.status());
        assertEquals("Not enough hosts reachable (required: 2, reachable: 1)\n", few.out());
    }

    @Test
    void namesThatAreNotFoundAreInTheJsonAlthoughQuiet() {
        Cli.Result quiet = cli.run("ping", "-J", "-q", "-c", "1", "[::1]", "127.0.0.1");
        assertEquals(2, quiet.status());
        assertEquals(
                List.of(
                        "{\"warning\": {\"host\": \"[::1]\", \"message\": \"Name or service not known\"}}",
                        "{\"summary\": {\"host\": \"127.0.0.1\", \"xmt\": 1, \"rcv\": 1, \"loss\": 0,"
                                + " \"rttMin\": 0.041, \"rttAvg\": 0.041, \"rttMax\": 0.041}}"),
                quiet.outLines());
        assertEquals("", quiet.err());
        assertEquals(
                "[::1]: Name or service not known\n",
                cli.run("ping", "-J", "-c", "1", "[::1]", "127.0.0.1").err());
    }

    @Test
    void generatesIpv6AsFpingDoes() {
        assertEquals(
                List.of("2001:db8::4", "2001:db8::5", "2001:db8::6", "2001:db8::7"),
                targets("ping -g 2001:db8::5/126"));
        assertEquals(List.of("2001:db8::5"), targets("ping -g 2001:db8::5/128"));
        assertEquals(List.of("fe80::2%lo", "fe80::3%lo"), targets("ping -g fe80::3%lo/127"));
        assertEquals(
                List.of(
                        "2001:db8::ffff:ffff:ffff:fffe",
                        "2001:db8::ffff:ffff:ffff:ffff",
                        "2001:db8:0:1::",
                        "2001:db8:0:1::1"),
                targets("ping -g 2001:db8::ffff:ffff:ffff:fffe 2001:db8:0:1::1"));
        assertEquals(131_072, targets("ping -q -g 2001:db8::/111").size());
    }

    @Test
    void hasNoLimitOnTargets() {
        Cli.Result result = cli.run("ping", "-q", "-c", "1", "-g", "127.1.0.0", "127.2.17.111");
        assertEquals(70_000, cli.operations.pings.get(0).targets().size());
        assertEquals(70_000, result.err().lines().count());
    }

    @Test
    void aTargetNamedTwiceIsProbedOnceAndShownTwice() {
        Cli.Result result = cli.run("ping", "-c", "1", "127.0.0.1", "127.0.0.2", "127.0.0.1");
        assertEquals(2, cli.operations.pings.get(0).targets().size());
        assertEquals(
                List.of(
                        "127.0.0.1 : [0], 64 bytes, 0.041 ms (0.041 avg, 0% loss)",
                        "127.0.0.1 : [0], 64 bytes, 0.041 ms (0.041 avg, 0% loss)",
                        "127.0.0.2 : [0], 64 bytes, 0.041 ms (0.041 avg, 0% loss)"),
                result.outLines());
    }

    @Test
    void familiesAreKept() {
        Cli.Result v6 = cli.run("ping", "-6", "127.0.0.1", "::1");
        assertEquals(2, v6.status());
        assertEquals("127.0.0.1: Address family for hostname not supported\n", v6.err());
        assertEquals("::1 is alive\n", v6.out());
        Cli.Result none = cli.run("ping", "-4", "::1");
        assertEquals(2, none.status());
        assertEquals("", none.out());
    }

    @Test
    void unknownNamesDoNotStopTheRest() {
        Cli.Result result = cli.run("ping", "no..name", "localhost", "127.0.0.9");
        assertEquals(2, result.status());
        assertTrue(result.err().startsWith("no..name: "), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertEquals("localhost is alive\n127.0.0.9 is unreachable\n", result.out());
    }

    @Test
    void showsAddressesOfNamesWhenAsked() {
        assertEquals(
                "127.0.0.1 is alive\n", cli.run("ping", "-4", "-A", "localhost").out());
    }

    @Test
    void statusesAreThoseOfFping() {
        assertEquals(0, cli.run("ping", "127.0.0.1").status());
        assertEquals(1, cli.run("ping", "127.0.0.1", "127.0.0.9").status());
    }
}
