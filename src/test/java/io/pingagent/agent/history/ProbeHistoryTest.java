package io.pingagent.agent.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.base.NanoClock;
import io.pingagent.model.ProbeSeries;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProbeHistoryTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long WALL_SECONDS = 1_700_000_000L;
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final int TARGET = 5_000;
    private static final long PLENTY = 64 << 20;

    /** As far from zero as {@link System#nanoTime} may be. */
    private long nowNanos = 7_000 * SECOND;

    private final NanoClock clock = new NanoClock() {
        @Override
        public long monotonicNanos() {
            return nowNanos;
        }

        @Override
        public long wallNanos() {
            return WALL_SECONDS * SECOND + nowNanos;
        }
    };

    private final ProbeHistory history = new ProbeHistory(clock, TEN_MINUTES, PLENTY);

    private void reply(ProbeHistory into, int target, int times, long gapNanos) {
        for (int i = 0; i < times; i++) {
            into.replied(target, (i + 1) * MILLI);
            nowNanos += gapNanos;
        }
    }

    private static ProbeSeries series(ProbeHistory of, int target) {
        return of.of(target, TEN_MINUTES).series();
    }

    @Test
    void eachProbeComesBackWithItsTimeAndItsEnd() {
        history.replied(TARGET, 12 * MILLI);
        nowNanos += 10 * SECOND;
        history.lost(TARGET);
        nowNanos += 200 * MILLI;
        history.invalidated(TARGET);
        nowNanos += 3 * SECOND;
        ProbeSeries kept = series(history, TARGET);
        assertEquals(3, kept.size());
        assertEquals(12.0 * MILLI, (double) kept.rttNanos(0), 0.004 * 12 * MILLI);
        assertEquals(ProbeSeries.LOST, kept.rttNanos(1));
        assertEquals(ProbeSeries.UNKNOWN, kept.rttNanos(2));
        long nowMillis = clock.wallNanos() / MILLI;
        assertEquals(nowMillis - 13_200, kept.wallMillis(0));
        assertEquals(nowMillis - 3_200, kept.wallMillis(1));
        assertEquals(nowMillis - 3_000, kept.wallMillis(2));
        assertEquals(0, series(history, TARGET + 1).size(), "another address");
    }

    @Test
    void roundTripTimesAreKeptWithinFourThousandths() {
        for (long rtt = 600; rtt < 61 * SECOND; rtt += 1 + rtt / 7) {
            double kept = (double) SampleCode.rttNanos(SampleCode.sample(0, SampleCode.ofRtt(rtt)));
            assertEquals((double) rtt, kept, rtt * 0.004, "nanoseconds");
        }
        assertTrue(SampleCode.rttNanos(SampleCode.ofRtt(0)) > 0, "a reply in no time is no loss");
    }

    /** A probe every 10 s, every second, and five at once every 10 s. */
    @Test
    void tenMinutesAreKeptAtEveryRate() {
        reply(history, 1, 400, 10 * SECOND);
        assertEquals(60, series(history, 1).size());
        reply(history, 2, 4_000, SECOND);
        assertEquals(600, series(history, 2).size());
        for (int round = 0; round < 200; round++) {
            reply(history, 3, 5, 200 * MILLI);
            nowNanos += 9 * SECOND;
        }
        assertEquals(300, series(history, 3).size());
        assertTrue(history.problems().isEmpty());
    }

    @Test
    void onlyTheWantedTimeIsRead() {
        reply(history, TARGET, 100, SECOND);
        assertEquals(30, history.of(TARGET, Duration.ofSeconds(30)).series().size());
    }

    /** After 29 hours the time in a sample begins again. */
    @Test
    void whatIsOldIsNotTakenForNewAfterALongPause() {
        reply(history, TARGET, 3, SECOND);
        nowNanos += 104_857L * SECOND + SECOND / 2;
        assertEquals(0, series(history, TARGET).size());
        history.lost(TARGET);
        assertEquals(1, series(history, TARGET).size());
    }

    @Test
    void aNumberThatIsUsedAgainShowsNothingOfTheAddressBefore() {
        reply(history, TARGET, 20, SECOND);
        long used = history.usedBytes();
        history.removed(TARGET);
        assertEquals(0, series(history, TARGET).size());
        assertTrue(history.usedBytes() < used, "its memory is given back");
        history.lost(TARGET);
        assertEquals(1, series(history, TARGET).size());
        history.removed(TARGET + 100_000);
    }

    @Test
    void addressesBeyondTheMemoryAreRefusedUntilThereIsRoom() {
        ProbeHistory small = new ProbeHistory(clock, TEN_MINUTES, 3 * SampleRing.bytes(64));
        for (int target = 0; target < 5; target++) {
            small.lost(target);
        }
        assertEquals(3 * SampleRing.bytes(64), small.usedBytes());
        assertEquals(ProbeHistory.State.WHOLE, small.of(2, TEN_MINUTES).state());
        assertEquals(ProbeHistory.State.REFUSED, small.of(4, TEN_MINUTES).state());
        assertEquals("history.memory", small.problems().get(0).where());
        small.removed(0);
        small.lost(3);
        assertEquals(1, series(small, 3).size());
        assertFalse(small.problems().isEmpty(), "one is still without");
        small.removed(4);
        assertTrue(small.problems().isEmpty());
    }

    @Test
    void whereTheMemoryEndsTheNewestProbesAreKeptAndTheAnswerSaysSo() {
        ProbeHistory small = new ProbeHistory(clock, TEN_MINUTES, SampleRing.bytes(64));
        reply(small, TARGET, 64, SECOND);
        assertEquals(ProbeHistory.State.WHOLE, small.of(TARGET, TEN_MINUTES).state());
        reply(small, TARGET, 100, SECOND);
        ProbeHistory.Kept kept = small.of(TARGET, TEN_MINUTES);
        assertEquals(ProbeHistory.State.SHORTENED, kept.state());
        assertEquals(64, kept.series().size());
        assertEquals(clock.wallNanos() / MILLI - 1_000, kept.series().wallMillis(63));
        assertFalse(small.problems().isEmpty());
        // Now every 10 s, which fits.
        reply(small, TARGET, 130, 10 * SECOND);
        assertEquals(ProbeHistory.State.WHOLE, small.of(TARGET, TEN_MINUTES).state());
        assertTrue(small.problems().isEmpty());
    }

    /** On the err list an address is probed every second. */
    @Test
    void aRingShrinksAfterAnAddressWasProbedOften() {
        reply(history, TARGET, 100, 10 * SECOND);
        long before = history.usedBytes();
        reply(history, TARGET, 700, SECOND);
        assertTrue(history.usedBytes() > 2_400, "one of 600 or more");
        reply(history, TARGET, 5_000, 10 * SECOND);
        assertTrue(history.usedBytes() < 3 * before, history.usedBytes() + " bytes");
        assertEquals(60, series(history, TARGET).size());
    }

    @Test
    void aReaderSeesNoMixtureOfTwoMoments() throws Exception {
        SampleRing ring = new SampleRing(16);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                while (!isOver.get()) {
                    SampleRing.Copy copy = ring.copy();
                    for (int i = 0; i < copy.count(); i++) {
                        // The writer puts the lower bits of the time into the code.
                        int expected = (int) (copy.newestTicks() - i);
                        assertEquals(SampleCode.sample(expected, 3 + (expected & 0xff)), copy.samples()[i]);
                    }
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        reader.start();
        for (int ticks = 1; ticks < 3_000_000 && failure.get() == null; ticks++) {
            ring.add(ticks, 3 + (ticks & 0xff), 100);
        }
        isOver.set(true);
        reader.join();
        assertEquals(null, failure.get());
    }
}
