package io.pingagent.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * This machine with a layer on top that takes all changes: packages can be installed and services started in it, and
 * nothing is left behind. Processes in it end with {@link #close()} and also with this JVM. {@code /tmp} is noexec. Any
 * thread.
 */
public final class Sandbox implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

    private final Path directory;
    private final Path log = TestLogs.newLog("sandbox");
    private final @Nullable Guard cgroupGuard;
    private final Guard guard;
    private final long pid;

    private Sandbox(NetworkNamespace namespace, boolean withSystemd, List<String> program) throws IOException {
        directory = Files.createTempDirectory("ping-agent-sandbox");
        Path script = directory.resolve("sandbox.sh");
        try (InputStream source = Sandbox.class.getResourceAsStream("/io/pingagent/packaging/sandbox.sh")) {
            Files.copy(source, script);
        }
        Path root = Files.createDirectory(directory.resolve("layer"));
        String cgroup = "";
        if (withSystemd) {
            Path own = cgroupRoot().orElseThrow().resolve(NetworkNamespace.uniqueName("sandbox"));
            Files.createDirectory(own);
            cgroup = own.toString();
            cgroupGuard = Guard.after(
                    "sh",
                    "-c",
                    "for i in $(seq 90); do find \"$0\" -depth -type d -exec rmdir {} + && exit; sleep 0.3; done",
                    cgroup);
        } else {
            cgroupGuard = null;
        }
        List<String> command = new ArrayList<>(List.of(
                "nsenter", "--net=/run/netns/" + namespace.name(), "sh", script.toString(), root.toString(), cgroup));
        command.addAll(program);
        guard = Guard.of(command, log);
        pid = awaitInside();
    }

    /** One in which nothing runs; ask {@link #required()} first. */
    public static Sandbox in(NetworkNamespace namespace) throws IOException {
        return new Sandbox(namespace, false, List.of("sleep", "infinity"));
    }

    /** One that systemd has booted; ask {@link #requiredWithSystemd()} first. */
    public static Sandbox withSystemd(NetworkNamespace namespace) throws IOException {
        Sandbox sandbox = new Sandbox(namespace, true, List.of("/lib/systemd/systemd", "--unit=basic.target"));
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        while (!sandbox.run("systemctl", "is-active", "basic.target").output().startsWith("active")) {
            if (System.nanoTime() - deadlineNanos > 0) {
                String log = Files.readString(sandbox.log);
                sandbox.close();
                throw new IOException("systemd does not start: " + log);
            }
            pause();
        }
        return sandbox;
    }

    /** What {@link #in} needs. */
    public static void required() {
        Requires.networkNamespaces();
        Requires.program("unshare", "util-linux");
        Requires.require(
                "an overlay file system",
                Sandbox::overlays,
                "run as root on a kernel with overlayfs (modprobe overlay), not from an overlay itself");
    }

    /** What {@link #withSystemd} needs. */
    public static void requiredWithSystemd() {
        required();
        Requires.program("systemd-analyze", "systemd");
        Requires.require(
                "a systemd that may run in namespaces",
                () -> cgroupRoot().filter(Files::isWritable).isPresent()
                        && Files.isExecutable(Path.of("/lib/systemd/systemd")),
                "run as root with cgroup v2 mounted writable; Debian package systemd");
    }

    private static boolean overlays() {
        try {
            return Command.run(
                                    "unshare",
                                    "--mount",
                                    "--propagation",
                                    "private",
                                    "sh",
                                    "-ec",
                                    "mount -t tmpfs tmpfs /mnt; mkdir /mnt/a /mnt/b /mnt/c;"
                                            + " mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/a,workdir=/mnt/b /mnt/c")
                            .exitStatus()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Path> cgroupRoot() {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(line -> line.split(" ", -1))
                    .filter(fields -> fields[2].equals("cgroup2"))
                    .map(fields -> Path.of(fields[1]))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The process that sees the layer as its root, once all is mounted. */
    private long awaitInside() throws IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() - deadlineNanos < 0) {
            ProcessHandle outer = ProcessHandle.of(guard.childPid()).orElse(null);
            Optional<ProcessHandle> inner =
                    outer == null ? Optional.empty() : outer.children().findFirst();
            if (inner.isPresent() && isInside(inner.get().pid())) {
                return inner.get().pid();
            }
            pause();
        }
        String log = Files.readString(this.log);
        close();
        throw new IOException("no sandbox: " + log);
    }

    private static boolean isInside(long process) {
        try {
            return !Files.readSymbolicLink(Path.of("/proc/" + process + "/root"))
                            .equals(Path.of("/"))
                    && !Files.readString(Path.of("/proc/" + process + "/cmdline"))
                            .contains("chroot");
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where a file of the sandbox is for this process. */
    public Path path(String inside) {
        return Path.of("/proc/" + pid + "/root" + inside);
    }

    /** Copies a file to {@code /tmp} of the sandbox; its name there. */
    public String bring(Path file) throws IOException {
        String inside = "/tmp/" + file.getFileName();
        Files.copy(file, path(inside), StandardCopyOption.REPLACE_EXISTING);
        return inside;
    }

    /** The words that run a command inside as root, with a small environment of its own. */
    public List<String> command(String... command) {
        List<String> words = new ArrayList<>(List.of(
                "nsenter", "-t", Long.toString(pid), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "env", "-i"));
        words.add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        words.addAll(List.of("HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"));
        words.addAll(List.of(command));
        return words;
    }

    /** Runs a command inside to its end, see {@link Command#run}. */
    public Command run(String... command) throws IOException {
        return Command.run(command(command).toArray(String[]::new));
    }

    /** As {@link #run}, for commands that must succeed: gives their output. */
    public String check(String... command) throws IOException {
        return Command.check(command(command).toArray(String[]::new));
    }

    /** Runs a line of shell inside that must succeed: gives its output. */
    public String sh(String line) throws IOException {
        return check("sh", "-ec", line);
    }

    @Override
    public void close() {
        guard.close();
        if (cgroupGuard != null) {
            cgroupGuard.close();
        }
        Directories.delete(directory);
    }
}
