package io.pingagent.trace;

import io.pingagent.base.NanoClock;
import io.pingagent.icmp.HopSocket;
import io.pingagent.icmp.IcmpError;
import io.pingagent.icmp.IcmpHandler;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A socket without a kernel, on a clock that the test turns: routers by their hop, and an address behind them. */
final class FakeHopSocket implements HopSocket {

    /** A packet that was sent. */
    record Sent(IpAddress destination, int hopLimit, int sequence, long nanos) {}

    private record Arrival(
            long nanos,
            long wallNanos,
            IpAddress from,
            @Nullable IcmpError error,
            Sent of) {}

    static final long RTT_NANOS = 3_000_000L;

    final List<Sent> sent = new ArrayList<>();
    /** By hop; a hop without one is silent. */
    final Map<Integer, IpAddress> routers = new HashMap<>();
    /** What routers say other than "time to live exceeded". */
    final Map<Integer, IcmpError> errors = new HashMap<>();
    /** Hops behind which nothing is. */
    int lastHop = 255;
    /** Where addresses are; 0 if they do not answer. */
    int targetHop;
    /** Routers quote 8 bytes only. */
    boolean quotesShortly;

    int errno;
    /** Answers to first packets that are lost. */
    final List<Integer> lossyHops = new ArrayList<>();

    private final NanoClock clock;
    private final List<Arrival> arrivals = new ArrayList<>();
    private long stampNanos;
    boolean closed;

    FakeHopSocket(NanoClock clock) {
        this.clock = clock;
    }

    /** Hops 1 and up. */
    FakeHopSocket behind(String... addresses) {
        for (int i = 0; i < addresses.length; i++) {
            routers.put(i + 1, Addresses.parse(addresses[i]));
        }
        targetHop = addresses.length + 1;
        return this;
    }

    @Override
    public boolean isV6() {
        return false;
    }

    @Override
    public int send(
            long high, long low, int scopeId, int hopLimit, int cookie, int sequence, long wallNanos, long stamp) {
        if (errno != 0) {
            return errno;
        }
        Sent packet = new Sent(IpAddress.v4((int) low), hopLimit, sequence, clock.monotonicNanos());
        sent.add(packet);
        if (lossyHops.remove((Integer) hopLimit)) {
            return 0;
        }
        if (targetHop > 0 && hopLimit >= targetHop) {
            arrive(packet.destination, null, packet);
        } else if (hopLimit <= lastHop && routers.containsKey(hopLimit)) {
            arrive(routers.get(hopLimit), errors.getOrDefault(hopLimit, IcmpError.TTL_EXCEEDED), packet);
        }
        return 0;
    }

    private void arrive(IpAddress from, @Nullable IcmpError error, Sent of) {
        arrivals.add(new Arrival(clock.monotonicNanos() + RTT_NANOS, clock.wallNanos() + RTT_NANOS, from, error, of));
    }

    @Override
    public int receive(IcmpHandler handler) {
        int count = 0;
        for (Iterator<Arrival> each = arrivals.iterator(); each.hasNext(); ) {
            Arrival arrival = each.next();
            if (arrival.nanos - clock.monotonicNanos() > 0) {
                continue;
            }
            each.remove();
            count++;
            stampNanos = arrival.wallNanos;
            Sent of = arrival.of;
            if (arrival.error == null) {
                handler.echoReply(of.hopLimit, of.sequence, 0, 0, stampNanos, 0, arrival.from.low(), 60);
            } else {
                handler.error(
                        arrival.error,
                        quotesShortly ? -1 : of.hopLimit,
                        quotesShortly ? of.sequence & 0xffff : of.sequence,
                        0,
                        of.destination.low(),
                        0,
                        arrival.from.low());
            }
        }
        return count;
    }

    @Override
    public long stampNanos() {
        return stampNanos;
    }

    @Override
    public void close() {
        closed = true;
    }
}
