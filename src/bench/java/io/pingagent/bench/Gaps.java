package io.pingagent.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** Times between two requests to the same address, in seconds. Stateless. */
final class Gaps {

    private Gaps() {}

    /**
     * @param fromNanos Unix time after which a gap must have ended
     * @param untilNanos Unix time until which it must have ended
     * @param wanted which addresses count
     */
    static Quantiles between(
            Map<Integer, List<Long>> requestTimes, long fromNanos, long untilNanos, IntPredicate wanted) {
        int most = requestTimes.values().stream().mapToInt(List::size).sum();
        double[] seconds = new double[most];
        int count = 0;
        for (Map.Entry<Integer, List<Long>> entry : requestTimes.entrySet()) {
            if (!wanted.test(entry.getKey())) {
                continue;
            }
            List<Long> times = entry.getValue();
            for (int i = 1; i < times.size(); i++) {
                if (times.get(i) > fromNanos && times.get(i) <= untilNanos) {
                    seconds[count++] = (times.get(i) - times.get(i - 1)) / 1e9;
                }
            }
        }
        return new Quantiles(seconds, count);
    }

    static String text(Quantiles gaps) {
        return String.format(
                Locale.ROOT,
                "p1 %.3f s, p50 %.3f s, p99 %.3f s, max %.3f s (%d gaps)",
                gaps.quantile(0.01),
                gaps.quantile(0.5),
                gaps.quantile(0.99),
                gaps.quantile(1),
                gaps.count());
    }
}
