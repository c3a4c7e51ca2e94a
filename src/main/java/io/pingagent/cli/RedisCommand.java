package io.pingagent.cli;

import io.pingagent.cli.shell.CommandConfig;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import io.pingagent.redis.admin.RedisAdmin;

/** A command that reads or changes Redis itself, without an agent. */
abstract class RedisCommand implements Runnable {

    private final Context context;

    RedisCommand(Context context) {
        this.context = context;
    }

    @Override
    public final void run() {
        checkArguments();
        Config config = CommandConfig.load(context);
        try (RedisAdmin redis = CommandConfig.redis(config)) {
            run(redis, config, context.terminal());
        }
    }

    /** Before anything is read: throws {@link io.pingagent.cli.shell.CommandFailure} for wrong usage. */
    void checkArguments() {}

    /** @param redis is closed by the caller */
    abstract void run(RedisAdmin redis, Config config, Terminal terminal);
}
