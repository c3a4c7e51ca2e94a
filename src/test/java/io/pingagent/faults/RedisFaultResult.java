package io.pingagent.faults;

import java.util.List;

/**
 * A filled row, or as much of it as there is.
 *
 * @param gap longest gap in probing
 * @param falseEntries living addresses that were called down anywhere
 * @param right how long after the end of the fault Redis held the truth
 * @param log what the agent said of it; then {@code status}, {@code doctor}, and the agent's own items in Zabbix
 * @param failures what is not as it should be, with values; empty if the row is right
 */
record RedisFaultResult(
        RedisFault fault,
        String gap,
        int falseEntries,
        String right,
        String log,
        String status,
        String doctor,
        String zabbix,
        List<String> failures) {

    static final String HEAD = """
            | fault | lasts | longest gap | false entries | right again after | log | `status` | `doctor` | Zabbix |
            |---|---|---|---|---|---|---|---|---|
            """;

    static RedisFaultResult failed(RedisFault fault, Throwable failure) {
        return new RedisFaultResult(fault, "?", 0, "?", "?", "?", "?", "?", List.of("the row ended early: " + failure));
    }

    String markdown() {
        List<String> cells = List.of(
                fault.name,
                fault.lasting.toSeconds() + " s",
                gap,
                Integer.toString(falseEntries),
                right,
                log,
                status,
                doctor,
                zabbix);
        return "| "
                + String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "\\|")).toList())
                + " |";
    }
}
