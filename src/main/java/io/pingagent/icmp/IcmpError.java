package io.pingagent.icmp;

/** What an ICMP error says about a probe: RFC 792, RFC 1122 and RFC 1812 for IPv4, RFC 4443 for IPv6. */
public enum IcmpError {
    /** v4 unreachable code 0; v6 unreachable code 0, no route to destination. */
    NETWORK_UNREACHABLE(
            "network unreachable",
            "ICMP Network Unreachable",
            "ICMPv6 Destination Unreachable (No route to destination)"),
    /** v4 unreachable code 1; v6 unreachable code 3, address unreachable. */
    HOST_UNREACHABLE(
            "host unreachable", "ICMP Host Unreachable", "ICMPv6 Destination Unreachable (Address unreachable)"),
    /** v4 unreachable code 2. */
    PROTOCOL_UNREACHABLE("protocol unreachable", "ICMP Protocol Unreachable"),
    /** v4 unreachable code 3; v6 unreachable code 4. */
    PORT_UNREACHABLE("port unreachable", "ICMP Port Unreachable", "ICMPv6 Destination Unreachable (Port unreachable)"),
    /** v4 unreachable code 4. */
    FRAGMENTATION_NEEDED("fragmentation needed but forbidden", "ICMP Unreachable (Fragmentation Needed)"),
    /** v4 unreachable code 5. */
    SOURCE_ROUTE_FAILED("source route failed", "ICMP Unreachable (Source Route Failed)"),
    /** v4 unreachable code 6. */
    NETWORK_UNKNOWN("destination network unknown", "ICMP Unreachable (Destination Network Unknown)"),
    /** v4 unreachable code 7. */
    HOST_UNKNOWN("destination host unknown", "ICMP Unreachable (Destination Host Unknown)"),
    /** v4 unreachable code 8. */
    SOURCE_ISOLATED("source host isolated", "ICMP Unreachable (Source Host Isolated)"),
    /** v4 unreachable code 9. */
    NETWORK_PROHIBITED(
            "destination network administratively prohibited",
            "ICMP Unreachable (Communication with Network Prohibited)"),
    /** v4 unreachable code 10. */
    HOST_PROHIBITED(
            "destination host administratively prohibited", "ICMP Unreachable (Communication with Host Prohibited)"),
    /** v4 unreachable code 11. */
    NETWORK_UNREACHABLE_FOR_TOS(
            "network unreachable for this type of service",
            "ICMP Unreachable (Network Unreachable For Type Of Service)"),
    /** v4 unreachable code 12. */
    HOST_UNREACHABLE_FOR_TOS(
            "host unreachable for this type of service", "ICMP Unreachable (Host Unreachable For Type Of Service)"),
    /** v4 unreachable code 13; v6 unreachable code 1. */
    ADMIN_PROHIBITED(
            "communication administratively prohibited",
            "ICMP Unreachable (Communication Administratively Prohibited)",
            "ICMPv6 Destination Unreachable (Communication with destination administratively prohibited)"),
    /** v4 unreachable code 14. */
    PRECEDENCE_VIOLATION("host precedence violation", "ICMP Unreachable (Host Precedence Violation)"),
    /** v4 unreachable code 15. */
    PRECEDENCE_CUTOFF("precedence cutoff in effect", "ICMP Unreachable (Precedence cutoff in effect)"),
    /** v6 unreachable code 2. */
    BEYOND_SCOPE(
            "beyond scope of the source address", "ICMPv6 Destination Unreachable (Beyond scope of source address)"),
    /** v6 unreachable code 5. */
    SOURCE_POLICY_FAILED(
            "source address failed ingress or egress policy",
            "ICMPv6 Destination Unreachable (Source address failed ingress/egress policy)"),
    /** v6 unreachable code 6. */
    REJECT_ROUTE("reject route to destination", "ICMPv6 Destination Unreachable (Reject route to destination)"),
    /** Any unreachable code that no RFC above defines. */
    UNREACHABLE(
            "destination unreachable",
            "ICMP Unreachable (Invalid Code)",
            "ICMPv6 Destination Unreachable (Invalid Code)"),
    /** v6 packet too big. */
    PACKET_TOO_BIG("packet too big", "ICMPv6 Packet Too Big"),
    /** v4 and v6 time exceeded code 0. */
    TTL_EXCEEDED(
            "time to live exceeded in transit",
            "ICMP Time Exceeded",
            "ICMPv6 Time Exceeded (Hop limit exceeded in transit)"),
    /** v4 and v6 time exceeded code 1, and any other. */
    REASSEMBLY_TIME_EXCEEDED(
            "fragment reassembly time exceeded",
            "ICMP Time Exceeded",
            "ICMPv6 Time Exceeded (Fragment reassembly time exceeded)"),
    /** v4 and v6 parameter problem, any code. */
    PARAMETER_PROBLEM("parameter problem", "ICMP Parameter Problem", "ICMPv6 Parameter Problem");

    private static final IcmpError[] V4_UNREACHABLE = {
        NETWORK_UNREACHABLE,
        HOST_UNREACHABLE,
        PROTOCOL_UNREACHABLE,
        PORT_UNREACHABLE,
        FRAGMENTATION_NEEDED,
        SOURCE_ROUTE_FAILED,
        NETWORK_UNKNOWN,
        HOST_UNKNOWN,
        SOURCE_ISOLATED,
        NETWORK_PROHIBITED,
        HOST_PROHIBITED,
        NETWORK_UNREACHABLE_FOR_TOS,
        HOST_UNREACHABLE_FOR_TOS,
        ADMIN_PROHIBITED,
        PRECEDENCE_VIOLATION,
        PRECEDENCE_CUTOFF
    };

    private static final IcmpError[] V6_UNREACHABLE = {
        NETWORK_UNREACHABLE,
        ADMIN_PROHIBITED,
        BEYOND_SCOPE,
        HOST_UNREACHABLE,
        PORT_UNREACHABLE,
        SOURCE_POLICY_FAILED,
        REJECT_ROUTE
    };

    private final String text;
    private final String fpingText;
    private final String fpingTextV6;

    /** @param fpingText of the only family that has this error */
    IcmpError(String text, String fpingText) {
        this(text, fpingText, fpingText);
    }

    IcmpError(String text, String fpingText, String fpingTextV6) {
        this.text = text;
        this.fpingText = fpingText;
        this.fpingTextV6 = fpingTextV6;
    }

    /** For messages: lower case, no full stop. */
    public String text() {
        return text;
    }

    /** The words of fping 5.5, which programs that call it look for. */
    public String fpingText(boolean v6) {
        return v6 ? fpingTextV6 : fpingText;
    }

    /** @param code 0 to 255 */
    static IcmpError unreachable(boolean v6, int code) {
        IcmpError[] known = v6 ? V6_UNREACHABLE : V4_UNREACHABLE;
        return code < known.length ? known[code] : UNREACHABLE;
    }

    /** @param code 0 to 255 */
    static IcmpError timeExceeded(int code) {
        return code == 0 ? TTL_EXCEEDED : REASSEMBLY_TIME_EXCEEDED;
    }
}
