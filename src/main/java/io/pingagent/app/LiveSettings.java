package io.pingagent.app;

import io.pingagent.agent.LogLevels;
import io.pingagent.base.AnyThread;
import io.pingagent.config.Config;
import io.pingagent.config.LoggingConfig;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What of the configuration can change while the agent runs: {@code logging.level}. */
@AnyThread
final class LiveSettings {

    private static final Logger LOG = LogManager.getLogger(LiveSettings.class);

    private final Config atStart;
    private final Supplier<Config> again;
    private LoggingConfig logging;

    /** @param again reads the configuration; may throw what is wrong with it */
    LiveSettings(Config atStart, Supplier<Config> again) {
        this.atStart = atStart;
        this.again = again;
        this.logging = atStart.logging();
    }

    /** Reads the configuration again and applies what can be; one that is not valid changes nothing. */
    synchronized void reread() {
        Config now;
        try {
            now = again.get();
        } catch (RuntimeException e) {
            LOG.error("the configuration is not valid, so nothing of it changes: {}", e.getMessage());
            return;
        }
        if (!now.logging().equals(logging)) {
            logging = now.logging();
            LogLevels.level(logging.level());
            LOG.info("logging.level is now {}", logging.level());
        }
        if (!withoutLogging(now).equals(withoutLogging(atStart))) {
            LOG.warn("the configuration has changed in more than logging.level; that takes a restart");
        }
    }

    private Config withoutLogging(Config config) {
        return new Config(
                config.agent(),
                config.redis(),
                config.probe(),
                config.jobs(),
                config.errList(),
                config.zabbix(),
                atStart.logging());
    }
}
