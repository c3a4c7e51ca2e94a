package io.pingagent.probe.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoundQueueTest {

    private static JobRound round(int jobId, long startNanos) {
        JobRound round = new JobRound(jobId);
        round.install(JobPlan.empty(0).with(new int[] {1}), 1_000, 0, startNanos);
        round.due(startNanos, startNanos);
        return round;
    }

    @Test
    void emptyQueueHasNoFirst() {
        RoundQueue queue = new RoundQueue();
        assertNull(queue.peek());
        assertFalse(queue.remove(round(1, 0)));
    }

    @Test
    void givesTheEarliestWhoeverComesAndGoes() {
        RoundQueue queue = new RoundQueue();
        List<JobRound> expected = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            if (expected.isEmpty() || random.nextInt(5) < 3) {
                JobRound round = round(i, random.nextInt(1_000_000));
                expected.add(round);
                queue.add(round);
            } else {
                JobRound gone = expected.remove(random.nextInt(expected.size()));
                assertTrue(queue.remove(gone));
                assertFalse(queue.remove(gone));
            }
            if (!expected.isEmpty() && i % 50 == 0) {
                long least = expected.stream()
                        .mapToLong(JobRound::nextProbeNanos)
                        .min()
                        .orElseThrow();
                assertEquals(least, Objects.requireNonNull(queue.peek()).nextProbeNanos());
            }
        }
        int[] seen = {0};
        queue.forEach(round -> seen[0]++);
        assertEquals(expected.size(), seen[0]);
        expected.sort(Comparator.comparingLong(JobRound::nextProbeNanos));
        for (JobRound round : expected) {
            JobRound first = Objects.requireNonNull(queue.peek());
            assertSame(first, queue.remove());
            assertEquals(round.nextProbeNanos(), first.nextProbeNanos());
        }
        assertNull(queue.peek());
    }
}
