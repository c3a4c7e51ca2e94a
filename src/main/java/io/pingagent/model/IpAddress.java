package io.pingagent.model;

/**
 * An IPv4 or IPv6 address as bits.
 *
 * <p>IPv4 keeps its 32 bits in the low half of {@code low}. IPv6 link-local addresses carry the name of their interface, as a
 * number of {@link Zones}. The text form is RFC 5952 for IPv6 and dotted decimal for IPv4; it is the form
 * used in every Redis key.
 *
 * @param isV6 whether this is IPv6
 * @param high the upper 64 bits of an IPv6 address, 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 * @param zone of a link-local IPv6 address: its number in {@link Zones}, which is not an interface index; 0 for none
 */
public record IpAddress(boolean isV6, long high, long low, int zone) implements Comparable<IpAddress> {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    public IpAddress {
        if (!isV6 && (high != 0 || low >>> 32 != 0 || zone != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits and no zone");
        }
    }

    public static IpAddress v4(int bits) {
        return new IpAddress(false, 0, bits & 0xffff_ffffL, 0);
    }

    public static IpAddress v6(long high, long low, int zone) {
        return new IpAddress(true, high, low, zone);
    }

    /**
     * @param bytes 4 or 16 bytes in network order
     * @throws IllegalArgumentException for any other length
     */
    public static IpAddress ofBytes(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> v4((int) bigEndian(bytes, 0, 4));
            case 16 -> v6(bigEndian(bytes, 0, 8), bigEndian(bytes, 8, 8), 0);
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /** The 32 bits of an IPv4 address. */
    public int v4Bits() {
        return (int) low;
    }

    /** By hand: a record's own is spun at run time, which a {@code ping} of one address would wait for. */
    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress address
                && isV6 == address.isV6
                && high == address.high
                && low == address.low
                && zone == address.zone;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(31 * high + low) + zone + (isV6 ? 1 : 0);
    }

    /** IPv4 before IPv6, then by value, then by the zone's name. */
    @Override
    public int compareTo(IpAddress other) {
        if (isV6 != other.isV6) {
            return isV6 ? 1 : -1;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        if (byHigh != 0) {
            return byHigh;
        }
        int byLow = Long.compareUnsigned(low, other.low);
        if (byLow != 0 || zone == other.zone) {
            return byLow;
        }
        // By name: numbers depend on which zone was seen first.
        return zone == 0 || other.zone == 0
                ? Integer.compare(zone, other.zone)
                : Zones.name(zone).compareTo(Zones.name(other.zone));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(isV6 ? 39 : 15);
        if (isV6) {
            appendV6(text, high, low, zone);
        } else {
            appendV4(text, (int) low);
        }
        return text.toString();
    }

    /** Appends dotted decimal without garbage. */
    static void appendV4(StringBuilder out, int bits) {
        out.append(bits >>> 24)
                .append('.')
                .append((bits >>> 16) & 0xff)
                .append('.')
                .append((bits >>> 8) & 0xff)
                .append('.')
                .append(bits & 0xff);
    }

    /** Appends the RFC 5952 form: lower case, longest run of two or more zero groups as {@code ::}. */
    public static void appendV6(StringBuilder out, long high, long low, int zone) {
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; ) {
            int length = 0;
            while (i + length < 8 && group(high, low, i + length) == 0) {
                length++;
            }
            if (length > runLength) {
                runStart = i;
                runLength = length;
            }
            i += Math.max(1, length);
        }
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                out.append("::");
                i += runLength - 1;
                continue;
            }
            if (i > 0 && i != runStart + runLength) {
                out.append(':');
            }
            appendHex(out, group(high, low, i));
        }
        if (zone != 0) {
            out.append('%').append(Zones.name(zone));
        }
    }

    private static int group(long high, long low, int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }

    private static void appendHex(StringBuilder out, int group) {
        boolean started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            int digit = (group >>> shift) & 0xf;
            started |= digit != 0 || shift == 0;
            if (started) {
                out.append(HEX[digit]);
            }
        }
    }

    private static long bigEndian(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }
}
