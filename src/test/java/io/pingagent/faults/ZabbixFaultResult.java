package io.pingagent.faults;

import java.util.List;

/**
 * A filled row, or as much of it as there is.
 *
 * @param made values that were put into the buffer
 * @param missing of them, at the server in the end
 * @param doubled values that the server took twice
 * @param dropped values that the agent counted as given up
 * @param right how long after the end of the fault the server had all that waited
 * @param log what the agent said of it; then the problem in {@code agent-stats}, and {@code doctor}
 * @param failures what is not as it should be, with values; empty if the row is right
 */
record ZabbixFaultResult(
        ZabbixFault fault,
        long made,
        long missing,
        long doubled,
        long dropped,
        String right,
        String log,
        String problem,
        String doctor,
        List<String> failures) {

    static final String HEAD = """
            | fault | lasts | made | missing | doubled | dropped | right again after | log | problem in `agent-stats` | `doctor` |
            |---|---|---|---|---|---|---|---|---|---|
            """;

    static ZabbixFaultResult failed(ZabbixFault fault, Throwable failure) {
        return new ZabbixFaultResult(fault, 0, 0, 0, 0, "?", "?", "?", "?", List.of("the row ended early: " + failure));
    }

    String markdown() {
        List<String> cells = List.of(
                fault.name,
                fault.lasting.toSeconds() + " s",
                Long.toString(made),
                Long.toString(missing),
                Long.toString(doubled),
                Long.toString(dropped),
                right,
                log,
                problem,
                doctor);
        return "| "
                + String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "\\|")).toList())
                + " |";
    }
}
