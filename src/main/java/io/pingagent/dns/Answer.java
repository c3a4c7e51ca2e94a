package io.pingagent.dns;

import io.pingagent.model.IpAddress;
import java.util.List;

/**
 * What came of one question. Immutable.
 *
 * @param addresses not empty exactly if the name has some
 * @param ttlSeconds how long the addresses hold, 0 or more
 * @param reason why there are none; without full stop
 */
record Answer(Kind kind, List<IpAddress> addresses, long ttlSeconds, String reason) {

    enum Kind {
        ADDRESSES,
        /** A server is sure: no such name, or it has no address of this family. */
        NONE,
        /** Nobody knows: no answer, or one that says nothing of the name. */
        FAILED
    }

    Answer {
        addresses = List.copyOf(addresses);
    }

    static Answer of(List<IpAddress> addresses, long ttlSeconds) {
        return new Answer(Kind.ADDRESSES, addresses, ttlSeconds, "");
    }

    static Answer none(String reason) {
        return new Answer(Kind.NONE, List.of(), 0, reason);
    }

    static Answer failed(String reason) {
        return new Answer(Kind.FAILED, List.of(), 0, reason);
    }
}
