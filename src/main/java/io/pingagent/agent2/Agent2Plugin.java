package io.pingagent.agent2;

import io.pingagent.agent2.PluginMessage.Severity;
import io.pingagent.base.ExitStatus;
import io.pingagent.base.Version;
import io.pingagent.control.SocketPaths;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Entry point of the plugin. Zabbix agent 2 starts it with the path of its socket. It does so once at its own start to
 * learn the keys, and again when the first item is due.
 *
 * <p>An exit of a plugin stops the agent: 7.0.22 panics, 6.0.14 stops its service. So the plugin ends only when the
 * agent says so, and at the end of the connection. It takes any version of the protocol: what it uses is the same in
 * all.
 */
public final class Agent2Plugin {

    private static final long PAUSE_MILLIS = 50;

    private final FrameChannel channel;
    private final Exports exports;

    Agent2Plugin(FrameChannel channel, Path directory) {
        this.channel = channel;
        this.exports = new Exports(channel, directory);
    }

    /** Never returns. */
    public static void main(String[] arguments) {
        int status = ExitStatus.USAGE;
        if (arguments.length > 0) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(arguments[0]));
                new Agent2Plugin(new FrameChannel(channel), SocketPaths.DIRECTORY).run();
                status = ExitStatus.DONE;
            } catch (IOException | IllegalArgumentException e) {
                status = ExitStatus.SERVICE_UNREACHABLE;
            }
        }
        // Nothing has to be brought to an end, and the agent waits.
        Runtime.getRuntime().halt(status);
    }

    /**
     * Returns when the agent says so, or is gone.
     *
     * @throws IOException if the connection breaks
     */
    void run() throws IOException {
        boolean isWanted = true;
        while (isWanted) {
            try {
                byte[] payload = channel.read();
                isWanted = payload != null && takes(payload);
            } catch (RuntimeException | Error e) {
                // Mostly for want of memory. The next frame may be smaller.
                exports.log(Severity.ERROR, e);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the agent wants the plugin to run on. */
    private boolean takes(byte[] payload) throws IOException {
        AgentMessage message;
        try {
            message = AgentMessage.parse(payload);
        } catch (IOException e) {
            exports.log(Severity.WARNING, "a message was passed over: " + e.getMessage());
            return true;
        }
        if (message.type() == MessageType.TERMINATE) {
            return false;
        }
        take(message);
        return true;
    }

    private void take(AgentMessage message) throws IOException {
        switch (message.type()) {
            case MessageType.REGISTER -> channel.write(PluginMessage.registered(message.id()));
            // An error would keep the whole agent from starting; what is wrong is said in each answer.
            case MessageType.VALIDATE -> channel.write(PluginMessage.validated(message.id()));
            case MessageType.CONFIGURE -> configure(message);
            case MessageType.START ->
                exports.log(Severity.INFO, "ping-agent " + Version.text() + ": the plugin is ready");
            case MessageType.EXPORT -> exports.submit(message);
            default -> exports.log(Severity.DEBUG, "a message of type " + message.type() + " was passed over");
        }
    }

    private void configure(AgentMessage message) {
        PluginOptions given = message.options();
        PluginOptions options = given == null ? PluginOptions.NONE : given;
        exports.configure(options, message.globalTimeoutSeconds());
        for (String name : options.unknown()) {
            exports.log(Severity.WARNING, "Plugins.Ping." + name + " is no option of this plugin; remove the line");
        }
        if (!options.trouble().isEmpty()) {
            exports.log(Severity.WARNING, options.trouble());
        }
    }
}
