package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Zabbix agent 2 on a loopback port of its own with one loadable plugin, asked by zabbix_get. Needs no server. One thread,
 * but for {@link #get}.
 */
public final class ZabbixAgent2 implements AutoCloseable {

    /** Whose agent 2. */
    public enum Version {
        /** Debian 12's package, on this machine. */
        V6_0("6.0.13") {
            @Override
            public void require() {
                Requires.program("zabbix_agent2", "zabbix-agent2");
            }

            @Override
            String[] command(List<Path> shared, String... command) {
                return command;
            }
        },
        /** Debian 13's, in {@link TrixieRoot}. */
        V7_0("6.4.0") {
            @Override
            public void require() {
                TrixieRoot.require();
            }

            @Override
            String[] command(List<Path> shared, String... command) {
                return TrixieRoot.command(shared, command);
            }
        };

        private final String protocol;

        Version(String protocol) {
            this.protocol = protocol;
        }

        /** Aborts or fails the test where it is missing. */
        public abstract void require();

        abstract String[] command(List<Path> shared, String... command);
    }

    /**
     * 6.0.14 panics in about half of its starts with a loadable plugin, whichever it is: it waits twice for the process that
     * registers, and once too often. So 12 starts fail together once in 4,000 times.
     */
    private static final int MOST_STARTS = 12;

    private final Version version;
    private final Path directory;
    private final Path program;
    private final ZabbixGet get;
    private ZabbixProcess process;

    private ZabbixAgent2(Version version, Path directory, Path program, int port, ZabbixProcess process) {
        this.version = version;
        this.directory = directory;
        this.program = program;
        this.get = new ZabbixGet(port);
        this.process = process;
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param program of the plugin
     * @param options of it, such as {@code Socket=/run/x.sock}
     */
    public static ZabbixAgent2 started(Version version, String name, Path program, String... options) {
        version.require();
        Requires.program("zabbix_get", "zabbix-agent");
        try {
            Path directory = Files.createTempDirectory("pa2");
            int port = ZabbixProcess.freePort();
            List<String> lines = new ArrayList<>(List.of(
                    "Server=127.0.0.1",
                    "ListenIP=127.0.0.1",
                    "ListenPort=" + port,
                    "Hostname=" + name,
                    "LogType=console",
                    "PidFile=" + directory.resolve("pid"),
                    "ControlSocket=" + directory.resolve("control"),
                    "PluginSocket=" + directory.resolve("plugins"),
                    // Of a plugin's start, too: a JVM on a busy machine.
                    "Timeout=30",
                    "Plugins." + name + ".System.Path=" + program));
            for (String option : options) {
                lines.add("Plugins." + name + "." + option);
            }
            Files.write(directory.resolve("agent2.conf"), lines);
            ZabbixProcess process = start(version, directory, program);
            return new ZabbixAgent2(version, directory, program, port, process).ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ZabbixProcess start(Version version, Path directory, Path program) throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        return ZabbixProcess.start(
                TestLogs.newLog("zabbix-agent2"),
                "TERM",
                Map.of(),
                List.of(version.command(
                        shared(home, program),
                        "env",
                        "JAVA_HOME=" + home,
                        "zabbix_agent2",
                        "-f",
                        "-c",
                        directory.resolve("agent2.conf").toString())));
    }

    /** Java and the distribution, and where Debian's Java has its configuration. */
    private static List<Path> shared(Path home, Path program) throws IOException {
        List<Path> shared = new ArrayList<>(
                List.of(home.toRealPath(), program.toRealPath().resolve("../..").normalize()));
        Path security = home.resolve("conf/security/java.security").toRealPath();
        if (!security.startsWith(home.toRealPath())) {
            shared.add(security.resolve("../..").normalize());
        }
        return shared;
    }

    private ZabbixAgent2 ready() throws IOException {
        for (int starts = 1; !awaitReady(); starts++) {
            String log = process.log();
            process.close();
            if (version != Version.V6_0 || starts == MOST_STARTS || !log.contains("no child processes")) {
                throw new IOException("zabbix_agent2 does not start:\n" + log);
            }
            System.out.println("zabbix_agent2 6.0.14 has panicked by its own race, start " + starts + "; once more");
            process = start(version, directory, program);
        }
        return this;
    }

    private boolean awaitReady() throws IOException {
        if (!get.awaitAnswer(process)) {
            return false;
        }
        if (!process.log().contains("protocol version is " + version.protocol)) {
            throw new IOException("not the version that was meant:\n" + process.log());
        }
        return true;
    }

    /** The value of an item without its last line end. Any thread. */
    public String get(String key) {
        return get.value(key);
    }

    public String log() {
        return process.log();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The plugin's process. */
    public ProcessHandle plugin() {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.children().findFirst())
                .orElseThrow(() -> new AssertionError("no plugin runs: " + log()));
    }

    /** Ends it in order, as its service manager does, and starts it again. */
    public void restart() {
        try {
            process.close();
            process = start(version, directory, program);
            ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without a word to anybody. */
    public void kill() {
        try {
            SentSignals.send(process.pid(), "KILL");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
        Directories.delete(directory);
    }
}
