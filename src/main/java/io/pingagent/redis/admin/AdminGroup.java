package io.pingagent.redis.admin;

/**
 * A group as Redis holds it.
 *
 * @param name the group's name
 * @param listed whether it is in {@code group-list} or {@code groups-list}
 * @param members how many members its set has; a network counts as one
 */
public record AdminGroup(String name, boolean listed, long members) {}
