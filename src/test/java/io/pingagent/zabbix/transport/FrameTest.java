package io.pingagent.zabbix.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @Test
    void plainFrameHasTheDocumentedBytes() {
        assertArrayEquals(
                new byte[] {'Z', 'B', 'X', 'D', 1, 5, 0, 0, 0, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'},
                Frame.encode(HELLO, true));
    }

    @Test
    void zlibFrameIsReadBack() throws IOException {
        byte[] data = "value ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        byte[] frame = Frame.encode(data, true);
        assertEquals(3, frame[4]);
        assertTrue(frame.length < data.length / 10);
        assertArrayEquals(data, read(frame, data.length));
    }

    @Test
    void largeFrameIsRead() throws IOException {
        assertArrayEquals(HELLO, read(large(5, 5, 0, HELLO), 100));
    }

    @Test
    void hugeLengthsAreRefusedBeforeMemoryIsTaken() {
        for (long length : new long[] {101, Integer.MAX_VALUE, 1L << 40, -1, Long.MIN_VALUE}) {
            assertThrows(BadAnswerException.class, () -> read(large(5, length, 0, HELLO), 100), "length " + length);
            assertThrows(BadAnswerException.class, () -> read(large(7, 5, length, HELLO), 100), "inflated " + length);
        }
        byte[] frame = Frame.encode(HELLO, false);
        Arrays.fill(frame, 5, 9, (byte) 0xff);
        assertThrows(BadAnswerException.class, () -> read(frame, 100));
    }

    @Test
    void aFrameCutAtAnyByteIsAnError() {
        byte[] plain = Frame.encode(HELLO, false);
        byte[] zlib = Frame.encode(new byte[2_000], true);
        for (byte[] frame : new byte[][] {plain, zlib}) {
            for (int length = 0; length < frame.length; length++) {
                byte[] cut = Arrays.copyOf(frame, length);
                assertThrows(BadAnswerException.class, () -> read(cut, 10_000), "cut at " + length);
            }
        }
    }

    @Test
    void aBombIsDefusedByItsAnnouncedLength() throws IOException {
        byte[] bomb = Frame.encode(new byte[1_000_000], true);
        ByteBuffer.wrap(bomb).order(ByteOrder.LITTLE_ENDIAN).putInt(9, 50);
        assertThrows(BadAnswerException.class, () -> read(bomb, 60_000));
    }

    @Test
    void garbageIsAnErrorAndNothingElse() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[random.nextInt(40)];
            random.nextBytes(garbage);
            if (garbage.length > 8 && i % 2 == 0) {
                System.arraycopy(new byte[] {'Z', 'B', 'X', 'D', (byte) (i % 16)}, 0, garbage, 0, 5);
                garbage[6] = 0;
                garbage[7] = 0;
                garbage[8] = 0;
            }
            try {
                read(garbage, 1_000);
            } catch (IOException e) {
                assertEquals(BadAnswerException.class, e.getClass());
            }
        }
    }

    private static byte[] read(byte[] bytes, int maxBytes) throws IOException {
        return Frame.read(new ByteArrayInputStream(bytes), maxBytes);
    }

    private static byte[] large(int flags, long length, long uncompressed, byte[] data) {
        return ByteBuffer.allocate(21 + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("ZBXD".getBytes(StandardCharsets.US_ASCII))
                .put((byte) flags)
                .putLong(length)
                .putLong(uncompressed)
                .put(data)
                .array();
    }
}
