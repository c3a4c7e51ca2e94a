package io.pingagent.redis.admin;

/**
 * An agent as Redis knows it.
 *
 * @param name the agent's name
 * @param listed whether it is in {@code agent-list}
 * @param online whether its heartbeat lives
 * @param errListed members of its err list
 * @param ownJobs jobs in {@code agent-jobs_$agent}
 */
public record AdminAgent(String name, boolean listed, boolean online, long errListed, long ownJobs) {}
