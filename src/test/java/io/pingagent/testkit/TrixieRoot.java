package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Debian 13 (trixie) with Zabbix 7.0 in a directory of its own, made by {@code .ci/zabbix-7} and named by
 * {@code TEST_ZABBIX7_ROOT}. Programs of it run beside those of this machine, as root, on the same kernel and the same network.
 * The directory for temporary files is the same inside and outside, under the same path. Mounts are those of each process
 * alone, so that nothing is left on the machine. Any thread.
 */
public final class TrixieRoot {

    /** The environment variable. */
    public static final String VARIABLE = "TEST_ZABBIX7_ROOT";

    /**
     * Building it takes one to three minutes, and began before the first test. In all, whoever asks, and less than the timeout
     * of a test.
     */
    private static final long MAX_WAIT_NANOS = 240_000_000_000L;

    private static final String SCRIPT = """
            root=$1; shift
            mount -t proc proc "$root/proc"
            mount --rbind /dev "$root/dev"
            while [ "$1" != -- ]; do
                mkdir -p "$root$1"
                mount --rbind "$1" "$root$1"
                shift
            done
            shift
            exec chroot "$root" env -u LC_ALL LANG=C.UTF-8 HOME=/root \
                PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
            """;

    /** Set by the first who asks; in the past once a wait was interrupted. */
    private static @Nullable Long deadlineNanos;

    private TrixieRoot() {}

    /**
     * Aborts the test where there is none; fails it with {@code CI=true}, with the end of the log if making it failed. Waits
     * while it is being made.
     */
    public static void require() {
        Requires.root();
        Requires.program("unshare", "util-linux");
        String why = trouble();
        Requires.require("Zabbix 7.0", why::isEmpty, why);
    }

    /** The directory. */
    public static Path path() {
        String name = System.getenv(VARIABLE);
        if (name == null || name.isEmpty()) {
            throw new IllegalStateException(VARIABLE + " is not set; ask require() first");
        }
        return Path.of(name);
    }

    /** A file or directory of it, seen from outside. */
    public static Path path(String inside) {
        return Path.of(path() + inside);
    }

    /**
     * The words that run a command inside, for a {@link ProcessBuilder}. The process has the command's own id. A namespace of
     * its own: {@code namespace.command(TrixieRoot.command(…))}.
     */
    public static String[] command(String... command) {
        return command(List.of(), command);
    }

    /**
     * As {@link #command(String...)}.
     *
     * @param shared directories that the command is to find under the same paths as outside
     */
    public static String[] command(List<Path> shared, String... command) {
        List<String> words = new ArrayList<>(
                List.of("unshare", "-m", "--propagation", "private", "sh", "-ec", SCRIPT, "sh", path().toString()));
        words.add(temporaryFiles().toString());
        for (Path directory : shared) {
            words.add(directory.toAbsolutePath().normalize().toString());
        }
        words.add("--");
        words.addAll(List.of(command));
        return words.toArray(String[]::new);
    }

    private static Path temporaryFiles() {
        return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().normalize();
    }

    /** Whether it is no longer being made; not after the deadline, which all callers share. */
    private static synchronized boolean isSettled(Path part) {
        long nowNanos = System.nanoTime();
        Long deadline = deadlineNanos;
        if (deadline == null) {
            deadline = nowNanos + MAX_WAIT_NANOS;
            deadlineNanos = deadline;
        }
        while (Files.exists(part)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                // The next who asks does not wait for it once more.
                deadlineNanos = System.nanoTime();
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Nothing, or what keeps it from being there and what would bring it. */
    private static String trouble() {
        String name = System.getenv(VARIABLE);
        if (name == null || name.isEmpty()) {
            return "run '.ci/zabbix-7 DIRECTORY' as root (Debian package debootstrap) and set " + VARIABLE
                    + " to that directory";
        }
        Path root = Path.of(name);
        Path failed = Path.of(name + ".failed");
        Path part = Path.of(name + ".part");
        if (!isSettled(part)) {
            return part + " is not complete after " + MAX_WAIT_NANOS / 60_000_000_000L + " minutes of waiting; see "
                    + root + ".log";
        }
        if (Files.exists(failed)) {
            try {
                return Files.readString(failed) + "\nThe whole log: " + root + ".log";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Files.isExecutable(Path.of(root + "/usr/sbin/zabbix_server"))
                ? ""
                : "there is no zabbix_server in " + root + "; run '.ci/zabbix-7 " + root + "' as root";
    }
}
