package io.pingagent.trace;

import static io.pingagent.trace.TraceLab.TARGET;
import static io.pingagent.trace.TraceLab.hop;
import static io.pingagent.trace.TraceLab.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathFormatsTest {

    private static final long WALL_MILLIS = 1_796_069_645_000L;

    private static final TracedPath GOOD = path(
            WALL_MILLIS - 3_600_000,
            true,
            hop("10.0.0.1", 412_000),
            hop("10.0.1.1", 1_200_000),
            hop("10.0.2.1", 1_900_000),
            hop("192.0.2.7", 2_300_000));
    private static final TracedPath DOWN =
            path(WALL_MILLIS, false, hop("10.0.0.1", 400_000), hop("10.0.1.1", 1_000_000));

    @Test
    void thePathThatEndsEarlierPartsBehindItsLastHop() {
        assertEquals(3, DOWN.firstDifference(GOOD));
        assertEquals(3, GOOD.firstDifference(DOWN));
        assertEquals(0, GOOD.firstDifference(GOOD));
    }

    @Test
    void anotherRouterIsADifferenceAndAMissingAnswerInTheMiddleIsNone() {
        TracedPath other = path(0, true, hop("10.0.0.1", 1), Hop.SILENT, hop("10.0.9.1", 1), hop("192.0.2.7", 1));
        assertEquals(3, other.firstDifference(GOOD));
        TracedPath silent = path(0, true, hop("10.0.0.1", 1), Hop.SILENT, hop("10.0.2.1", 1), hop("192.0.2.7", 1));
        assertEquals(0, silent.firstDifference(GOOD));
        assertEquals(1, path(0, false).firstDifference(GOOD));
    }

    @Test
    void aRouterThatRefusesDiffersFromOneThatForwards() {
        TracedPath refused =
                path(0, false, hop("10.0.0.1", 1), new Hop(TraceLab.ip("10.0.1.1"), 1, "host unreachable"));
        assertEquals(2, refused.firstDifference(GOOD));
    }

    @Test
    void theRecordInRedisIsAsDocumented() {
        String json = PathJson.write(new PathRecord(TARGET, DOWN, GOOD));
        assertEquals(
                "{\"address\":\"192.0.2.7\","
                        + "\"down\":{\"time\":\"2026-11-30T20:14:05Z\",\"reached\":false,\"hops\":["
                        + "{\"hop\":1,\"address\":\"10.0.0.1\",\"rttMs\":0.4},"
                        + "{\"hop\":2,\"address\":\"10.0.1.1\",\"rttMs\":1}]},"
                        + "\"good\":{\"time\":\"2026-11-30T19:14:05Z\",\"reached\":true,\"hops\":["
                        + "{\"hop\":1,\"address\":\"10.0.0.1\",\"rttMs\":0.412},"
                        + "{\"hop\":2,\"address\":\"10.0.1.1\",\"rttMs\":1.2},"
                        + "{\"hop\":3,\"address\":\"10.0.2.1\",\"rttMs\":1.9},"
                        + "{\"hop\":4,\"address\":\"192.0.2.7\",\"rttMs\":2.3}]},"
                        + "\"firstDifference\":3}",
                json);
        assertEquals(new PathRecord(TARGET, DOWN, GOOD), PathJson.read(json));
    }

    @Test
    void whatIsNotKnownIsMissingAndReadBackAsMissing() {
        PathRecord onlyDown =
                new PathRecord(TARGET, path(WALL_MILLIS, false, Hop.SILENT, new Hop(null, 0, "not sent: EPERM")), null);
        assertEquals(onlyDown, PathJson.read(PathJson.write(onlyDown)));
        PathRecord nothing = new PathRecord(TARGET, path(WALL_MILLIS, false), null);
        assertEquals(nothing, PathJson.read(PathJson.write(nothing)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "nonsense",
                "{\"address\":\"x\"}",
                "{\"address\":\"192.0.2.7\",\"down\":{}}",
                "{\"address\":\"192.0.2.7\",\"down\":{\"time\":\"now\",\"reached\":true,\"hops\":[]}}",
                "{\"address\":\"192.0.2.7\",\"down\":{\"time\":\"2026-11-30T20:14:05Z\",\"reached\":true,\"hops\":[1]}}",
                "{\"address\":\"192.0.2.7\",\"down\":{\"time\":\"2026-11-30T20:14:05Z\",\"reached\":true,\"hops\":[{\"hop\":1,"
                        + "\"address\":\"10.0.0.1\"}]}}"
            })
    void aRecordThatSomebodyElseWroteIsRefusedInOnePiece(String text) {
        assertThrows(IllegalArgumentException.class, () -> PathJson.read(text));
    }

    @Test
    void theTextMarksTheFirstHopThatDiffers() {
        assertEquals("""
                when 192.0.2.7 went down, 2026-11-30 20:14:05 Z:
                  1  10.0.0.1  0.4 ms
                  2  10.0.1.1  1 ms
                no answer behind hop 2
                last good path, 2026-11-30 19:14:05 Z:
                   hops 1 to 2 as above
                > 3  10.0.2.1  1.9 ms
                  4  192.0.2.7  2.3 ms""", PathText.of(new PathRecord(TARGET, DOWN, GOOD), ZoneOffset.UTC));
    }

    @Test
    void theTextSaysWhatIsNotKnown() {
        assertEquals("""
                when 192.0.2.7 went down, 2026-11-30 20:14:05 Z:
                no hop answers
                no good path is known""", PathText.of(new PathRecord(TARGET, path(WALL_MILLIS, false), null), ZoneOffset.UTC));
        String same = PathText.of(new PathRecord(TARGET, GOOD, GOOD), ZoneOffset.UTC);
        assertTrue(same.contains("it answered again at once") && same.endsWith(": the same"), same);
    }

    @Test
    void aLoopIsShownOnce() {
        List<Hop> hops = new ArrayList<>();
        for (int ttl = 1; ttl <= 30; ttl++) {
            hops.add(ttl == 1 ? hop("10.0.0.1", 400_000) : hop("10.0." + (1 + ttl % 2) + ".1", 1_000_000));
        }
        // A router in a loop limits its answers.
        hops.set(20, Hop.SILENT);
        assertEquals("""
                when 192.0.2.7 went down, 2026-11-30 20:14:05 Z:
                  1  10.0.0.1  0.4 ms
                  2  10.0.1.1  1 ms
                > 3  10.0.2.1  1 ms
                   hops 4 to 30 repeat hops 2 to 3: a routing loop
                not reached within 30 hops""", loopText(hops, hop("10.0.3.1", 1)));
        String parted = loopText(hops, hop("10.0.2.1", 1));
        assertTrue(parted.contains(">  hops 4 to 30 repeat"), parted);
    }

    @Test
    void twoAnswersOfARouterAreNoLoop() {
        String text = loopText(List.of(hop("10.0.0.1", 1), hop("10.0.1.1", 1), hop("10.0.1.1", 1)), Hop.SILENT);
        assertTrue(text.endsWith("no answer behind hop 3"), text);
    }

    /** What is said of the outage, beside a good path with this third hop. */
    private static String loopText(List<Hop> down, Hop third) {
        TracedPath good =
                path(WALL_MILLIS, true, hop("10.0.0.1", 1), hop("10.0.1.1", 1), third, hop("192.0.2.7", 2_300_000));
        String text =
                PathText.of(new PathRecord(TARGET, new TracedPath(WALL_MILLIS, false, 1, down), good), ZoneOffset.UTC);
        return text.substring(0, text.indexOf("\nlast good path"));
    }

    @Test
    void aLongTextIsCutAtTheEndOfALine() {
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            hops.add(hop("2001:db8:1111:2222:3333:4444:5555:" + Integer.toHexString(0x1000 + i), 123_456_789));
        }
        String text =
                PathText.of(new PathRecord(TARGET, new TracedPath(WALL_MILLIS, false, 1, hops), GOOD), ZoneOffset.UTC);
        assertTrue(text.length() <= PathText.MOST_CHARACTERS, () -> text.length() + " characters");
        assertTrue(text.endsWith(" ms\n…"), text);
    }

    @Test
    void packingKeepsAPathToTheMicrosecond() {
        TracedPath path = path(
                WALL_MILLIS,
                false,
                hop("10.0.0.1", 412_000),
                Hop.SILENT,
                new Hop(TraceLab.ip("2001:db8::1"), 70_000_000, "communication administratively prohibited"));
        assertEquals(path, PackedPath.of(path).path());
        assertEquals(WALL_MILLIS, PackedPath.of(path).wallMillis());
    }
}
