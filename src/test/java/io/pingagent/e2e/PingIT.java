package io.pingagent.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Behaviour.Answer;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ping-agent ping} beside fping, against the same responder: the same lines, apart from the times, and the same status. */
@Tag("root")
class PingIT {

    private static final String NEAR = "10.9.1.1";
    private static final String FAR = "10.9.1.22";
    private static final String SILENT = "10.9.1.3";
    private static final String V6 = "fd00:9::1:4";

    /** What -C prints of an address. */
    private static final Pattern FIGURES = Pattern.compile("[^ ]+ +:( [\\d.]+| -)+");

    private static NetworkNamespace namespace;
    private static TunResponder responder;
    private static InstalledFiles distribution;

    @BeforeAll
    static void start() {
        Requires.tun();
        Requires.fping();
        namespace = NetworkNamespace.create("ping");
        distribution = new InstalledFiles(namespace);
        responder = TunResponder.start(namespace);
        responder.behave("10.9.1.0/24", Behaviour.delayed(Duration.ofMillis(5)));
        responder.behave(FAR, Behaviour.delayed(Duration.ofMillis(60)));
        responder.behave(SILENT, Behaviour.silent());
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

    /** Figures that depend on the moment are hidden, and lines sorted: replies overtake each other. */
    private static List<String> shape(String text) {
        return text.lines()
                .map(line -> line.replaceAll("[\\d.]+ ms", "# ms").replaceAll("[\\d.]+ avg", "# avg"))
                .map(line -> line.replaceAll("= [\\d.]+/[\\d.]+/[\\d.]+$", "= #/#/#"))
                .map(line -> FIGURES.matcher(line).matches() ? hideFigures(line) : line)
                .map(line -> line.replaceAll(" +", " "))
                .sorted()
                .toList();
    }

    /** A round-trip time has two decimals, one or none. */
    private static String hideFigures(String line) {
        int colon = line.indexOf(" : ");
        return line.substring(0, colon) + line.substring(colon).replaceAll("[\\d.]+", "#");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c 2 -p 1000 -t 900 " + NEAR + " " + FAR + " " + SILENT + " " + V6,
                "-q -c 2 -p 1000 -t 900 " + NEAR + " " + FAR + " " + SILENT,
                "-q -C 3 -p 1000 -t 900 " + NEAR + " " + FAR + " " + SILENT + " " + V6,
                "-r 1 -t 700 " + NEAR + " " + SILENT,
                "-a -r 0 -t 900 " + NEAR + " " + SILENT,
                "-u -r 0 -t 900 " + NEAR + " " + SILENT,
                "-q -c 1 -t 900 " + NEAR,
                "-a -r 0 -t 900 -g 10.9.1.8/29",
                "-a -r 0 -t 900 -g 10.9.1.30 10.9.1.35",
                "-c 1 -t 900 127.0.0.1 127.0.0.2"
            })
    void printsWhatFpingPrints(String arguments) throws Exception {
        String[] words = arguments.split(" ", -1);
        List<String> fping = new ArrayList<>(List.of("fping"));
        List<String> own = new ArrayList<>(List.of("ping"));
        fping.addAll(List.of(words));
        own.addAll(List.of(words));
        InstalledFiles.Result wanted = distribution.other(fping.toArray(String[]::new));
        InstalledFiles.Result got = distribution.run(List.of(), own.toArray(String[]::new));
        assertTrue(wanted.out().length() + wanted.err().length() > 0, "fping says nothing");
        assertEquals(shape(wanted.out()), shape(got.out()), got.err());
        assertEquals(shape(wanted.err()), shape(got.err()));
        assertEquals(wanted.exitStatus(), got.exitStatus());
    }

