package io.pingagent.testkit;

import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which address behaves how: an address of its own first, then the networks, the last one given first, then the default.
 * Any thread.
 */
final class BehaviourRules {

    /**
     * Behaviour of a network for a time.
     *
     * @param fromNanos since the start of the responder
     * @param untilNanos exclusive
     */
    private record Rule(Network network, Behaviour behaviour, long fromNanos, long untilNanos) {}

    /** A network in CIDR form. */
    record Network(IpAddress first, int prefixLength) {

        static Network parse(String cidr) {
            int slash = cidr.indexOf('/');
            IpAddress first = Addresses.parse(slash < 0 ? cidr : cidr.substring(0, slash));
            int bits = first.isV6() ? 128 : 32;
            int prefixLength = slash < 0 ? bits : Integer.parseInt(cidr.substring(slash + 1));
            if (prefixLength < 0 || prefixLength > bits) {
                throw new IllegalArgumentException("'" + cidr + "' has no prefix length of 0 to " + bits);
            }
            return new Network(first, prefixLength);
        }

        boolean contains(boolean isV6, long high, long low) {
            if (isV6 != first.isV6()) {
                return false;
            }
            if (!isV6) {
                return prefixLength == 0 || (low ^ first.low()) >>> (32 - prefixLength) == 0;
            }
            long differentHigh = high ^ first.high();
            if (prefixLength <= 64) {
                return prefixLength == 0 || differentHigh >>> (64 - prefixLength) == 0;
            }
            return differentHigh == 0 && (low ^ first.low()) >>> (128 - prefixLength) == 0;
        }

        boolean contains(IpAddress address) {
            return contains(address.isV6(), address.high(), address.low());
        }
    }

    private final Map<IpAddress, Behaviour> byAddress = new ConcurrentHashMap<>();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private volatile Behaviour otherwise = Behaviour.honest();

    void otherwise(Behaviour behaviour) {
        otherwise = behaviour;
    }

    void set(IpAddress address, Behaviour behaviour) {
        byAddress.put(address, behaviour);
    }

    void add(Network network, Behaviour behaviour, long fromNanos, long untilNanos) {
        rules.add(0, new Rule(network, behaviour, fromNanos, untilNanos));
    }

    void clear() {
        otherwise = Behaviour.honest();
        rules.clear();
        byAddress.clear();
    }

    /** @param sinceStartNanos for the rules that hold for a time only */
    Behaviour of(EchoRequest request, long sinceStartNanos) {
        if (!byAddress.isEmpty()) {
            Behaviour own =
                    byAddress.get(new IpAddress(request.isV6, request.destinationHigh, request.destinationLow, 0));
            if (own != null) {
                return own;
            }
        }
        for (Rule rule : rules) {
            if (sinceStartNanos >= rule.fromNanos
                    && sinceStartNanos < rule.untilNanos
                    && rule.network.contains(request.isV6, request.destinationHigh, request.destinationLow)) {
                return rule.behaviour;
            }
        }
        return otherwise;
    }
}
