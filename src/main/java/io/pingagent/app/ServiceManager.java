package io.pingagent.app;

import io.pingagent.base.OwnedBy;
import io.pingagent.base.SayOnce;
import io.pingagent.base.Utf8;
import io.pingagent.base.Worker;
import io.pingagent.probe.Engine;
import io.pingagent.sys.NativeCallException;
import io.pingagent.sys.UnixDatagram;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Notifies systemd of a service with {@code Type=notify} and {@code WatchdogSec}, as {@code sd_notifyManager(3)} does. Does nothing
 * where {@code NOTIFY_SOCKET} is not set.
 *
 * <p>The watchdog is fed by thread {@code ping-watchdog}, and only while {@code ping-send} and {@code ping-recv} both make
 * progress: an agent that hangs is started again.
 */
final class ServiceManager {

    private static final Logger LOG = LogManager.getLogger(ServiceManager.class);

    private static final int FEEDINGS_PER_INTERVAL = 4;

    private final @Nullable String socket;
    private final long watchdogMicros;
    private final String pid = Long.toString(ProcessHandle.current().pid());

    /** Guarded by this. */
    private final SayOnce failure = new SayOnce();

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
        notifyManager("READY=1\nSTATUS=probing");
        if (watchdogMicros > 0) {
            Watchdog watchdog = new Watchdog(engine);
            watchdog.worker.start();
        }
    }

    void stopping() {
        notifyManager("STOPPING=1\nSTATUS=stopping");
    }

    /** Feeds systemd's watchdog while the engine's threads make progress. */
    @OwnedBy("ping-watchdog")
    private final class Watchdog {

        private final Engine engine;
        private final Worker worker = Worker.named("ping-watchdog").work(this::turn);
        private long sentBefore = -1;
        private long receivedBefore = -1;

        Watchdog(Engine engine) {
            this.engine = engine;
        }

        /** Rests in the turn: after a pause cut short it would see no progress where there is some. */
        private long turn() throws InterruptedException {
            long sent = engine.sendCycles();
            long received = engine.receiveCycles();
            if (sent != sentBefore && received != receivedBefore) {
                notifyManager("WATCHDOG=1");
            } else {
                LOG.error(
                        "{} makes no progress; if it stays so, the service manager ends the agent",
                        sent == sentBefore ? "ping-send" : "ping-recv");
            }
            sentBefore = sent;
            receivedBefore = received;
            worker.rest(TimeUnit.MICROSECONDS.toNanos(watchdogMicros / FEEDINGS_PER_INTERVAL));
            return 0;
        }
    }

    private synchronized void notifyManager(String message) {
        if (socket == null) {
            return;
        }
        try {
            UnixDatagram.send(socket, Utf8.bytes(message));
            failure.ends();
        } catch (NativeCallException e) {
            if (failure.begins()) {
                LOG.warn("the service manager does not take '{}': {}", message.replace('\n', ' '), e.getMessage());
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
