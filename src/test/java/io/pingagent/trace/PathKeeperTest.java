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

import io.pingagent.model.AddressStatus;
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
    private final Set<Integer> undecided = new HashSet<>();
    private boolean isSuspected;
    private boolean isIsolated;
    private boolean isRedisAway;

    private final PathKeeper keeper = keeper(30);

    private PathKeeper keeper(int maxHops) {
        return new PathKeeper(
                new PathSettings(true, maxHops, Duration.ofHours(24), Duration.ofHours(6), Duration.ofSeconds(1)),
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
                    public @Nullable AddressStatus status(int targetId) {
                        if (behindDead.contains(targetId)) {
                            return AddressStatus.BEHIND_DEAD_PARENT;
                        }
                        boolean isDown = notUp.contains(targetId) && !undecided.contains(targetId);
                        return isDown ? AddressStatus.DOWN : null;
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
                    public void load(IpAddress address, Consumer<@Nullable String> taker, Runnable unknown) {
                        if (isRedisAway) {
                            unknown.run();
                        } else {
                            taker.accept(redis.get(address));
                        }
                    }

                    @Override
                    public void remove(IpAddress address) {
                        redis.remove(address);
                    }
                },
                (targetId, address, text, wallNanos) -> shown.put(targetId, text));
    }

    private void targets(int count) {
        for (int i = 0; i < count; i++) {
            targets.add(IpAddress.v4(0xc000_0200 + i));
        }
    }

    private void run(long nanos) {
        run(keeper, nanos);
    }

    private void run(PathKeeper keeper, long nanos) {
        for (long left = nanos; left > 0; left -= 2 * MILLI) {
            keeper.turn();
            lab.pass(2 * MILLI);
        }
    }

    private void goDown(int targetId) {
        notUp.add(targetId);
        keeper.wentDown(targetId);
    }

    private void cutOff() {
        socket.targetHop = 0;
        socket.lastHop = 1;
    }

    private List<Long> begun() {
        return socket.sent.stream()
                .filter(packet -> packet.hopLimit() == 1)
                .map(FakeHopSocket.Sent::nanos)
                .sorted()
                .toList();
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
        keeper.cameUp(FIRST);
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
    void aRestartDuringAnOutageLeavesItsPathAsItIs() {
        targets(200);
        cutOff();
        goDown(FIRST);
        run(5 * SECOND);
        PathRecord before = kept(FIRST);
        assertNotNull(before.down());
        shown.clear();
        socket.sent.clear();
        PathKeeper next = keeper(30);
        notUp.addAll(IntStream.range(0, 200).boxed().toList());
        for (int i = 199; i >= 0; i--) {
            next.foundDown(i);
        }
        run(next, 10 * SECOND);
        assertEquals(before, kept(FIRST));
        assertNull(shown.get(FIRST));
        assertFalse(socket.sent.isEmpty(), "nobody has traced the others");
        assertTrue(socket.sent.stream().noneMatch(packet -> packet.destination().equals(targets.get(FIRST))));
        assertTrue(String.valueOf(shown.get(1)).startsWith("not swept: 199 addresses"), shown::toString);
    }

    @Test
    void anOutageThatEndedAfterARestartIsFollowedByAGoodPathHoweverFreshTheOldOneIs() {
        targets(1);
        long minuteAgo = lab.wallNanos / MILLI - 60_000;
        TracedPath good = path(minuteAgo, true, hop("10.0.0.1", 1_000), hop("192.0.2.0", 1_000));
        TracedPath down = path(minuteAgo + 1_000, false, hop("10.0.0.1", 1_000));
        redis.put(targets.get(FIRST), PathJson.write(new PathRecord(targets.get(FIRST), down, good)));
        run(3 * SECOND);
        assertFalse(kept(FIRST).isOfPresentOutage());
        assertEquals(down, kept(FIRST).down());
    }

    @Test
    void whatWentDownWhileTheAgentWasStoppedIsTraced() {
        targets(2);
        long hourAgo = lab.wallNanos / MILLI - 3_600_000;
        TracedPath down = path(hourAgo, false, hop("10.0.0.1", 1_000));
        TracedPath good = path(hourAgo + 60_000, true, hop("10.0.0.1", 1_000), hop("192.0.2.0", 1_000));
        redis.put(targets.get(FIRST), PathJson.write(new PathRecord(targets.get(FIRST), down, good)));
        cutOff();
        notUp.addAll(List.of(FIRST, 1));
        isRedisAway = true;
        keeper.foundDown(FIRST);
        keeper.foundDown(1);
        run(3 * SECOND);
        assertTrue(socket.sent.isEmpty(), "first it has to be known what an earlier run found");
        isRedisAway = false;
        run(6 * SECOND);
        assertTrue(kept(FIRST).down().wallMillis() > good.wallMillis());
        assertEquals(good, kept(FIRST).good());
        assertNotNull(kept(1).down());
    }

    @Test
    void whileNobodyCanSayWhatIsKeptItIsNotOverwritten() {
        targets(1);
        TracedPath good = path(1_000, true, hop("10.0.0.1", 1_000), hop("192.0.2.0", 1_000));
        redis.put(targets.get(FIRST), PathJson.write(new PathRecord(targets.get(FIRST), null, good)));
        isRedisAway = true;
        cutOff();
        goDown(FIRST);
        run(5 * SECOND);
        assertNotNull(shown.get(FIRST));
        assertNull(kept(FIRST).down());
        isRedisAway = false;
        run(2 * SECOND);
        assertNotNull(kept(FIRST).down());
        assertEquals(good, kept(FIRST).good());
    }

    @Test
    void aGoodPathIsTracedOnceThePathOfAnEarlierOutageIsKnown() {
        targets(1);
        TracedPath down = path(1_000, false, hop("10.0.0.1", 1_000));
        redis.put(targets.get(FIRST), PathJson.write(new PathRecord(targets.get(FIRST), down, null)));
        isRedisAway = true;
        keeper.cameUp(FIRST);
        run(3 * SECOND);
        assertTrue(socket.sent.isEmpty());
        isRedisAway = false;
        run(3 * SECOND);
        assertNotNull(kept(FIRST).good());
        assertEquals(down, kept(FIRST).down());
    }

    @Test
    void aGoodPathThatNeverReachesItsAddressIsTracedMoreAndMoreRarely() {
        targets(2);
        PathKeeper near = keeper(1);
        run(near, 64 * SECOND);
        assertEquals(4, begun().size(), () -> "both at first, and both after a minute: " + begun());
        run(near, 100 * SECOND);
        assertEquals(4, begun().size(), () -> "after two minutes only: " + begun());
        run(near, 30 * SECOND);
        assertEquals(6, begun().size(), begun()::toString);
    }

    @Test
    void addressesThatAreRemovedAllAtOnceAreNoOutageAndLeaveNothingInRedis() {
        targets(2);
        run(3 * SECOND);
        assertEquals(2, redis.size());
        for (int i = 0; i < PathKeeper.RING_CAPACITY; i++) {
            keeper.removed(2);
        }
        keeper.removed(FIRST);
        keeper.cameUp(1);
        IpAddress stays = targets.get(1);
        targets.set(FIRST, IpAddress.v4(0x0a09_0909));
        notUp.add(FIRST);
        run(SECOND);
        assertEquals(Set.of(stays), redis.keySet());
        // Nor do they count in the text of the next outage.
        targets(20);
        for (int i = 2; i < 22; i++) {
            goDown(i);
        }
        run(3 * SECOND);
        assertEquals("not swept: 20 addresses went down at once, and 10 a second are traced at most", shown.get(21));
    }

    @Test
    void whatIsRemovedDuringItsSweepIsNotWrittenAgain() {
        targets(1);
        cutOff();
        goDown(FIRST);
        run(100 * MILLI);
        assertFalse(socket.sent.isEmpty());
        targets.clear();
        keeper.removed(FIRST);
        run(5 * SECOND);
        assertEquals(Map.of(), redis);
        assertEquals(Map.of(), shown);
    }

    @Test
    void anAddressThatGotTheNumberOfARemovedOneKeepsItsPaths() {
        targets(1);
        run(2 * SECOND);
        IpAddress next = IpAddress.v4(0x0a09_0909);
        targets.set(FIRST, next);
        run(3 * SECOND);
        assertTrue(redis.containsKey(next));
        keeper.removed(FIRST);
        run(SECOND);
        assertTrue(redis.containsKey(next));
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

    /** A child is often judged before its router. */
    @Test
    void childrenWaitUntilTheirParentIsKnown() {
        targets(3);
        cutOff();
        undecided.addAll(Set.of(0, 1));
        goDown(0);
        goDown(1);
        goDown(2);
        run(5 * SECOND);
        assertEquals(Set.of(targets.get(2)), redis.keySet(), "the router itself");
        behindDead.add(0);
        undecided.clear();
        run(5 * SECOND);
        assertEquals(Set.of(targets.get(1), targets.get(2)), redis.keySet(), "the parent of the other is well");
    }
}
