package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.NanoClock;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.queue.InFlight;
import io.pingagent.probe.queue.IntQueue;
import io.pingagent.probe.stamp.WallOffset;
import io.pingagent.probe.table.AddressIndex;
import io.pingagent.probe.table.SendStamp;
import io.pingagent.probe.table.SettingsTable;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetWord;
import io.pingagent.probe.table.TimeoutClasses;
import io.pingagent.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The structures that hold no surprises alone. */
class SmallStructuresTest {

    private static final long SECOND = 1_000_000_000L;

    @Nested
    class InFlightQueue {

        private final TargetTable table = new TargetTable();
        private final TargetTable.Page page;
        private final InFlight queue;
        private final int[] sent = new int[TargetTable.PAGE_SIZE];

        InFlightQueue() {
            for (int i = 0; i < TargetTable.PAGE_SIZE; i++) {
                table.extend();
            }
            page = table.page(0);
            queue = new InFlight(table, SECOND);
        }

        /** The next probe of the target, unsettled. */
        private int send(int targetId, long nowNanos) {
            int sequence = ++sent[targetId];
            page.newestSequence[targetId] = sequence;
            TargetTable.setSettledMap(page, targetId, TargetTable.settledMap(page, targetId) << 1 | ~0xffff_ffffL);
            queue.add(targetId, sequence, nowNanos);
            return sequence;
        }

        private void settle(int targetId, int sequence) {
            long bit = 1L << sent[targetId] - sequence;
            TargetTable.setSettledMap(page, targetId, TargetTable.settledMap(page, targetId) | bit);
        }

        @Test
        void expiresInOrderThroughGrowthAndWrap() {
            SplittableRandom random = new SplittableRandom(21);
            Queue<long[]> model = new ArrayDeque<>();
            long now = -3 * SECOND;
            int next = 0;
            for (int step = 0; step < 200_000; step++) {
                now += random.nextInt(1_000_000);
                int burst = random.nextInt(1_000) == 0 ? 3_000 : 1;
                for (int i = 0; i < burst; i++) {
                    int targetId = next++ & TargetTable.PAGE_MASK;
                    model.add(new long[] {targetId, send(targetId, now), now});
                }
                while (queue.isOldestOverdue(now)) {
                    long probe = queue.removeOldest();
                    long[] expected = model.remove();
                    assertEquals(expected[0], probe >>> 32);
                    assertEquals((int) expected[1], (int) probe);
                    assertTrue(now - expected[2] >= SECOND);
                }
                assertEquals(model.size(), queue.size());
                assertTrue(model.isEmpty() || now - model.peek()[2] < SECOND);
            }
        }

        @Test
        void answeredProbesMakeRoomBeforeItGrows() {
            SplittableRandom random = new SplittableRandom(23);
            Queue<long[]> unanswered = new ArrayDeque<>();
            long now = 0;
            int largest = 0;
            for (int i = 0; i < 100_000; i++) {
                int targetId = i & TargetTable.PAGE_MASK;
                int sequence = send(targetId, now);
                if (random.nextInt(1_000) == 0) {
                    unanswered.add(new long[] {targetId, sequence});
                } else {
                    settle(targetId, sequence);
                }
                largest = Math.max(largest, queue.size());
            }
            assertTrue(largest <= 1_024, "held " + largest);
            now += SECOND;
            while (queue.isOldestOverdue(now)) {
                long probe = queue.removeOldest();
                if (!table.isSettled((int) (probe >>> 32), (int) probe)) {
                    long[] expected = unanswered.remove();
                    assertEquals(expected[0], probe >>> 32);
                    assertEquals((int) expected[1], (int) probe);
                }
            }
            assertEquals(0, unanswered.size());
        }

        @Test
        void takesBackOnlyTheNewest() {
            queue.removeNewest(1, 1);
            queue.add(1, 10, 0);
            queue.add(2, 20, 1);
            queue.removeNewest(1, 10);
            assertEquals(2, queue.size());
            queue.removeNewest(2, 20);
            assertEquals(1, queue.size());
            assertEquals(1L << 32 | 10, queue.removeOldest());
            assertFalse(queue.isOldestOverdue(100 * SECOND));
        }
    }

