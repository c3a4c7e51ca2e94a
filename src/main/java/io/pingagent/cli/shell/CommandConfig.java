package io.pingagent.cli.shell;

import io.pingagent.base.ExitStatus;
import io.pingagent.config.Config;
import io.pingagent.config.ConfigLoader;
import io.pingagent.config.EffectiveConfig;
import io.pingagent.model.FileNames;
import io.pingagent.redis.admin.RedisAdmin;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The configuration of a command, and the Redis that it names. */
public final class CommandConfig {

    /** Looks like a configuration key, and is none. */
    private static final String DEBUG_VARIABLE = "PING_AGENT_DEBUG";

    private CommandConfig() {}

    public static Config load(Context context) {
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
        LibraryLogging.silence();
        return RedisAdmin.connect(config.redis());
    }
}
