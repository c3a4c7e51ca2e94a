package io.pingagent.model;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import io.pingagent.base.OneLine;
import java.util.function.Consumer;

/**
 * Parses addresses and CIDR networks strictly: no host names, no DNS, no shortened or octal IPv4 forms. Zones are text: this
 * host need not have such an interface. Stateless, any thread.
 */
public final class Addresses {

    /** The largest network that one group member may stand for. */
    public static final int MAX_NETWORK_ADDRESSES = 65_536;

    /** Far longer than any address with its zone or prefix length. */
    private static final int MAX_CHARACTERS = 200;

    private static final int MAX_SHOWN = 100;

    private Addresses() {}

    /**
     * @param text an IPv4 or IPv6 address, with {@code %zone} for link-local IPv6
     * @throws IllegalArgumentException if it is anything else; the message says why
     */
    public static IpAddress parse(String text) {
        long v4 = plainV4(text);
        if (v4 >= 0) {
            return IpAddress.v4((int) v4);
        }
        IPAddress parsed = parseAny(text);
        if (text.indexOf('/') >= 0) {
            throw new IllegalArgumentException(quote(text) + " is a network, not an address");
        }
        return convert(parsed, zone(text));
    }

    /**
     * Hands every address of a group member to {@code sink}: the address itself, or the hosts of a CIDR network. As with
     * fping, an IPv4 network up to /30 stands for its hosts, without network and broadcast address.
     *
     * @throws IllegalArgumentException if the text is neither, or can never answer (see {@link NeverAnswers}), or the
     *     network has more than {@value #MAX_NETWORK_ADDRESSES} addresses; nothing has then been handed over
     */
    public static void expand(String member, Consumer<IpAddress> sink) {
        IPAddress parsed = parseAny(member);
        if (member.indexOf('/') < 0) {
            IpAddress address = convert(parsed, zone(member));
            requireAnswerable(member, address);
            sink.accept(address);
            return;
        }
        int freeBits = parsed.getBitCount() - parsed.getNetworkPrefixLength();
        if (freeBits > 16) {
            throw new IllegalArgumentException(quote(member) + " has more than " + MAX_NETWORK_ADDRESSES
                    + " addresses; split it into networks of at most /" + (parsed.getBitCount() - 16));
        }
        IpAddress first = convert(parsed.toPrefixBlock().getLower().withoutPrefixLength(), zone(member));
        requireAnswerable(member, first);
        int count = 1 << freeBits;
        boolean hostsOnly = !first.isV6() && freeBits >= 2;
        for (int i = hostsOnly ? 1 : 0; i < (hostsOnly ? count - 1 : count); i++) {
            sink.accept(
                    first.isV6()
                            ? IpAddress.v6(first.high(), first.low() + i, first.zone())
                            : IpAddress.v4(first.v4Bits() + i));
        }
    }

    /**
     * Both things that may have been meant by a network with host bits set, as in {@code 192.0.2.5/24}, with the number
     * of addresses. Empty for everything else, also for what is no network at all. {@link #expand} reads it as the
     * network.
     */
    public static String doubleMeaning(String member) {
        int slash = member.indexOf('/');
        if (slash < 0) {
            return "";
        }
        IPAddress parsed;
        try {
            parsed = parseAny(member);
        } catch (IllegalArgumentException e) {
            return "";
        }
        int zone = zone(member);
        IpAddress first = convert(parsed.toPrefixBlock().getLower().withoutPrefixLength(), zone);
        IpAddress host = convert(parsed.withoutPrefixLength().getLower(), zone);
        int freeBits = parsed.getBitCount() - parsed.getNetworkPrefixLength();
        if (first.equals(host) || freeBits > 16) {
            return "";
        }
        int addresses = (1 << freeBits) - (!first.isV6() && freeBits >= 2 ? 2 : 0);
        return "the network " + first + member.substring(slash) + " with " + addresses + " addresses, or the host "
                + host;
    }

    /**
     * The same as {@link #parse}, for an address that is to be probed.
     *
     * @throws IllegalArgumentException if it is none, or can never answer (see {@link NeverAnswers}); the message says why
     */
    public static IpAddress parseAnswerable(String text) {
        IpAddress address = parse(text);
        requireAnswerable(text, address);
        return address;
    }

