package io.pingagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.testkit.Behaviour.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BehaviourWordsTest {

    @Test
    void wordsAddUp() {
        Behaviour behaviour = Behaviour.honest();
        for (String word : "1.5ms,drop=20%,dup=2,dup-gap=3ms,exceeded,quote=8,options".split(",", -1)) {
            behaviour = BehaviourWords.apply(behaviour, word);
        }
        assertEquals(1_500_000, behaviour.delayNanos);
        assertEquals(0.2, behaviour.lossShare);
        assertEquals(2, behaviour.duplicates);
        assertEquals(3_000_000, behaviour.duplicateGapNanos);
        assertEquals(Answer.TIME_EXCEEDED, behaviour.answer);
        assertEquals(8, behaviour.quotedBytes);
        assertTrue(behaviour.options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5h", "dropp", "drop", "drop=20", "drop=120%", "dup=x", "corrupt=1", "ttl=0"})
    void otherWordsAreRefused(String word) {
        assertThrows(IllegalArgumentException.class, () -> BehaviourWords.apply(Behaviour.honest(), word));
    }

    @Test
    void cadenceCountsGapsAndTheFullestTenth() {
        long[] first = {0, 100_000_000, 210_000_000};
        long[] second = {5_000_000, 95_000_000, 195_000_000};
        Cadence cadence = Cadence.of(List.of(first, second), Duration.ofMillis(100));
        assertEquals(new Cadence(2, 6, 90_000_000, 100_000_000, 110_000_000, 1), cadence);
        assertEquals(new Cadence(0, 0, 0, 0, 0, 0), Cadence.of(List.of(), Duration.ofMillis(100)));
    }

    @Test
    void clocksMoveTogetherUntilSomebodyStepsOne() {
        VirtualClock clock = new VirtualClock(Long.MAX_VALUE - 1, 50);
        clock.advance(Duration.ofNanos(3));
        assertEquals(Long.MIN_VALUE + 1, clock.monotonicNanos());
        assertEquals(53, clock.wallNanos());
        clock.stepWall(Duration.ofHours(-1));
        assertEquals(Long.MIN_VALUE + 1, clock.monotonicNanos());
        assertEquals(53 - 3_600_000_000_000L, clock.wallNanos());
        clock.advanceTo(Long.MIN_VALUE + 5);
        assertEquals(57 - 3_600_000_000_000L, clock.wallNanos());
        assertThrows(IllegalArgumentException.class, () -> clock.advanceNanos(-1));
    }
}
