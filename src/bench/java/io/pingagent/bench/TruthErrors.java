package io.pingagent.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Reported RTTs beside those that an observer saw. One thread. */
final class TruthErrors {

    private static final double NANOS_PER_MICRO = 1e3;

    /**
     * One probe; times in microseconds.
     *
     * @param uncertain for how long it may have been under way without being seen; NaN if that was not looked at
     */
    record Sample(Sightings.Probe probe, double reported, double truth, double uncertain) {

        double error() {
            return reported - truth;
        }

        double absolute() {
            return Math.abs(error());
        }

        /** The error if the request left at the earliest moment that the observer thinks possible. */
        double absoluteIfEarly() {
            return Math.abs(reported - truth - uncertain);
        }
    }

    private final List<Sample> samples = new ArrayList<>();

    /** Under which a reported RTT is looked for. */
    static long key(int address, int sequence) {
        return (long) address << 32 | sequence;
    }

    /**
     * Adds what was both seen and reported.
     *
     * @param reportedMicros by {@link #key}
     * @param bySequence whether the keys have the sequence number of the ICMP header; if not, it is 0 in all of them, and each
     *     address was probed once
     */
    void add(List<Sightings.Probe> probes, Map<Long, Double> reportedMicros, boolean bySequence) {
        for (Sightings.Probe probe : probes) {
            Double reported = reportedMicros.get(key(probe.address(), bySequence ? probe.sequence() : 0));
            if (reported != null) {
                double uncertain = probe.departingNanos() == 0
                        ? Double.NaN
                        : (probe.arrivedNanos() - probe.departingNanos()) / NANOS_PER_MICRO;
                samples.add(new Sample(probe, reported, probe.rttNanos() / NANOS_PER_MICRO, uncertain));
            }
        }
    }

    /** All but what needs another measurement to compare with. */
    Map<TruthFigure, Double> figures() {
        Map<TruthFigure, Double> figures = new EnumMap<>(TruthFigure.class);
        Quantiles truth = of(Sample::truth);
        Quantiles errors = of(Sample::error);
        Quantiles absolute = of(Sample::absolute);
        figures.put(TruthFigure.SAMPLES, (double) samples.size());
        figures.put(TruthFigure.TRUE_P50, truth.quantile(0.5));
        figures.put(TruthFigure.TRUE_P99, truth.quantile(0.99));
        figures.put(TruthFigure.ERROR_MIN, errors.quantile(0));
        figures.put(TruthFigure.ERROR_P50, errors.quantile(0.5));
        figures.put(TruthFigure.ERROR_P99, errors.quantile(0.99));
        figures.put(TruthFigure.ERROR_MAX, errors.quantile(1));
        figures.put(TruthFigure.ABSOLUTE_P50, absolute.quantile(0.5));
        figures.put(TruthFigure.ABSOLUTE_P99, absolute.quantile(0.99));
        Quantiles uncertain = of(Sample::uncertain);
        if (uncertain.count() > 0) {
            Quantiles early = of(Sample::absoluteIfEarly);
            figures.put(TruthFigure.UNCERTAIN_P50, uncertain.quantile(0.5));
            figures.put(TruthFigure.UNCERTAIN_P99, uncertain.quantile(0.99));
            figures.put(TruthFigure.EARLY_P50, early.quantile(0.5));
            figures.put(TruthFigure.EARLY_P99, early.quantile(0.99));
        }
        return figures;
    }

    /** The hundredth with the greatest errors, the greatest first. */
    List<Sample> worst() {
        return samples.stream()
                .sorted(Comparator.comparingDouble(Sample::absolute).reversed())
                .limit((samples.size() + 99) / 100)
                .toList();
    }

    /** Of those samples that have this value. */
    private Quantiles of(ToDoubleFunction<Sample> value) {
        double[] values = samples.stream()
                .mapToDouble(value)
                .filter(each -> !Double.isNaN(each))
                .toArray();
        return new Quantiles(values, values.length);
    }
}
