package io.pingagent.probe;

import static io.pingagent.probe.EngineLab.MILLI;
import static io.pingagent.probe.EngineLab.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.FakeIcmpSocket;
import io.pingagent.model.IpAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine with its threads, in real time, over a fake socket. */
@Timeout(30)
class EngineTest {

    private static final NanoClock CLOCK = new NanoClock() {
        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }

        @Override
        public long wallNanos() {
            return System.currentTimeMillis() * 1_000_000L;
        }
    };

    private final FakeIcmpSocket v4 = new FakeIcmpSocket(false, CLOCK::wallNanos, CLOCK::monotonicNanos);
    private final Engine engine = new Engine(EngineLab.OPTIONS, v4, null, CLOCK, new ProbeListener() {});

    private int[] add(int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = engine.addTarget(IpAddress.v4(i + 1), EngineLab.SETTINGS);
        }
        engine.announceTargets(ids);
        return ids;
    }

    @Test
    void closesAsSoonAsEveryProbeIsSettled() throws InterruptedException {
        int[] ids = add(50);
        v4.network((request, answers) -> answers.reply(100 * MILLI));
        engine.installJobInOrder(1, ids, 10 * MILLI, 20 * SECOND);
        engine.roundDue(1, CLOCK.monotonicNanos());
        engine.start();
        while (engine.counters().get(Counter.SENT) < 50) {
            Thread.sleep(1);
        }
        long before = System.nanoTime();
        engine.close(Duration.ofSeconds(10));
        assertTrue(System.nanoTime() - before < 5 * SECOND, "did not wait for the timeout of 20 s");
        assertEquals(50, engine.counters().get(Counter.RECEIVED));
        assertTrue(v4.isClosed());
        engine.close();
    }

    @Test
    void closesWhenItsPatienceIsOver() throws InterruptedException {
        int[] ids = add(5);
        v4.network((request, answers) -> {});
        engine.installJobInOrder(1, ids, MILLI, 20 * SECOND);
        engine.roundDue(1, CLOCK.monotonicNanos());
        engine.start();
        while (engine.counters().get(Counter.SENT) < 5) {
            Thread.sleep(1);
        }
        long before = System.nanoTime();
        engine.close(Duration.ofMillis(200));
        long tookNanos = System.nanoTime() - before;
        assertTrue(tookNanos >= 190 * MILLI && tookNanos < 5 * SECOND, tookNanos / MILLI + " ms");
    }

    @Test
    void settlesWhatWasSentLastBeforeItCloses() throws InterruptedException {
        int[] ids = add(50);
        v4.network((request, answers) -> {});
        engine.installJobInOrder(1, ids, 10 * MILLI, 100 * MILLI);
        engine.roundDue(1, CLOCK.monotonicNanos());
        engine.start();
        while (engine.counters().get(Counter.SENT) < 50) {
            Thread.sleep(1);
        }
        engine.close(Duration.ofMillis(100));
        long lost = engine.counters().get(Counter.LOST);
        assertEquals(50, lost + engine.counters().get(Counter.INVALIDATED), lost + " lost");
    }

    @Test
    void closesWithoutHavingStarted() {
        engine.close();
        assertTrue(v4.isClosed());
    }

    @Test
    void fullCommandQueueIsCountedAndTold() {
        int accepted = 0;
        while (engine.roundDue(1, 0)) {
            accepted++;
        }
        assertEquals(1 << 17, accepted);
        assertFalse(engine.checkSilence());
        assertEquals(2, engine.counters().get(Counter.COMMAND_REJECTED));
        engine.close();
    }

    @Test
    void viewsTellOfATarget() throws InterruptedException {
        int[] ids = add(3);
        engine.installJob(1, ids, 10 * MILLI, SECOND);
        engine.roundDue(1, CLOCK.monotonicNanos());
        engine.start();
        while (engine.counters().get(Counter.RECEIVED) < 3 || engine.windowCounts(ids[1]) == 0) {
            Thread.sleep(1);
        }
        assertEquals(3, engine.targetCount());
        assertEquals(3, engine.targetLimit());
        assertEquals(ids[1], engine.targetId(IpAddress.v4(2)));
        assertEquals(IpAddress.v4(2), engine.address(ids[1]));
        assertTrue(engine.isLive(ids[1]));
        assertTrue(engine.lastRttNanos(ids[1]) >= 0);
        assertEquals(1 << 16 | 1, engine.windowCounts(ids[1]));
        assertTrue(engine.enterErrList(ids[1], ErrListCause.BY_HAND));
        while (!engine.isInErrList(ids[1])) {
            Thread.sleep(1);
        }
        engine.installJob(1, new int[] {ids[0], ids[2]}, 10 * MILLI, SECOND);
        engine.removeTargets(new int[] {ids[1]});
        assertEquals(-1, engine.targetId(IpAddress.v4(2)));
        while (engine.isLive(ids[1]) || engine.isInErrList(ids[1])) {
            Thread.sleep(1);
        }
        engine.close();
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new EngineOptions(0, 1, 0.02, SECOND));
        assertThrows(IllegalArgumentException.class, () -> new EngineOptions(1, 0, 0.02, SECOND));
    }
}
