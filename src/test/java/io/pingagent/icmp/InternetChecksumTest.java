package io.pingagent.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {

    @Test
    void exampleOfRfc1071() {
        byte[] bytes = {0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7};
        assertEquals(0xddf2, InternetChecksum.fold(InternetChecksum.sum(ByteBuffer.wrap(bytes), 0, 8)));
    }

    @Test
    void sameAsSixteenBitsAtATimeForEveryLength() {
        Random random = new Random(1);
        for (int length = 1; length < 300; length++) {
            byte[] bytes = new byte[length + 5];
            random.nextBytes(bytes);
            if (length % 3 == 0) {
                Arrays.fill(bytes, (byte) 0xff);
            }
            long plain = 0;
            for (int i = 0; i < length; i++) {
                plain += (bytes[5 + i] & 0xff) << ((i & 1) == 0 ? 8 : 0);
            }
            while (plain > 0xffff) {
                plain = (plain >>> 16) + (plain & 0xffff);
            }
            assertEquals(plain, InternetChecksum.fold(InternetChecksum.sum(ByteBuffer.wrap(bytes), 5, length)));
        }
    }
}
