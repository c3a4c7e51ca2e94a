package io.pingagent.testkit;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An active zabbix_proxy 7.0 with SQLite between agents and the server of a {@link ZabbixStack}, on a loopback port of its own. It
 * asks for its configuration every second. It ends with {@link #close()} and also with this JVM. One thread.
 */
public final class ZabbixProxy implements AutoCloseable {

    private static final String PROGRAM = "/opt/zabbix-proxy/usr/sbin/zabbix_proxy";

    private final ZabbixStack stack;
    private final String name;
    private final Path directory;
    private final int port;
    private @Nullable ZabbixProcess process;

    private ZabbixProxy(ZabbixStack stack, String name, Path directory) throws IOException {
        this.stack = stack;
        this.name = name;
        this.directory = directory;
        this.port = ZabbixProcess.freePort();
    }

    /**
     * One that is not running yet: first make the server know it, by {@link #create} or {@link #createInGroup}.
     *
     * @param stack of version 7.0
     * @param settings lines for zabbix_proxy.conf: {@code "TLSConnect=psk"}
     */
    public static ZabbixProxy of(ZabbixStack stack, String name, String... settings) {
        if (stack.version() != ZabbixVersion.V7_0) {
            throw new IllegalArgumentException("there is only a proxy of 7.0, none for " + stack.version());
        }
        try {
            ZabbixProxy proxy = new ZabbixProxy(stack, name, Files.createTempDirectory("ping-agent-zabbix-proxy-"));
            proxy.configure(List.of(settings));
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes the server know a proxy that stands alone.
     *
     * @return its id
     */
    public static String create(ZabbixApi api, String name) throws IOException {
        return created(api, "proxy", ZabbixApi.object("name", name, "operating_mode", "0"));
    }

    /**
     * Makes a proxy group.
     *
     * @param failoverDelaySeconds 10 to 900: how long a proxy may be silent
     * @return its id
     */
    public static String createGroup(ZabbixApi api, String name, int failoverDelaySeconds) throws IOException {
        return created(
                api, "proxy_group", ZabbixApi.object("name", name, "failover_delay", failoverDelaySeconds + "s"));
    }

    /**
     * Makes the server know a proxy of a group.
     *
     * @param redirectPort where agents are to find it, on loopback
     * @return its id
     */
    public static String createInGroup(ZabbixApi api, String name, String groupId, int redirectPort)
            throws IOException {
        JsonObject proxy = ZabbixApi.object(
                "name",
                name,
                "operating_mode",
                "0",
                "proxy_groupid",
                groupId,
                "local_address",
                "127.0.0.1",
                "local_port",
                Integer.toString(redirectPort));
        return created(api, "proxy", proxy);
    }

    private static String created(ZabbixApi api, String kind, JsonObject what) throws IOException {
        return api.call(kind.replace("_", "") + ".create", what)
                .getAsJsonObject()
                .getAsJsonArray(kind + "ids")
                .get(0)
                .getAsString();
    }

    /** Where it takes values. */
    public int port() {
        return port;
    }

    /** Its log so far, all its starts together. */
    public String log() {
        try {
            Path log = directory.resolve("proxy.log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it, with what it had not passed on yet, and waits until it takes values. */
    public void start() throws IOException {
        if (process != null) {
            return;
        }
        ZabbixProcess started = ZabbixProcess.start(
                directory.resolve("proxy.out"),
                "TERM",
                60,
                Map.of(),
                List.of(stack.version()
                        .command(PROGRAM, "-f", "-c", configuration().toString())));
        process = started;
        long deadline = System.nanoTime() + 60_000_000_000L;
        // 2: an answer, and the value of an unknown host refused.
        String[] sender = stack.version()
                .command(
                        "zabbix_sender",
                        "-z",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-s",
                        "x",
                        "-k",
                        "x",
                        "-o",
                        "1");
        while (Command.run(sender).exitStatus() != 2) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("zabbix_proxy does not start:\n" + started.log() + log());
            }
            ZabbixStack.sleepMillis(50);
        }
    }

    /** Stops it in order. */
    public void stop() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    /** Ends it as a loss of power does. */
    public void kill() throws IOException {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            Directories.delete(directory);
        }
    }

    private Path configuration() {
        return directory.resolve("zabbix_proxy.conf");
    }

    private void configure(List<String> settings) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "Server=127.0.0.1:" + stack.serverPort(),
                "Hostname=" + name,
                "ListenIP=127.0.0.1",
                "ListenPort=" + port,
                "LogType=file",
                "LogFile=" + directory.resolve("proxy.log"),
                "PidFile=" + directory.resolve("proxy.pid"),
                "SocketDir=" + Files.createDirectory(directory.resolve("sockets")),
                "DBName=" + directory.resolve("proxy.sqlite"),
                "AllowRoot=1",
                "ProxyConfigFrequency=1",
                "DataSenderFrequency=1",
                "StartPollers=1",
                "StartPollersUnreachable=1",
                "StartPreprocessors=1",
                "StartPingers=0",
                "StartDiscoverers=0",
                "StartHTTPPollers=0",
                "StartTrappers=5",
                "StartDBSyncers=1"));
        lines.addAll(settings);
        Files.write(configuration(), lines);
    }
}
