package io.pingagent.zabbix;

import io.pingagent.model.Problem;
import java.util.List;

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

    /** Probes that the kernel refused to send. */
    long sendErrors();

    /** Probes that had to wait for room in this machine's queues. */
    long sendDeferred();

    /** Probes left out because the one before still waited for room. */
    long sendOmitted();

    /** By how much the probes of jobs went out late, 99th percentile since the last call. */
    double latenessSeconds();

    boolean redisConnected();

    /** What the user has to fix, the most important first. */
    List<Problem> problems();
}
