package io.pingagent.icmp;

import java.nio.ByteBuffer;

/** SipHash-2-4, the keyed hash of Aumasson and Bernstein: 64 bits, made for short messages. No garbage. */
final class SipHash {

    private static final int FINAL_ROUNDS = 4;
    private static final int BLOCK_ROUNDS = 2;

    private SipHash() {}

    /**
     * @param message a buffer in network byte order; position and limit do not matter
     * @return the hash, whose least significant byte is the first of the reference implementation's output
     */
    static long hash(long k0, long k1, ByteBuffer message, int offset, int length) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int fullBlocks = length >>> 3;
        for (int block = 0; block <= fullBlocks + 1; block++) {
            boolean finish = block > fullBlocks;
            long word;
            int rounds = BLOCK_ROUNDS;
            if (finish) {
                word = 0;
                v2 ^= 0xff;
                rounds = FINAL_ROUNDS;
            } else if (block < fullBlocks) {
                word = Long.reverseBytes(message.getLong(offset + (block << 3)));
            } else {
                word = lastBlock(message, offset, length);
            }
            v3 ^= word;
            for (int round = 0; round < rounds; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** What is left of the message, with the length in the top byte. */
    private static long lastBlock(ByteBuffer message, int offset, int length) {
        long word = (long) length << 56;
        int start = offset + (length & ~7);
        for (int i = 0; i < (length & 7); i++) {
            word |= (message.get(start + i) & 0xffL) << (i << 3);
        }
        return word;
    }
}
