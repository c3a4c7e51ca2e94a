package io.pingagent.bench;

/** The columns of the truth bench's table and CSV; times in microseconds. */
enum TruthFigure {
    PROBES_PER_S("probes/s", 0, false),
    SAMPLES("samples", 0, false),
    TRUE_P50("true RTT p50", 1, false),
    TRUE_P99("true RTT p99", 1, true),
    ERROR_MIN("error min", 1, false),
    ERROR_P50("error p50", 2, false),
    ERROR_P99("error p99", 2, true),
    ERROR_MAX("error max", 1, false),
    ABSOLUTE_P50("abs p50", 2, false),
    ABSOLUTE_P99("abs p99", 2, true),
    P50_TO_FPING("p50 x fping", 3, false),
    P99_TO_FPING("p99 x fping", 3, true),
    /** From the moment before a request leaves to its arrival: it was transmitted in between. */
    UNCERTAIN_P50("uncertainty p50", 2, false),
    UNCERTAIN_P99("uncertainty p99", 2, true),
    /** The same errors, had each request left at the earlier of the two moments. */
    EARLY_P50("early: abs p50", 2, false),
    EARLY_P99("early: abs p99", 2, true),
    EARLY_P50_TO_FPING("early: p50 x fping", 3, false),
    EARLY_P99_TO_FPING("early: p99 x fping", 3, true),
    FOREIGN_CORES("foreign load", 2, false);

    private final String label;
    private final int decimals;
    private final boolean ofTheWorst;

    TruthFigure(String label, int decimals, boolean ofTheWorst) {
        this.label = label;
        this.decimals = decimals;
        this.ofTheWorst = ofTheWorst;
    }

    String label() {
        return label;
    }

    int decimals() {
        return decimals;
    }

    /** Whether it is about one percent of the samples, and says nothing if there are few. */
    boolean ofTheWorst() {
        return ofTheWorst;
    }
}
