package io.pingagent.cli.trace;

import io.pingagent.model.IpAddress;
import io.pingagent.trace.Hop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one hop answered in all rounds. */
final class HopStatistics {

    /** Routers that share a load are few. */
    private static final int MOST_ADDRESSES = 8;

    private final Set<IpAddress> addresses = new LinkedHashSet<>();
    private String note = "";
    private int sent;
    private int received;
    private long lastNanos = -1;
    private long bestNanos = -1;
    private long worstNanos = -1;
    /** Welford, Note on a method for calculating corrected sums of squares and products, 1962. */
    private double meanNanos;

    private double squares;

    void add(Hop hop) {
        sent++;
        note = hop.note().isEmpty() ? note : hop.note();
        IpAddress address = hop.address();
        if (address == null) {
            return;
        }
        note = hop.note();
        if (addresses.size() < MOST_ADDRESSES) {
            addresses.add(address);
        }
        received++;
        lastNanos = hop.rttNanos();
        bestNanos = received == 1 ? lastNanos : Math.min(bestNanos, lastNanos);
        worstNanos = Math.max(worstNanos, lastNanos);
        double difference = lastNanos - meanNanos;
        meanNanos += difference / received;
        squares += difference * (lastNanos - meanNanos);
    }

    /** All that answered, in the order in which they were first seen. */
    List<IpAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** What was said instead of "time to live exceeded"; empty for nothing. */
    String note() {
        return note;
    }

    int sent() {
        return sent;
    }

    int received() {
        return received;
    }

    /** Nanoseconds, as the next ones; negative without an answer. */
    long lastNanos() {
        return lastNanos;
    }

    long bestNanos() {
        return bestNanos;
    }

    long worstNanos() {
        return worstNanos;
    }

    long averageNanos() {
        return received == 0 ? -1 : Math.round(meanNanos);
    }

    /** Of the sample; negative for less than two answers. */
    long deviationNanos() {
        return received < 2 ? -1 : Math.round(Math.sqrt(squares / (received - 1)));
    }
}
