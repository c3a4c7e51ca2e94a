package io.pingagent.model;

/**
 * Which addresses can never answer an echo request, whatever is connected: probing one would report an outage for ever.
 * Stateless, any thread.
 */
public final class NeverAnswers {

    private static final int BROADCAST = 0xffff_ffff;
    private static final int MULTICAST_V4 = 0xe;
    private static final int RESERVED_V4 = 0xf;
    private static final int MULTICAST_V6 = 0xff;
    private static final int LINK_LOCAL = 0xfe80 >>> 6;
    private static final int MAPPED = 0xffff;

    private NeverAnswers() {}

    /** Whether {@link #reason} has one for an IPv4 address, given as its 32 bits. */
    public static boolean isV4(int bits) {
        return bits >>> 24 == 0 || bits >>> 28 >= MULTICAST_V4;
    }

    /** Why it cannot answer, with what to write instead where there is something; empty if it can. No full stop. */
    public static String reason(IpAddress address) {
        String why = why(address);
        String remedy = remedy(address);
        return remedy.isEmpty() ? why : why + "; " + remedy;
    }

    /** Why it can neither answer nor be the source of a probe; empty if it can. No full stop. */
    public static String why(IpAddress address) {
        return address.isV6() ? whyV6(address) : whyV4(address.v4Bits());
    }

    /** What to write instead as an address to probe; empty where nobody can know. */
    private static String remedy(IpAddress address) {
        String spelling = otherSpelling(address);
        return spelling.isEmpty() && isOfMany(address) ? "name the hosts" : spelling;
    }

    /** What to write instead as the source of probes. No full stop. */
    public static String sourceRemedy(IpAddress address) {
        String spelling = otherSpelling(address);
        return spelling.isEmpty() ? "write an address of this machine" : spelling;
    }

    /** How to write the address that was meant, where only its form is wrong; else empty. */
    private static String otherSpelling(IpAddress address) {
        if (isMapped(address)) {
            return "write " + IpAddress.v4((int) address.low());
        }
        return lacksZone(address) ? "write " + address + "%eth0 with the right one" : "";
    }

    private static String whyV4(int bits) {
        if (bits == 0) {
            return "it is the unspecified address, which no host has";
        }
        if (bits >>> 24 == 0) {
            return "0.0.0.0/8 means this network, no host has such an address";
        }
        if (bits == BROADCAST) {
            return "it is the broadcast address, not a host's";
        }
        if (bits >>> 28 == MULTICAST_V4) {
            return "it is a multicast address, not a host's";
        }
        return bits >>> 28 == RESERVED_V4 ? "240.0.0.0/4 is reserved, no host has such an address" : "";
    }

    private static String whyV6(IpAddress address) {
        if (address.high() == 0 && address.low() == 0) {
            return "it is the unspecified address, which no host has";
        }
        if (isMapped(address)) {
            return "it is an IPv4 address in IPv6 notation";
        }
        if (isOfMany(address)) {
            return "it is a multicast address, not a host's";
        }
        return lacksZone(address) ? "a link-local address needs its interface" : "";
    }

    private static boolean isOfMany(IpAddress address) {
        return address.isV6()
                ? address.high() >>> 56 == MULTICAST_V6
                : address.v4Bits() == BROADCAST || address.v4Bits() >>> 28 == MULTICAST_V4;
    }

    private static boolean isMapped(IpAddress address) {
        return address.isV6() && address.high() == 0 && address.low() >>> 32 == MAPPED;
    }

    private static boolean lacksZone(IpAddress address) {
        return address.isV6() && address.high() >>> 54 == LINK_LOCAL && address.zone() == 0;
    }
}
