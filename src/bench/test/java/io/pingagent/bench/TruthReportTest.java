package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.bench.Sightings.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TruthReportTest {

    private final TruthReport report = new TruthReport();

    /** As many samples, all with this error. */
    private static TruthErrors errors(int samples, double micros) {
        List<Probe> probes = new ArrayList<>();
        Map<Long, Double> reported = new HashMap<>();
        for (int i = 0; i < samples; i++) {
            probes.add(new Probe(0x7f10_0000 + i, 1, 0, 1_000_000, 2_000, 50_000));
            reported.put(TruthErrors.key(0x7f10_0000 + i, 1), 2 + micros);
        }
        TruthErrors errors = new TruthErrors();
        errors.add(probes, reported, true);
        return errors;
    }

    private void round(int rate, int round, int samples, double engineError, double fpingError) {
        Map<String, TruthErrors> errors = new LinkedHashMap<>();
        errors.put("engine", errors(samples, engineError));
        errors.put(TruthReport.FPING, errors(samples, fpingError));
        report.add(rate, round, errors, Map.of("engine", Map.of(TruthFigure.FOREIGN_CORES, 0.25)));
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("\\|", -1)).map(String::trim).toList();
    }

    private String cell(int row, String column) {
        List<String> table = report.table();
        return cells(table.get(row + 2)).get(cells(table.get(0)).indexOf(column));
    }

    @Test
    void ratiosAreTakenWithinARoundAndThenTheirMedian() {
        round(1_000, 1, 100, 1, 10);
        round(1_000, 2, 100, 30, 100);
        round(1_000, 3, 100, 4, 10);
        assertEquals("0.300", cell(0, "p99 x fping"));
        assertEquals("4.00", cell(0, "abs p99"));
        assertEquals("3", cell(0, "runs"));
        assertEquals("1.000", cell(1, "p99 x fping"));
    }

    @Test
    void ratesDoNotMix() {
        round(1_000, 1, 100, 1, 10);
        round(10_000, 1, 100, 1, 2);
        assertEquals("0.100", cell(0, "p99 x fping"));
        assertEquals("0.500", cell(2, "p99 x fping"));
        assertEquals("10000", cell(2, "wanted/s"));
    }

    @Test
    void tooFewSamplesForAHundredthAreCalledSo() {
        round(1, 1, 60, 1, 10);
        assertEquals("1.00 (max)", cell(0, "abs p99"));
        assertEquals("1.00", cell(0, "abs p50"));
        assertEquals("60", cell(0, "samples"));
        List<String> table = report.table();
        assertTrue(table.get(table.size() - 1).startsWith("(max): fewer than 100 samples"));
    }

    @Test
    void enoughSamplesNeedNoRemark() {
        round(1, 1, 100, 1, 10);
        assertFalse(String.join("\n", report.table()).contains("(max)"));
    }

    @Test
    void columnsThatNobodyHasAreLeftOut() {
        round(1_000, 1, 100, 1, 10);
        assertFalse(report.table().get(0).contains("uncertainty"));
        assertEquals("0.25", cell(0, "foreign load"));
        assertEquals("", cell(1, "foreign load"));
    }

    @Test
    void withoutFpingThereAreNoRatios() {
        report.add(1_000, 1, Map.of("engine", errors(100, 1)), Map.of());
        assertFalse(report.table().get(0).contains("x fping"));
    }

    @Test
    void csvHasEveryRunAndTheMediansInTheSameColumns() {
        round(1_000, 1, 100, 1, 10);
        round(1_000, 2, 100, 3, 10);
        List<String> csv = report.csv();
        assertEquals(1 + 4 + 2, csv.size());
        int columns = csv.get(0).split(",", -1).length;
        csv.forEach(line -> assertEquals(columns, line.split(",", -1).length, line));
        assertTrue(csv.get(1).startsWith("\"engine\",1000,1,"));
        assertTrue(csv.get(5).startsWith("\"engine\",1000,median,"));
    }

    @Test
    void worstSamplesAreWrittenWithTheirCircumstances() {
        round(1_000, 1, 100, 1.5, 10);
        assertEquals(3, report.worst().size());
        assertEquals("\"engine\",1000,1,127.16.0.0,1,1000000,50.0,2.00,3.50,1.50", report.worst().get(1));
    }
}
