package io.pingagent.bench;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What one run gave, or the medians of several; a figure that a variant has not is absent. One thread. */
final class Figures {

    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

    /** NaN is left out. */
    Figures put(Metric metric, double value) {
        if (!Double.isNaN(value)) {
            values.put(metric, value);
        }
        return this;
    }

    void remove(Metric metric) {
        values.remove(metric);
    }

    boolean has(Metric metric) {
        return values.containsKey(metric);
    }

    /** NaN if it is absent. */
    double get(Metric metric) {
        return values.getOrDefault(metric, Double.NaN);
    }

    String text(Metric metric) {
        return has(metric) ? String.format(Locale.ROOT, "%." + metric.decimals() + "f", get(metric)) : "";
    }

    /** Of each figure by itself; of an even number of runs the mean of the middle two. */
    static Figures medians(Collection<Figures> runs) {
        Figures medians = new Figures();
        for (Metric metric : Metric.values()) {
            double[] values = runs.stream()
                    .filter(run -> run.has(metric))
                    .mapToDouble(run -> run.get(metric))
                    .toArray();
            medians.put(metric, new Quantiles(values, values.length).median());
        }
        return medians;
    }
}
