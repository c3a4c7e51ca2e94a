package io.pingagent.bench;

/** The rows of the table and the columns of the CSV. */
enum Metric {
    ADDRESSES("addresses", 0),
    SECONDS("measured, s", 0),
    PROBES_PER_S("probes/s", 0),
    TO_BARE("probes/s, x bare loop (a)", 3),
    FALSE_LOSSES("false losses", 0),
    INVALIDATED("samples invalidated", 0),
    KERNEL_DROPS("kernel drops (alarm)", 0),
    OVERRUNS("overruns", 0),
    LATE_P50_MS("send late p50, ms", 2),
    LATE_P99_MS("send late p99, ms", 2),
    LATE_MAX_MS("send late max, ms", 1),
    RTT_P50_US("RTT p50, us", 1),
    RTT_P99_US("RTT p99, us", 1),
    RTT_MAX_US("RTT max, us", 0),
    SEND_USER_US("us/probe ping-send user", 2),
    SEND_SYSTEM_US("us/probe ping-send system", 2),
    RECEIVE_USER_US("us/probe ping-recv user", 2),
    RECEIVE_SYSTEM_US("us/probe ping-recv system", 2),
    WRITE_USER_US("us/probe ping-redis user", 2),
    WRITE_SYSTEM_US("us/probe ping-redis system", 2),
    OTHER_USER_US("us/probe other threads user", 2),
    OTHER_SYSTEM_US("us/probe other threads system", 2),
    AGENT_US("us/probe agent (or fping)", 2),
    SENDING_US("us/probe fping, sending only", 2),
    USER_TO_KERNEL("agent user / kernel", 3),
    REDIS_US("us/probe Redis", 2),
    ALL_US("us/probe agent + Redis", 2),
    TO_FPING_FLOOD("agent + Redis, x fping flood", 3),
    TO_FPING_SENDING("agent + Redis, x fping flood, sending only", 3),
    TO_FPING_LOOP("agent + Redis, x fping loop", 3),
    CORES("cores agent + Redis", 3),
    SOFTIRQ_CORES("cores in softirq, machine", 3),
    AGENT_MB("peak RSS agent, MB", 0),
    AGENT_NOW_MB("RSS agent at the end, MB", 0),
    REDIS_MB("peak RSS Redis, MB", 0),
    ALLOCATED_B("allocated B/probe", 1),
    ALLOCATED_SEND_B("allocated B/probe ping-send", 2),
    ALLOCATED_RECEIVE_B("allocated B/probe ping-recv", 2),
    GC_COUNT("GCs", 0),
    GC_TOTAL_MS("GC pauses sum, ms", 1),
    GC_MAX_MS("GC pause max, ms", 1),
    FOREIGN_CORES("foreign load, cores", 2),
    STEAL_CORES("stolen by host, cores", 2),
    LOAD_AVERAGE("load average", 2);

    private final String label;
    private final int decimals;

    Metric(String label, int decimals) {
        this.label = label;
        this.decimals = decimals;
    }

    String label() {
        return label;
    }

    int decimals() {
        return decimals;
    }
}
