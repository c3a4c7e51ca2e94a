package io.pingagent.redis.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryWheelTest {

    private final TargetPages pages = new TargetPages();

    private static List<Integer> due(ExpiryWheel wheel, int nowMillis) {
        wheel.advance(nowMillis);
        List<Integer> due = new ArrayList<>();
        while (wheel.hasDue()) {
            due.add(wheel.takeDue());
        }
        return due;
    }

    /** Also where the milliseconds wrap, from the largest int to the smallest. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_003, Integer.MAX_VALUE - 2_000, Integer.MAX_VALUE - 70_000, -5_001})
    void isDueJustAfterTheTtl(int startMillis) {
        ExpiryWheel wheel = new ExpiryWheel(pages, startMillis);
        pages.expiresAt(7, startMillis + 5_000);
        pages.expiresAt(8, startMillis + 100_000);
        wheel.watch(7, startMillis);
        wheel.watch(8, startMillis);
        wheel.watch(7, startMillis);
        for (int at = 0; at <= 5_000; at += 15) {
            assertEquals(List.of(), due(wheel, startMillis + at), "after " + at);
        }
        assertEquals(List.of(7), due(wheel, startMillis + 5_032));
        for (int at = 5_032; at <= 100_000; at += 1_000) {
            assertEquals(List.of(), due(wheel, startMillis + at), "after " + at);
        }
        assertEquals(List.of(8), due(wheel, startMillis + 100_032));
    }

    @Test
    void isDueOnceAfterALongPause() {
        ExpiryWheel wheel = new ExpiryWheel(pages, 1);
        for (int target = 0; target < 1_000; target++) {
            pages.expiresAt(target, 1 + target * 100);
            wheel.watch(target, 1);
        }
        assertEquals(1_000, due(wheel, 10_000_000).size());
        assertEquals(List.of(), due(wheel, 20_000_000));
    }

    @Test
    void aReplyCancelsAndALaterLossWantsAgain() {
        ExpiryWheel wheel = new ExpiryWheel(pages, 1);
        pages.expiresAt(1, 1_000);
        wheel.watch(1, 1);
        wheel.written(1, 3_000);
        wheel.watch(1, 500);
        assertEquals(List.of(), due(wheel, 2_900));
        assertEquals(List.of(1), due(wheel, 3_032));
        wheel.written(1, 200_000);
        assertEquals(List.of(), due(wheel, 100_000));
    }

    @Test
    void asksAgainAfterWhatRemainsAndStopsWhenTheKeyIsGone() {
        ExpiryWheel wheel = new ExpiryWheel(pages, 1);
        wheel.watch(1, 1);
        assertEquals(List.of(1), due(wheel, 40));
        wheel.checked(1, 500, 40);
        assertEquals(List.of(), due(wheel, 500));
        assertEquals(List.of(1), due(wheel, 600));
        wheel.checked(1, -2, 600);
        wheel.watch(1, 700);
        assertEquals(List.of(), due(wheel, 100_000), "gone, and known to be");
        wheel.written(1, 101_000);
        wheel.watch(1, 100_500);
        assertEquals(List.of(1), due(wheel, 101_100));
    }

    @Test
    void aHundredThousandAtOnceAreAllDue() {
        ExpiryWheel wheel = new ExpiryWheel(pages, 1);
        for (int target = 0; target < 100_000; target++) {
            pages.expiresAt(target, 20_000 + target % 16);
            wheel.watch(target, 1);
        }
        assertEquals(List.of(), due(wheel, 19_990));
        assertTrue(due(wheel, 20_050).size() == 100_000);
    }
}
