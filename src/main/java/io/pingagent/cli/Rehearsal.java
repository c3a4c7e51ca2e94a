package io.pingagent.cli;

import io.pingagent.cli.shell.Context;
import io.pingagent.cli.shell.Interrupt;
import io.pingagent.cli.shell.Numbers;
import io.pingagent.cli.shell.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Runs the commands once without output, while Java records which classes they use. On the machine where they are installed,
 * the packages make an archive of these classes, from which commands start faster. Needs no Redis. With the right to send
 * probes it sends some to the loopback address.
 */
public final class Rehearsal {

    /** Nothing listens there. */
    private static final String NO_REDIS = "redis://127.0.0.1:1/0";

    /** Beside the help of every command. */
    private static final List<String> CALLS = List.of(
            "--help",
            "--version",
            "check-config",
            "status",
            "status --json",
            "job list",
            "job add x --spec @hourly --group y",
            "group list",
            "group show x",
            "agent list",
            "err-list list",
            "ping -c 1 -t 50 127.0.0.1",
            "ping -C 1 -q -t 50 ::1 localhost",
            "ping -t 50 -r 0 127.0.0.1",
            "no-such-command");

    /** Packages of the jar whose classes a command may need once Redis has answered. */
    static final List<String> OWN =
            List.of("io/pingagent/cli/", "io/pingagent/redis/admin/", "io/pingagent/redis/Redis");

    /** Classes of libraries that a command needs once Redis has answered. */
    static final List<String> LIBRARIES = List.of(
            "redis.clients.jedis.BuilderFactory",
            "redis.clients.jedis.CommandArguments",
            "redis.clients.jedis.HelloResult",
            "redis.clients.jedis.Pipeline",
            "redis.clients.jedis.Pipeline$QueuedResponse",
            "redis.clients.jedis.Protocol",
            "redis.clients.jedis.Protocol$Command",
            "redis.clients.jedis.Response",
            "redis.clients.jedis.Response$DecodedResponse",
            "redis.clients.jedis.params.ScanParams",
            "redis.clients.jedis.resps.ScanResult",
            "redis.clients.jedis.util.RedisInputStream",
            "redis.clients.jedis.util.RedisOutputStream",
            "redis.clients.jedis.util.SafeEncoder",
            "com.google.gson.JsonElement",
            "com.google.gson.JsonObject",
            "com.google.gson.JsonArray",
            "com.google.gson.JsonNull",
            "com.google.gson.JsonParser",
            "com.google.gson.JsonPrimitive",
            "com.google.gson.internal.LinkedTreeMap",
            "com.google.gson.stream.JsonReader",
            "com.google.gson.stream.JsonWriter",
            "com.google.gson.stream.MalformedJsonException");

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException {
        for (String call : CALLS) {
            new Main(context()).execute(call.split(" ", -1));
        }
        for (String command : RootCommand.names()) {
            new Main(context()).execute(command, "--help");
        }
        load(LIBRARIES, true);
        load(ownClasses(), false);
        // Formats, which a table of agents has.
        context().terminal().out().println(Numbers.grouped(1) + Instant.parse("2026-11-22T00:00:00Z"));
    }

    private static Context context() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PING_AGENT_REDIS_URL", NO_REDIS);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal =
                new Terminal(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, environment, false, false, false);
        return new Context(terminal, Main::loadOperations, new Interrupt(false));
    }

    private static List<String> ownClasses() throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipFile jar = new ZipFile(Rehearsal.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(each -> (ZipEntry) each)::iterator) {
                String name = entry.getName();
                if (name.endsWith(".class") && OWN.stream().anyMatch(name::startsWith)) {
                    names.add(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
        return names;
    }

    private static void load(List<String> names, boolean initialize) {
        for (String name : names) {
            try {
                Class.forName(name, initialize, Rehearsal.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                // Another version of a library may have no such class; it is loaded when a command needs it.
            }
        }
    }
}
