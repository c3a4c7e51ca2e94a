package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.pingagent.bench.Sightings.Probe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TruthErrorsTest {

    private static final double EXACT = 1e-9;

    private final TruthErrors errors = new TruthErrors();

    private static Probe probe(int address, int sequence, long rttNanos) {
        return new Probe(address, sequence, 0, 10_000, rttNanos, 0);
    }

    @Test
    void errorIsWhatWasReportedMinusTheTruth() {
        errors.add(
                List.of(probe(1, 1, 2_000), probe(1, 2, 3_000), probe(2, 1, 4_000)),
                Map.of(TruthErrors.key(1, 1), 2.5, TruthErrors.key(1, 2), 2.0, TruthErrors.key(2, 1), 4.25),
                true);
        Map<TruthFigure, Double> figures = errors.figures();
        assertEquals(3, figures.get(TruthFigure.SAMPLES));
        assertEquals(-1, figures.get(TruthFigure.ERROR_MIN), EXACT);
        assertEquals(0.25, figures.get(TruthFigure.ERROR_P50), EXACT);
        assertEquals(0.5, figures.get(TruthFigure.ERROR_MAX), EXACT);
        assertEquals(0.5, figures.get(TruthFigure.ABSOLUTE_P50), EXACT);
        assertEquals(1, figures.get(TruthFigure.ABSOLUTE_P99), EXACT);
        assertEquals(3, figures.get(TruthFigure.TRUE_P50), EXACT);
        assertFalse(figures.containsKey(TruthFigure.UNCERTAIN_P50));
        assertFalse(figures.containsKey(TruthFigure.EARLY_P99));
    }

    @Test
    void whatWasNotReportedOrNotSeenDoesNotCount() {
        errors.add(List.of(probe(1, 1, 2_000)), Map.of(TruthErrors.key(1, 2), 2.0), true);
        assertEquals(0, errors.figures().get(TruthFigure.SAMPLES));
        assertEquals(List.of(), errors.worst());
    }

    @Test
    void reportsWithoutSequenceBelongToTheirAddress() {
        errors.add(List.of(probe(-1, 77, 2_000)), Map.of(TruthErrors.key(-1, 0), 6.0), false);
        assertEquals(4, errors.figures().get(TruthFigure.ERROR_P50), EXACT);
    }

    @Test
    void requestThatMayHaveLeftEarlierMakesTheTruthUncertain() {
        errors.add(
                List.of(new Probe(1, 1, 9_200, 10_000, 2_000, 0)), Map.of(TruthErrors.key(1, 1), 2.3), true);
        Map<TruthFigure, Double> figures = errors.figures();
        assertEquals(0.8, figures.get(TruthFigure.UNCERTAIN_P50), EXACT);
        assertEquals(0.3, figures.get(TruthFigure.ABSOLUTE_P50), EXACT);
        assertEquals(0.5, figures.get(TruthFigure.EARLY_P50), EXACT);
    }

    @Test
    void worstHundredthIsToldGreatestFirst() {
        List<Probe> probes = new ArrayList<>();
        Map<Long, Double> reported = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            probes.add(probe(i, 0, 1_000));
            reported.put(TruthErrors.key(i, 0), i == 20 ? 99.0 : i == 30 ? -200.0 : 1.0);
        }
        errors.add(probes, reported, true);
        assertEquals(
                List.of(30, 20),
                errors.worst().stream().map(sample -> sample.probe().address()).toList());
    }
}
