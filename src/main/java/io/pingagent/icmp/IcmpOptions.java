package io.pingagent.icmp;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a raw socket sends and receives. Immutable.
 *
 * @param payloadBytes bytes after the ICMP header, 32 to 65,507 ({@code probe.size})
 * @param source where the requests come from
 * @param marking what the IP headers of the requests carry
 * @param buffers how much is kept and handed over at once
 */
public record IcmpOptions(int payloadBytes, Source source, Marking marking, Buffers buffers) {

    /** Stamps, cookie, sequence and tag. */
    public static final int MIN_PAYLOAD_BYTES = 32;

    /** What an IPv4 datagram can hold next to its header and that of ICMP. */
    public static final int MAX_PAYLOAD_BYTES = 65_507;

    private static final int MAX_BATCH = 1_024;
    private static final int MAX_INTERFACE_NAME_BYTES = 15;

    /** @throws IllegalArgumentException naming the value seen and the range allowed */
    public IcmpOptions {
        inRange("payloadBytes", payloadBytes, MIN_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES);
    }

    /**
     * Where requests come from.
     *
     * @param v4 address to send IPv4 from, or null to let the kernel choose ({@code probe.source})
     * @param v6 address to send IPv6 from, or null to let the kernel choose ({@code probe.source})
     * @param zone interface of a link-local {@code v6}: its name or, in decimal, its index; else null
     * @param interfaceName interface or VRF to bind to, 1 to 15 bytes, or null ({@code probe.interface})
     */
    public record Source(
            @Nullable Inet4Address v4,
            @Nullable Inet6Address v6,
            @Nullable String zone,
            @Nullable String interfaceName) {

        /** Left to the kernel. */
        public static final Source ANY = new Source(null, null, null, null);

        /** @throws IllegalArgumentException naming the value seen and the range allowed */
        public Source {
            if (interfaceName != null) {
                inRange(
                        "the length of interfaceName '" + interfaceName + "'",
                        interfaceName.getBytes(StandardCharsets.UTF_8).length,
                        1,
                        MAX_INTERFACE_NAME_BYTES);
            }
        }
    }

    /**
     * What the IP headers of requests carry.
     *
     * @param dscp 0 to 63 ({@code probe.dscp})
     * @param ttl TTL or hop limit, 1 to 255; 0 for the system's default ({@code probe.ttl})
     * @param mark firewall mark, all 32 bits; 0 for none ({@code probe.mark})
     * @param dontFragment whether fragmentation, here and on the way, is forbidden ({@code probe.dont-fragment}); of
     *     IPv4 packets of up to 552 bytes it is in any case
     */
    public record Marking(int dscp, int ttl, int mark, boolean dontFragment) {

        /** Left to the system. */
        public static final Marking NONE = new Marking(0, 0, 0, false);

        /** @throws IllegalArgumentException naming the value seen and the range allowed */
        public Marking {
            inRange("dscp", dscp, 0, 63);
            inRange("ttl", ttl, 0, 255);
        }
    }

    /**
     * How much is kept and handed over at once.
     *
     * @param receiveBytes wanted socket receive buffer, at least 4,096; the kernel may grant less
     * @param sendBatch requests that {@link IcmpSocket#queueEcho} takes before a flush, 1 to 1,024
     * @param receiveBatch packets that one {@link IcmpSocket#receive} may read, 1 to 1,024
     */
    public record Buffers(int receiveBytes, int sendBatch, int receiveBatch) {

        /** @throws IllegalArgumentException naming the value seen and the range allowed */
        public Buffers {
            inRange("receiveBytes", receiveBytes, 4_096, Integer.MAX_VALUE / 2);
            inRange("sendBatch", sendBatch, 1, MAX_BATCH);
            inRange("receiveBatch", receiveBatch, 1, MAX_BATCH);
        }
    }

    private static void inRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + min + " to " + max);
        }
    }
}
