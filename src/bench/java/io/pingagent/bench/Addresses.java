package io.pingagent.bench;

import io.pingagent.model.IpAddress;

/** The addresses that are probed: 127.16.0.0 and up, all of which the loopback device answers for. Stateless. */
public final class Addresses {

    private static final int FIRST = 0x7f10_0000;

    /** Those that still lie in 127.0.0.0/8. */
    static final int MAX = 15 << 20;

    private Addresses() {}

    public static int bits(int index) {
        return FIRST + index;
    }

    static String text(int index) {
        return textOf(bits(index));
    }

    static String textOf(int bits) {
        return IpAddress.v4(bits).toString();
    }
}
