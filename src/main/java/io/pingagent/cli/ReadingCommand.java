package io.pingagent.cli;

import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Setup;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import io.pingagent.redis.admin.RedisAdmin;
import picocli.CommandLine.Option;

/** A command that reads from Redis and prints what it found: for people, or as one JSON document for scripts. */
abstract class ReadingCommand implements Runnable {

    private final Context context;

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    ReadingCommand(Context context) {
        this.context = context;
    }

    @Override
    public final void run() {
        Config config = Setup.config(context);
        try (RedisAdmin redis = Setup.redis(config)) {
            print(redis, config, context.terminal());
        }
    }

    /** Reads and prints. */
    abstract void print(RedisAdmin redis, Config config, Terminal terminal);

    final boolean isJson() {
        return isJson;
    }
}
