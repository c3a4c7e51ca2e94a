package io.pingagent.faults;

import io.pingagent.faults.Fault.Listing;
import io.pingagent.testkit.Behaviour;
import java.util.List;

/**
 * SIGTERM and SIGKILL in every state of the agent, and a start after each. A stop that is asked for takes at most 15 s and
 * ends with status 0.
 */
final class Stops {

    private static final int STOP_SECONDS = 15;

    /** Three starts on a machine where ten agents start, and what it takes to reach the state: shown, and not judged. */
    private static final int GAP_SECONDS = 600;

    private static final int START_SECONDS = 60;

    private Stops() {}

    static List<Fault> all() {
        return List.of(
                stops("SIGTERM and SIGKILL while starting", (site, from) -> Thread.sleep(300))
                        .end(Site::startAgent),
                stops("SIGTERM and SIGKILL while waiting for Redis", (site, from) -> {
                            site.signalRedis("STOP");
                            site.awaitLog(from, "waiting for Redis");
                        })
                        .end(site -> {
                            site.signalRedis("CONT");
                            site.startAgent();
                        }),
                stops("SIGTERM and SIGKILL while reading 200,000 addresses", (site, from) -> {
                            site.hugeJob(200_000);
                            site.awaitLog(from, "connected to Redis");
                        })
                        .end(site -> {
                            site.removeJob("huge");
                            site.startAgent();
                        }),
                stops("SIGTERM and SIGKILL while running", (site, from) -> running(site, from))
                        .end(Site::startAgent),
                stops("SIGTERM and SIGKILL in a mass outage", (site, from) -> {
                            site.responder().behave(Site.FAR_V4, Behaviour.silent());
                            site.responder().behave(Site.FAR_V6, Behaviour.silent());
                            running(site, from);
                            Thread.sleep(3_000);
                        })
                        .end(site -> {
                            site.startAgent();
                            site.responder().behaveHonestly();
                        })
                        .lists(Listing.ALL, 120)
                        .rightWithin(60 + 5 + 5 + START_SECONDS));
    }

    private static void running(Site site, int from) throws InterruptedException {
        site.awaitLog(from, "addresses: ");
        Thread.sleep(2_000);
    }

    private interface State {
        /** @param from length of the log at the last start */
        void reach(Site site, int from) throws Exception;
    }

    private static Fault stops(String name, State state) {
        return Fault.host(name)
                .begin(site -> {
                    // The one that runs.
                    stop(site, "TERM", 0);
                    for (String signal : List.of("TERM", "KILL")) {
                        int from = site.agent().log().length();
                        site.startAgent();
                        state.reach(site, from);
                        // Before it can catch a signal it ends as any process does.
                        int otherwise = signal.equals("KILL") ? 128 + 9 : name.endsWith("starting") ? 128 + 15 : 0;
                        stop(site, signal, otherwise);
                    }
                })
                .lasting(5)
                .gap(GAP_SECONDS)
                .rightWithin(START_SECONDS)
                .says(Notice.line("has stopped"));
    }

    private static void stop(Site site, String signal, int status) throws Exception {
        site.agent().signal(signal);
        int ended = site.agent().awaitEnd(STOP_SECONDS);
        if (ended != status && !(signal.equals("TERM") && ended == 0)) {
            throw new AssertionError("SIG" + signal + ": the agent ended with " + ended + " instead of " + status);
        }
    }
}
