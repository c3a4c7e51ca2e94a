package io.pingagent.zabbix.buffer;

import static io.pingagent.testkit.FuzzChecks.check;

import io.pingagent.model.ZabbixValue;
import io.pingagent.testkit.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a crash, a bad disk or another version has left in the buffer's files: what is whole is given out, the rest is
 * passed over, and new values go through.
 *
 * <p>An input is the file of acknowledgements (40 bytes), and segments of records behind it: the first byte of each is how
 * many of the following bytes, in hundreds, belong to it; {@code 0xff} stands for a record's CRC being made right, so that
 * the fuzzer gets past it.
 */
class ValueBufferFuzzTest {

    private static final int ACK_BYTES = 40;
    private static final long MAX_BYTES = 1 << 20;
    private static final ZabbixValue NEW = new ZabbixValue("h", "new", "1", 2_000_000_000L, 5);

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsWholeIsGivenOutAndNewValuesGoThrough(byte[] input) throws IOException {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(ValueBufferFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path directory = Files.createTempDirectory("buffer");
        try {
            int ackBytes = Math.min(ACK_BYTES, input.length);
            Files.write(directory.resolve("acknowledged"), Arrays.copyOf(input, ackBytes));
            writeSegments(directory, Arrays.copyOfRange(input, ackBytes, input.length));
            use(directory);
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private static void writeSegments(Path directory, byte[] bytes) throws IOException {
        int half = bytes.length / 2;
        Files.write(directory.resolve("0000000000000000.values"), withRightChecksums(Arrays.copyOf(bytes, half)));
        // May begin within the first one, as after a failed write.
        Files.write(
                directory.resolve("0000000000000002.values"),
                withRightChecksums(Arrays.copyOfRange(bytes, half, bytes.length)));
    }

    /** Where a record's CRC reads {@code ffffffff}, the right one takes its place. */
    private static byte[] withRightChecksums(byte[] segment) {
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(segment);
        int at = 0;
        while (at >= 0 && at + ValueRecord.HEADER_BYTES <= segment.length) {
            int length = bytes.getInt(at);
            int payload = at + ValueRecord.HEADER_BYTES;
            if (length < 0 || length > segment.length - payload) {
                break;
            }
            if (bytes.getInt(at + 4) == -1) {
                bytes.putInt(at + 4, ValueRecord.crc(segment, payload, length));
            }
            at = payload + length;
        }
        return segment;
    }

    private static void use(Path directory) throws IOException {
        try (ValueBuffer buffer = new ValueBuffer(directory, MAX_BYTES, Duration.ofDays(36_500), () -> 0)) {
            check(buffer.values() >= 0 && buffer.dropped() >= 0, buffer.values() + " pending");
            buffer.append(List.of(NEW));
            List<ZabbixValue> seen = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                ValueBuffer.Batch batch = buffer.peek(7);
                if (batch.values().isEmpty()) {
                    break;
                }
                seen.addAll(batch.values());
                buffer.acknowledge(batch.endSequence());
            }
            check(seen.contains(NEW), "the new value does not come out behind " + seen.size() + " others");
            check(seen.indexOf(NEW) == seen.size() - 1, "something comes out behind the new value");
            check(buffer.values() == 0, buffer.values() + " pending at the end");
        }
    }
}
