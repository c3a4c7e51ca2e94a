package io.pingagent.trace;

import static io.pingagent.trace.TraceLab.MILLI;
import static io.pingagent.trace.TraceLab.SECOND;
import static io.pingagent.trace.TraceLab.TARGET;
import static io.pingagent.trace.TraceLab.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.SendErrors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SweeperTest {

    private static final long TIMEOUT = 500 * MILLI;

    private final TraceLab lab = new TraceLab();
    private final FakeHopSocket socket = new FakeHopSocket(lab.clock).behind("10.0.0.1", "10.0.1.1", "10.0.2.1");
    private final Sweeper sweeper = new Sweeper(new TraceSockets(socket, null), lab.clock);
    private @Nullable TracedPath found;
    private long foundAfterNanos;

    private TracedPath sweep(int tries) {
        long startNanos = lab.nowNanos;
        sweeper.start(new SweepRequest(TARGET, 1, 30, tries, 5 * MILLI, TIMEOUT), (reached, hops) -> {
            found = TracedPath.of(0, reached, 1, hops);
            foundAfterNanos = lab.nowNanos - startNanos;
        });
        for (int i = 0; i < 10_000 && found == null; i++) {
            sweeper.step();
            lab.pass(MILLI);
        }
        assertNotNull(found);
        return found;
    }

    private static List<String> addresses(TracedPath path) {
        return path.hops().stream()
                .map(hop -> hop.address() == null ? "*" : String.valueOf(hop.address()))
                .toList();
    }

    @Test
    void aPathIsKnownAsSoonAsItsLastHopHasAnswered() {
        TracedPath path = sweep(2);
        assertTrue(path.reached());
        assertEquals(List.of("10.0.0.1", "10.0.1.1", "10.0.2.1", "192.0.2.7"), addresses(path));
        assertTrue(path.hops().stream().allMatch(hop -> hop.rttNanos() == FakeHopSocket.RTT_NANOS), path::toString);
        assertTrue(foundAfterNanos < 30 * MILLI, () -> foundAfterNanos + " ns");
        // Not more than were under way when the address answered.
        assertEquals(4, socket.sent.size());
    }

    @Test
    void hopsAreRecognisedByEightQuotedBytes() {
        socket.quotesShortly = true;
        assertEquals(List.of("10.0.0.1", "10.0.1.1", "10.0.2.1", "192.0.2.7"), addresses(sweep(2)));
    }

    @Test
    void anOutageCutsThePathBehindTheLastHopThatAnswersWithinFourSeconds() {
        socket.targetHop = 0;
        socket.lastHop = 2;
        TracedPath path = sweep(2);
        assertFalse(path.reached());
        assertEquals(List.of("10.0.0.1", "10.0.1.1"), addresses(path));
        assertTrue(foundAfterNanos < 4 * SECOND, () -> foundAfterNanos + " ns");
        // All hops once, and the next five behind the last answer again.
        assertEquals(30 + 5, socket.sent.size());
    }

    @Test
    void aHopThatWasSilentIsAskedAgain() {
        socket.lossyHops.add(2);
        assertEquals(List.of("10.0.0.1", "10.0.1.1", "10.0.2.1", "192.0.2.7"), addresses(sweep(2)));
    }

    @Test
    void aHopThatStaysSilentIsALineOfThePath() {
        socket.routers.remove(2);
        assertEquals(List.of("10.0.0.1", "*", "10.0.2.1", "192.0.2.7"), addresses(sweep(2)));
    }

    @Test
    void whoRefusesToForwardIsTheEnd() {
        socket.targetHop = 0;
        socket.errors.put(3, IcmpError.HOST_UNREACHABLE);
        TracedPath path = sweep(2);
        assertEquals(List.of("10.0.0.1", "10.0.1.1", "10.0.2.1"), addresses(path));
        assertEquals("host unreachable", path.hop(3).note());
    }

    @Test
    void aPacketThatCannotBeSentSaysWhy() {
        socket.errno = SendErrors.ENETUNREACH;
        TracedPath path = sweep(2);
        assertEquals(1, path.hops().size());
        assertEquals("not sent: ENETUNREACH", path.hop(1).note());
    }

    @Test
    void anAddressWithoutIpv6HereSaysSo() {
        sweeper.start(
                new SweepRequest(ip("2001:db8::1"), 1, 30, 2, 5 * MILLI, TIMEOUT),
                (reached, hops) -> found = TracedPath.of(0, reached, 1, hops));
        sweeper.step();
        TracedPath path = found;
        assertNotNull(path);
        assertEquals("not sent: no IPv6 here", path.hop(1).note());
    }

    @Test
    void aStepOfTheWallClockDoesNotFalsifyTheTimes() {
        sweeper.start(
                new SweepRequest(TARGET, 1, 30, 1, 5 * MILLI, TIMEOUT),
                (reached, hops) -> found = TracedPath.of(0, reached, 1, hops));
        sweeper.step();
        lab.wallNanos -= 3_600 * SECOND;
        for (int i = 0; i < 1_000 && found == null; i++) {
            lab.pass(MILLI);
            sweeper.step();
        }
        TracedPath path = found;
        assertNotNull(path);
        assertTrue(path.hops().stream().allMatch(hop -> hop.rttNanos() < 10 * MILLI), path::toString);
    }

    @Test
    void sweepsOfSeveralAddressesAtOnceAreKeptApart() {
        Set<String> ends = new HashSet<>();
        for (int i = 1; i <= 20; i++) {
            sweeper.start(
                    new SweepRequest(ip("192.0.2." + i), 1, 30, 2, 5 * MILLI, TIMEOUT),
                    (reached, hops) ->
                            ends.add(String.valueOf(hops.get(hops.size() - 1).address())));
        }
        for (int i = 0; i < 1_000 && sweeper.running() > 0; i++) {
            sweeper.step();
            lab.pass(MILLI);
        }
        assertEquals(20, ends.size(), ends::toString);
        assertEquals(
                socket.sent.size(),
                socket.sent.stream()
                        .map(packet -> packet.sequence() & 0xffff)
                        .distinct()
                        .count());
    }
}