    @Test
    void roundTripTimesAreTheTruth() throws Exception {
        InstalledFiles.Result result =
                distribution.run(List.of(), "ping", "-q", "-C", "5", "-p", "1000", "-t", "950", NEAR, FAR);
        for (String line : result.err().lines().toList()) {
            int least = line.startsWith(FAR) ? 60 : 5;
            String[] figures = line.substring(line.indexOf(" : ") + 3).split(" ", -1);
            assertEquals(5, figures.length, line);
            double[] sorted = Arrays.stream(figures)
                    .mapToDouble(Double::parseDouble)
                    .sorted()
                    .toArray();
            assertTrue(sorted[0] >= least, line);
            // A busy machine wakes the responder late now and then.
            assertTrue(sorted[2] < least + 50, line);
        }
        assertEquals(0, result.exitStatus());
    }

    /** fping takes the first four of these for replies. */
    @Test
    void isNotDeceived() throws Exception {
        List<String> addresses = new ArrayList<>();
        int host = 1;
        for (Behaviour behaviour : List.of(
                Behaviour.honest().answering(Answer.CORRUPT),
                Behaviour.honest().answering(Answer.FORGED),
                Behaviour.honest().truncatedTo(12),
                Behaviour.honest().answering(Answer.FOREIGN_SOURCE),
                Behaviour.honest().answering(Answer.WRONG_IDENTIFIER),
                Behaviour.honest().answering(Answer.GARBAGE),
                Behaviour.delayed(Duration.ofMillis(150)))) {
            for (String prefix : List.of("10.9.5.", "fd00:9::5:")) {
                responder.behave(prefix + host, behaviour);
                addresses.add(prefix + host);
            }
            host++;
        }
        List<String> words = new ArrayList<>(List.of("ping", "-q", "-c", "3", "-p", "300", "-t", "100"));
        words.addAll(addresses);
        InstalledFiles.Result result = distribution.run(List.of(), words.toArray(String[]::new));
        assertEquals(1, result.exitStatus());
        List<String> lines = result.err().lines().toList();
        assertEquals(addresses.size(), lines.size(), result.err());
        lines.forEach(line -> assertTrue(line.contains("xmt/rcv/%loss = 3/0/100%"), line));
    }

    @Test
    void threeThousandTargetsFromAFile() throws Exception {
        Path file = Files.createTempFile("ping-agent-it-", ".txt");
        try {
            List<String> targets = new ArrayList<>(Catalogue.range("10.9.16.0", 2_000));
            targets.addAll(Catalogue.range("fd00:9::1:0", 1_000));
            Files.write(file, targets);
            InstalledFiles.Result result = distribution.run(
                    List.of(), "ping", "-c", "1", "-q", "-i", "0.5", "-t", "10000", "-f", file.toString());
            assertEquals(0, result.exitStatus());
            List<String> lines = result.err().lines().toList();
            assertEquals(3_000, lines.size());
            assertEquals(
                    3_000,
                    lines.stream()
                            .filter(line -> line.contains("xmt/rcv/%loss = 1/1/0%"))
                            .count());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void lossReadsAsItIs() throws Exception {
        Requires.nft();
        List<String> words = new ArrayList<>(List.of("ping", "-q", "-c", "30", "-p", "100", "-i", "0.5", "-t", "3000"));
        words.addAll(Catalogue.range("10.9.6.1", 50));
        words.addAll(Catalogue.range("fd00:9::6:1", 50));
        namespace.loseEchoReplies(20);
        InstalledFiles.Result result;
        try {
            result = distribution.run(List.of(), words.toArray(String[]::new));
        } finally {
            namespace.loseEchoReplies(0);
        }
        int sent = 0;
        int received = 0;
        for (String line : result.err().lines().toList()) {
            String[] counts = line.replaceFirst(".*= (\\d+/\\d+)/.*", "$1").split("/", -1);
            sent += Integer.parseInt(counts[0]);
            received += Integer.parseInt(counts[1]);
        }
        assertEquals(3_000, sent);
        // Five standard deviations.
        assertEquals(0.2, 1 - (double) received / sent, 5 * Math.sqrt(0.2 * 0.8 / sent));
    }
}
