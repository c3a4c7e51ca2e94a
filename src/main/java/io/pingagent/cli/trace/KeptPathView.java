package io.pingagent.cli.trace;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.Ansi;
import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.model.IpAddress;
import io.pingagent.redis.admin.AdminAgent;
import io.pingagent.redis.admin.RedisAdmin;
import io.pingagent.trace.PathJson;
import io.pingagent.trace.PathRecord;
import io.pingagent.trace.PathText;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What agents found of an address, from Redis: the path when it last went down, beside the last good one. */
final class KeptPathView {

    private final Context context;
    private final boolean isJson;

    KeptPathView(Context context, boolean isJson) {
        this.context = context;
        this.isJson = isJson;
    }

    /**
     * Prints it, for each agent that has something.
     *
     * @param only the name of an agent, or null for all
     * @return the exit status
     */
    int show(IpAddress address, @Nullable String only) {
        Map<String, String> byAgent = new TreeMap<>();
        try (RedisAdmin redis = CommandConfig.redis(CommandConfig.load(context))) {
            List<String> agents = only != null
                    ? List.of(only)
                    : redis.agents().all().stream().map(AdminAgent::name).toList();
            for (String agent : agents) {
                String json = redis.agents().path(agent, address);
                if (json != null) {
                    byAgent.put(agent, json);
                }
            }
        }
        Terminal terminal = context.terminal();
        if (isJson) {
            Json.print(terminal, out -> {
                out.beginObject();
                for (Map.Entry<String, String> each : byAgent.entrySet()) {
                    out.name(each.getKey());
                    Json.embed(out, each.getValue());
                }
                out.endObject();
            });
        }
        if (byAgent.isEmpty()) {
            throw CommandFailure.usage(
                    (only == null ? "no agent has kept a path to " : "agent '" + only + "' has kept no path to ")
                            + address + "; set path.on-down: true, and see how long path.key-ttl keeps it."
                            + " Of a mass outage only ten addresses a second are traced, and none while the agent"
                            + " is cut off itself");
        }
        if (isJson) {
            return ExitStatus.DONE;
        }
        byAgent.forEach((agent, json) -> print(terminal, agent, json));
        return ExitStatus.DONE;
    }

    private static void print(Terminal terminal, String agent, String json) {
        PathRecord paths;
        try {
            paths = PathJson.read(json);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitStatus.BAD_CONFIGURATION,
                    "what agent '" + agent + "' has kept cannot be read: " + e.getMessage()
                            + "; remove its key agent-path_$agent_$ip with DEL",
                    e);
        }
        terminal.out().println(Ansi.harmless(agent) + ":");
        PathText.lines(paths, ZoneId.systemDefault())
                .forEach(line -> terminal.out().println("  " + Ansi.harmless(line)));
    }
}
