package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.TransmitStamps;
import io.pingagent.probe.table.TargetTable;
import io.pingagent.probe.table.TargetWord;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Somebody has to know whether a target answers now, and its job is slow. */
class AwaitedTargetTest {

    private static final long MINUTE = 60 * SECOND;

    private final Set<Integer> silent = new HashSet<>();

    private EngineLab lab(double isolationShare) {
        EngineLab lab =
                new EngineLab(new EngineOptions(100_000, 1, 0.02, 3_600 * SECOND, TransmitStamps.AUTO, isolationShare));
        lab.v4.network((request, answers) -> {
            if (!silent.contains(TargetWord.targetId(request.cookie()))) {
                answers.reply(MILLI);
            }
        });
        lab.errListEverySecond();
        return lab;
    }

    private static int probedEveryMinute(EngineLab lab) {
        int target = lab.add(1);
        lab.job(1, MINUTE, target);
        lab.run(5 * SECOND);
        assertEquals(1, lab.sendTimes(target).size());
        return target;
    }

    private static void ask(EngineLab lab, int target) {
        lab.forward(EventRing.ASK, 0, target);
        lab.cycle();
    }

    private static long probesIn(EngineLab lab, int target, long nanos) {
        long fromNanos = lab.now();
        lab.run(nanos);
        return lab.sendTimes(target).stream()
                .filter(sentNanos -> sentNanos - fromNanos > 0)
                .count();
    }

    @Test
    void itIsProbedOnceWithinASecondIfItAnswersAndStaysOffTheErrList() {
        for (double share : new double[] {0, 0.8}) {
            EngineLab lab = lab(share);
            int target = probedEveryMinute(lab);
            ask(lab, target);
            assertEquals(1, probesIn(lab, target, 1_100 * MILLI));
            assertEquals(0, probesIn(lab, target, 20 * SECOND));
            assertFalse(lab.isListed(target));
        }
    }

    @Test
    void aSilentOneComesOnTheErrListByItsOwnLossesAndIsProbedEverySecond() {
        EngineLab lab = lab(0.8);
        int target = probedEveryMinute(lab);
        silent.add(target);
        ask(lab, target);
        assertFalse(lab.isListed(target), "by the question alone");
        assertTrue(probesIn(lab, target, 5 * SECOND) >= 4, "at the interval of the err list");
        assertTrue(lab.isListed(target));
        silent.clear();
        assertTrue(probesIn(lab, target, 10 * SECOND) >= 9, "its place on the err list is its own");
        assertTrue(lab.isListed(target));
    }

    @Test
    void whileTheAgentIsCutOffItIsProbedByItsJobAlone() {
        EngineLab lab = lab(0.8);
        int[] others = lab.addMany(2_000);
        lab.job(1, 10 * SECOND, others);
        lab.run(30 * SECOND);
        for (int id : others) {
            silent.add(id);
        }
        lab.run(30 * SECOND);
        assertEquals(List.of(true), lab.heard.isolations);
        // Some others are probed every second to find out when the outage is over.
        int target = Arrays.stream(others)
                .filter(id -> !TargetTable.isMarked(lab.table.page(id), id, IsolationMarks.ASKED))
                .findFirst()
                .orElseThrow();
        ask(lab, target);
        assertEquals(2, probesIn(lab, target, 20 * SECOND), "as its job has it");
        silent.clear();
        silent.add(target);
        lab.run(15 * SECOND);
        assertEquals(List.of(true, false), lab.heard.isolations);
        assertTrue(probesIn(lab, target, 5 * SECOND) >= 4, "awaited as before");
    }

    /** The number may be another's soon. */
    @Test
    void aRemovedOneIsAskedNoMore() {
        EngineLab lab = lab(0.8);
        int target = probedEveryMinute(lab);
        silent.add(target);
        lab.forward(EventRing.ASK, 0, target);
        lab.remove(target);
        lab.cycle();
        lab.cycle();
        assertEquals(0, probesIn(lab, target, 10 * SECOND));
        ask(lab, target);
        assertEquals(0, probesIn(lab, target, 10 * SECOND));
        assertEquals(List.of(), lab.heard.causes);
    }
}