    @Test
    void intQueueAgreesWithAnArrayDeque() {
        IntQueue queue = new IntQueue();
        Queue<Integer> model = new ArrayDeque<>();
        SplittableRandom random = new SplittableRandom(22);
        for (int step = 0; step < 100_000; step++) {
            if (model.isEmpty() || random.nextInt(100) < (step / 10_000 % 2 == 0 ? 60 : 40)) {
                queue.add(step);
                model.add(step);
            } else {
                assertEquals(model.peek(), queue.peek());
                assertEquals(model.remove(), queue.remove());
            }
            assertEquals(model.size(), queue.size());
            assertEquals(model.isEmpty(), queue.isEmpty());
        }
    }

    @Test
    void targetWordKeepsItsPartsAndIsNeverNegative() {
        for (int id : new int[] {0, 1, 12_345_678, TargetTable.MAX_TARGETS - 1}) {
            for (boolean isRested : new boolean[] {false, true}) {
                int word = TargetWord.of(id, isRested);
                assertTrue(word >= 0);
                assertEquals(id, TargetWord.targetId(word));
                assertEquals(isRested, TargetWord.isRested(word));
            }
        }
    }

    @Test
    void sendStampKeepsTimeAndTimeoutClass() {
        long[] ages = {0, 1, -1, SECOND, -240 * SECOND, 4 * 3_600 * SECOND};
        long[] times = {0, 1, -1, (1L << 44) - 1, 1L << 44, -(1L << 44), Long.MAX_VALUE / 4, -3_600 * SECOND};
        for (int timeoutClass : new int[] {0, 1, 59_999, (1 << 20) - 1}) {
            for (long nowNanos : times) {
                for (long ageNanos : ages) {
                    long stamp = SendStamp.of(nowNanos - ageNanos, timeoutClass);
                    assertEquals(timeoutClass, SendStamp.timeoutClass(stamp));
                    assertEquals(nowNanos - ageNanos, SendStamp.sentNanos(stamp, nowNanos));
                }
            }
        }
    }

    @Test
    void firstSequencesLieAnywhere() {
        TargetTable table = new TargetTable();
        SettingsTable settings = new SettingsTable(new TimeoutClasses());
        TargetIds targets = new TargetIds(table, settings, new AddressIndex(table), new SystemNanoClock());
        int[] some = new int[5_000];
        for (int i = 0; i < some.length; i++) {
            int target = targets.add(IpAddress.v4(i), EngineLab.SETTINGS);
            some[i] = table.page(target).nextSequence[target & TargetTable.PAGE_MASK];
        }
        assertTrue(Arrays.stream(some).distinct().count() > 4_990);
        // Ten standard deviations: an even share of each half.
        EngineLab.assertNear(
                2_500, Arrays.stream(some).filter(sequence -> sequence < 0).count(), 354);
    }

    @Test
    void everyTimeoutThatAJobMayHaveIsKeptAsItIs() {
        TimeoutClasses timeouts = new TimeoutClasses();
        for (int millis = 1; millis <= 60_000; millis++) {
            assertEquals(millis - 1, timeouts.classOf(millis * 1_000_000L));
        }
        for (int millis = 1; millis <= 60_000; millis++) {
            assertEquals(millis - 1, timeouts.classOf(millis * 1_000_000L), "a known one");
            assertEquals(millis * 1_000_000L, timeouts.nanos(millis - 1));
        }
    }

    @Test
    void equalSettingsShareANumber() {
        SettingsTable settings = new SettingsTable(new TimeoutClasses());
        int first = settings.idOf(new TargetSettings(21_000, -1, SECOND));
        int second = settings.idOf(new TargetSettings(21_000, -1, 2 * SECOND));
        assertEquals(first, settings.idOf(new TargetSettings(21_000, -1, SECOND)));
        assertEquals(2 * SECOND, settings.get(second).timeoutNanos());
        assertEquals(1, settings.timeoutClass(second));
        assertEquals(21_000, settings.get(first).ttlMillis());
    }

