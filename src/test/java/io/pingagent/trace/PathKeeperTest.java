package io.pingagent.trace;

import static io.pingagent.trace.TraceLab.MILLI;
import static io.pingagent.trace.TraceLab.SECOND;
import static io.pingagent.trace.TraceLab.hop;
import static io.pingagent.trace.TraceLab.ip;
import static io.pingagent.trace.TraceLab.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PathKeeperTest {

    private static final int FIRST = 0;

    private final TraceLab lab = new TraceLab();
    private final FakeHopSocket socket = new FakeHopSocket(lab.clock).behind("10.0.0.1", "10.0.1.1");
    private final Map<IpAddress, String> redis = new HashMap<>();
    private final Map<Integer, String> shown = new HashMap<>();
    private final List<IpAddress> targets = new ArrayList<>();
    private final Set<Integer> notUp = new HashSet<>();
    private final Set<Integer> behindDead = new HashSet<>();
    private boolean isSuspected;
    private boolean isIsolated;

    private final PathKeeper keeper = new PathKeeper(
            new PathSettings(true, 30, Duration.ofHours(24), Duration.ofHours(6), Duration.ofSeconds(1)),
            new TraceSockets(socket, null),
            lab.clock,
            new PathTargets() {
                @Override
                public int limit() {
                    return targets.size();
                }

                @Override
                public @Nullable IpAddress address(int targetId) {
                    return targetId < targets.size() ? targets.get(targetId) : null;
                }

                @Override
                public boolean isUp(int targetId) {
                    return !notUp.contains(targetId);
                }

                @Override
                public boolean isBehindDead(int targetId) {
                    return behindDead.contains(targetId);
                }

                @Override
                public boolean isIsolationSuspected() {
                    return isSuspected;
                }

                @Override
                public boolean isIsolated() {
                    return isIsolated;
                }
            },
            new PathStore() {
                @Override
                public void save(IpAddress address, String json) {
                    redis.put(address, json);
                }

                @Override
                public void load(IpAddress address, Consumer<@Nullable String> taker) {
                    taker.accept(redis.get(address));
                }

                @Override
                public void remove(IpAddress address) {
                    redis.remove(address);
                }
            },
            (targetId, address, text, wallNanos) -> shown.put(targetId, text));

    private void targets(int count) {
        for (int i = 0; i < count; i++) {
            targets.add(IpAddress.v4(0xc000_0200 + i));
        }
    }

    private void run(long nanos) {
        for (long left = nanos; left > 0; left -= 2 * MILLI) {
            keeper.turn();
            lab.pass(2 * MILLI);
        }
    }

    private void goDown(int targetId) {
        notUp.add(targetId);
        keeper.changed(targetId, false, lab.wallNanos);
    }

    private void cutOff() {
        socket.targetHop = 0;
        socket.lastHop = 1;
    }

    private PathRecord kept(int targetId) {
        String json = redis.get(targets.get(targetId));
        assertNotNull(json);
        return PathJson.read(json);
    }

    @Test
    void theGoodPathIsKnownBeforeAnOutageAndKeptBesideThePathOfTheOutage() {
        targets(1);
        run(2 * SECOND);
        TracedPath good = kept(FIRST).good();
        assertNotNull(good);
        assertTrue(good.reached());
        assertNull(kept(FIRST).down());
        cutOff();
        goDown(FIRST);
        run(5 * SECOND);
        assertEquals(good, kept(FIRST).good());
        assertEquals(2, kept(FIRST).firstDifference());
        assertTrue(String.valueOf(shown.get(FIRST)).contains("> 2  10.0.1.1"), shown::toString);
    }

    @Test
    void ofAThousandAddressesThatGoDownAtOnceTenASecondAreSweptAndTheOthersSaySo() {
        targets(1_000);
        notUp.addAll(IntStream.range(0, 1_000).boxed().toList());
        cutOff();
        for (int i = 0; i < 1_000; i++) {
            goDown(i);
        }
        run(6 * SECOND);
        List<Long> begun = socket.sent.stream()
                .filter(packet -> packet.hopLimit() == 1)
                .map(FakeHopSocket.Sent::nanos)
                .sorted()
                .toList();
        assertEquals(10, begun.size(), "those of the first second; nobody waits longer than that");
        assertEquals(10, redis.size());
        assertEquals(1_000, shown.size());
        assertEquals(
                990,
                shown.values().stream()
                        .filter(text -> text.equals(
                                "not swept: 1000 addresses went down at once, and 10 a second are traced at most"))
                        .count());
    }

    @Test
    void inAnOutageThatGrowsNoSecondHasMoreThanTenSweeps() {
        targets(300);
        cutOff();
        for (int i = 0; i < 300; i++) {
            goDown(i);
            run(20 * MILLI);
        }
        run(5 * SECOND);
        List<Long> begun = socket.sent.stream()
                .filter(packet -> packet.hopLimit() == 1)
                .map(FakeHopSocket.Sent::nanos)
                .sorted()
                .toList();
        assertTrue(begun.size() > 50, begun::toString);
        for (int i = PathKeeper.PER_SECOND; i < begun.size(); i++) {
            assertTrue(begun.get(i) - begun.get(i - PathKeeper.PER_SECOND) >= SECOND, begun::toString);
        }
        assertEquals(300, shown.size());
    }

    @Test
    void goodPathsCountInTheLimitAndWaitForOutages() {
        targets(40);
        run(20 * SECOND);
        List<Long> begun = socket.sent.stream()
                .filter(packet -> packet.hopLimit() == 1)
                .map(FakeHopSocket.Sent::nanos)
                .toList();
        assertTrue(begun.size() >= 18 && begun.size() <= 21, () -> begun.size() + " sweeps in 20 s");
    }

    @Test
    void whileTheAgentMayBeCutOffItselfNobodyIsSweptAndWhenItIsTheyNeverAre() {
        targets(3);
        isSuspected = true;
        goDown(FIRST);
        goDown(1);
        run(3 * SECOND);
        assertTrue(socket.sent.isEmpty());
        isIsolated = true;
        run(SECOND);
        assertTrue(socket.sent.isEmpty());
        assertEquals("not swept: the agent itself was cut off from its network", shown.get(FIRST));
        isSuspected = false;
        isIsolated = false;
        notUp.add(2);
        run(5 * SECOND);
        assertTrue(socket.sent.isEmpty());
    }

    @Test
    void aSuspicionThatIsOverDelaysTheSweepOnly() {
        targets(1);
        isSuspected = true;
        goDown(FIRST);
        run(3 * SECOND);
        isSuspected = false;
        run(4 * SECOND);
        assertNotNull(kept(FIRST).down());
    }

    @Test
    void whoStandsBehindADeadParentIsNotSwept() {
        targets(2);
        behindDead.add(1);
        goDown(FIRST);
        goDown(1);
        run(5 * SECOND);
        assertEquals(Set.of(FIRST), shown.keySet());
    }

    @Test
    void theGoodPathOfAnEarlierRunIsUsedAndNotTracedAgainWhileItIsFresh() {
        targets(1);
        TracedPath earlier =
                path(lab.wallNanos / MILLI - 3_600_000, true, hop("10.0.0.1", 1_000), hop("10.9.9.9", 1_000));
        redis.put(targets.get(FIRST), PathJson.write(new PathRecord(targets.get(FIRST), null, earlier)));
        run(5 * SECOND);
        assertTrue(socket.sent.isEmpty());
        cutOff();
        goDown(FIRST);
        run(5 * SECOND);
        assertEquals(earlier, kept(FIRST).good());
    }

    @Test
    void anOldGoodPathIsTracedAgain() {
        targets(1);
        run(2 * SECOND);
        int packets = socket.sent.size();
        lab.pass(Duration.ofHours(6).toNanos());
        run(2 * SECOND);
        assertTrue(socket.sent.size() > packets);
    }

    @Test
    void afterAnOutageTheGoodPathIsTracedAgainAndTheOutagesPathStays() {
        targets(1);
        cutOff();
        goDown(FIRST);
        run(5 * SECOND);
        TracedPath down = kept(FIRST).down();
        socket.lastHop = 255;
        socket.behind("10.0.0.1", "10.0.5.5");
        notUp.clear();
        keeper.changed(FIRST, true, 0);
        run(2 * SECOND);
        assertEquals(down, kept(FIRST).down());
        TracedPath good = kept(FIRST).good();
        assertNotNull(good);
        assertEquals(ip("10.0.5.5"), good.hop(2).address());
    }

    @Test
    void aRecordThatCannotBeReadIsReplaced() {
        targets(1);
        redis.put(targets.get(FIRST), "nonsense");
        run(3 * SECOND);
        assertNotNull(kept(FIRST).good());
    }

    @Test
    void whatIsNoTargetAnyMoreLeavesNothingInRedis() {
        targets(1);
        run(2 * SECOND);
        assertEquals(1, redis.size());
        targets.clear();
        keeper.removed(FIRST);
        run(SECOND);
        assertTrue(redis.isEmpty());
    }

    @Test
    void pathsOfTenThousandAddressesAreKeptAndAnOutageReplacesTheEldest() {
        KeptPaths kept = new KeptPaths();
        for (int i = 0; i < KeptPaths.MOST; i++) {
            assertNotNull(kept.ifRoom(i, IpAddress.v4(i)));
        }
        assertNull(kept.ifRoom(KeptPaths.MOST, IpAddress.v4(KeptPaths.MOST)));
        assertNotNull(kept.make(KeptPaths.MOST, IpAddress.v4(KeptPaths.MOST)));
        assertNull(kept.find(0, IpAddress.v4(0)));
        assertNotNull(kept.find(1, IpAddress.v4(1)));
    }

    @Test
    void theSocketsAreClosedInTheEnd() {
        assertFalse(socket.closed);
        keeper.close();
        assertTrue(socket.closed);
    }
}
