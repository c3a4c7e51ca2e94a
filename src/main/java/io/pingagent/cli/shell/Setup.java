package io.pingagent.cli.shell;

import io.pingagent.app.JobValidation;
import io.pingagent.base.ExitStatus;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigLoader;
import io.pingagent.config.EffectiveConfig;
import io.pingagent.model.FileNames;
import io.pingagent.redis.admin.RedisAdmin;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Gets a command its configuration and its Redis. */
public final class Setup {

    /** Looks like a configuration key, and is none. */
    private static final String DEBUG_VARIABLE = "PING_AGENT_DEBUG";

    private Setup() {}

    public static Config config(Context context) {
        return effective(context, Map.of()).config();
    }

    /** @param overrides environment variables that win over the real ones */
    public static EffectiveConfig effective(Context context, Map<String, String> overrides) {
        Map<String, String> environment = new HashMap<>(context.terminal().environment());
        environment.remove(DEBUG_VARIABLE);
        environment.putAll(overrides);
        String file = context.configFile();
        Path path;
        try {
            path = file == null ? null : FileNames.path(file);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.USAGE, "--config: " + e.getMessage() + "; " + FileNames.REMEDY, e);
        }
        return ConfigLoader.loadEffective(path, environment);
    }

    /** A connection that the caller closes. */
    public static RedisAdmin redis(Config config) {
        silenceLibraries();
        return RedisAdmin.connect(config.redis());
    }

    /**
     * A command tells its errors itself: Jedis's logger would bring in all of log4j, which takes longer than the command.
     * Commands that run the engine never come here.
     */
    public static void silenceLibraries() {
        setIfMissing("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
        setIfMissing("slf4j.internal.verbosity", "WARN");
    }

    /**
     * For the one command that runs the engine and is over in a moment: Log4j's own small logger, which writes errors only,
     * for the large one takes longer to start than the rest.
     */
    public static void logErrorsOnly() {
        setIfMissing("log4j.provider", "org.apache.logging.log4j.simple.internal.SimpleProvider");
    }

    private static void setIfMissing(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
