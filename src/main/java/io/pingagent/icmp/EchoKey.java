package io.pingagent.icmp;

import java.security.SecureRandom;

/** The 128-bit key of the tag in every echo payload, one per process, so that nobody else can forge a reply. */
public final class EchoKey {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final long k0;
    private final long k1;

    private EchoKey(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** A key nobody knows. */
    public static EchoKey random() {
        return new EchoKey(RANDOM.nextLong(), RANDOM.nextLong());
    }

    /** A known key, for tests. */
    public static EchoKey of(long k0, long k1) {
        return new EchoKey(k0, k1);
    }

    /** The first eight key bytes, little-endian. */
    long k0() {
        return k0;
    }

    /** The last eight key bytes, little-endian. */
    long k1() {
        return k1;
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "EchoKey[hidden]";
    }
}
