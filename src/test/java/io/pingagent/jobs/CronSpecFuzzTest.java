package io.pingagent.jobs;

import static io.pingagent.testkit.FuzzChecks.check;

import io.pingagent.testkit.FuzzChecks;
import io.pingagent.testkit.FuzzSeeds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is a spec that fires, or a problem in words. */
class CronSpecFuzzTest {

    /** Before a change of daylight saving time, in both zones. */
    private static final Instant START = Instant.parse("2026-03-01T00:00:00.123Z");

    private static final List<ZoneId> ZONES =
            List.of(ZoneOffset.UTC, ZoneId.of("Europe/Berlin"), ZoneId.of("America/Sao_Paulo"));

    @ParameterizedTest
    @MethodSource("seeds")
    void anyTextIsASpecOrAProblem(byte[] input) {
        fuzzerTestOneInput(input);
    }

    static Stream<Named<byte[]>> seeds() {
        return FuzzSeeds.of(CronSpecFuzzTest.class);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        String problem = CronSpec.problemOf(text);
        CronSpec spec;
        try {
            spec = CronSpec.parse(text, ZoneOffset.UTC);
        } catch (IllegalArgumentException e) {
            check(problem != null, "parse refuses what problemOf takes: " + e.getMessage());
            check(problem.length() <= 300, "a problem of " + problem.length() + " characters");
            FuzzChecks.message(e.getMessage());
            return;
        }
        check(problem == null, "parse takes what problemOf refuses: " + problem);
        check(spec.equals(CronSpec.parse(spec.toString(), ZoneOffset.UTC)), "another spec when read again");
        long shortest = spec.shortestGap().toSeconds();
        long longest = spec.longestGap().toSeconds();
        check(shortest >= 1 && shortest <= longest, "gaps of " + shortest + " to " + longest + " s");
        boolean hasZone = CronSpec.zoneNameIn(text) != null;
        for (ZoneId zone : ZONES) {
            // Gaps are those of days without a change of the clocks.
            boolean even = !hasZone && zone.equals(ZoneOffset.UTC);
            firesInOrder(CronSpec.parse(text, zone), even ? shortest : 1, even ? longest : Long.MAX_VALUE);
        }
    }

    private static void firesInOrder(CronSpec spec, long shortest, long longest) {
        Instant before = START;
        Instant first = null;
        for (int i = 0; i < 5; i++) {
            Instant next = spec.nextAfter(before);
            check(next != null, "it never fires after " + before);
            check(next.isAfter(before) && next.getNano() == 0, next + " after " + before);
            if (first != null) {
                long gap = next.getEpochSecond() - before.getEpochSecond();
                check(gap >= shortest && gap <= longest, "a gap of " + gap + " s");
            }
            first = first == null ? next : first;
            before = next;
        }
    }
}
