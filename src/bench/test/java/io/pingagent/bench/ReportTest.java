package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;

class ReportTest {

    private static Figures run(double probesPerSecond, double micros) {
        return new Figures()
                .put(Metric.PROBES_PER_S, probesPerSecond)
                .put(Metric.ALL_US, micros)
                .put(Metric.SEND_SYSTEM_US, micros * 0.75)
                .put(Metric.SEND_USER_US, micros * 0.25);
    }

    /** Three rounds, of which the second had a slow machine. */
    private static Map<Variant, List<Figures>> runs() {
        Map<Variant, List<Figures>> runs = new EnumMap<>(Variant.class);
        runs.put(Variant.BARE, List.of(run(200_000, 5), run(100_000, 10), run(200_000, 5)));
        runs.put(Variant.ENGINE, List.of(run(180_000, 6), run(95_000, 11), run(190_000, 6)));
        runs.put(Variant.FPING, List.of(run(80_000, 20)));
        return runs;
    }

    @Test
    void ratiosAreOfTheSameRoundAndWhatRanOnceHasOne(@TempDir Path directory) throws Exception {
        new Report(runs(), List.of("machine: a test")).write(directory);
        List<String> table = Files.readAllLines(directory.resolve("benchmark.txt"));
        assertEquals("machine: a test", table.get(0));
        assertTrue(table.contains(line(table, "probes/s, x bare loop (a)", "1.000", "0.950", "0.400")));
        assertTrue(table.contains(line(table, "agent + Redis, x fping flood", "0.250", "0.300", "1.000")));
        assertTrue(table.contains(line(table, "runs", "3", "3", "1")));
    }

    /** The line of the table with these cells, or a text that says that there is none. */
    private static String line(List<String> table, String... cells) {
        return table.stream()
                .filter(line -> List.of(line.replaceAll("^\\| *| *\\|$", "").split(" *\\| *", -1))
                        .equals(List.of(cells)))
                .findFirst()
                .orElse("no line " + String.join(" | ", cells));
    }

    @Test
    void csvHasEveryRunAndTheMedians(@TempDir Path directory) throws Exception {
        new Report(runs(), List.of()).write(directory);
        List<String> csv = Files.readAllLines(directory.resolve("benchmark.csv"));
        assertEquals(1 + 4 + 4 + 2, csv.size());
        // Titles in quotes have commas of their own.
        int columns = csv.get(0).split(",", -1).length;
        csv.forEach(line ->
                assertEquals(columns, line.replaceAll("\"[^\"]*\"", "").split(",", -1).length, line));
        assertEquals("b,\"engine, flood\",median", csv.get(8).substring(0, 24));
    }

    @Test
    void plotHasABarOfEachVariantAndNoneLeavesThePicture(@TempDir Path directory) throws Exception {
        new Report(runs(), List.of()).write(directory);
        String svg = Files.readString(directory.resolve("benchmark.svg"));
        NodeList bars = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("title");
        // One for the probes per second, two parts of the processor time.
        assertEquals(3 * (1 + 2), bars.getLength());
        for (int i = 0; i < bars.getLength(); i++) {
            var bar = bars.item(i).getParentNode().getAttributes();
            double end = Double.parseDouble(bar.getNamedItem("x").getNodeValue())
                    + Double.parseDouble(bar.getNamedItem("width").getNodeValue());
            assertTrue(end <= 900, bars.item(i).getTextContent());
        }
    }
}
