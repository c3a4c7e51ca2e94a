package io.pingagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantilesTest {

    private static Quantiles of(double... values) {
        return new Quantiles(values, values.length);
    }

    @Test
    void quantileIsTheLeastValueThatTheShareDoesNotExceed() {
        Quantiles hundred =
                of(IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray());
        assertEquals(1, hundred.quantile(0));
        assertEquals(50, hundred.quantile(0.5));
        assertEquals(99, hundred.quantile(0.99));
        assertEquals(100, hundred.quantile(0.991));
        assertEquals(100, hundred.quantile(1));
    }

    @Test
    void p99OfFewIsTheGreatest() {
        assertEquals(7, of(3, 7, 5).quantile(0.99));
    }

    @Test
    void onlyTheFirstValuesCount() {
        Quantiles two = new Quantiles(new double[] {4, 2, 0, 0}, 2);
        assertEquals(2, two.count());
        assertEquals(2, two.quantile(0));
    }

    @Test
    void medianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertEquals(5, of(9, 5, 1).median());
        assertEquals(3.5, of(9, 4, 1, 3).median());
    }

    @Test
    void nothingHasNoQuantiles() {
        assertTrue(Double.isNaN(of().quantile(0.5)));
        assertTrue(Double.isNaN(of().median()));
    }
}
