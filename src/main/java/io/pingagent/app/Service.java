package io.pingagent.app;

import io.pingagent.config.Config;
import io.pingagent.config.ConfigLoader;
import java.lang.reflect.Proxy;
import java.security.Security;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The agent as a daemon in the foreground: SIGTERM and SIGINT stop it cleanly with status 0, SIGHUP reloads. */
final class Service {

    private static final Logger LOG = LogManager.getLogger(Service.class);

    /** Exit status of a defect of the program, as in sysexits.h. */
    private static final int DEFECT = 70;

    /** Something that is needed is away, as in sysexits.h: part of the platform, or the agent's name, which another has. */
    private static final int SERVICE_AWAY = 69;

    private volatile int exitStatus;
    private final Config config;
    private final LiveSettings liveSettings;
    private final ServiceManager manager = ServiceManager.ofEnvironment();

    /** @param again reads the configuration again */
    Service(Config config, Supplier<Config> again) {
        this.config = config;
        this.liveSettings = new LiveSettings(config, again);
    }

    /**
     * Returns only when the process is about to end.
     *
     * @throws ServiceAwayException if another process runs under the agent's name
     */
    void run() {
        // The default is 30 s: after a failover the name of redis.url leads to another server.
        Security.setProperty("networkaddress.cache.ttl", "5");
        Logs.level(config.logging().level());
        List<String> serviceLinks = ConfigLoader.serviceLinks(System.getenv());
        if (!serviceLinks.isEmpty()) {
            LOG.debug("service links of the container platform, no configuration: {}", serviceLinks);
        }
        Thread.setDefaultUncaughtExceptionHandler(Service::died);
        Agent agent = new Agent(config, new AgentListener());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent), "ping-stop"));
        IgnoredSignals.warn();
        reloadOnHangup(agent);
        agent.start();
        manager.ready(agent.engine());
        try {
            String message = agent.nameTaken().get();
            exitStatus = SERVICE_AWAY;
            agent.close();
            throw new ServiceAwayException(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By reflection, because the compiler lets nobody name the one class of the JDK that hears signals without a warning. */
    private void reloadOnHangup(Agent agent) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object reload = Proxy.newProxyInstance(
                    Service.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            LOG.info("SIGHUP: jobs and groups are read again");
                            liveSettings.reread();
                            agent.reload();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), reload);
        } catch (ReflectiveOperationException e) {
            LOG.warn("SIGHUP cannot be used to reload on this Java: {}", e.toString());
        }
    }

    /** An agent that lost a thread would look alive and probe nothing; a service manager starts it anew. */
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
            Runtime.getRuntime().halt(cause instanceof LinkageError ? SERVICE_AWAY : DEFECT);
        }
    }

    private void stop(Agent agent) {
        try {
            manager.stopping();
            agent.close();
        } finally {
            LogManager.shutdown();
            // A plain return would end the process with the signal's status, which service managers take for a failure.
            Runtime.getRuntime().halt(exitStatus);
        }
    }
}
