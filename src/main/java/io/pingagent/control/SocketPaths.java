package io.pingagent.control;

import io.pingagent.base.AnyThread;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the control sockets of this host's agents are. Stateless. */
@AnyThread
public final class SocketPaths {

    /** Made by the package and by systemd. */
    public static final Path DIRECTORY = Path.of("/run/ping-agent");

    private static final String SUFFIX = ".sock";

    private SocketPaths() {}

    /** The socket of an agent with this name, unless {@code agent.socket} names another. */
    public static Path of(Path directory, String agent) {
        String name = URLEncoder.encode(agent, StandardCharsets.UTF_8);
        return directory.resolve((name.startsWith(".") ? "%2E" + name.substring(1) : name) + SUFFIX);
    }

    /**
     * The socket to ask about an agent: its own if there is one here, else the only one, whose agent reads the others from
     * Redis.
     *
     * @param agent empty: whichever is here
     * @throws ControlException if there is none, or nobody knows which of several
     */
    public static Path find(Path directory, String agent) throws ControlException {
        if (!agent.isEmpty()) {
            Path own = of(directory, agent);
            if (Files.exists(own)) {
                return own;
            }
        }
        List<Path> sockets = sockets(directory);
        if (sockets.isEmpty()) {
            throw new ControlException("no ping-agent runs here: there is no control socket in " + directory
                    + "; start it, or set Plugins.Ping.Socket to the path that its agent.socket names");
        }
        List<Path> alive = alive(sockets);
        if (alive.size() > 1) {
            throw new ControlException(
                    alive.size() + " agents run here" + (agent.isEmpty() ? "" : ", none of them '" + agent + "'")
                            + "; name one as the first parameter, or set Plugins.Ping.Socket");
        }
        return alive.get(0);
    }

    /**
     * The socket of any agent here.
     *
     * @throws ControlException if there is none
     */
    public static Path any(Path directory) throws ControlException {
        List<Path> sockets = sockets(directory);
        return sockets.size() > 1 ? alive(sockets).get(0) : find(directory, "");
    }

    /** Those at which somebody listens, sorted; the first of all if there is none, which then says that nobody answers. */
    private static List<Path> alive(List<Path> sockets) {
        List<Path> sorted = sockets.stream().sorted().toList();
        if (sorted.size() == 1) {
            return sorted;
        }
        // An agent that was killed has left its socket.
        List<Path> alive = sorted.stream().filter(SocketPaths::isListening).toList();
        return alive.isEmpty() ? sorted.subList(0, 1) : alive;
    }

    static boolean isListening(Path path) {
        // A queue that is full is that of one who is busy.
        try {
            SocketChannel connected = DeadlineChannel.ifRoom(path);
            if (connected != null) {
                connected.close();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> sockets(Path directory) throws ControlException {
        List<Path> sockets = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            found.forEach(sockets::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new ControlException(
                    directory + " cannot be read: " + e.getMessage() + "; let its readers be everybody (mode 0755)", e);
        }
        return sockets;
    }
}