    @Test
    void everyTargetMayHaveSettingsOfItsOwn() {
        int count = 3 * 0x1_0000;
        EngineLab lab = new EngineLab();
        for (int i = 0; i < count; i++) {
            // In the first page some that need more than 16 bits beside some that do not.
            int target = lab.targets.add(IpAddress.v4(i), new TargetSettings(i, 3, SECOND));
            if (i % 1_000 == 0) {
                lab.targets.set(target >>> 10, new TargetSettings(i, 4, SECOND));
            }
        }
        for (int target = 0; target < count; target++) {
            TargetSettings own = lab.settings.get(lab.table.settings(target));
            assertEquals(own.allowedLoss() == 3 ? target : own.ttlMillis() / 1_000 * 1_000, own.ttlMillis());
        }
        assertEquals(new TargetSettings(195_000, 4, SECOND), lab.settings.get(lab.table.settings(195_000 >>> 10)));
    }

    @Nested
    class TargetIdTests {

        private final EngineLab lab = new EngineLab();

        @Test
        void freedIdRestsBeforeItIsUsedAgain() {
            int first = lab.targets.add(IpAddress.v4(1), EngineLab.SETTINGS);
            int second = lab.targets.add(IpAddress.v4(2), EngineLab.SETTINGS);
            lab.targets.remove(first);
            assertEquals(-1, lab.targets.find(IpAddress.v4(1)));
            assertEquals(1, lab.targets.size());
            lab.time.advance(Duration.ofSeconds(119));
            int third = lab.targets.add(IpAddress.v4(1), EngineLab.SETTINGS);
            assertEquals(2, third);
            lab.time.advance(Duration.ofSeconds(2));
            lab.targets.remove(second);
            assertEquals(first, lab.targets.add(IpAddress.v4(4), EngineLab.SETTINGS));
            assertEquals(3, lab.targets.add(IpAddress.v4(5), EngineLab.SETTINGS), "the second rests still");
            assertEquals(first, lab.targets.find(IpAddress.v4(4)));
            assertEquals(third, lab.targets.find(IpAddress.v4(1)));
        }

        @Test
        void sameSettingsAreNoChange() {
            int target = lab.targets.add(IpAddress.v4(1), EngineLab.SETTINGS);
            assertFalse(lab.targets.set(target, new TargetSettings(21_000, -1, SECOND)));
            assertTrue(lab.targets.set(target, new TargetSettings(121_000, -1, SECOND)));
            assertEquals(121_000, lab.settings.get(lab.table.settings(target)).ttlMillis());
        }

        @Test
        void addressesComeBackAsTheyWere() {
            IpAddress[] all = {
                IpAddress.v4(0),
                IpAddress.v4(-1),
                IpAddress.v6(0, 0, 0),
                IpAddress.v6(-1, -1, 0),
                IpAddress.v6(1, 2, 77)
            };
            for (IpAddress address : all) {
                assertEquals(address, lab.table.address(lab.targets.add(address, EngineLab.SETTINGS)));
            }
        }
    }

    @Nested
    class Offset {

        private final VirtualClock time = new VirtualClock(5_000, 1_000_000);
        /** What the next readings of both clocks take. */
        private long readingNanos;

        private final WallOffset offset = new WallOffset(new NanoClock() {
            @Override
            public long monotonicNanos() {
                return time.monotonicNanos();
            }

            @Override
            public long wallNanos() {
                long wallNanos = time.wallNanos();
                time.advanceNanos(readingNanos);
                return wallNanos;
            }
        });

        @Test
        void isTheDifference() {
            assertEquals(995_000, offset.nanos());
            time.advanceNanos(SECOND);
            assertEquals(0, offset.measure());
            assertEquals(995_000, offset.nanos());
        }

        @Test
        void tellsAStep() {
            time.stepWall(Duration.ofHours(-1));
            assertEquals(-3_600 * SECOND, offset.measure());
            assertEquals(995_000 - 3_600 * SECOND, offset.nanos());
            assertEquals(0, offset.measure());
        }

        @Test
        void interruptedReadingIsNoStep() {
            readingNanos = 4_000_000;
            assertEquals(0, offset.measure());
            assertEquals(995_000, offset.nanos());
        }

        @Test
        void stepIsSeenThroughAnInterruptedReading() {
            readingNanos = 4_000_000;
            time.stepWall(Duration.ofSeconds(10));
            EngineLab.assertNear(10 * SECOND, offset.measure(), 2_000_000);
            readingNanos = 0;
            offset.measure();
            assertEquals(995_000 + 10 * SECOND, offset.nanos());
        }
    }
}
