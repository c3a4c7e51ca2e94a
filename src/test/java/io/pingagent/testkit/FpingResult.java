package io.pingagent.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code fping -C N -q ADDRESS} found: one figure or {@code -} per probe.
 *
 * @param sent number of probes
 * @param rttMillis of those that were answered
 * @param text what fping printed
 */
record FpingResult(int sent, List<Double> rttMillis, String text) {

    static FpingResult of(Command fping) {
        for (String line : fping.output().lines().toList()) {
            int colon = line.lastIndexOf(" : ");
            if (colon < 0 || line.contains("duplicate")) {
                continue;
            }
            List<Double> rttMillis = new ArrayList<>();
            String[] figures = line.substring(colon + 3).strip().split(" ", -1);
            for (String figure : figures) {
                if (!figure.equals("-")) {
                    rttMillis.add(Double.valueOf(figure));
                }
            }
            return new FpingResult(figures.length, rttMillis, fping.output());
        }
        throw new AssertionError("fping found nothing: " + fping.output());
    }

    int answered() {
        return rttMillis.size();
    }
}
