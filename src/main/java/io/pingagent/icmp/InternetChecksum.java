package io.pingagent.icmp;

import java.nio.ByteBuffer;

/**
 * The one's complement sum of RFC 1071. It is taken over 64-bit words with end-around carry; folded to 16 bits it
 * equals the sum over 16-bit words.
 */
final class InternetChecksum {

    /** What {@link #fold} gives for data that contains its own right checksum. */
    static final int RIGHT = 0xffff;

    private InternetChecksum() {}

    static long add(long sum, long word) {
        long result = sum + word;
        return Long.compareUnsigned(result, word) < 0 ? result + 1 : result;
    }

    /** @param bytes in network byte order; position and limit do not matter */
    static long sum(ByteBuffer bytes, int offset, int length) {
        long sum = 0;
        int end = offset + length;
        int at = offset;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            sum = add(sum, bytes.getLong(at));
        }
        long rest = 0;
        for (int shift = 56; at < end; at++, shift -= 8) {
            rest |= (bytes.get(at) & 0xffL) << shift;
        }
        return add(sum, rest);
    }

    /** The sum in 16 bits, not complemented. */
    static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
        folded = (folded >>> 16) + (folded & 0xffff);
        folded = (folded >>> 16) + (folded & 0xffff);
        return (int) ((folded >>> 16) + (folded & 0xffff));
    }
}
