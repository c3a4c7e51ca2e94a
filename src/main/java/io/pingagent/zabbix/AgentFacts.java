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

    boolean redisConnected();
}
