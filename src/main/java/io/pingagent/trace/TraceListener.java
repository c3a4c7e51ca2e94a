package io.pingagent.trace;

import java.util.List;

/** Hears the rounds of a trace, all on the thread that runs it. */
public interface TraceListener {

    /**
     * A round is over: every hop has answered, or its answer is overdue.
     *
     * @param reached whether the address itself answered
     * @param hops from the first TTL on, silent ones too
     */
    void round(boolean reached, List<Hop> hops);

    /** Time has passed; called some ten times a second at least. */
    void passed();
}
