package io.pingagent.redis.writer;

import io.pingagent.model.IpAddress;

/** Text in bytes, built without garbage. Not thread-safe. */
final class AsciiBuffer {

    private byte[] bytes;
    private int length;
    private final StringBuilder v6Text = new StringBuilder(64);

    AsciiBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    AsciiBuffer put(byte[] text) {
        ensure(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    AsciiBuffer put(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** @param number 0 or more */
    AsciiBuffer put(long number) {
        ensure(20);
        length = writeDecimal(bytes, length, number);
        return this;
    }

    /** Three digits, with leading zeros. */
    AsciiBuffer putThreeDigits(int number) {
        ensure(3);
        bytes[length++] = (byte) ('0' + number / 100);
        bytes[length++] = (byte) ('0' + number / 10 % 10);
        bytes[length++] = (byte) ('0' + number % 10);
        return this;
    }

    AsciiBuffer put(IpAddress address) {
        if (address.isV6()) {
            v6Text.setLength(0);
            IpAddress.appendV6(v6Text, address.high(), address.low(), address.zone());
            ensure(v6Text.length());
            for (int i = 0; i < v6Text.length(); i++) {
                bytes[length++] = (byte) v6Text.charAt(i);
            }
            return this;
        }
        int bits = address.v4Bits();
        ensure(15);
        for (int shift = 24; shift >= 0; shift -= 8) {
            length = writeDecimal(bytes, length, (bits >>> shift) & 0xff);
            if (shift > 0) {
                bytes[length++] = '.';
            }
        }
        return this;
    }

    /** @return the position after the digits */
    static int writeDecimal(byte[] out, int at, long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
