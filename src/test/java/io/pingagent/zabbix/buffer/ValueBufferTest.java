package io.pingagent.zabbix.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.ZabbixValue;
import io.pingagent.zabbix.AddressItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueBufferTest {

    private static final long MIB = 1 << 20;
    private static final long START_SECONDS = 1_700_000_000L;

    @TempDir
    Path directory;

    private long nowSeconds = START_SECONDS;
    private ValueBuffer buffer;
    private int next;

    @BeforeEach
    void openFirst() throws IOException {
        buffer = open(MIB);
    }

    private ValueBuffer open(long maxBytes) throws IOException {
        return new ValueBuffer(directory, maxBytes, Duration.ofHours(1), () -> nowSeconds * 1_000_000_000L);
    }

    private void reopen() throws IOException {
        buffer.close();
        buffer = open(MIB);
    }

    private static ZabbixValue value(int i) {
        return new ZabbixValue(
                "gza", AddressItem.RTT.key("192.0.2." + i), "0.0" + i, START_SECONDS + i / 100, i % 1_000);
    }

    private void append(int count) {
        List<ZabbixValue> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value(next++));
        }
        buffer.append(values);
    }

    private List<ZabbixValue> drain(int step) {
        List<ZabbixValue> all = new ArrayList<>();
        for (ValueBuffer.Batch batch = buffer.peek(step); !batch.values().isEmpty(); batch = buffer.peek(step)) {
            all.addAll(batch.values());
            buffer.acknowledge(batch.endSequence());
        }
        return all;
    }

    private static List<ZabbixValue> range(int from, int to) {
        List<ZabbixValue> values = new ArrayList<>();
        for (int i = from; i < to; i++) {
            values.add(value(i));
        }
        return values;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".values"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void valuesComeOutOldestFirstAndOnce() throws IOException {
        append(250);
        assertEquals(range(0, 100), buffer.peek(100).values());
        assertEquals(range(0, 100), buffer.peek(100).values(), "not acknowledged");
        buffer.acknowledge(buffer.peek(100).endSequence());
        append(50);
        assertEquals(200, buffer.values());
        assertEquals(range(100, 300), drain(7));
        assertEquals(0, buffer.values());
        reopen();
        assertEquals(List.of(), drain(7));
    }

    @Test
    void theSameAcknowledgementTwiceDoesNothing() {
        append(10);
        long end = buffer.peek(4).endSequence();
        buffer.acknowledge(end);
        buffer.acknowledge(end);
        assertEquals(range(4, 10), drain(100));
    }

    @Test
    void whatIsNotAcknowledgedSurvivesARestart() throws IOException {
        append(100);
        buffer.acknowledge(buffer.peek(30).endSequence());
        reopen();
        assertEquals(70, buffer.values());
        append(20);
        assertEquals(range(30, 120), drain(50));
    }

    @Test
    void moreThanTheWindowIsReadBackFromDisk() throws IOException {
        buffer.close();
        buffer = open(64 * MIB);
        for (int i = 0; i < 50; i++) {
            append(1_000);
        }
        assertTrue(segments().size() >= 1);
        assertEquals(range(0, 1_000), buffer.peek(1_000).values());
        append(1);
        assertEquals(range(0, 50_001), drain(5_000));
        append(3);
        assertEquals(range(50_001, 50_004), drain(5_000));
    }

    /** kill -9 may cut the last write at any byte. */
    @Test
    void aTailTornAtAnyByteCostsOnlyTheTornValue() throws IOException {
        append(12);
        buffer.acknowledge(buffer.peek(3).endSequence());
        buffer.close();
        byte[] whole = Files.readAllBytes(segments().get(0));
        byte[] acknowledged = Files.readAllBytes(directory.resolve("acknowledged"));
        String name = segments().get(0).getFileName().toString();
        int[] ends = new int[13];
        for (int i = 0; i < 12; i++) {
            ends[i + 1] = ends[i] + ValueRecord.encode(value(i), 0).length;
        }
        for (int length = 0; length <= whole.length; length++) {
            for (Path file : segments()) {
                Files.delete(file);
            }
            Files.write(directory.resolve("acknowledged"), acknowledged);
            Files.write(directory.resolve(name), Arrays.copyOf(whole, length));
            buffer = open(MIB);
            int limit = length;
            int complete = (int)
                    Arrays.stream(ends).skip(1).filter(end -> end <= limit).count();
            buffer.append(List.of(value(99)));
            List<ZabbixValue> expected = range(Math.min(3, complete), complete);
            expected = complete <= 3 ? new ArrayList<>() : range(3, complete);
            expected.add(value(99));
            assertEquals(expected, drain(5), "cut at " + length);
            buffer.close();
        }
    }

    @Test
    void anAcknowledgementTornAtAnyByteRepeatsAtMostOneBatch() throws IOException {
        append(10);
        buffer.acknowledge(buffer.peek(2).endSequence());
        buffer.acknowledge(buffer.peek(3).endSequence());
        buffer.close();
        byte[] whole = Files.readAllBytes(directory.resolve("acknowledged"));
        for (int i = 20; i < 40; i++) {
            byte[] torn = whole.clone();
            torn[i] ^= 0x55;
            Files.write(directory.resolve("acknowledged"), torn);
            buffer = open(MIB);
            assertEquals(range(2, 10), buffer.peek(100).values(), "byte " + i);
            buffer.close();
        }
        for (int length = 20; length < 40; length++) {
            Files.write(directory.resolve("acknowledged"), Arrays.copyOf(whole, length));
            buffer = open(MIB);
            assertEquals(range(2, 10), buffer.peek(100).values(), "length " + length);
            buffer.close();
        }
    }

    @Test
    void aFlippedByteOnDiskCostsOneValueWhichIsCounted() throws IOException {
        append(600);
        append(600);
        buffer.close();
        List<Path> files = segments();
        assertTrue(files.size() >= 2, "segments " + files.size());
        byte[] damaged = Files.readAllBytes(files.get(0));
        damaged[ValueRecord.encode(value(0), 0).length + 30] ^= 1;
        Files.write(files.get(0), damaged);
        buffer = open(MIB);
        List<ZabbixValue> rest = drain(100);
        assertEquals(value(0), rest.get(0));
        assertEquals(value(2), rest.get(1));
        assertEquals(1_199, rest.size());
        assertEquals(1, buffer.dropped());
    }

    @Test
    void aFullBufferDropsTheOldestAndCountsThemAcrossARestart() throws IOException {
        for (int i = 0; i < 300; i++) {
            append(100);
        }
        assertTrue(buffer.dropped() > 0);
        assertEquals(30_000, buffer.values() + buffer.dropped());
        long bytes = 0;
        for (Path file : segments()) {
            bytes += Files.size(file);
        }
        assertTrue(bytes <= MIB, "bytes " + bytes);
        long dropped = buffer.dropped();
        reopen();
        assertEquals(dropped, buffer.dropped());
        assertEquals(range((int) dropped, 30_000), drain(1_000));
    }

    @Test
    void whatWasGivenOutIsNeverDroppedAndNothingElseIsAcknowledgedWithIt() {
        append(500);
        long end = buffer.peek(100).endSequence();
        for (int i = 0; i < 300; i++) {
            append(100);
        }
        long dropped = buffer.dropped();
        assertTrue(dropped > 0);
        assertEquals(30_500, buffer.values() + dropped);
        assertEquals(range(0, 100), buffer.peek(100).values());
        buffer.acknowledge(end);
        assertEquals(dropped, buffer.dropped());
        assertEquals(range((int) dropped + 100, 30_500), drain(1_000));
    }

    @Test
    void oldValuesAreDropped() {
        append(1_000);
        nowSeconds = START_SECONDS + 3_600 + 5;
        assertEquals(range(500, 1_000), drain(100));
        assertEquals(500, buffer.dropped());
    }

    @Test
    void inNormalOperationTheDirectoryStaysSmall() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            append(20);
            drain(100);
        }
        assertTrue(segments().size() <= 1, "segments " + segments().size());
        assertTrue(segments().isEmpty() || Files.size(segments().get(0)) < 300 * 1024);
    }

    @Test
    void twoAgentsDoNotShareADirectory() {
        assertTrue(assertThrows(IOException.class, () -> open(MIB)).getMessage().contains("in use by another agent"));
    }

    @Test
    void aDiskThatFailsKeepsValuesInMemoryAndRecovers() throws IOException {
        append(5);
        // A directory in the way of the next segment: its base number is known.
        reopen();
        Path blocker = Files.createDirectory(directory.resolve(String.format("%016x.values", 5)));
        append(5);
        Files.delete(blocker);
        append(5);
        assertEquals(range(0, 15), drain(100));
    }

    private ValueBuffer openOn(FakeDisk disk) throws IOException {
        return new ValueBuffer(
                Path.of("/spool"), 64 * MIB, Duration.ofHours(1), () -> nowSeconds * 1_000_000_000L, disk);
    }

    private void appendTo(ValueBuffer to, int count) {
        List<ZabbixValue> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value(next++));
        }
        to.append(values);
    }

    @Test
    void aDirectoryThatIsDeletedIsMadeAgainAndNothingIsLost() throws IOException {
        FakeDisk disk = new FakeDisk();
        ValueBuffer first = openOn(disk);
        appendTo(first, 2_000);
        disk.deleteAll();
        appendTo(first, 100);
        // No close: killed.
        disk.killProcess();
        buffer.close();
        buffer = openOn(disk);
        assertEquals(range(0, 2_100), drain(500));
        assertEquals(0, buffer.dropped());
    }

    @Test
    void aDiskThatWasFullFromTheFirstValueOnIsFreedByTheFirstAcknowledgement() throws IOException {
        FakeDisk disk = new FakeDisk();
        buffer.close();
        buffer = openOn(disk);
        disk.capacity = 200_000;
        for (int i = 0; i < 50; i++) {
            appendTo(buffer, 100);
        }
        assertEquals(1, buffer.problems().size());
        long end = buffer.peek(1_500).endSequence();
        buffer.acknowledge(end);
        buffer.acknowledge(buffer.peek(1_500).endSequence());
        appendTo(buffer, 100);
        assertEquals(range(3_000, 5_100), drain(500));
        assertEquals(0, buffer.dropped());
        appendTo(buffer, 10);
        assertEquals(List.of(), buffer.problems());
    }

    @Test
    void onAFullDiskTheOldestAreDroppedAndCounted() throws IOException {
        FakeDisk disk = new FakeDisk();
        buffer.close();
        buffer = openOn(disk);
        disk.capacity = 6_000_000;
        for (int i = 0; i < 300; i++) {
            appendTo(buffer, 1_000);
        }
        assertTrue(buffer.dropped() > 0);
        assertEquals(300_000, buffer.values() + buffer.dropped());
        nowSeconds = START_SECONDS;
        assertEquals(range((int) buffer.dropped(), 300_000), drain(10_000));
    }

    @Test
    void aReadOnlyDirectoryAtTheStartIsAProblemAndWhatItHoldsComesFirstLater() throws IOException {
        FakeDisk disk = new FakeDisk();
        ValueBuffer first = openOn(disk);
        appendTo(first, 100);
        first.close();
        disk.readOnly = true;
        buffer.close();
        buffer = openOn(disk);
        assertEquals(1, buffer.problems().size());
        appendTo(buffer, 100);
        assertEquals(100, buffer.values());
        disk.readOnly = false;
        appendTo(buffer, 100);
        assertEquals(range(0, 300), drain(50));
        assertEquals(List.of(), buffer.problems());
    }

    @Test
    void directoryIsTakenUpThoughABatchIsOut() throws IOException {
        FakeDisk disk = new FakeDisk();
        disk.readOnly = true;
        buffer.close();
        buffer = openOn(disk);
        appendTo(buffer, 100);
        ValueBuffer.Batch out = buffer.peek(50);
        assertEquals(50, out.values().size());
        disk.readOnly = false;
        appendTo(buffer, 100);
        assertEquals(List.of(), buffer.problems());
        // Its numbers may be others by now.
        buffer.acknowledge(out.endSequence());
        assertEquals(range(0, 200), drain(50));
        assertEquals(0, buffer.values());
        assertEquals(0, buffer.dropped());
    }

    @Test
    void fileThatCannotBeLookedAtIsNotTakenForDeleted() throws IOException {
        FakeDisk disk = new FakeDisk();
        buffer.close();
        buffer = openOn(disk);
        appendTo(buffer, 100);
        disk.isBlind = true;
        appendTo(buffer, 100);
        disk.isBlind = false;
        appendTo(buffer, 100);
        assertEquals(range(0, 300), drain(50));
        assertEquals(0, buffer.dropped());
    }

    @Test
    void foreignFilesAreLeftAloneAndStopNobody() throws IOException {
        append(10);
        buffer.close();
        List<String> names = List.of(
                "notes.txt",
                "xyz.values",
                "ffffffffffffffff.values",
                "7fffffffffffffff.values",
                "00000000ffffffff.values");
        for (String name : names) {
            Files.writeString(directory.resolve(name), "none of yours".repeat(20));
        }
        Files.createDirectory(directory.resolve("0000000000000003.values"));
        buffer = open(MIB);
        assertEquals(range(0, 10), drain(100));
        assertEquals(0, buffer.dropped());
        for (String name : names) {
            assertTrue(Files.exists(directory.resolve(name)), name);
        }
    }

    @Test
    void garbageInTheFileOfAcknowledgementsLosesNothing() throws IOException {
        append(10);
        buffer.close();
        for (byte[] garbage : List.of(
                new byte[0], new byte[3], "garbage".repeat(20).getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
            Files.write(directory.resolve("acknowledged"), garbage);
            buffer = open(MIB);
            assertEquals(range(0, 10), buffer.peek(100).values());
            assertEquals(0, buffer.dropped());
            buffer.close();
        }
    }

    @Test
    void aMillionValuesAtOnceAreWrittenInPieces() throws IOException {
        FakeDisk disk = new FakeDisk();
        buffer.close();
        buffer = openOn(disk);
        List<ZabbixValue> many = new ArrayList<>(java.util.Collections.nCopies(300_000, value(1)));
        buffer.append(many);
        assertEquals(300_000, buffer.values());
        assertTrue(disk.segments().size() >= 5, "segments " + disk.segments().size());
    }

    @Test
    void anyMixOfStepsAndCrashesKeepsOrderAndCompleteness() throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            List<ZabbixValue> out = new ArrayList<>(drain(1_000));
            out.clear();
            int first = next;
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> append(1 + random.nextInt(40));
                    case 2 -> {
                        ValueBuffer.Batch batch = buffer.peek(1 + random.nextInt(60));
                        if (random.nextBoolean()) {
                            out.addAll(batch.values());
                            buffer.acknowledge(batch.endSequence());
                        }
                    }
                    default -> reopen();
                }
            }
            out.addAll(drain(30));
            assertEquals(range(first, next), out, "seed " + seed);
        }
    }
}
