package io.pingagent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.icmp.EchoKey;
import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.IcmpSocket;
import io.pingagent.icmp.IcmpSockets;
import io.pingagent.icmp.TestOptions;
import io.pingagent.model.IpAddress;
import io.pingagent.model.TargetSettings;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.ForgedFlood;
import io.pingagent.testkit.ForgedFlood.Shape;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.TunResponder;
import io.pingagent.testkit.TunResponder.Count;
import io.pingagent.testkit.TunResponder.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A million forged replies and errors, about probes in flight and probes that are answered, while every address answers all
 * its probes after 100 ms. Whoever believes one of them counts too many replies, too short a time, or a loss.
 */
@Tag("root")
class ForgedFloodIT {

    private static final int ROUNDS = 10;
    private static final int FORGED = 1_000_000;
    private static final int BURST = 400;
    private static final int TARGETS_V4 = 200;
    private static final int TARGETS_V6 = 100;
    private static final long SECOND = 1_000_000_000L;
    private static final Duration DELAY = Duration.ofMillis(100);
    /** So long that only a forged error, never a busy machine, makes a loss. */
    private static final long TIMEOUT_NANOS = 30 * SECOND;

    private static final int VICTIMS = 64;
    private static final int ANSWERED = 2_048;

    private final AtomicLong shortestRttNanos = new AtomicLong(Long.MAX_VALUE);
    private final Set<Long> answeredProbes = ConcurrentHashMap.newKeySet();
    private final Set<String> wrong = ConcurrentHashMap.newKeySet();

    private final ProbeListener listener = new ProbeListener() {
        @Override
        public void replied(int targetId, int sequence, long rttNanos, long receivedWallNanos, int hopLimit) {
            if (!answeredProbes.add(probe(targetId, sequence))) {
                wrong.add("answered twice: " + targetId);
            }
            shortestRttNanos.accumulateAndGet(rttNanos, Math::min);
        }

        @Override
        public void icmpError(int targetId, int sequence, IcmpError error, long routerHigh, long routerLow) {
            wrong.add("lost: " + targetId + " by " + error);
        }

        @Override
        public void sendFailed(int targetId, int sequence, int errno) {
            wrong.add("lost: " + targetId + " by errno " + errno);
        }

        @Override
        public void lost(int targetId, int sequence, long settledWallNanos) {
            wrong.add("lost: " + targetId);
        }

        @Override
        public void enteredErrList(int targetId, ErrListCause cause) {
            wrong.add("on the err list: " + targetId + " by " + cause);
        }
    };

    private final Map<IpAddress, Integer> targetIds = new ConcurrentHashMap<>();
    private final List<Request> victims = new ArrayList<>();
    private final List<Request> answered = new ArrayList<>();
    private final List<Request> waiting = new ArrayList<>();
    private final Map<Shape, Integer> forged = new EnumMap<>(Shape.class);
    private int guessedErrorsInFlight;

    @Test
    void aMillionForgedRepliesAndErrorsChangeNothing() throws Exception {
        Requires.rawSockets();
        Requires.rawSocketsV6();
        Requires.tun();
        try (NetworkNamespace namespace = NetworkNamespace.create("forged");
                TunResponder responder = TunResponder.start(namespace);
                ForgedFlood flood = ForgedFlood.in(namespace)) {
            responder.behave(Behaviour.delayed(DELAY));
            EchoKey key = EchoKey.random();
            int identifier = IcmpSockets.randomIdentifier();
            IcmpSocket v4 = namespace.call(() -> IcmpSockets.openV4(TestOptions.defaults(), key, identifier));
            IcmpSocket v6 = namespace.call(() -> IcmpSockets.openV6(TestOptions.defaults(), key, identifier));
            EngineOptions options = new EngineOptions(100_000, 1, 0.02, 3_600 * SECOND);
            try (Engine engine = new Engine(options, v4, v6, new SystemNanoClock(), listener)) {
                engine.installJob(1, addTargets(engine), SECOND / 2, TIMEOUT_NANOS);
                engine.start();
                flood(engine, responder, flood);
                awaitSettled(engine);
                assertNothingBelieved(engine, responder);
                // That of IPv6 also counts packets with a wrong checksum, which anybody may send.
                assertEquals(0, v4.kernelDrops(), "the flood was to leave room for the right answers");
            }
        }
    }

    private int[] addTargets(Engine engine) {
        int[] ids = new int[TARGETS_V4 + TARGETS_V6];
        for (int i = 0; i < ids.length; i++) {
            IpAddress address = i < TARGETS_V4
                    ? IpAddress.v4(0x0a09_0001 + i)
                    : IpAddress.v6(0xfd00_0009_0000_0000L, 1 + i - TARGETS_V4, 0);
            ids[i] = engine.addTarget(address, new TargetSettings(60_000, -1, TIMEOUT_NANOS));
            targetIds.put(address, ids[i]);
        }
        engine.announceTargets(ids);
        return ids;
    }

