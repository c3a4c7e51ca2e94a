package io.pingagent.redis.writer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.pingagent.base.OneLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The process that runs under an agent's name, as {@code agent-owner_$agent} holds it. Immutable, any thread.
 *
 * @param startedAt ISO 8601, whole seconds
 * @param user who runs it
 * @param scope where the pid means this process, and when
 * @param token distinguishes it from every other process
 */
record AgentOwner(String host, long pid, String startedAt, String user, PidScope scope, String token) {

    /**
     * What a process id needs to name one process.
     *
     * @param boot identifies one boot of one kernel; empty if unknown
     * @param pidNamespace in which the id counts; empty if unknown
     * @param startTicks of the process since boot, distinguishes it from a later one with its id; 0 if unknown
     */
    record PidScope(String boot, String pidNamespace, long startTicks) {

        boolean isKnown() {
            return !boot.isEmpty() && !pidNamespace.isEmpty();
        }

        /** Whether the ids of both are those of one kernel and one namespace. */
        boolean isShared(PidScope other) {
            return isKnown() && boot.equals(other.boot) && pidNamespace.equals(other.pidNamespace);
        }
    }

    /** What can be known from here of another process. */
    enum Life {
        ALIVE,
        DEAD,
        UNKNOWN
    }

    private static final Path PROC = Path.of("/proc");
    private static final int MOST_CHARACTERS = 100;

    /** This process, with a token of its own at each call. */
    static AgentOwner thisProcess() {
        return new AgentOwner(
                hostName(),
                ProcessHandle.current().pid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                System.getProperty("user.name", ""),
                new PidScope(
                        read(PROC.resolve("sys/kernel/random/boot_id")),
                        pidNamespaceOfThisProcess(),
                        startTicks(PROC.resolve("self"))),
                UUID.randomUUID().toString());
    }

    String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("host", host);
        json.addProperty("pid", pid);
        json.addProperty("startedAt", startedAt);
        json.addProperty("user", user);
        json.addProperty("boot", scope.boot);
        json.addProperty("pidNamespace", scope.pidNamespace);
        json.addProperty("startTicks", scope.startTicks);
        json.addProperty("token", token);
        return json.toString();
    }

    /** Whatever is not there is empty or 0; a text that is no such object has nothing at all. */
    static AgentOwner parse(String text) {
        try {
            if (JsonParser.parseString(text) instanceof JsonObject json) {
                return new AgentOwner(
                        text(json, "host"),
                        number(json, "pid"),
                        text(json, "startedAt"),
                        text(json, "user"),
                        new PidScope(text(json, "boot"), text(json, "pidNamespace"), number(json, "startTicks")),
                        text(json, "token"));
            }
        } catch (JsonParseException | NumberFormatException | StackOverflowError e) {
            // Somebody else's text: held by somebody of whom nothing is known.
        }
        return new AgentOwner("", 0, "", "", new PidScope("", "", 0), "");
    }

    /** Which process this is, for a message. */
    String description() {
        if (host.isEmpty()) {
            return "a process that does not say which";
        }
        return "process " + pid + " on host " + host + " since " + startedAt;
    }

    /** Only a process below the same kernel, in the same namespace, can be looked for. */
    Life life(AgentOwner observer) {
        if (pid <= 0 || !scope.isShared(observer.scope)) {
            return Life.UNKNOWN;
        }
        Path process = PROC.resolve(Long.toString(pid));
        if (Files.exists(process)) {
            long ticks = startTicks(process);
            return ticks == 0 || ticks == scope.startTicks ? Life.ALIVE : Life.DEAD;
        }
        // A mount option may hide the processes of other users.
        boolean hidesNobody = Files.exists(PROC.resolve("1")) || user.equals(observer.user);
        return hidesNobody ? Life.DEAD : Life.UNKNOWN;
    }

    private static String hostName() {
        String name = read(PROC.resolve("sys/kernel/hostname"));
        if (!name.isEmpty()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String pidNamespaceOfThisProcess() {
        try {
            return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return "";
        }
    }

    /** Field 22 of {@code stat}; the second, a name in parentheses, may hold anything. */
    private static long startTicks(Path process) {
        String stat = read(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        try {
            return fields.length > 19 ? Long.parseLong(fields[19]) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
        } catch (IOException | SecurityException e) {
            return "";
        }
    }

    private static String text(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return isPrimitive(value) ? OneLine.of(value.getAsString(), MOST_CHARACTERS) : "";
    }

    private static long number(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return isPrimitive(value) ? value.getAsLong() : 0;
    }

    private static boolean isPrimitive(@Nullable JsonElement value) {
        return value != null && value.isJsonPrimitive();
    }
}
