package io.pingagent.zabbix;

/** Port: what the agent knows of itself, for its own items. Read on {@code ping-zabbix} once per push interval. */
public interface AgentFacts {

    String version();

    long targets();

    long errListSize();

    /** Since the last call. */
    double probesPerSecond();

    long refused();

    long kernelDrops();

    long overruns();

    /** Probes that do not count, because this machine may have lost the reply. */
    long invalidated();

    /** By how much the probes of jobs went out late, 99th percentile since the last call. */
    double latenessSeconds();

    boolean redisConnected();
}
