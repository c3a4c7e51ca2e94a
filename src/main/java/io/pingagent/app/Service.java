package io.pingagent.app;

import io.pingagent.agent.Agent;
import io.pingagent.agent.AgentListener;
import io.pingagent.agent.LogLevels;
import io.pingagent.base.ExitStatus;
import io.pingagent.base.PlatformTrouble;
import io.pingagent.base.ServiceUnreachableException;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigLoader;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The agent as a daemon in the foreground: SIGTERM and SIGINT stop it cleanly with status 0, SIGHUP reloads. */
final class Service {

    private static final Logger LOG = LogManager.getLogger(Service.class);

    private static final long LONGEST_START_SECONDS = 10;

    private final Config config;
    private final LiveSettings liveSettings;
    private final ServiceManager manager = ServiceManager.ofEnvironment();

    private final ReentrantLock lifecycle = new ReentrantLock();
    private volatile boolean stopRequested;
    /** Guarded by {@link #lifecycle}, as the next field. */
    private @Nullable Agent agent;

    private boolean failed;

    /** @param again reads the configuration again */
    Service(Config config, Supplier<Config> again) {
        this.config = config;
        this.liveSettings = new LiveSettings(config, again);
    }

    /**
     * Returns only when the process is about to end.
     *
     * @throws ServiceUnreachableException if another process runs under the agent's name
     */
    void run() {
        LogLevels.level(config.logging().level());
        List<String> serviceLinks = ConfigLoader.serviceLinks(System.getenv());
        if (!serviceLinks.isEmpty()) {
            LOG.debug("service links of the container platform, no configuration: {}", serviceLinks);
        }
        Thread.setDefaultUncaughtExceptionHandler(Service::died);
        if (!addStopHook()) {
            awaitDeath();
            return;
        }
        Agent running;
        lifecycle.lock();
        try {
            if (stopRequested) {
                return;
            }
            running = new Agent(config, new AgentListener());
            agent = running;
            IgnoredSignals.warn();
            reloadOnHangup(running);
            running.start();
            manager.ready(running.engine());
        } catch (RuntimeException | Error e) {
            failed = true;
            throw e;
        } finally {
            lifecycle.unlock();
        }
        endIfNameIsTaken(running);
    }

    /** @return false if a signal was faster and the process is ending already */
    private boolean addStopHook() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "ping-stop"));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void awaitDeath() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endIfNameIsTaken(Agent running) {
        try {
            String message = running.nameTaken().get();
            lifecycle.lock();
            try {
                failed = true;
                running.close();
            } finally {
                lifecycle.unlock();
            }
            throw new ServiceUnreachableException(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void reloadOnHangup(Agent running) {
        boolean isHeard = Signals.handle("HUP", () -> {
            LOG.info("SIGHUP: jobs and groups are read again");
            liveSettings.reread();
            running.reload();
        });
        if (!isHeard) {
            LOG.debug("SIGHUP is not heard");
        }
    }

    /** An agent that lost a thread would look alive and probe nothing; a service manager starts it again. */
    private static void died(Thread thread, Throwable cause) {
        try {
            if (cause instanceof LinkageError error) {
                LOG.fatal(
                        "{} died; the agent ends: {}; {}",
                        thread.getName(),
                        PlatformTrouble.what(error),
                        PlatformTrouble.remedy(error));
            } else {
                LOG.fatal("{} died; the agent ends", thread.getName(), cause);
            }
        } finally {
            Runtime.getRuntime()
                    .halt(cause instanceof LinkageError ? ExitStatus.SERVICE_UNREACHABLE : ExitStatus.INTERNAL_ERROR);
        }
    }

    private void stop() {
        stopRequested = true;
        boolean keepsStatus = false;
        try {
            // A start that is under way is completed, for half of one can only be stopped by halves.
            if (lifecycle.tryLock(LONGEST_START_SECONDS, TimeUnit.SECONDS)) {
                keepsStatus = failed;
                manager.stopping();
                if (agent != null) {
                    agent.close();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            LogManager.shutdown();
            if (!keepsStatus) {
                // A plain return would end the process with the signal's status, which service managers take for a
                // failure.
                Runtime.getRuntime().halt(0);
            }
        }
    }
}
