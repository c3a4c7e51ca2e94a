package io.pingagent.probe.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ErrListWheelTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private final ErrListWheel wheel = new ErrListWheel();

    @Test
    void addsATargetOnce() {
        assertTrue(wheel.add(7));
        assertFalse(wheel.add(7));
        assertEquals(1, wheel.size());
        wheel.remove(8);
        assertEquals(1, wheel.size());
        wheel.remove(7);
        assertEquals(0, wheel.size());
    }

    @Test
    void emptyRoundEndsByItself() {
        wheel.due(0, SECOND, 0);
        assertTrue(wheel.isDue(0));
        assertFalse(wheel.hasProbe());
        assertFalse(wheel.finish(0));
        assertFalse(wheel.isRunning());
        assertFalse(wheel.isDue(SECOND));
    }

    @Test
    void spreadsConsecutiveIdsEvenly() {
        for (int id = 5_000; id < 7_000; id++) {
            wheel.add(id);
        }
        wheel.due(0, SECOND, 0);
        int probed = 0;
        for (int tenth = 1; tenth <= 10; tenth++) {
            int inTenth = 0;
            while (wheel.isDue(tenth * SECOND / 10 - 1) && wheel.hasProbe()) {
                wheel.advance();
                inTenth++;
            }
            assertTrue(inTenth >= 180 && inTenth <= 220, inTenth + " in a tenth");
            probed += inTenth;
        }
        assertEquals(2_000, probed);
    }

    @Test
    void changesDuringARoundNeitherSkipNorDouble() {
        SplittableRandom random = new SplittableRandom(5);
        Set<Integer> members = new HashSet<>();
        for (int id = 0; id < 20_000; id++) {
            members.add(id);
            wheel.add(id);
        }
        for (int round = 0; round < 10; round++) {
            Set<Integer> stayed = new HashSet<>(members);
            Map<Integer, Integer> probes = new HashMap<>();
            wheel.due(round * SECOND, SECOND, round * SECOND);
            for (long now = round * SECOND; wheel.isRunning(); now += MILLI) {
                while (wheel.isDue(now)) {
                    if (!wheel.hasProbe()) {
                        wheel.finish(now);
                        continue;
                    }
                    assertTrue(members.contains(wheel.targetId()), "a removed target is not probed");
                    probes.merge(wheel.targetId(), 1, Integer::sum);
                    wheel.advance();
                    int id = random.nextInt(25_000);
                    if (random.nextInt(4) > 0) {
                        continue;
                    }
                    if (members.remove(id)) {
                        wheel.remove(id);
                        stayed.remove(id);
                    } else if (!probes.containsKey(id)) {
                        wheel.add(id);
                        members.add(id);
                    }
                }
            }
            assertEquals(members.size(), wheel.size());
            stayed.forEach(id -> assertEquals(1, probes.get(id), "target " + id));
            probes.forEach((id, count) -> assertEquals(1, count, "target " + id));
        }
    }

    @Test
    void stepBackPutsTheProbeOff() {
        wheel.add(3);
        wheel.due(0, SECOND, 0);
        assertTrue(wheel.isDue(SECOND));
        wheel.advance();
        wheel.stepBack();
        assertTrue(wheel.isDue(SECOND));
        assertEquals(3, wheel.targetId());
    }

    @Test
    void overrunIsToldAndTheThirdRoundDropped() {
        for (int id = 0; id < 100; id++) {
            wheel.add(id);
        }
        assertTrue(wheel.due(0, SECOND, 0));
        assertTrue(wheel.due(SECOND, SECOND, SECOND));
        assertFalse(wheel.due(2 * SECOND, SECOND, 2 * SECOND));
        long now = 2 * SECOND + SECOND / 2;
        while (wheel.isDue(now) && wheel.hasProbe()) {
            wheel.advance();
        }
        assertTrue(wheel.finish(now));
        assertTrue(wheel.isRunning());
        assertTrue(wheel.nextProbeNanos() >= now);
    }

    @Test
    void newSpreadHoldsFromTheNextRound() {
        for (int i = 0; i < 2_000; i++) {
            wheel.add(i);
        }
        assertTrue(wheel.due(0, SECOND, 0));
        assertTrue(wheel.due(SECOND, 4 * SECOND, SECOND - MILLI));
        long last = 0;
        int probed = 0;
        for (long now = SECOND; wheel.isRunning(); now += MILLI) {
            while (wheel.isDue(now)) {
                if (wheel.hasProbe()) {
                    last = now;
                    probed++;
                    wheel.advance();
                } else {
                    assertFalse(wheel.finish(now));
                }
            }
        }
        assertEquals(4_000, probed);
        assertTrue(last > 4 * SECOND, "the second round ended " + last / MILLI + " ms after the first began");
    }

    @Test
    void spreadOfAYearDoesNotOverflow() {
        long year = 365 * 86_400 * SECOND;
        for (int i = 0; i < 2_000; i++) {
            wheel.add(i);
        }
        wheel.due(0, year, 0);
        long before = -1;
        while (wheel.isDue(year) && wheel.hasProbe()) {
            assertTrue(wheel.nextProbeNanos() >= before && wheel.nextProbeNanos() < year);
            before = wheel.nextProbeNanos();
            wheel.advance();
        }
    }
}
