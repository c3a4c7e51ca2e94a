package io.pingagent.redis;

import java.nio.charset.StandardCharsets;

/**
 * The plain form of an IPv4 address, read quickly: a group may have a million members and a hundred thousand keys
 * may expire at once. Anything else is left to {@link io.pingagent.model.Addresses}.
 */
public final class Ipv4Text {

    private Ipv4Text() {}

    /**
     * @param text ends with the address
     * @param from where the address starts
     * @return the 32 bits, or -1 if this is not four decimal numbers from 0 to 255 without leading zeros
     */
    public static long parse(CharSequence text, int from) {
        int length = text.length() - from;
        if (length < 7 || length > 15) {
            return -1;
        }
        long bits = 0;
        int dots = 0;
        int number = -1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (number < 0 || ++dots > 3) {
                    return -1;
                }
                bits = bits << 8 | number;
                number = -1;
            } else if (c >= '0' && c <= '9' && number != 0) {
                number = Math.max(number, 0) * 10 + (c - '0');
                if (number > 255) {
                    return -1;
                }
            } else {
                return -1;
            }
        }
        return dots == 3 && number >= 0 ? bits << 8 | number : -1;
    }

    /** As {@link #parse(CharSequence, int)}, for a whole Redis member. */
    public static long parse(byte[] text) {
        return text.length > 15 ? -1 : parse(new String(text, StandardCharsets.ISO_8859_1), 0);
    }
}
