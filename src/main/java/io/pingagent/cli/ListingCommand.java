package io.pingagent.cli;

import com.google.gson.stream.JsonWriter;
import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Json;
import io.pingagent.cli.shell.Terminal;
import io.pingagent.config.Config;
import io.pingagent.redis.admin.RedisAdmin;
import java.io.IOException;
import java.util.List;

/** A command that lists things of one kind: a table, or a JSON array. */
abstract class ListingCommand<T> extends ReadingCommand {

    ListingCommand(Context context) {
        super(context);
    }

    abstract List<T> read(RedisAdmin redis);

    /** One element of the array. */
    abstract void write(JsonWriter out, T found, RedisAdmin redis) throws IOException;

    /** What to say instead of an empty table, with the command that makes the first one. */
    abstract String saidOfNone();

    abstract void printTable(List<T> found, RedisAdmin redis, Terminal terminal);

    @Override
    final void run(RedisAdmin redis, Config config, Terminal terminal) {
        List<T> found = read(redis);
        if (isJson()) {
            Json.print(terminal, out -> {
                out.beginArray();
                for (T each : found) {
                    write(out, each, redis);
                }
                out.endArray();
            });
        } else if (found.isEmpty()) {
            terminal.say(saidOfNone());
        } else {
            printTable(found, redis, terminal);
        }
    }
}
