package io.pingagent.cli.trace;

import io.pingagent.trace.Hop;
import java.util.ArrayList;
import java.util.List;

/** What all hops answered in all rounds of a trace. */
final class TraceStatistics {

    private final int firstHop;
    private final List<HopStatistics> hops = new ArrayList<>();
    private int rounds;
    private int roundsReached;
    /** How many hops there are if the address is reached; 0 before that. */
    private int length;

    TraceStatistics(int firstHop) {
        this.firstHop = firstHop;
    }

    void round(boolean reached, List<Hop> found) {
        rounds++;
        if (reached) {
            roundsReached++;
            length = found.size();
        }
        for (int i = 0; i < found.size(); i++) {
            if (i == hops.size()) {
                hops.add(new HopStatistics());
            }
            hops.get(i).add(found.get(i));
        }
    }

    int firstHop() {
        return firstHop;
    }

    int rounds() {
        return rounds;
    }

    boolean isReached() {
        return roundsReached > 0;
    }

    /** Up to the address itself if it ever answered, else to the last hop that said something. */
    List<HopStatistics> hops() {
        int shown = Math.min(hops.size(), length == 0 ? hops.size() : length);
        while (length == 0 && shown > 0 && isSilent(hops.get(shown - 1))) {
            shown--;
        }
        return List.copyOf(hops.subList(0, shown));
    }

    private static boolean isSilent(HopStatistics hop) {
        return hop.received() == 0 && hop.note().isEmpty();
    }
}
