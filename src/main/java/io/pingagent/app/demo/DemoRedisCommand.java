package io.pingagent.app.demo;

import io.pingagent.base.OwnUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the demo's Redis is run: below a shell that waits for the end of its standard input, which is a pipe from the
 * demo. Then the shell ends the server and removes the directory, so nothing is left whichever way the demo ends.
 *
 * <p>Started by root, the server itself runs as nobody. Immutable.
 */
final class DemoRedisCommand {

    /** Of {@code nobody} and of its group, on every Linux. */
    static final String NOBODY = "65534";

    /**
     * $1: the directory, removed at the end; $2: the server's configuration, which only the shell can read; then the
     * command. The server's parent-death signal covers the shell's own death. What a failed server said is printed.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            directory=$1 configuration=$2; shift 2
            exec 3<&0
            "$@" <"$configuration" >"$directory/redis.log" 2>&1 3<&- &
            server=$!
            (cat <&3; kill $server; sleep 3; kill -9 $server) >/dev/null 2>&1 &
            watch=$!
            exec 3<&-
            wait $server || tail -n 3 "$directory/redis.log"
            kill -9 $watch
            rm -rf -- "$directory"
            """;

    private static final long TRIAL_LIMIT_SECONDS = 10;

    private final List<String> wordsBefore;
    private final boolean unprivileged;

    private DemoRedisCommand(List<String> wordsBefore, boolean unprivileged) {
        this.wordsBefore = wordsBefore;
        this.unprivileged = unprivileged;
    }

    /** What this machine and this user allow. */
    static DemoRedisCommand forThisUser() {
        Path setpriv = onPath("setpriv");
        if (setpriv == null) {
            return new DemoRedisCommand(List.of(), false);
        }
        List<String> bound = List.of(setpriv.toString(), "--pdeathsig=KILL", "--inh-caps=-all", "--no-new-privs");
        List<String> asNobody = new ArrayList<>(bound);
        asNobody.addAll(List.of("--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        if (isRoot() && works(asNobody)) {
            return new DemoRedisCommand(asNobody, true);
        }
        return new DemoRedisCommand(works(bound) ? bound : List.of(), false);
    }

    /** Whether the server runs as nobody. */
    boolean unprivileged() {
        return unprivileged;
    }

    static boolean isRoot() {
        return OwnUser.uid() == 0;
    }

    /**
     * The whole command.
     *
     * @param program the server, which this user and nobody can run
     */
    List<String> words(Path program, Path directory, Path configuration) {
        List<String> words = new ArrayList<>();
        // A session of its own: Ctrl-C is for the demo, which then ends the server.
        Path setsid = onPath("setsid");
        if (setsid != null) {
            words.add(setsid.toString());
        }
        words.addAll(List.of("sh", "-c", SCRIPT, "ping-agent-demo-redis"));
        words.addAll(List.of(directory.toString(), configuration.toString()));
        words.addAll(wordsBefore);
        words.addAll(List.of(program.toString(), "-"));
        return words;
    }

    /** A container may forbid it, or have no such user. */
    private static boolean works(List<String> words) {
        List<String> trial = new ArrayList<>(words);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(TRIAL_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static @Nullable Path onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
