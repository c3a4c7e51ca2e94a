package io.pingagent.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A filled row, or as much of it as there is.
 *
 * @param gap longest gap in probing of unaffected addresses, with its limit
 * @param falseEntries unaffected addresses that were on the err list at any moment
 * @param listed affected ones that were, and after how long
 * @param right how long after the end of the fault everything was right
 * @param said what the agent said
 * @param failures what is not as it should be, with values; empty if the row is right
 */
record FaultResult(
        Fault fault, String gap, int falseEntries, String listed, String right, String said, List<String> failures) {

    static FaultResult failed(Fault fault, Throwable failure) {
        return new FaultResult(fault, "?", 0, "?", "?", "?", List.of("the row ended early: " + failure));
    }

    String markdown() {
        List<String> cells = new ArrayList<>();
        cells.add(fault.name);
        cells.add(fault.lasting.toSeconds() + " s");
        cells.add(gap);
        cells.add(Integer.toString(falseEntries));
        cells.add(listed);
        cells.add(right);
        cells.add(said.replace("|", "\\|"));
        return "| " + String.join(" | ", cells) + " |";
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
