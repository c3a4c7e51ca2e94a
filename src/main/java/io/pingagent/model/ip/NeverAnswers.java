package io.pingagent.model.ip;

import io.pingagent.model.IpAddress;

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
        return address.isV6() ? reasonV6(address) : reasonV4(address.v4Bits());
    }

    private static String reasonV4(int bits) {
        if (bits == 0) {
            return "it is the unspecified address, which no host has";
        }
        if (bits >>> 24 == 0) {
            return "0.0.0.0/8 means this network, no host has such an address";
        }
        if (bits == BROADCAST) {
            return "it is the broadcast address, not a host's; name the hosts";
        }
        if (bits >>> 28 == MULTICAST_V4) {
            return "it is a multicast address, not a host's; name the hosts";
        }
        return bits >>> 28 == RESERVED_V4 ? "240.0.0.0/4 is reserved, no host has such an address" : "";
    }

    private static String reasonV6(IpAddress address) {
        if (address.high() == 0 && address.low() == 0) {
            return "it is the unspecified address, which no host has";
        }
        if (address.high() == 0 && address.low() >>> 32 == MAPPED) {
            return "it is an IPv4 address in IPv6 notation; write " + IpAddress.v4((int) address.low());
        }
        if (address.high() >>> 56 == MULTICAST_V6) {
            return "it is a multicast address, not a host's; name the hosts";
        }
        if (address.high() >>> 54 == LINK_LOCAL && address.zone() == 0) {
            return "a link-local address needs its interface; write " + address + "%eth0 with the right one";
        }
        return "";
    }
}
