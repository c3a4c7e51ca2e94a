package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void eachFigureHasTheMedianOfTheRunsThatHaveIt() {
        Figures medians = Figures.medians(List.of(
                new Figures().put(Metric.PROBES_PER_S, 10).put(Metric.RTT_P50_US, 3),
                new Figures().put(Metric.PROBES_PER_S, 40),
                new Figures().put(Metric.PROBES_PER_S, 20).put(Metric.RTT_P50_US, 5)));
        assertEquals(20, medians.get(Metric.PROBES_PER_S));
        assertEquals(4, medians.get(Metric.RTT_P50_US));
        assertFalse(medians.has(Metric.REDIS_US));
    }

    @Test
    void whatIsNoNumberIsAbsent() {
        Figures figures = new Figures().put(Metric.TO_BARE, Double.NaN);
        assertFalse(figures.has(Metric.TO_BARE));
        assertEquals("", figures.text(Metric.TO_BARE));
    }

    @Test
    void textHasTheDecimalsOfItsMetric() {
        assertEquals("0.952", new Figures().put(Metric.TO_BARE, 0.95249).text(Metric.TO_BARE));
        assertEquals("177288", new Figures().put(Metric.PROBES_PER_S, 177287.6).text(Metric.PROBES_PER_S));
    }
}
