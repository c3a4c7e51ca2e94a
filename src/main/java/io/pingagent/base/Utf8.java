package io.pingagent.base;

import java.nio.charset.StandardCharsets;

/** Text as UTF-8, of which ASCII is a part. Stateless. */
public final class Utf8 {

    private Utf8() {}

    /** What cannot be encoded, as half of a surrogate pair, becomes a question mark. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What is not UTF-8 becomes U+FFFD. */
    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
