package io.pingagent.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Log lines about interfaces and source addresses that are away and come back, folded: of one that comes and goes all the
 * time, {@value #LINES_A_MINUTE} lines a minute say how it stands. One thread.
 */
final class InterfaceLog {

    static final int LINES_A_MINUTE = 6;

    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Supplier<List<String>> problems;
    private final Consumer<String> warnings;
    private final Consumer<String> notices;
    /** What was said to be away, and since when. */
    private final Map<String, Long> said = new LinkedHashMap<>();

    private long minuteStartNanos;
    private int lines;

    /** @param problems those of now, see {@link io.pingagent.probe.Engine#interfaceProblems} */
    InterfaceLog(
            Supplier<List<String>> problems, Consumer<String> warnings, Consumer<String> notices, long startNanos) {
        this.problems = problems;
        this.warnings = warnings;
        this.notices = notices;
        this.minuteStartNanos = startNanos;
    }

    /** Compares with what was said so far; to be called about once a second, with monotonic time. */
    void write(long nowNanos) {
        if (nowNanos - minuteStartNanos >= MINUTE_NANOS) {
            minuteStartNanos = nowNanos;
            lines = 0;
        }
        List<String> present = problems.get();
        said.entrySet().removeIf(entry -> !present.contains(entry.getKey()) && isOverSaid(entry, nowNanos));
        for (String problem : present) {
            if (!said.containsKey(problem) && lines < LINES_A_MINUTE) {
                lines++;
                said.put(problem, nowNanos);
                warnings.accept(problem + "; probes that need it are lost until it is back");
            }
        }
    }

    private boolean isOverSaid(Map.Entry<String, Long> entry, long nowNanos) {
        if (lines == LINES_A_MINUTE) {
            return false;
        }
        lines++;
        notices.accept("over after " + (nowNanos - entry.getValue()) / SECOND_NANOS + " s: " + entry.getKey());
        return true;
    }
}
