package io.pingagent.faults;

import io.pingagent.faults.Fault.Listing;
import io.pingagent.testkit.Behaviour;
import io.pingagent.testkit.Behaviour.Answer;
import java.time.Duration;
import java.util.List;

/** Faults of links, routes and of what is behind them. */
final class NetworkFaults {

    /** Cadence, time-out, and two seconds. */
    private static final int LISTED_SECONDS = 2 + 1 + 2;

    private NetworkFaults() {}

    static List<Fault> all() {
        return List.of(
                behaviour("100 % loss", Behaviour.silent())
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .tells(Told.line("is on the err list: probe lost")),
                behaviour("50 % random loss", Behaviour.honest().losing(0.5))
                        .lasting(15)
                        .lists(Listing.MOST, 15)
                        .tells(Told.line("is on the err list: probe lost")),
                behaviour("duplicates x10", Behaviour.honest().duplicated(10)).tells(Told.counter("duplicates")),
                behaviour("reordering", Behaviour.honest().jitter(Duration.ofMillis(700))),
                behaviour("delays of 1.5 s, time-out 1 s", Behaviour.delayed(Duration.ofMillis(1_500)))
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .tells(Told.counter("late")),
                behaviour(
                                "unreachable storm",
                                Behaviour.honest()
                                        .answering(Answer.HOST_UNREACHABLE)
                                        .duplicated(50))
                        .lists(Listing.ALL, LISTED_SECONDS)
                        .tells(Told.counter("unreachable")));
    }

    /** Those behind the far link answer differently for a while. */
    private static Fault behaviour(String name, Behaviour behaviour) {
        return Fault.network(name)
                .begin(site -> {
                    site.responder().behave(Site.FAR_V4, behaviour);
                    site.responder().behave(Site.FAR_V6, behaviour);
                })
                .end(site -> site.responder().behaveHonestly());
    }
}
