package io.pingagent.trace;

import io.pingagent.model.IpAddress;
import org.jspecify.annotations.Nullable;

/** One {@code ping-agent trace}: where to and how. Values are already in range. Immutable. */
public record TraceRequest(IpAddress address, Plan plan, Packet packet) {

    /**
     * How many packets, and when.
     *
     * @param firstHop first TTL, 1 to {@code lastHop}
     * @param lastHop last TTL, at most 64
     * @param rounds packets to each hop; 0 until it is stopped
     * @param intervalNanos between two rounds
     * @param timeoutNanos how long an answer is waited for
     */
    public record Plan(int firstHop, int lastHop, int rounds, long intervalNanos, long timeoutNanos) {}

    /**
     * What is sent, and which way it leaves this machine.
     *
     * @param payloadBytes ICMP payload, 32 to 65,487
     * @param trafficClass the IPv4 TOS or IPv6 traffic class byte, 0 to 255
     * @param interfaceName interface to bind to, or null
     * @param source source address, or null for the system's choice
     */
    public record Packet(
            int payloadBytes,
            int trafficClass,
            @Nullable String interfaceName,
            @Nullable IpAddress source) {}
}
