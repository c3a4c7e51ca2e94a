package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.SendErrors;
import io.pingagent.model.TargetSettings;
import io.pingagent.probe.queue.InFlight;
import io.pingagent.probe.queue.InFlightQueues;
import io.pingagent.probe.table.TargetTable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each job's timeout is its own, however many others there are. */
class ManyTimeoutsTest {

    private static final int JOBS = 100;

    private final EngineLab lab = new EngineLab();

    private void hundredJobs() {
        for (int job = 1; job <= JOBS; job++) {
            int target = lab.add(EngineLab.address(job), new TargetSettings(21_000, -1, job * MILLI));
            lab.install(job, 10 * SECOND, job * MILLI, target);
        }
    }

    @Test
    void patientJobIsPatientBesideAHundredOthers() {
        hundredJobs();
        int slow = lab.add(EngineLab.address(200), new TargetSettings(21_000, -1, 5 * SECOND));
        lab.v4.network((request, answers) ->
                answers.reply(request.low() == EngineLab.address(200).low() ? 200 * MILLI : MILLI / 2));
        lab.install(JOBS + 1, 10 * SECOND, 5 * SECOND, slow);
        for (int round = 0; round < 3; round++) {
            for (int job = 1; job <= JOBS + 1; job++) {
                lab.fire(job);
            }
            lab.run(10 * SECOND);
        }
        assertEquals(0, lab.count(Counter.LOST));
        assertEquals(0, lab.count(Counter.LATE));
        assertEquals(3, lab.answeredCount(slow));
        assertFalse(lab.isListed(slow));
        assertEquals(3 * (JOBS + 1), lab.count(Counter.RECEIVED));
    }

    @Test
    void eachProbeIsLostAtItsOwnTimeout() {
        hundredJobs();
        lab.v4.network((request, answers) -> {});
        lab.tick(MILLI / 2);
        for (int job = 1; job <= JOBS; job++) {
            int sentBefore = lab.v4.sent().size();
            lab.fire(job);
            // Within the round, wherever the golden ratio has put it.
            while (lab.v4.sent().size() == sentBefore) {
                lab.run(MILLI / 2);
            }
            long lostBefore = lab.count(Counter.LOST);
            lab.run(job * MILLI - MILLI);
            assertEquals(lostBefore, lab.count(Counter.LOST), "timeout of " + job + " ms");
            lab.run(2 * MILLI);
            assertEquals(lostBefore + 1, lab.count(Counter.LOST), "timeout of " + job + " ms");
            lab.run(10 * SECOND);
        }
        assertEquals(0, lab.receiver.openProbes());
    }

    @Test
    void errListProbesAreJustAsPatient() {
        hundredJobs();
        int slow = lab.add(EngineLab.address(200), new TargetSettings(21_000, -1, 5 * SECOND));
        lab.v4.network((request, answers) -> answers.reply(4 * SECOND));
        lab.enter(slow, ErrListCause.BY_HAND);
        lab.errListEverySecond();
        lab.run(20 * SECOND);
        assertEquals(0, lab.count(Counter.LOST));
        assertTrue(lab.answeredCount(slow) >= 15);
    }

    @Test
    void probeThatTheKernelThrewOutOfABatchKeepsItsTimeout() {
        // Half of what the job needs: it is always behind, so there are batches.
        EngineLab slowLab = new EngineLab(new EngineOptions(500, Integer.MAX_VALUE, 0.02, 3_600 * SECOND));
        for (int i = 1; i <= 40; i++) {
            slowLab.timeouts.classOf(i * MILLI);
        }
        int[] ids = slowLab.addMany(1_000);
        slowLab.v4.network((request, answers) -> answers.reply(1_500 * MILLI));
        slowLab.install(1, SECOND, 3 * SECOND, ids);
        for (int second = 0; second < 4; second++) {
            slowLab.fire(1);
            slowLab.run(SECOND / 2);
            slowLab.v4.failSends(SendErrors.ENOBUFS, 7);
            slowLab.run(SECOND / 2);
        }
        slowLab.run(5 * SECOND);
        assertTrue(slowLab.heard.deferred > 0, "no probe was thrown out of a batch");
        assertEquals(0, slowLab.count(Counter.LOST));
        assertEquals(List.of(), slowLab.heard.causes);
    }

    @Test
    void queuesOfManyTimeoutsAgreeWithOneList() {
        TargetTable table = lab.table;
        int count = 2_000;
        int[] ids = lab.addMany(count);
        lab.cycle();
        InFlightQueues queues = new InFlightQueues(table, lab.timeouts);
        for (int round = 0; round < 3; round++) {
            long startNanos = 100L * round * SECOND;
            for (int i = 0; i < count; i++) {
                queues.add(lab.timeouts.classOf((i + 1) * MILLI), ids[i], round, startNanos);
            }
            assertEquals(count, queues.count());
            for (int i = 0; i < count; i++) {
                assertFalse(queues.isAnyOverdue(startNanos + (i + 1) * MILLI - 1));
                assertTrue(queues.isAnyOverdue(startNanos + (i + 1) * MILLI));
                InFlight due = queues.of(lab.timeouts.classOf((i + 1) * MILLI));
                assertTrue(due != null && due.removeOldest() == ((long) ids[i] << 32 | round));
                queues.unlistEmpty();
                assertEquals(count - i - 1, queues.count());
            }
        }
    }
}
