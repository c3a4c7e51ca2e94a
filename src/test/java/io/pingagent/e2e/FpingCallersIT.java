package io.pingagent.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Behaviour.Answer;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The command lines that real programs give fping, word for word, given to fping and to {@code ping-agent ping} in the same
 * network: the same output, times aside, and the same exit status.
 */
@Tag("root")
class FpingCallersIT {

    /**
     * @param caller whose it is
     * @param arguments words between blanks; {@code ""} is an empty one
     * @param input standard input, lines between blanks
     * @param isEndless whether it has to be interrupted
     */
    record CommandLine(String caller, String arguments, String input, boolean isEndless) {

        static CommandLine of(String caller, String arguments) {
            return new CommandLine(caller, arguments, "", false);
        }

        static CommandLine fed(String caller, String arguments, String input) {
            return new CommandLine(caller, arguments, input, false);
        }

        static CommandLine endless(String caller, String arguments) {
            return new CommandLine(caller, arguments, "", true);
        }

        @Override
        public String toString() {
            return caller + ": " + arguments + (input.isEmpty() ? "" : " < " + input);
        }
    }

    private static final String NEAR = "10.9.1.1";
    private static final String SILENT = "10.9.1.3";
    private static final String DOUBLE = "10.9.1.4";
    private static final String NO_HOST = "10.9.1.5";
    private static final String NO_NETWORK = "10.9.1.6";
    private static final String PROHIBITED = "10.9.1.7";
    private static final String EXCEEDED = "10.9.1.8";
    private static final String NO_PORT = "10.9.1.9";
    private static final String TOO_BIG = "10.9.1.10";
    private static final String NEAR_V6 = "fd00:9::1:1";
    private static final String NO_ROUTE = "192.0.2.1";
    private static final String BLACKHOLE = "198.51.100.1";
    private static final String UNREACHABLE_ROUTE = "198.51.101.1";
    private static final String PROHIBIT_ROUTE = "198.51.102.1";

    /** From its first line on: some lines come only with the end of an interval, and a late one must not be missing. */
    private static final Duration ENDLESS_LASTS = Duration.ofMillis(3_500);

    /** What -C prints of an address. */
    private static final Pattern FIGURES = Pattern.compile("[^ ]+( \\([^)]*\\))? +:( [\\d.]+| -)+");

    /** Command lines at a time: mostly they wait for the end of an interval or of a timeout. */
    private static final Semaphore TOGETHER = new Semaphore(2, true);

