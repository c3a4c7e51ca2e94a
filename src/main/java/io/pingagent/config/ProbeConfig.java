package io.pingagent.config;

import io.pingagent.model.IpAddress;
import io.pingagent.model.TransmitStamps;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How probes are sent.
 *
 * @param timeout how long to wait for a reply, 1 ms to 60 s, unless a job says otherwise
 * @param rateLimitPerSecond packets per second of all jobs together, 1 to 10,000,000
 * @param sizeBytes ICMP payload, 32 to 1472
 * @param sourceV4 source address of IPv4 probes, or null to let the kernel choose
 * @param sourceV6 source address of IPv6 probes, or null to let the kernel choose
 * @param interfaceName interface (or VRF) the sockets are bound to, or null
 * @param dscp 0 to 63
 * @param ttl TTL or hop limit, 1 to 255
 * @param mark firewall mark as unsigned 32 bits, 0 for none
 * @param dontFragment whether probes carry the don't-fragment bit
 * @param transmitTimestamps which probes the kernel stamps as it transmits them
 * @param receiveBufferBytes of each socket, asked from the kernel
 * @param identifierInterval after which the ICMP identifier is changed, 10 s to 7 d
 * @param isolationSharePercent of the addresses that answered, 0 to 100: when so many stop at once, the agent itself is cut
 *     off; 0 if never
 * @param canaries addresses that answer as long as the agent is connected; may be empty
 */
public record ProbeConfig(
        Duration timeout,
        int rateLimitPerSecond,
        int sizeBytes,
        @Nullable IpAddress sourceV4,
        @Nullable IpAddress sourceV6,
        @Nullable String interfaceName,
        int dscp,
        int ttl,
        int mark,
        boolean dontFragment,
        TransmitStamps transmitTimestamps,
        int receiveBufferBytes,
        Duration identifierInterval,
        double isolationSharePercent,
        List<IpAddress> canaries) {

    public ProbeConfig {
        canaries = List.copyOf(canaries);
    }
}
