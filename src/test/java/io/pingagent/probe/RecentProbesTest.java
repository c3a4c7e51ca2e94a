package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetTable.Page;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecentProbesTest {

    /** So that sequence numbers wrap within the test. */
    private static final int FIRST = Integer.MAX_VALUE - 10;

    private static final int INDEX = 7;

    private final TargetTable table = new TargetTable();
    private final Page page;
    private final RecentProbes probes = new RecentProbes();

    RecentProbesTest() {
        table.extend();
        page = table.page(0);
        probes.begin(page, INDEX, FIRST);
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            probes.sent(page, INDEX, page.newestSequence[INDEX] + 1);
        }
    }

    @Test
    void newTargetHasNoOpenProbe() {
        assertEquals(0, probes.open());
        assertTrue(RecentProbes.areAllSettled(page, INDEX));
        assertFalse(probes.settle(page, INDEX, FIRST), "not sent yet");
        assertFalse(probes.settle(page, INDEX, FIRST - 1), "of the target before");
    }

    @Test
    void aProbeIsSettledOnce() {
        send(1);
        assertEquals(1, probes.open());
        assertTrue(probes.settle(page, INDEX, FIRST));
        assertFalse(probes.settle(page, INDEX, FIRST));
        assertEquals(0, probes.open());
    }

    @Test
    void aSecondReplyIsADuplicateAlsoOfALostProbe() {
        send(3);
        assertTrue(probes.settle(page, INDEX, FIRST));
        int age = RecentProbes.age(page, INDEX, FIRST);
        assertEquals(2, age);
        assertTrue(probes.answer(page, INDEX, age));
        assertFalse(probes.answer(page, INDEX, age));
        assertTrue(probes.answer(page, INDEX, age - 1), "each probe has a bit of its own");
    }

    @Test
    void theSixtyFifthProbePushesOutTheFirst() {
        for (int i = 0; i < Long.SIZE; i++) {
            assertFalse(probes.sent(page, INDEX, FIRST + i));
        }
        assertTrue(probes.sent(page, INDEX, numberAfter(Long.SIZE)), "it was open");
        assertEquals(Long.SIZE, probes.open());
        assertFalse(probes.settle(page, INDEX, FIRST), "nobody remembers it");
        assertTrue(probes.settle(page, INDEX, FIRST + 1));
        assertFalse(probes.sent(page, INDEX, numberAfter(Long.SIZE + 1)), "the next one pushed out was settled");
    }

    @Test
    void aProbeTakenBackWasNeverSent() {
        send(2);
        probes.settle(page, INDEX, FIRST);
        probes.answer(page, INDEX, 1);
        probes.unsent(page, INDEX, FIRST + 1);
        assertEquals(0, probes.open());
        assertEquals(FIRST, page.newestSequence[INDEX]);
        assertTrue(RecentProbes.areAllSettled(page, INDEX));
        assertFalse(probes.answer(page, INDEX, 0), "the one before has its reply still");
        send(1);
        assertTrue(probes.settle(page, INDEX, FIRST + 1), "its number is used again");
    }

    @Test
    void openProbesOfARemovedTargetAreForgotten() {
        send(40);
        probes.settle(page, INDEX, FIRST);
        probes.end(page, INDEX);
        assertEquals(0, probes.open());
        assertTrue(RecentProbes.areAllSettled(page, INDEX));
    }

    @Test
    void agreesWithASimpleModel() {
        SplittableRandom random = new SplittableRandom(5);
        Map<Integer, Boolean> isOpen = new HashMap<>();
        int next = FIRST;
        for (int step = 0; step < 100_000; step++) {
            if (random.nextInt(3) < 2) {
                boolean wasOpen = Boolean.TRUE.equals(isOpen.remove(next - Long.SIZE));
                assertEquals(wasOpen, probes.sent(page, INDEX, next));
                isOpen.put(next++, true);
            } else {
                int sequence = next - random.nextInt(80);
                boolean wasOpen = Boolean.TRUE.equals(isOpen.get(sequence));
                assertEquals(wasOpen, probes.settle(page, INDEX, sequence));
                isOpen.computeIfPresent(sequence, (key, open) -> false);
            }
        }
        assertEquals(isOpen.values().stream().filter(open -> open).count(), probes.open());
    }

    /** Numbers wrap around. */
    private static int numberAfter(int probes) {
        return FIRST + probes;
    }
}