    private static NetworkNamespace namespace;
    private static TunResponder responder;
    private static InstalledFiles distribution;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        Requires.tun();
        Requires.fping();
        namespace = NetworkNamespace.create("fping");
        distribution = new InstalledFiles(namespace);
        responder = TunResponder.start(namespace);
        responder.behave(SILENT, Behaviour.silent());
        responder.behave(DOUBLE, Behaviour.honest().duplicated(1, Duration.ofMillis(20)));
        responder.behave(NO_HOST, Behaviour.honest().answering(Answer.HOST_UNREACHABLE));
        responder.behave(NO_NETWORK, Behaviour.honest().answering(Answer.NET_UNREACHABLE));
        responder.behave(PROHIBITED, Behaviour.honest().answering(Answer.ADMIN_PROHIBITED));
        responder.behave(EXCEEDED, Behaviour.honest().answering(Answer.TIME_EXCEEDED));
        responder.behave(NO_PORT, Behaviour.honest().answering(Answer.PORT_UNREACHABLE));
        responder.behave(TOO_BIG, Behaviour.honest().answering(Answer.TOO_BIG));
        responder.behave("fd00:9::1:5", Behaviour.honest().answering(Answer.HOST_UNREACHABLE));
        namespace.check("ip", "route", "add", "blackhole", "198.51.100.0/24");
        namespace.check("ip", "route", "add", "unreachable", "198.51.101.0/24");
        namespace.check("ip", "route", "add", "prohibit", "198.51.102.0/24");
    }

    @AfterAll
    static void stop() {
        if (responder != null) {
            responder.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    static Stream<CommandLine> callers() {
        String mixed = NEAR + " " + SILENT + " " + NO_ROUTE + " " + BLACKHOLE;
        // The silent one keeps both programs there until the duplicates have come.
        String waited = DOUBLE + " " + SILENT;
        return Stream.of(
                // src/libs/zbxicmpping: tests of the options, the pinger with targets on standard input.
                // The kernel itself answers within 50 ms, however busy the responder is.
                CommandLine.of("Zabbix", "-c1 -t50 -i0 127.0.0.1"),
                CommandLine.of("Zabbix", "-c1 -t50 -i1 " + SILENT),
                CommandLine.of("Zabbix", "-6 -c1 -t50 127.0.0.1"),
                CommandLine.of("Zabbix", "-6 -c1 -t50 ::1"),
                CommandLine.fed("Zabbix", "-C3 -i0", mixed + " 127.0.0.2 localhost"),
                CommandLine.fed("Zabbix", "-C2 -p200 -b68 -t150 -i1", mixed + " " + DOUBLE + " " + NO_HOST),
                CommandLine.fed("Zabbix", "-C1 -b24 -i0", SILENT),
                CommandLine.fed("Zabbix", "-C3 -i0 -S127.0.0.1", "127.0.0.2"),
                CommandLine.fed("Zabbix", "-C1 -i0", "no-such-name.invalid"),
                CommandLine.fed("Zabbix", "-C1 -i0", "no-such-name.invalid 127.0.0.1"),
                CommandLine.fed("Zabbix", "-C3 -i0", ""),
                // Where an item wants the name beside the address.
                CommandLine.fed("Zabbix", "-C2 -p200 -t150 -dA -i0", NEAR + " 127.0.0.1 127.0.0.77"),
                CommandLine.of("SmokePing", "-C 1 localhost"),
                CommandLine.of("SmokePing", "-C 3 -q -B1 -r1 -4 -b56 -t500 -i10 -p300 --iface=lo 127.0.0.2"),
                CommandLine.of("SmokePing", "-C 3 -q -B1 -r1 -4 -i10 " + mixed),
                CommandLine.of("SmokePing", "-C 3 -q -B1 -r1 -6 -b100 -t700 -i10 -p300 " + NEAR_V6 + " ::1"),
                CommandLine.of("SmokePing", "-C 2 -q -B1 -r1 -4 -i10 -p300 -S127.0.0.1 -O0x20 127.0.0.2 " + NO_HOST),
                CommandLine.endless("SmokePing continuous", "-l -B1 -r1 -p 1000 -b56 -t900 " + mixed),
                CommandLine.fed("Xymon", "-Ae", mixed + " " + NO_HOST + " ::1"),
                CommandLine.of("LibreNMS", "-4 -e -q -c 3 -p 500 -t 500 -O 0 " + NEAR),
                CommandLine.of("LibreNMS", "-e -q -c 3 -p 500 -t 500 -O 0 " + SILENT),
                CommandLine.of("LibreNMS", "-e -q -c 2 -p 500 -t 500 -O 184 " + NO_ROUTE),
                CommandLine.of("LibreNMS", "-e -q -c 3 -p 500 -t 500 -O 0 no-such-name.invalid"),
                CommandLine.fed("LibreNMS", "-f - -e -t 500 -r 2 -O 0 -c 3", mixed + " " + DOUBLE),
                CommandLine.fed("LibreNMS", "-4 -f - -t 500 -r 2 -O 0", mixed + " " + NO_NETWORK + " localhost"),
                CommandLine.of("LibreNMS", "-4 -q -b 1472 " + NEAR),
                CommandLine.of("check_fping", "-b 56 -c 1 " + NEAR),
                CommandLine.of("check_fping", "-t 500 -p 500 -S 127.0.0.1 -b 56 -c 2 127.0.0.2"),
                CommandLine.of("check_fping", "-4 -t 500 -p 500 -I lo -M -R -b 56 -c 2 127.0.0.2"),
                CommandLine.of("check_fping", "-6 -b 56 -c 1 ::1"),
                CommandLine.of("check_fping", "-b 56 -c 1 " + SILENT),
                CommandLine.of("check_fping", "-b 56 -c 1 " + NO_ROUTE),
                CommandLine.of("check_fping", "-b 56 -c 1 no-such-name.invalid"),
                CommandLine.of("check_fping", "-b 56 -c 1 " + NO_HOST),
                CommandLine.of("mon", "-e -r 2 -t 300 " + mixed + " no-such-name.invalid"),
                CommandLine.of("mon", "-e -r 1 -t 300 " + NEAR + " " + NO_HOST + " " + EXCEEDED),
                CommandLine.endless(
                        "netdata",
                        "-N -l -Q 1 -p 1000 -R -b 56 -i 1 -r 0 -t 5000 127.0.0.1 localhost " + NEAR + " " + NO_ROUTE),
                CommandLine.endless("people", "-l -Q 1 -o -p 1000 127.0.0.1 " + NO_ROUTE),
                CommandLine.of("people", ""),
                CommandLine.of("people", "\"\""),
                CommandLine.of("people", "-c 1 \"\" 127.0.0.1"),
                CommandLine.of("people", "[::1]"),
                CommandLine.of("people", "-r 0 127.1 127.0.0.1"),
                CommandLine.of("people", NO_ROUTE + " " + UNREACHABLE_ROUTE + " " + PROHIBIT_ROUTE + " " + BLACKHOLE),
                CommandLine.of("people", "-c 2 -p 300 " + UNREACHABLE_ROUTE + " " + PROHIBIT_ROUTE),
                CommandLine.of("people", "-a " + NO_ROUTE + " " + NEAR + " " + NO_HOST + " -r 0"),
                CommandLine.of("people", "-u -r 0 " + NO_ROUTE + " " + NEAR + " " + NO_HOST),
                CommandLine.of(
                        "people",
                        "-r 0 -t 300 " + NO_NETWORK + " " + PROHIBITED + " " + EXCEEDED + " " + NO_PORT + " "
                                + TOO_BIG),
                CommandLine.of("people", "-c 2 -p 300 " + DOUBLE + " " + NO_HOST),
                CommandLine.of("people", "-C 2 -q -p 300 " + waited),
                CommandLine.of("people", waited + " -r 0"),
                CommandLine.of("people", "-q " + waited + " -r 0"),
                CommandLine.of("people", "-o -c 2 -p 300 127.0.0.1 " + SILENT),
                CommandLine.of("people", "-x 1 127.0.0.1 " + NO_ROUTE),
                CommandLine.of("people", "-x 2 -q -c 1 127.0.0.1 " + NO_ROUTE),
                CommandLine.of("people", "-x 2 -r 0 " + NEAR + " " + NO_HOST + " " + SILENT + " no-such-name.invalid"),
                CommandLine.of("people", "-a -x 1 127.0.0.1 no-such-name.invalid"),
                CommandLine.of("people", "-Q 1 -c 3 -p 700 127.0.0.1"),
                CommandLine.of("people", "-n 127.0.0.1 127.0.0.77"),
                CommandLine.of("people", "-A -n 127.0.0.1"),
                CommandLine.of("people", "-A localhost -4"),
                CommandLine.of("people", "-A -d -4 localhost"),
                CommandLine.of("people", "-m -A -4 localhost"),
                CommandLine.of("people", "-c 1 -C 2 -p 300 -T 5 -R 127.0.0.1"),
                CommandLine.of("people", "-q -c 1 -c 2 -p 300 127.0.0.1"),
                CommandLine.of("people", "-q -c 2 -p 300 " + waited),
                CommandLine.of("people", "-a -q -c 4 -p 20 -i 10 " + NEAR + " " + SILENT),
                CommandLine.endless("people", "-l -a -p 1000 127.0.0.1 " + SILENT),
                CommandLine.of("people", "-a -q -r 1 -t 300 -g 127.0.0.0/29"),
                CommandLine.of("people", "-c 1 -g 127.0.0.254 127.0.1.1"),
                CommandLine.of("people", "-s -r 0 " + waited),
                CommandLine.of("people", "-Q 2 -C 2 -p 300 " + waited),
                CommandLine.of("people", "-x 1 -q -c 1 -t 300 no-such-name.invalid " + waited),
                CommandLine.of("people", "-c1 -s 127.0.0.1 " + NO_ROUTE));
    }

    @ParameterizedTest
    @MethodSource("callers")
    @Execution(ExecutionMode.CONCURRENT)
    void hearsWhatFpingSays(CommandLine line) throws Exception {
        List<String> words = new ArrayList<>();
        if (!line.arguments.isEmpty()) {
            for (String word : line.arguments.split(" ", -1)) {
                words.add(word.equals("\"\"") ? "" : word);
            }
        }
        Path input = Files.write(directory.resolve("input"), Arrays.asList(line.input.split(" ", -1)));
        File fed = line.input.isEmpty() ? new File("/dev/null") : input.toFile();
        words.add(0, "fping");
        List<String> fping = namespace.command(words.toArray(String[]::new));
        words.set(0, "ping");
        List<String> own = distribution.command(List.of(), List.of(), words.toArray(String[]::new));
        // Beside each other, for most of the time both wait.
        FutureTask<InstalledFiles.Result> reference = new FutureTask<>(() -> run(fping, fed, line.isEndless));
        InstalledFiles.Result got;
        InstalledFiles.Result wanted;
        TOGETHER.acquire();
        try {
            new Thread(reference, "fping").start();
            got = run(own, fed, line.isEndless);
            wanted = reference.get();
        } finally {
            TOGETHER.release();
        }
        assertEquals(shape(asFping55(wanted.out()), line.isEndless), shape(got.out(), line.isEndless), got.err());
        boolean isCounted = words.stream().anyMatch(word -> word.matches("-[cC]\\d*"));
        String errors = isCounted ? withoutDuplicates(wanted.err()) : wanted.err();
        assertEquals(shape(errors, line.isEndless), shape(got.err(), line.isEndless));
        assertEquals(wanted.exitStatus(), got.exitStatus());
    }

    /** fping 5.2 took the host out of netdata's titles. */
    private static String asFping55(String output) {
        return output.replaceAll("(?m)(^CHART .* 'FPing \\w+) for host [^']*'", "$1'");
    }

    /** fping 5.5 no longer reports duplicates of counted probes. */
    private static String withoutDuplicates(String errors) {
        return errors.replaceAll("(?m)^[^ ]+ +: duplicate for .*\n", "");
    }

    private static InstalledFiles.Result run(List<String> command, File input, boolean isEndless) throws Exception {
        return isEndless ? InstalledFiles.interrupted(command, ENDLESS_LASTS) : InstalledFiles.finished(command, input);
    }

    private static InstalledFiles.Result ping(String arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("ping"));
        words.addAll(List.of(arguments.split(" ", -1)));
        return distribution.run(List.of(), words.toArray(String[]::new));
    }

    /** As fping 5.5; before, it was silent. */
    @Test
    void reportsIcmpErrorsOfIpv6() throws Exception {
        InstalledFiles.Result result = ping("-r 0 fd00:9::1:5");
        assertEquals("fd00:9::1:5 is unreachable\n", result.out());
        assertTrue(
                result.err().startsWith("ICMPv6 Destination Unreachable (Address unreachable) from fd00:")
                        && result.err().endsWith(" for ICMPv6 Echo Request sent to fd00:9::1:5\n"),
                result.err());
    }

    /** The kernel answers with the type of service of the request. */
    @Test
    void showsHeadersOfRepliesOfBothFamilies() throws Exception {
        InstalledFiles.Result result = ping("-c 1 -O 0xb8 --print-ttl --print-tos 127.0.0.1 ::1");
        assertEquals(
                List.of(
                        "127.0.0.1 : [0], 64 bytes, # ms (# avg, 0% loss) (TOS 184) (TTL 64)",
                        "::1 : [0], 64 bytes, # ms (# avg, 0% loss) (TOS 184) (TTL 64)"),
                shape(result.out(), false));
        assertEquals(0, result.exitStatus());
    }

    /** As check_fping gives it since fping 5.2 and 5.3. */
    @Test
    void packetsCarryTheFirewallMark() throws Exception {
        namespace.check("ip", "rule", "add", "fwmark", "77", "unreachable");
        InstalledFiles.Result marked = ping("--fwmark 77 --check-source -b 56 -c 1 " + NEAR);
        assertEquals(List.of("", NEAR + " : xmt/rcv/%loss = 1/0/100%"), shape(marked.err(), false));
        assertEquals(1, marked.exitStatus());
        assertEquals(0, ping("--fwmark 78 --check-source -b 56 -c 1 " + NEAR).exitStatus());
    }

    /** The silent one alone would take ten minutes. */
    @Test
    void stopsAsSoonAsEnoughHaveAnswered() throws Exception {
        InstalledFiles.Result result = ping("-X 1 -r 0 -t 600000 " + SILENT + " 127.0.0.1");
        assertEquals("Enough hosts reachable (required: 1, reachable: 1)\n", result.out());
        assertEquals(0, result.exitStatus());
    }

    @Test
    void everyLineOfJsonIsAnObject() throws Exception {
        InstalledFiles.Result result =
                ping("-J -C 2 -p 300 -s -D --print-ttl " + NEAR + " " + SILENT + " ::1 no-such-name.invalid");
        List<String> types = result.outLines().stream()
                .map(line -> String.join(
                        " ", JsonParser.parseString(line).getAsJsonObject().keySet()))
                .sorted()
                .toList();
        assertEquals(
                List.of(
                        "resp", "resp", "resp", "resp", "stats", "timeout", "timeout", "vSum", "vSum", "vSum",
                        "warning"),
                types);
        assertTrue(result.err().matches("no-such-name.invalid: .*\\n"), result.err());
        assertEquals(2, result.exitStatus());
    }

    /** The largest payload that an IPv4 packet can hold; the loopback device takes it in one piece. */
    @Test
    void largestPayloadComesBack() throws Exception {
        InstalledFiles.Result result = ping("-b 65507 -c 1 127.0.0.1 ::1");
        assertEquals(0, result.exitStatus(), result.out() + result.err());
        assertTrue(result.out().contains(", 65515 bytes, "), result.out());
    }

    /** At least these many callers, so that none is lost in an edit. */
    @Test
    void knowsTheCallers() {
        Map<String, Long> counts = callers()
                .collect(java.util.stream.Collectors.groupingBy(
                        CommandLine::caller, java.util.stream.Collectors.counting()));
        assertTrue(
                counts.keySet()
                        .containsAll(List.of(
                                "Zabbix",
                                "SmokePing",
                                "SmokePing continuous",
                                "Xymon",
                                "LibreNMS",
                                "check_fping",
                                "mon",
                                "netdata")),
                counts.toString());
    }

    /**
     * Figures that depend on the moment are hidden, and lines sorted: replies overtake each other. Of what goes on until it is
     * interrupted each line counts once, without its number.
     */
    private static List<String> shape(String text, boolean isEndless) {
        Stream<String> lines = text.lines()
                .map(line -> line.replaceAll("[\\d.]+ ms", "# ms").replaceAll("[\\d.]+ avg", "# avg"))
                .map(line -> line.replaceAll("= [\\d.]+/[\\d.]+/[\\d.]+$", "= #/#/#"))
                .map(line -> line.replaceAll("[\\d.]+ sec", "# sec"))
                .map(line -> line.replaceAll("^\\[\\d\\d:\\d\\d:\\d\\d]$", "[#]"))
                .map(line -> line.replaceAll("^SET (min|avg|max) = \\d+$", "SET $1 = #"))
                .map(line -> FIGURES.matcher(line).matches() ? hideFigures(line) : line)
                .map(line -> line.replaceAll(" +", " "))
                .sorted();
        if (!isEndless) {
            return lines.toList();
        }
        return lines.map(line -> line.replaceAll(" : \\[\\d+]", " : [#]")
                        // fping's interval may end just before or just after a probe, or between it and its reply.
                        .replaceAll("%(loss|return) = \\d+/\\d+/(?!100%)\\d+%", "%loss = #/#/#%")
                        .replaceAll("%loss = \\d+/0/100%", "%loss = #/0/100%")
                        .replaceAll("outage\\(ms\\) = \\d+", "outage(ms) = #")
                        .replaceAll("^SET xmt = \\d+", "SET xmt = #")
                        .replaceAll("^SET (rcv|returned) = [1-9]\\d*", "SET $1 = #"))
                .distinct()
                .toList();
    }

    /** A round-trip time has two decimals, one or none. */
    private static String hideFigures(String line) {
        int colon = line.indexOf(" : ");
        return line.substring(0, colon) + line.substring(colon).replaceAll("[\\d.]+", "#");
    }
}
