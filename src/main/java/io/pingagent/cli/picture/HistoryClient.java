package io.pingagent.cli.picture;

import io.pingagent.base.ExitStatus;
import io.pingagent.cli.shell.CommandFailure;
import io.pingagent.config.AgentConfig;
import io.pingagent.control.ControlAnswer;
import io.pingagent.control.ControlClient;
import io.pingagent.control.ControlException;
import io.pingagent.control.HistoryJson;
import io.pingagent.control.KeptProbes;
import io.pingagent.control.SocketPaths;
import io.pingagent.model.IpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks an agent of this machine for the probes that it keeps in memory. Immutable. */
public final class HistoryClient {

    private final String agent;
    private final @Nullable Path socket;

    /**
     * @param config that of this command
     * @param agent the agent that is asked
     */
    public HistoryClient(AgentConfig config, String agent) {
        this(config, agent, SocketPaths.DIRECTORY);
    }

    HistoryClient(AgentConfig config, String agent, Path directory) {
        this.agent = agent;
        String chosen = agent.equals(config.name()) ? config.socket() : null;
        this.socket = AgentConfig.NO_SOCKET.equals(chosen)
                ? null
                : chosen != null ? Path.of(chosen) : SocketPaths.of(directory, agent);
    }

    /** Whether there is somebody to ask. */
    public boolean isHere() {
        return socket != null && Files.exists(socket);
    }

    /**
     * What the agent keeps of an address.
     *
     * @throws CommandFailure (69, 78) if it cannot be asked
     */
    public KeptProbes ask(IpAddress address, Duration last, Duration patience) {
        Path path = socket;
        if (path == null) {
            throw new CommandFailure(
                    ExitStatus.BAD_CONFIGURATION,
                    "agent.socket is none, so nobody can ask agent '" + agent + "'; remove it and restart the agent");
        }
        if (!Files.exists(path)) {
            throw unavailable(
                    "agent '" + agent + "' does not run here: there is no control socket " + path
                            + "; run this on the agent's machine, and name it with --agent or its configuration with"
                            + " --config",
                    null);
        }
        try {
            ControlAnswer answer =
                    ControlClient.ask(path, HistoryJson.request(agent, address, last, patience.toMillis()));
            if (answer.isError()) {
                throw unavailable(answer.toString(), null);
            }
            return HistoryJson.parse(answer.toString());
        } catch (ControlException e) {
            throw unavailable(e.getMessage(), e);
        }
    }

    private static CommandFailure unavailable(String message, @Nullable Throwable cause) {
        return cause == null
                ? new CommandFailure(ExitStatus.SERVICE_UNREACHABLE, message)
                : new CommandFailure(ExitStatus.SERVICE_UNREACHABLE, message, cause);
    }
}
