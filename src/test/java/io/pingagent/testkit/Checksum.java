package io.pingagent.testkit;

/** The Internet checksum (RFC 1071). */
final class Checksum {

    private Checksum() {}

    /** Adds bytes to a sum of 16-bit words; an odd last byte counts as the upper half of a word. */
    static long add(long sum, byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length - 1;
        for (; at < end; at += 2) {
            sum += (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        }
        return at == end ? sum + ((bytes[at] & 0xff) << 8) : sum;
    }

    /** The 16 bits for the header field. */
    static int finish(long sum) {
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) ~sum & 0xffff;
    }
}
