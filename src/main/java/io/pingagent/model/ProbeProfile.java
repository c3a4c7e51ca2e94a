package io.pingagent.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a job's probes differ from those of the configuration; null is what the configuration says.
 *
 * @param dscp 0 to 63
 * @param size bytes of ICMP payload, 32 to 1,472
 * @param ttl TTL or hop limit, 1 to 255
 * @param sourceV4 address to send IPv4 from
 * @param sourceV6 address to send IPv6 from, with its zone if it is link-local
 * @param interfaceName interface or VRF to send through, 1 to 15 bytes
 * @param dontFragment whether fragmentation is forbidden
 */
public record ProbeProfile(
        @Nullable Integer dscp,
        @Nullable Integer size,
        @Nullable Integer ttl,
        @Nullable IpAddress sourceV4,
        @Nullable IpAddress sourceV6,
        @Nullable String interfaceName,
        @Nullable Boolean dontFragment) {

    /** All as the configuration says. */
    public static final ProbeProfile DEFAULT = new ProbeProfile(null, null, null, null, null, null, null);

    public static final int MOST_DSCP = 63;
    public static final int LEAST_SIZE = 32;
    public static final int MOST_SIZE = 1_472;
    public static final int MOST_TTL = 255;
    public static final int MOST_INTERFACE_BYTES = 15;

    /** Without the values that are those of the configuration anyway. So profiles that do the same are equal. */
    public ProbeProfile without(ProbeProfile configured) {
        return equals(DEFAULT)
                ? this
                : new ProbeProfile(
                        other(dscp, configured.dscp),
                        other(size, configured.size),
                        other(ttl, configured.ttl),
                        other(sourceV4, configured.sourceV4),
                        other(sourceV6, configured.sourceV6),
                        other(interfaceName, configured.interfaceName),
                        other(dontFragment, configured.dontFragment));
    }

    private static <T> @Nullable T other(@Nullable T value, @Nullable T configured) {
        return Objects.equals(value, configured) ? null : value;
    }

    /** The values that it has, as in a job's definition: {@code dscp 46, interface eth1}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, "dscp", dscp);
        append(text, "size", size);
        append(text, "ttl", ttl);
        append(text, "source", sourceV4);
        append(text, "source", sourceV6);
        append(text, "interface", interfaceName);
        append(text, "dontfragment", dontFragment);
        return text.isEmpty() ? "as configured" : text.toString();
    }

    private static void append(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(value);
        }
    }
}
