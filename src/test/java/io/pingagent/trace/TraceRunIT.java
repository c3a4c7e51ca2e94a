package io.pingagent.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Behaviour.Answer;
import io.pingagent.testkit.NetworkNamespace;
import io.pingagent.testkit.Requires;
import io.pingagent.testkit.RouterChain;
import io.pingagent.testkit.TunResponder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces through real routers, and through one that answers as poorly as RFC 792 allows. */
@Tag("root")
class TraceRunIT {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private record Round(boolean reached, List<Hop> hops) {

        List<String> addresses() {
            return hops.stream()
                    .map(hop -> hop.address() == null ? "*" : String.valueOf(hop.address()))
                    .toList();
        }
    }

    private static @Nullable RouterChain chain;

    @BeforeAll
    static void start() {
        Requires.rawSockets();
        Requires.rawSocketsV6();
        Requires.networkNamespaces();
        Requires.nft();
        chain = new RouterChain();
    }

    @AfterAll
    static void stop() {
        if (chain != null) {
            chain.close();
        }
    }

    private static RouterChain chain() {
        RouterChain present = chain;
        assertNotNull(present);
        return present;
    }

    private static List<Round> trace(NetworkNamespace from, String address, int rounds, int lastHop, int payloadBytes)
            throws IOException {
        List<Round> heard = new ArrayList<>();
        TraceListener listener = new TraceListener() {
            @Override
            public void round(boolean reached, List<Hop> hops) {
                heard.add(new Round(reached, hops));
            }

            @Override
            public void passed() {}
        };
        TraceRequest request = new TraceRequest(
                Addresses.parse(address),
                new TraceRequest.Plan(1, lastHop, rounds, 200 * MILLI, 400 * MILLI),
                new TraceRequest.Packet(payloadBytes, 0, null, null));
        from.call(() -> {
            new TraceRun(request, listener, () -> false).run();
            return heard;
        });
        return heard;
    }

    @ParameterizedTest
    @ValueSource(ints = {56, 1_200})
    void eachRouterOfTheChainIsAHop(int payloadBytes) throws IOException {
        for (Round round : trace(chain().prober(), "10.77.0.1", 3, 30, payloadBytes)) {
            assertTrue(round.reached);
            assertEquals(List.of("10.7.1.2", "10.7.2.2", "10.7.3.2", "10.77.0.1"), round.addresses());
            assertTrue(round.hops.stream().allMatch(hop -> hop.rttNanos() > 0), round::toString);
        }
        for (Round round : trace(chain().prober(), "fd00:77::1", 3, 30, payloadBytes)) {
            assertTrue(round.reached);
            assertEquals(List.of("fd00:7:1::2", "fd00:7:2::2", "fd00:7:3::2", "fd00:77::1"), round.addresses());
        }
    }

    @Test
    void aPathThatEndsInTheMiddleHasSilentHopsBehind() throws IOException {
        List<String> dead = List.of("10.77.1.1", "fd00:77::1:1");
        chain().drop(2, dead);
        try {
            for (String address : dead) {
                Round round = trace(chain().prober(), address, 1, 10, 56).get(0);
                assertFalse(round.reached);
                assertEquals(10, round.hops.size());
                assertEquals(2, TracedPath.of(0, false, 1, round.hops).lastHop(), round::toString);
            }
        } finally {
            chain().forwardAll(2);
        }
    }

    @Test
    void whoRefusesToForwardEndsThePathWithItsReason() throws IOException {
        chain().router(2).check("ip", "route", "add", "unreachable", "10.77.2.1/32");
        assertTrue(trace(chain().prober(), "10.77.2.2", 1, 30, 56).get(0).reached);
        Round round = trace(chain().prober(), "10.77.2.1", 1, 30, 56).get(0);
        assertFalse(round.reached);
        assertEquals(List.of("10.7.1.2", "10.7.2.2"), round.addresses());
        assertEquals("host unreachable", round.hops.get(1).note());
    }

    @Test
    void anAddressWithoutARouteSaysSo() throws IOException {
        chain().prober().check("ip", "route", "add", "unreachable", "10.78.0.0/16");
        Round round = trace(chain().prober(), "10.78.0.1", 1, 30, 56).get(0);
        assertEquals(1, round.hops.size());
        assertEquals("not sent: EHOSTUNREACH", round.hops.get(0).note());
    }

    @Test
    void hopsAreToldApartByWhatEightQuotedBytesHold() throws IOException {
        Requires.tun();
        try (NetworkNamespace namespace = NetworkNamespace.create("quote");
                TunResponder responder = TunResponder.start(namespace)) {
            IpAddress router = Addresses.parse("10.9.200.1");
            responder.behave(Behaviour.honest()
                    .answering(Answer.TIME_EXCEEDED)
                    .from(router)
                    .quoting(8));
            Round round = trace(namespace, "10.9.1.1", 1, 12, 56).get(0);
            assertEquals(12, round.hops.size());
            assertTrue(round.hops.stream().allMatch(hop -> router.equals(hop.address())), round::toString);
            assertFalse(round.reached);
        }
    }
}
