package io.pingagent.cli;

import io.pingagent.cli.picture.LiveSeries;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Screen;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.cli.view.StatsView;
import io.pingagent.cli.view.StatusSnapshot;
import io.pingagent.cli.view.TargetFilter;
import io.pingagent.config.Config;
import io.pingagent.redis.RedisUnreachableException;
import io.pingagent.redis.admin.AdminAgent;
import io.pingagent.redis.admin.RedisAdmin;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The same as {@code status}, refreshed every second. */
@Command(
        name = "top",
        description = {
            "Shows agents and their worst addresses, refreshed every second, with the age of the agents' figures.",
            "On a terminal each address has a line of its last 60 s: a level for the round-trip time, a cross for a loss.",
            "Arrow keys or j and k choose an address. Enter opens its histogram; Enter, Esc or q closes it.",
            "q or Ctrl-C ends it, Ctrl-Z stops it until 'fg'.",
            "Where standard output is no terminal, frames are printed one after the other."
        })
final class TopCommand implements Runnable {

    private static final long REFRESH_MILLIS = 1_000;

    /** A pause ends up to two milliseconds early, without a key. */
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A status string of this length, or with the labels of all its addresses, is read only as often as agents write it. */
    private static final long LONG_STATUS_BYTES = 1_000_000;

    private static final long LONG_STATUS_REFRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Rows kept of an agent: more than any terminal has lines. */
    private static final int MOST_ROWS = 500;

    private static final int LINES_WITHOUT_TERMINAL = 20;

    private record Kept(StatusSnapshot status, long readNanos) {}

    private final Context context;
    private final Map<String, Kept> statuses = new HashMap<>();
    private @Nullable TopReading reading;

    @Option(names = "--agent", paramLabel = "NAME", description = "Only this agent.")
    private @Nullable String agent;

    @Option(
            names = "--label",
            paramLabel = "LABEL=VALUE",
            description =
                    "Only addresses with this label, as in site=ams, site!=ams or site. Repeatable; all must hold.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--search",
            paramLabel = "TEXT",
            description = "Only addresses that have this in their address or name, in any case.")
    private @Nullable String search;

    private TargetFilter filter = TargetFilter.ALL;

    @Option(names = "--frames", paramLabel = "N", description = "End after N frames.")
    private int frames = Integer.MAX_VALUE;

    TopCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        if (frames < 1) {
            throw CommandFailure.usage("--frames takes 1 or more, not " + frames);
        }
        filter = TargetFilter.of(labels, search);
        Terminal terminal = context.terminal();
        Config config = CommandConfig.load(context);
        RedisAdmin redis = CommandConfig.redis(config);
        TopView view = new TopView(terminal, new LiveSeries(config.agent()));
        try {
            StatusCommand.agents(redis, agent);
            try (Screen screen = new Screen(terminal, context.interrupt().listen(), view::pressed)) {
                context.interrupt().ifLate(screen::close);
                boolean isWanted = !screen.leaving();
                for (int frame = 1; isWanted; frame++) {
                    redis = draw(screen, view, redis, config);
                    isWanted = frame < frames && pause(screen, view);
                }
            }
        } finally {
            redis.close();
        }
    }

    /** Until the next reading; what a key changes is drawn at once. */
    private boolean pause(Screen screen, TopView view) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(REFRESH_MILLIS);
        while (true) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (!screen.pause(Math.max(0, leftMillis))) {
                return false;
            }
            TopReading shown = reading;
            if (shown == null || endNanos - System.nanoTime() < SOON_NANOS) {
                return true;
            }
            screen.draw(lines(screen, view, shown));
        }
    }

    /** Draws a frame; where Redis has gone, says so and tries again with the next frame. */
    private RedisAdmin draw(Screen screen, TopView view, RedisAdmin redis, Config config) {
        RedisAdmin current = redis;
        try {
            TopReading read = read(screen, view, current);
            reading = read;
            screen.draw(lines(screen, view, read));
        } catch (RedisUnreachableException e) {
            if (!screen.live()) {
                throw e;
            }
            reading = null;
            screen.draw(List.of(Ansi.harmless(String.valueOf(e.getMessage())), "", "trying again; q ends"));
            try {
                RedisAdmin next = CommandConfig.redis(config);
                current.close();
                current = next;
            } catch (RedisUnreachableException still) {
                return current;
            }
        }
        return current;
    }

    private static List<String> lines(Screen screen, TopView view, TopReading read) {
        int most = screen.live() ? screen.lines() : Integer.MAX_VALUE;
        List<String> lines = view.lines(read, most, screen.live());
        return screen.live() ? lines.subList(0, Math.min(lines.size(), most)) : lines;
    }

    private TopReading read(Screen screen, TopView view, RedisAdmin redis) {
        Terminal terminal = context.terminal();
        List<AdminAgent> agents =
                agent == null ? redis.agents().all() : List.of(redis.agents().get(agent));
        List<StatusSnapshot> states = new ArrayList<>();
        List<StatsView> stats = new ArrayList<>();
        for (AdminAgent each : agents) {
            states.add(status(redis, each.name()));
            stats.add(StatsView.of(redis.agents().stats(each.name())));
        }
        int columns = terminal.columns();
        List<String> head = new ArrayList<>();
        head.add(title(LocalTime.now(ZoneId.systemDefault()), agents, stats, screen.live() && terminal.inIsTerminal()));
        head.addAll(StatusCommand.summary(agents, states, stats).lines(columns, terminal.colours()));
        int free = (screen.live() ? screen.lines() : LINES_WITHOUT_TERMINAL) - head.size();
        int shares = (int) states.stream().filter(StatusSnapshot::known).count();
        List<TopReading.Part> parts = new ArrayList<>();
        for (int i = 0; i < agents.size() && shares > 0; i++) {
            if (!states.get(i).known()) {
                continue;
            }
            int rows = free / shares - TopView.LINES_BESIDE_ROWS;
            if (rows > 0) {
                String name = agents.get(i).name();
                StatusSnapshot shown =
                        states.get(i).withRows(rows).withLastMs(redis, name).withLabels(redis, name);
                parts.add(new TopReading.Part(name, heading(agents.get(i), shown), shown.rows(), shown.names()));
                free -= shown.rows().size() + TopView.LINES_BESIDE_ROWS;
            }
            shares--;
        }
        TopReading read = new TopReading(System.currentTimeMillis(), head, parts);
        view.read(read, screen.live());
        return read;
    }

    /** Clock, keys, and how old the figures may be: agents write them every redis.status-interval. */
    private String title(LocalTime now, List<AdminAgent> agents, List<StatsView> stats, boolean withKeys) {
        long oldest = -1;
        for (int i = 0; i < agents.size(); i++) {
            if (agents.get(i).online()) {
                oldest = Math.max(oldest, figuresAgeSeconds(stats.get(i), Instant.now()));
            }
        }
        return Ansi.paint(
                        "ping-agent top", Ansi.Style.HEADING, context.terminal().colours()) + "  "
                + now.truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_LOCAL_TIME)
                + (oldest < 0 ? "" : "  figures at most " + Numbers.age(oldest) + " old, last RTT of now")
                + (withKeys ? "  (j k Enter: histogram, q ends, Ctrl-Z stops)" : "  (q ends, Ctrl-Z stops)");
    }

    /** The state of the addresses is written as often as the report, though not at the same moment. */
    private static long figuresAgeSeconds(StatsView stats, Instant now) {
        long age = stats.reportAgeSeconds(now);
        return age < 0 ? -1 : Math.max(age, stats.statusIntervalSeconds());
    }

    private String heading(AdminAgent agent, StatusSnapshot status) {
        String name = Ansi.harmless(agent.name()) + (agent.online() ? "" : " (offline, as it was before)") + ": ";
        if (!filter.isAll()) {
            return name
                    + Numbers.count(status.wanted(), "address", "addresses")
                    + " of "
                    + Numbers.grouped(status.sums().targets());
        }
        return name
                + Numbers.grouped(status.sums().lossy()) + " of "
                + Numbers.count(status.sums().targets(), "address", "addresses")
                + " on the err list or with loss";
    }

    private StatusSnapshot status(RedisAdmin redis, String name) {
        Kept kept = statuses.get(name);
        long nowNanos = System.nanoTime();
        if (kept != null
                && nowNanos - kept.readNanos < LONG_STATUS_REFRESH_NANOS
                && (!filter.isAll() || redis.agents().statusBytes(name) > LONG_STATUS_BYTES)) {
            return kept.status;
        }
        StatusSnapshot status = StatusSnapshot.read(redis, name, true, MOST_ROWS, filter);
        statuses.put(name, new Kept(status, nowNanos));
        return status;
    }
}