    /** A round each second, {@link #ROUNDS} at least, and bursts of forged packets as fast as the sockets are read. */
    private void flood(Engine engine, TunResponder responder, ForgedFlood flood) throws Exception {
        SplittableRandom random = new SplittableRandom(99);
        Shape[] shapes = Shape.values();
        long roundDueNanos = System.nanoTime();
        int rounds = 0;
        for (int sent = 0; sent < FORGED || rounds < ROUNDS; ) {
            long nowNanos = System.nanoTime();
            if (nowNanos - roundDueNanos >= 0) {
                engine.roundDue(1, nowNanos);
                roundDueNanos = nowNanos + SECOND;
                rounds++;
            }
            look(responder);
            if (answered.isEmpty() || victims.isEmpty()) {
                LockSupport.parkNanos(SECOND / 1_000);
                continue;
            }
            for (int i = 0; i < BURST; i++) {
                Shape shape = shapes[sent % shapes.length];
                List<Request> among = shape.needsAnswered() ? answered : victims;
                Request about = among.get(random.nextInt(among.size()));
                boolean inFlight = shape.isGuessedError() && !isAnswered(about);
                assertTrue(flood.send(about, shape), "the kernel does not take forged packets");
                guessedErrorsInFlight += inFlight ? 1 : 0;
                forged.merge(shape, 1, Integer::sum);
                sent++;
            }
            flood.awaitRoom();
        }
    }

    /** What the network has seen since the last look: probes in flight first of all. */
    private void look(TunResponder responder) {
        List<Request> seen = responder.requests();
        responder.forgetRequests();
        waiting.addAll(seen);
        victims.addAll(seen);
        if (victims.size() > VICTIMS) {
            victims.subList(0, victims.size() - VICTIMS).clear();
        }
        waiting.removeIf(request -> isAnswered(request) && answered.add(request));
        if (answered.size() > ANSWERED) {
            answered.subList(0, answered.size() - ANSWERED).clear();
        }
    }

    private boolean isAnswered(Request request) {
        // The full sequence stands behind two times and the target in the payload.
        int sequence = request.payloadHead().getInt(20);
        Integer targetId = targetIds.get(request.destination());
        return targetId != null && answeredProbes.contains(probe(targetId, sequence));
    }

    private static long probe(int targetId, int sequence) {
        return (long) targetId << 32 | sequence & 0xffff_ffffL;
    }

    private static void awaitSettled(Engine engine) {
        Counters counters = engine.counters();
        long startNanos = System.nanoTime();
        long before = -1;
        while (true) {
            long sent = counters.get(Counter.SENT);
            long settled =
                    counters.get(Counter.RECEIVED) + counters.get(Counter.LOST) + counters.get(Counter.INVALIDATED);
            if (sent == settled && sent == before) {
                return;
            }
            before = sent;
            assertTrue(System.nanoTime() - startNanos < 60 * SECOND, settled + " of " + sent + " are settled");
            LockSupport.parkNanos(SECOND);
        }
    }

    private void assertNothingBelieved(Engine engine, TunResponder responder) {
        Counters counters = engine.counters();
        String all = forged + ", wrong: " + wrong.stream().limit(10).toList() + " of " + wrong.size();
        assertEquals(Set.of(), wrong, all);
        long answers = responder.count(Count.ANSWERS);
        assertEquals(counters.get(Counter.SENT), answers, all);
        assertEquals(answers, counters.get(Counter.RECEIVED), all);
        assertEquals(answers, answeredProbes.size(), all);
        assertEquals(0, counters.get(Counter.LOST), all);
        assertEquals(0, counters.get(Counter.INVALIDATED), all);
        assertTrue(shortestRttNanos.get() >= DELAY.toNanos(), () -> "answered after " + shortestRttNanos + " ns");
        assertTrue(guessedErrorsInFlight > FORGED / 100, guessedErrorsInFlight + " errors met a probe in flight");
        assertTrue(counters.get(Counter.REJECTED) > FORGED / 4, counters.get(Counter.REJECTED) + " refused");
        assertTrue(counters.get(Counter.FOREIGN_SOURCE) > FORGED / 100, "replies of neighbours");
        assertTrue(counters.get(Counter.DUPLICATE) > FORGED / 100, "replies once more");
        assertTrue(answers >= (long) ROUNDS * (TARGETS_V4 + TARGETS_V6), answers + " answers");
    }
}
