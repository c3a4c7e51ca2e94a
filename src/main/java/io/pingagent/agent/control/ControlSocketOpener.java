package io.pingagent.agent.control;

import io.pingagent.base.AnyThread;
import io.pingagent.base.SayOnce;
import io.pingagent.config.AgentConfig;
import io.pingagent.control.ControlHandler;
import io.pingagent.control.ControlServer;
import io.pingagent.control.ControlSocketException;
import io.pingagent.control.SocketPaths;
import io.pingagent.model.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the control socket, and tries again while that does not work or when its file was removed. A socket that nobody
 * asked for and whose directory does not exist or cannot be written, as where no package is installed, is no problem.
 */
@AnyThread
public final class ControlSocketOpener implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(ControlSocketOpener.class);

    private final @Nullable Path path;
    private final boolean isChosen;
    private final ControlHandler handler;
    private final Consumer<List<Problem>> problems;

    /** Guarded by this, as the next. */
    private @Nullable ControlServer server;

    private boolean closed;
    private final SayOnce unusable = new SayOnce();

    /** @param problems takes what keeps the socket from being there, each time it is tried */
    public ControlSocketOpener(AgentConfig agent, ControlHandler handler, Consumer<List<Problem>> problems) {
        this(agent, SocketPaths.DIRECTORY, handler, problems);
    }

    /** @param directory where no path is chosen */
    ControlSocketOpener(AgentConfig agent, Path directory, ControlHandler handler, Consumer<List<Problem>> problems) {
        String socket = agent.socket();
        this.isChosen = socket != null;
        this.path = AgentConfig.NO_SOCKET.equals(socket)
                ? null
                : socket != null ? Path.of(socket) : SocketPaths.of(directory, agent.name());
        this.handler = handler;
        this.problems = problems;
    }

    /** To be called at the start, and again every few seconds. */
    public synchronized void open() {
        Path wanted = path;
        ControlServer before = server;
        if (closed || wanted == null || before != null && before.isInPlace()) {
            return;
        }
        try {
            server = ControlServer.start(wanted, handler);
            if (before != null) {
                // Its file was removed, so nobody finds it any more.
                before.close();
            }
            problems.accept(List.of());
            LOG.info("the control socket is {}; every user of this host may ask there", wanted);
        } catch (ControlSocketException e) {
            if (isChosen || !e.isUnusableDirectory()) {
                // The board logs it, once.
                problems.accept(List.of(e.problem()));
            } else if (unusable.begins()) {
                LOG.info("no control socket: {}", e.getMessage());
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (server != null) {
            server.close();
        }
    }
}
