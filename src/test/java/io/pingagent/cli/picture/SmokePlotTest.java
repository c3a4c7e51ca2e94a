package io.pingagent.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.control.KeptProbes;
import io.pingagent.model.Addresses;
import io.pingagent.model.ProbeSeries;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SmokePlotTest {

    /** To be written by {@code -Dpingagent.regenerate=true}, and looked at. */
    private static final Path GOLDEN = Path.of("src/test/resources/io/pingagent/cli/picture/plot.svg");

    private static final long NOW = 1_700_000_000_000L;
    private static final long MILLI = 1_000_000L;

    private static KeptProbes kept(String agent, ProbeSeries series) {
        return new KeptProbes(
                agent, Addresses.parse("192.0.2.7"), KeptProbes.State.WHOLE, Duration.ofMinutes(10), series);
    }

    private static String svg(String agent, ProbeSeries series, Duration last) {
        return new SmokePlot(kept(agent, series), last, NOW, ZoneId.of("UTC")).svg();
    }

    private static Document parsed(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    /** A probe a second for a minute: one in seven lost, ten lost at once, two that do not count. */
    private static ProbeSeries minute() {
        long[] wallMillis = new long[60];
        long[] rttNanos = new long[60];
        for (int i = 0; i < 60; i++) {
            wallMillis[i] = NOW - 60_000 + 1_000L * i;
            rttNanos[i] = 10 * MILLI + i % 5 * MILLI / 2;
            if (i % 7 == 0 || i >= 30 && i < 40) {
                rttNanos[i] = ProbeSeries.LOST;
            } else if (i == 50 || i == 51) {
                rttNanos[i] = ProbeSeries.UNKNOWN;
            }
        }
        return ProbeSeries.of(wallMillis, rttNanos, 60);
    }

    @Test
    void thePictureOfAMinuteIsTheOneThatWasLookedAt() throws Exception {
        String svg = svg("gza", minute(), Duration.ofMinutes(1));
        if (Boolean.getBoolean("pingagent.regenerate")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, svg);
        }
        assertEquals(Files.readString(GOLDEN), svg);
        parsed(svg);
        // Of 60 two do not count.
        assertTrue(svg.contains("31%, 18 of 58 probes, worst slot 100%"), svg);
    }

    @Test
    void namesAreEscapedAndNothingRuns() throws Exception {
        String svg = svg("a<script>\"&\u0007\ufffe", minute(), Duration.ofMinutes(1));
        Document document = parsed(svg);
        assertEquals(0, document.getElementsByTagName("script").getLength());
        assertTrue(
                document.getElementsByTagName("title")
                        .item(0)
                        .getTextContent()
                        .startsWith("Round-trip time of 192.0.2.7"),
                svg);
        assertFalse(svg.contains("<script"), svg);
        assertFalse(svg.contains("http") && !svg.contains("http://www.w3.org/2000/svg"), "no link");
    }

    @Test
    void oneSlowReplyDoesNotFlattenTheOthers() throws Exception {
        long[] wallMillis = new long[600];
        long[] rttNanos = new long[600];
        for (int i = 0; i < 600; i++) {
            wallMillis[i] = NOW - 600_000 + 1_000L * i;
            rttNanos[i] = i == 300 ? 900 * MILLI : 10 * MILLI;
        }
        String svg = svg("gza", ProbeSeries.of(wallMillis, rttNanos, 600), Duration.ofMinutes(10));
        parsed(svg);
        assertTrue(svg.contains("maximum 900 ms (1 above the axis)"), svg);
        assertTrue(svg.contains(">20</text>"), "the end of the axis: " + svg);
        assertFalse(svg.contains(">900</text>"), svg);
    }

    @Test
    void anySeriesMakesAWellFormedPicture() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            int size = random.nextInt(50);
            long[] wallMillis = new long[size];
            long[] rttNanos = new long[size];
            long at = NOW - 700_000;
            for (int i = 0; i < size; i++) {
                at += random.nextInt(30_000);
                wallMillis[i] = Math.min(NOW, at);
                rttNanos[i] = (long) Math.exp(random.nextDouble() * 25) - 2;
            }
            ProbeSeries series = ProbeSeries.of(wallMillis, rttNanos, size);
            for (Duration last : new Duration[] {Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofHours(12)}) {
                String svg = svg("gza", series, last);
                assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
                parsed(svg);
            }
        }
    }

    @Test
    void aSlotHasSeveralProbesAlsoWhereTheyAreRare() {
        long[] wallMillis = new long[60];
        long[] rttNanos = new long[60];
        for (int i = 0; i < 60; i++) {
            wallMillis[i] = NOW - 600_000 + 10_000L * i;
            rttNanos[i] = MILLI;
        }
        SmokeSlots slots = SmokeSlots.of(ProbeSeries.of(wallMillis, rttNanos, 60), NOW - 600_000, NOW);
        assertEquals(60, slots.seconds());
        assertEquals(6, slots.slots().get(1).settled());
        assertEquals(
                60, slots.slots().stream().mapToInt(SmokeSlots.Slot::settled).sum());
    }

    @Test
    void lossHasClassesFromNoneToAll() {
        assertEquals(LossClass.NONE, LossClass.of(0, 20));
        assertEquals(LossClass.TO_5, LossClass.of(1, 20));
        assertEquals(LossClass.TO_10, LossClass.of(2, 20));
        assertEquals(LossClass.TO_20, LossClass.of(3, 20));
        assertEquals(LossClass.TO_50, LossClass.of(10, 20));
        assertEquals(LossClass.MOST, LossClass.of(19, 20));
        assertEquals(LossClass.ALL, LossClass.of(1, 1));
    }
}