    private static void requireAnswerable(String member, IpAddress address) {
        String reason = NeverAnswers.reason(address);
        if (!reason.isEmpty()) {
            throw new IllegalArgumentException(quote(member) + " can never answer: " + reason);
        }
    }

    /** All addresses of one member, see {@link #expand(String, Consumer)}. */
    public static AddressSet expand(String member) {
        AddressSet.Builder addresses = new AddressSet.Builder();
        expand(member, addresses::add);
        return addresses.build();
    }

    /** The 32 bits of four decimal numbers without leading zeros, else -1. */
    private static long plainV4(String text) {
        long bits = 0;
        int from = 0;
        for (int part = 0; part < 4; part++) {
            int to = part < 3 ? text.indexOf('.', from) : text.length();
            int digits = to - from;
            if (digits < 1 || digits > 3 || digits > 1 && text.charAt(from) == '0') {
                return -1;
            }
            int number = 0;
            for (int i = from; i < to; i++) {
                int digit = text.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    return -1;
                }
                number = number * 10 + digit;
            }
            if (number > 255) {
                return -1;
            }
            bits = bits << 8 | number;
            from = to + 1;
        }
        return bits;
    }

    /** A stranger's text, for a message. */
    private static String quote(String text) {
        return "'" + OneLine.of(text, MAX_SHOWN) + "'";
    }

    private static IPAddress parseAny(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARACTERS || text.charAt(0) == '/' || text.indexOf(',') >= 0) {
            // The library reads these as a bare prefix and as a list of alternatives.
            throw new IllegalArgumentException(quote(text) + " is not an IPv4 or IPv6 address or network");
        }
        IPAddress parsed;
        try {
            parsed = new IPAddressString(withoutZone(text), Library.STRICT).toAddress();
        } catch (AddressStringException | RuntimeException e) {
            // The library has its faults: 10.1/30000000000 ends in an ArrayIndexOutOfBoundsException.
            throw new IllegalArgumentException(quote(text) + " is not an IPv4 or IPv6 address or network", e);
        }
        if (parsed == null
                || parsed.isMultiple() && text.indexOf('/') < 0
                || text.indexOf('%') >= 0 && (parsed.isIPv4() || text.indexOf('/') >= 0 && !zoneComesFirst(text))) {
            throw new IllegalArgumentException(quote(text) + " is not an IPv4 or IPv6 address or network");
        }
        return parsed;
    }

    private static boolean zoneComesFirst(String text) {
        return text.indexOf('%') < text.indexOf('/');
    }

    private static String withoutZone(String text) {
        int percent = text.indexOf('%');
        return percent < 0 ? text : text.substring(0, percent) + text.substring(zoneEnd(text, percent));
    }

    /** The zone's number, 0 if there is none. */
    private static int zone(String text) {
        int percent = text.indexOf('%');
        if (percent < 0) {
            return 0;
        }
        try {
            return Zones.number(text.substring(percent + 1, zoneEnd(text, percent)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(quote(text) + ": " + e.getMessage(), e);
        }
    }

    /** A prefix length may follow the zone. */
    private static int zoneEnd(String text, int percent) {
        int slash = text.indexOf('/', percent);
        return slash < 0 ? text.length() : slash;
    }

    private static IpAddress convert(IPAddress parsed, int zone) {
        IpAddress address = IpAddress.ofBytes(parsed.getBytes());
        return zone == 0 ? address : IpAddress.v6(address.high(), address.low(), zone);
    }

    /** Loads the library only for what is not plain IPv4: commands that are over in a moment pay for each class. */
    private static final class Library {

        static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allowWildcardedSeparator(false)
                .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
                .getIPv4AddressParametersBuilder()
                .allow_inet_aton(false)
                .allowBinary(false)
                .allowLeadingZeros(false)
                .getParentBuilder()
                .getIPv6AddressParametersBuilder()
                .allowBase85(false)
                .allowBinary(false)
                .allowZone(false)
                .getParentBuilder()
                .toParams();

        private Library() {}
    }
}
