package io.pingagent.agent.watch;

import io.pingagent.base.LineBudget;
import io.pingagent.base.OwnedBy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Log lines about interfaces and source addresses that vanish and come back: at most {@value #LINES_A_MINUTE} lines a minute,
 * however often one changes.
 */
@OwnedBy("ping-housekeeping")
public final class InterfaceLog {

    static final int LINES_A_MINUTE = 6;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Supplier<List<String>> problems;
    private final Consumer<String> warnings;
    private final Consumer<String> notices;
    private final LineBudget budget;
    /** Problems that were logged and are not logged as over, and since when. */
    private final Map<String, Long> logged = new LinkedHashMap<>();

    /**
     * @param problems those of now, see {@link io.pingagent.probe.Engine#interfaceProblems}
     * @param startNanos by the monotonic clock
     */
    public InterfaceLog(
            Supplier<List<String>> problems, Consumer<String> warnings, Consumer<String> notices, long startNanos) {
        this.problems = problems;
        this.warnings = warnings;
        this.notices = notices;
        this.budget = new LineBudget(LINES_A_MINUTE, startNanos);
    }

    /** Logs what changed; to be called about once a second, with monotonic time. */
    public void write(long nowNanos) {
        List<String> present = problems.get();
        logged.entrySet().removeIf(entry -> !present.contains(entry.getKey()) && logsEnd(entry, nowNanos));
        for (String problem : present) {
            if (!logged.containsKey(problem) && budget.take(nowNanos)) {
                logged.put(problem, nowNanos);
                warnings.accept(problem + "; probes that need it are lost until it is back");
            }
        }
    }

    private boolean logsEnd(Map.Entry<String, Long> entry, long nowNanos) {
        boolean isAllowed = budget.take(nowNanos);
        if (isAllowed) {
            notices.accept("over after " + (nowNanos - entry.getValue()) / SECOND_NANOS + " s: " + entry.getKey());
        }
        return isAllowed;
    }
}
