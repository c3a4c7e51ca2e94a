package io.pingagent.app;

import io.pingagent.probe.Engine;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.UnixDatagram;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd what it wants to know of a service with {@code Type=notify} and {@code WatchdogSec}, as
 * {@code sd_notify(3)} does; where nobody has asked ({@code NOTIFY_SOCKET}), says nothing.
 *
 * <p>The watchdog is fed by thread {@code ping-watchdog}, and only while {@code ping-send} and {@code ping-recv} both make
 * progress: an agent that hangs is started anew.
 */
final class ServiceManager {

    private static final Logger LOG = LogManager.getLogger(ServiceManager.class);

    private static final int FEEDINGS_PER_INTERVAL = 4;

    private final @Nullable String socket;
    private final long watchdogMicros;
    private final String pid = Long.toString(ProcessHandle.current().pid());

    private boolean complained;

    /** @param environment as systemd set it */
    ServiceManager(Map<String, String> environment) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        socket = address.isEmpty() ? null : address;
        boolean isForUs = environment.getOrDefault("WATCHDOG_PID", pid).equals(pid);
        watchdogMicros = isForUs ? positive(environment.getOrDefault("WATCHDOG_USEC", "0")) : 0;
    }

    static ServiceManager ofEnvironment() {
        return new ServiceManager(System.getenv());
    }

    /** The engine has been started: sockets are open, probing threads run. */
    void ready(Engine engine) {
        if (socket == null) {
            return;
        }
        tell("READY=1\nSTATUS=probing");
        if (watchdogMicros > 0) {
            Thread thread = new Thread(() -> feed(engine), "ping-watchdog");
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stopping() {
        tell("STOPPING=1\nSTATUS=stopping");
    }

    private void feed(Engine engine) {
        long sent = -1;
        long received = -1;
        try {
            while (true) {
                long sentNow = engine.sendCycles();
                long receivedNow = engine.receiveCycles();
                if (sentNow != sent && receivedNow != received) {
                    tell("WATCHDOG=1");
                } else {
                    LOG.error(
                            "{} makes no progress; if it stays so, the service manager ends the agent",
                            sentNow == sent ? "ping-send" : "ping-recv");
                }
                sent = sentNow;
                received = receivedNow;
                TimeUnit.MICROSECONDS.sleep(watchdogMicros / FEEDINGS_PER_INTERVAL);
            }
        } catch (InterruptedException e) {
            LOG.debug("ping-watchdog ends");
        }
    }

    private synchronized void tell(String message) {
        if (socket == null) {
            return;
        }
        try {
            UnixDatagram.send(socket, message.getBytes(StandardCharsets.UTF_8));
            complained = false;
        } catch (NativeCallException e) {
            if (!complained) {
                LOG.warn("the service manager cannot be told '{}': {}", message.replace('\n', ' '), e.getMessage());
                complained = true;
            }
        }
    }

    private static long positive(String number) {
        try {
            return Math.max(0, Long.parseLong(number));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
