package io.pingagent.icmp;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a raw socket sends and receives. Immutable.
 *
 * @param payloadBytes bytes after the ICMP header, 32 to 65,507 ({@code probe.size})
 * @param receiveBufferBytes wanted socket receive buffer, at least 4,096; the kernel may grant less
 * @param sourceV4 address to send IPv4 from, or null to let the kernel choose ({@code probe.source})
 * @param sourceV6 address to send IPv6 from, or null to let the kernel choose ({@code probe.source})
 * @param sourceZone interface of a link-local {@code sourceV6}: its name or, in decimal, its index; else null
 * @param interfaceName interface or VRF to bind to, 1 to 15 bytes, or null ({@code probe.interface})
 * @param dscp 0 to 63 ({@code probe.dscp})
 * @param ttl TTL or hop limit, 1 to 255; 0 for the system's default ({@code probe.ttl})
 * @param mark firewall mark, all 32 bits; 0 for none ({@code probe.mark})
 * @param dontFragment whether fragmentation, here and on the way, is forbidden ({@code probe.dont-fragment}); of IPv4 packets of
 *     up to 552 bytes it is in any case
 * @param sendBatch requests that {@link IcmpSocket#queueEcho} takes before a flush, 1 to 1,024
 * @param receiveBatch packets that one {@link IcmpSocket#receive} may read, 1 to 1,024
 */
public record IcmpOptions(
        int payloadBytes,
        int receiveBufferBytes,
        @Nullable Inet4Address sourceV4,
        @Nullable Inet6Address sourceV6,
        @Nullable String sourceZone,
        @Nullable String interfaceName,
        int dscp,
        int ttl,
        int mark,
        boolean dontFragment,
        int sendBatch,
        int receiveBatch) {

    /** Stamps, target, sequence and tag. */
    public static final int MIN_PAYLOAD_BYTES = 32;

    /** What an IPv4 datagram can hold next to its header and that of ICMP. */
    public static final int MAX_PAYLOAD_BYTES = 65_507;

    private static final int MAX_BATCH = 1_024;
    private static final int MAX_INTERFACE_NAME_BYTES = 15;

    /** @throws IllegalArgumentException naming the value seen and the range allowed */
    public IcmpOptions {
        inRange("payloadBytes", payloadBytes, MIN_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES);
        inRange("receiveBufferBytes", receiveBufferBytes, 4_096, Integer.MAX_VALUE / 2);
        inRange("dscp", dscp, 0, 63);
        inRange("ttl", ttl, 0, 255);
        inRange("sendBatch", sendBatch, 1, MAX_BATCH);
        inRange("receiveBatch", receiveBatch, 1, MAX_BATCH);
        if (interfaceName != null) {
            inRange(
                    "the length of interfaceName '" + interfaceName + "'",
                    interfaceName.getBytes(StandardCharsets.UTF_8).length,
                    1,
                    MAX_INTERFACE_NAME_BYTES);
        }
    }

    /** Without the zone of a source address. */
    public IcmpOptions(
            int payloadBytes,
            int receiveBufferBytes,
            @Nullable Inet4Address sourceV4,
            @Nullable Inet6Address sourceV6,
            @Nullable String interfaceName,
            int dscp,
            int ttl,
            int mark,
            boolean dontFragment,
            int sendBatch,
            int receiveBatch) {
        this(
                payloadBytes,
                receiveBufferBytes,
                sourceV4,
                sourceV6,
                null,
                interfaceName,
                dscp,
                ttl,
                mark,
                dontFragment,
                sendBatch,
                receiveBatch);
    }

    /** 56 bytes of payload, 64 MiB of buffer wanted, batches of 64 out and 256 in, everything else left to the system. */
    public static IcmpOptions defaults() {
        return new IcmpOptions(56, 64 << 20, null, null, null, 0, 0, 0, false, 64, 256);
    }

    private static void inRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + min + " to " + max);
        }
    }
}
