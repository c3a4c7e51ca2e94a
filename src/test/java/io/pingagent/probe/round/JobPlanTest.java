package io.pingagent.probe.round;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobPlanTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long YEAR = 365 * 86_400 * SECOND;

    private static JobPlan plan(int size) {
        return JobPlan.empty().with(IntStream.range(0, size).toArray());
    }

    private static Map<Integer, Long> offsets(JobPlan plan) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int i = 0; i < plan.size(); i++) {
            offsets.put(plan.targetId(i), plan.offsetNanos(i, 10 * SECOND));
        }
        return offsets;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 10, 64, 100, 220, 1_000, 4_097, 100_003, 1_000_000})
    void liesEvenlyForAnySize(int size) {
        JobPlan plan = plan(size);
        long largestGap = 0;
        int[] tenths = new int[10];
        for (int i = 0; i < size; i++) {
            long offset = plan.offsetNanos(i, 10 * SECOND);
            long next = i + 1 < size ? plan.offsetNanos(i + 1, 10 * SECOND) : 10 * SECOND + plan.offsetNanos(0, SECOND);
            assertTrue(next > offset, "ascending, no two at once");
            largestGap = Math.max(largestGap, next - offset);
            tenths[(int) (offset / SECOND)]++;
        }
        assertTrue(largestGap <= 2 * 10 * SECOND / size, "largest gap " + largestGap + " ns");
        for (int tenth : tenths) {
            assertTrue(tenth <= size / 10 + 3, tenth + " of " + size + " in a tenth");
        }
    }

    @Test
    void targetsKeepTheirPlaceWhenOthersComeAndGo() {
        SplittableRandom random = new SplittableRandom(1);
        JobPlan plan = plan(500);
        for (int step = 0; step < 100; step++) {
            Map<Integer, Long> before = offsets(plan);
            int[] wanted = IntStream.range(0, 1_000)
                    .filter(id -> random.nextInt(10) < 7 == before.containsKey(id))
                    .toArray();
            plan = plan.with(wanted);
            Map<Integer, Long> after = offsets(plan);
            assertEquals(wanted.length, after.size());
            for (int id : wanted) {
                assertTrue(after.containsKey(id));
                if (before.containsKey(id)) {
                    assertEquals(before.get(id), after.get(id));
                }
            }
            assertEquals(wanted.length, new HashSet<>(after.values()).size(), "no two at once");
        }
    }

    @Test
    void freedPlacesAreTakenAgainSoThatChurnDoesNotSpoilEvenness() {
        JobPlan plan = plan(220);
        SplittableRandom random = new SplittableRandom(2);
        int nextId = 220;
        Set<Integer> ids = new HashSet<>(IntStream.range(0, 220).boxed().toList());
        for (int step = 0; step < 300; step++) {
            ids.remove(ids.stream().skip(random.nextInt(ids.size())).findFirst().orElseThrow());
            ids.add(nextId++);
            plan = plan.with(ids.stream().mapToInt(Integer::intValue).toArray());
        }
        assertEquals(
                new HashSet<>(offsets(plan(220)).values()),
                new HashSet<>(offsets(plan).values()));
    }

    @Test
    void sameTargetsInAnyOrderGiveTheSamePlan() {
        JobPlan plan = plan(50);
        int[] reversed = IntStream.range(0, 50).map(i -> 49 - i).toArray();
        assertEquals(offsets(plan), offsets(plan.with(reversed)));
        assertEquals(0, plan.with(new int[0]).size());
    }

    @Test
    void offsetsAreExactAndWithinTheSpread() {
        JobPlan plan = plan(4_000);
        for (long spread : new long[] {1, 7, SECOND, 10 * SECOND, 3_600 * SECOND, YEAR, 100 * YEAR}) {
            long before = -1;
            for (int i = 0; i < plan.size(); i++) {
                long fraction = plan.offsetNanos(i, 1L << 32);
                long offset = plan.offsetNanos(i, spread);
                assertEquals(
                        BigInteger.valueOf(fraction)
                                .multiply(BigInteger.valueOf(spread))
                                .shiftRight(32)
                                .longValueExact(),
                        offset);
                assertTrue(offset >= before && offset < spread);
                before = offset;
            }
        }
    }

    @Test
    void inOrderKeepsTheOrderAndSpreadsExactly() {
        int[] ids = {9, 3, 7, 1};
        JobPlan plan = JobPlan.inOrder(ids);
        ids[0] = 0;
        assertArrayEquals(
                new int[] {9, 3, 7, 1},
                IntStream.range(0, 4).map(plan::targetId).toArray());
        assertArrayEquals(
                new long[] {0, 250, 500, 750},
                IntStream.range(0, 4).mapToLong(i -> plan.offsetNanos(i, 1_000)).toArray());
        JobPlan later = plan.with(new int[] {1, 3, 9, 20, 21, 22, 23, 24});
        Map<Integer, Long> offsets = offsets(later);
        assertEquals(0, offsets.get(9));
        assertEquals(2_500_000_000L, offsets.get(3));
        assertEquals(8, new HashSet<>(offsets.values()).size());
        assertEquals(0, JobPlan.inOrder(new int[0]).size());
    }

    @Test
    void positionAfterNeitherSkipsNorRepeats() {
        SplittableRandom random = new SplittableRandom(3);
        JobPlan before = plan(300);
        for (int step = 0; step < 200; step++) {
            int[] wanted = IntStream.range(0, 600)
                    .filter(id -> random.nextInt(3) > 0)
                    .limit(300)
                    .toArray();
            JobPlan after = before.with(wanted);
            int position = random.nextInt(before.size() + 1);
            int resumed = after.positionAfter(before, position);
            Set<Integer> done = new HashSet<>();
            for (int i = 0; i < position; i++) {
                done.add(before.targetId(i));
            }
            Set<Integer> kept = new HashSet<>(offsets(before).keySet());
            for (int i = 0; i < after.size(); i++) {
                if (kept.contains(after.targetId(i))) {
                    assertEquals(done.contains(after.targetId(i)), i < resumed);
                }
                if (position > 0) {
                    boolean isPast = after.offsetNanos(i, YEAR) <= before.offsetNanos(position - 1, YEAR);
                    assertEquals(isPast, i < resumed, "new ones whose time is over wait for the next round");
                }
            }
            before = after;
        }
        assertEquals(0, plan(5).positionAfter(JobPlan.empty(), 0));
    }

    @Test
    void newTargetsAreProbedInTheOrderOfTheirIds() {
        int[] ids = new int[1_000];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 5_000 - i;
        }
        JobPlan plan = JobPlan.empty(3).with(ids);
        for (int position = 0; position < plan.size(); position++) {
            assertEquals(4_001 + position, plan.targetId(position));
        }
    }
}
