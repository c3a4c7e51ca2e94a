package io.pingagent.cli;

import io.pingagent.cli.shell.Context;
import picocli.CommandLine.Option;

/** A command that reads from Redis and prints what it found: for users, or as one JSON document for scripts. */
abstract class ReadingCommand extends RedisCommand {

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    ReadingCommand(Context context) {
        super(context);
    }

    final boolean isJson() {
        return isJson;
    }
}
