package io.pingagent.ping;

import io.pingagent.model.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code ping-agent ping}: what to probe and how. Values are already in range. Immutable.
 *
 * @param targets distinct addresses; a target is known to {@link PingListener} by its index here
 * @param readsTrafficClass whether replies bring their TOS or traffic class byte along
 */
public record PingRequest(List<IpAddress> targets, Plan plan, Packet packet, Route route, boolean readsTrafficClass) {

    public PingRequest {
        targets = List.copyOf(targets);
    }

    public PingRequest(List<IpAddress> targets, Plan plan, Packet packet, Route route) {
        this(targets, plan, packet, route, false);
    }

    /**
     * How many probes, and when.
     *
     * @param mode when a target is done
     * @param probes {@link Mode#ALIVE}: the most probes a silent target gets (retries + 1); {@link Mode#COUNT}: probes per
     *     target; {@link Mode#LOOP}: 0
     * @param backoff {@link Mode#ALIVE} only: each retry waits this many times longer than the one before, 1.0 to 5.0
     * @param intervalNanos gap between any two packets, 0 for none
     * @param periodNanos {@link Mode#COUNT} and {@link Mode#LOOP}: gap between two packets to one target
     * @param timeoutNanos how long a probe waits for its reply ({@link Mode#ALIVE}: the first probe)
     */
    public record Plan(
            Mode mode, int probes, double backoff, long intervalNanos, long periodNanos, long timeoutNanos) {}

    /**
     * What is sent.
     *
     * @param payloadBytes ICMP payload, 32 to 65,507
     * @param trafficClass the IPv4 TOS or IPv6 traffic class byte, or null for the system's
     * @param hopLimit TTL or hop limit, 1 to 255, or null for the system's
     * @param dontFragment whether to set the IPv4 don't-fragment flag
     */
    public record Packet(
            int payloadBytes,
            @Nullable Integer trafficClass,
            @Nullable Integer hopLimit,
            boolean dontFragment) {}

    /**
     * Which way it leaves this machine.
     *
     * @param mark firewall mark, all 32 bits; 0 for none
     * @param interfaceName interface to bind to, or null
     * @param source source address, or null for the system's choice
     */
    public record Route(
            int mark,
            @Nullable String interfaceName,
            @Nullable IpAddress source) {}

    /** When a target is done. */
    public enum Mode {
        /** At its first reply, or when its last retry was lost. */
        ALIVE,
        /** When all its probes are settled. */
        COUNT,
        /** Never; the user ends it. */
        LOOP
    }
}
