package io.pingagent.cli.picture;

import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.config.AgentConfig;
import io.pingagent.control.KeptProbes;
import io.pingagent.model.Addresses;
import io.pingagent.model.IpAddress;
import io.pingagent.model.ProbeSeries;
import io.pingagent.model.TargetRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the probes to the addresses of a live view. Of an agent of this machine that keeps a history it is every
 * probe. Of others it is what was read from Redis, once a second. Not thread-safe.
 */
public final class LiveSeries {

    /**
     * Probes of one address.
     *
     * @param last how far back they reach at most
     * @param everyProbe false if each stands for a reading of Redis
     */
    public record Known(ProbeSeries series, Duration last, boolean everyProbe) {}

    private static final Duration WINDOW = Duration.ofMillis(Sparkline.WINDOW_MILLIS);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    /** In all, so that the view is not late. */
    private static final long BUDGET_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** An agent and when to ask it again. */
    private static final class Source {

        private final HistoryClient client;
        private boolean isPaused;
        private long pausedNanos;

        Source(HistoryClient client) {
            this.client = client;
        }
    }

    private final AgentConfig config;
    private final Trails trails = new Trails();
    private final Map<String, Source> sources = new HashMap<>();
    private final Map<String, ProbeSeries> kept = new HashMap<>();

    public LiveSeries(AgentConfig config) {
        this.config = config;
    }

    /** Forgets the histories of the reading before; to be called before the {@link #read} of all agents. */
    public void begin(long nowMillis) {
        kept.clear();
        trails.forget(nowMillis);
    }

    /** Takes in the rows of an agent, and asks it for their last 60 s. */
    public void read(String agent, List<TargetRow> rows, long nowMillis) {
        long startNanos = System.nanoTime();
        for (TargetRow row : rows) {
            trails.add(agent, row, nowMillis);
            if (System.nanoTime() - startNanos < BUDGET_NANOS) {
                KeptProbes found = ask(agent, row.address(), WINDOW);
                if (found != null) {
                    kept.put(key(agent, row.address()), found.series());
                }
            }
        }
    }

    private static String key(String agent, String address) {
        // No address has a blank in it.
        return address + " " + agent;
    }

    /** The last 60 s. */
    public ProbeSeries of(String agent, String address) {
        ProbeSeries found = kept.get(key(agent, address));
        return found != null ? found : trails.of(agent, address);
    }

    /** As much as there is. */
    public Known all(String agent, String address) {
        KeptProbes found = ask(agent, address, LONGEST);
        return found != null
                ? new Known(found.series(), found.last(), true)
                : new Known(trails.of(agent, address), WINDOW, false);
    }

    /** Null if the agent cannot be asked, or keeps nothing of it. */
    private @Nullable KeptProbes ask(String agent, String address, Duration last) {
        Source source = sources.computeIfAbsent(agent, name -> new Source(new HistoryClient(config, name)));
        if (source.isPaused && System.nanoTime() - source.pausedNanos < PAUSE_NANOS) {
            return null;
        }
        source.isPaused = false;
        IpAddress parsed;
        try {
            parsed = Addresses.parse(address);
        } catch (IllegalArgumentException e) {
            return null;
        }
        try {
            KeptProbes answer = source.client.isHere() ? source.client.ask(parsed, last, PATIENCE) : null;
            if (answer != null && answer.state() != KeptProbes.State.OFF) {
                return answer.state() == KeptProbes.State.WHOLE || answer.state() == KeptProbes.State.SHORTENED
                        ? answer
                        : null;
            }
        } catch (CommandFailure e) {
            // Redis has to do; the next question is asked later.
        }
        source.isPaused = true;
        source.pausedNanos = System.nanoTime();
        return null;
    }
}
