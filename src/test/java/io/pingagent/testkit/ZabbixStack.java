package io.pingagent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A whole Zabbix for tests, from Debian's packages: PostgreSQL, zabbix_server and the PHP frontend with its API, each
 * on a loopback port of its own, all files in one temporary directory. Nothing that is installed as a service is
 * touched. Every process ends with {@link #close()} and also with this JVM, however that ends. Starting takes some 10 s, so
 * share one among the tests of a class. Any thread; one at a time starts and stops it.
 */
public final class ZabbixStack implements AutoCloseable {

    /** Debian packages that bring all of it. */
    public static final String PACKAGES =
            "postgresql zabbix-server-pgsql zabbix-frontend-php zabbix-agent php-pgsql php-cli";

    /** It writes what it has accepted before it ends. */
    private static final int SERVER_PATIENCE_SECONDS = 120;

    private static final Pattern ANSWER =
            Pattern.compile("Response from .*processed: (\\d+); failed: (\\d+); total: (\\d+)");

    private final ZabbixVersion version;
    private final Path directory;
    private final ZabbixDatabase database;
    private final @Nullable NetworkNamespace namespace;
    private final int serverPort = ZabbixProcess.freePort();
    private final int webPort = ZabbixProcess.freePort();
    private final ZabbixApi api;
    private @Nullable ZabbixProcess server;
    private @Nullable ZabbixProcess frontend;

    private ZabbixStack(
            ZabbixVersion version, Path directory, ZabbixDatabase database, @Nullable NetworkNamespace namespace)
            throws IOException {
        this.version = version;
        this.directory = directory;
        this.database = database;
        this.namespace = namespace;
        this.api = new ZabbixApi(URI.create("http://127.0.0.1:" + webPort + "/api_jsonrpc.php"));
    }

    /** Aborts the test where a part of this machine's Zabbix is missing; fails it with {@code CI=true}. */
    public static void require() {
        require(ZabbixVersion.V6_0);
    }

    /** As {@link #require()}, of any version. */
    public static void require(ZabbixVersion version) {
        version.requireInstalled();
    }

    /**
     * Starts everything, logs in, and waits until server and API answer.
     *
     * @param serverSettings lines for zabbix_server.conf, which win over those for tests: {@code "CacheSize=256M"}
     * @throws UncheckedIOException if a part does not start; the message holds its log
     */
    public static ZabbixStack started(String... serverSettings) {
        return started(ZabbixVersion.V6_0, serverSettings);
    }

    /** As {@link #started(String...)}, of any version. */
    public static ZabbixStack started(ZabbixVersion version, String... serverSettings) {
        return started(version, null, serverSettings);
    }

    /**
     * As {@link #started}, with zabbix_server inside a namespace: {@link #serverPort()} leads to it only from there. The
     * database, which it reaches by a socket in the file system, and the frontend stay outside. Close this one first.
     */
    public static ZabbixStack startedIn(NetworkNamespace namespace, String... serverSettings) {
        return startedIn(ZabbixVersion.V6_0, namespace, serverSettings);
    }

    /** As {@link #startedIn(NetworkNamespace, String...)}, of any version. */
    public static ZabbixStack startedIn(ZabbixVersion version, NetworkNamespace namespace, String... serverSettings) {
        return started(version, namespace, serverSettings);
    }

    private static ZabbixStack started(
            ZabbixVersion version, @Nullable NetworkNamespace namespace, String... serverSettings) {
        require(version);
        try {
            Path directory = Files.createTempDirectory("ping-agent-zabbix-");
            // The database runs as another user.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            ZabbixStack stack = null;
            try {
                stack = new ZabbixStack(version, directory, ZabbixDatabase.started(version, directory), namespace);
                stack.writeServerConfiguration(List.of(serverSettings));
                stack.startServer();
                stack.startFrontend();
                return stack;
            } catch (IOException | RuntimeException e) {
                if (stack == null) {
                    Directories.delete(directory);
                } else {
                    stack.close();
                }
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ZabbixVersion version() {
        return version;
    }

    public ZabbixApi api() {
        return api;
    }

    /** Holds all files of this stack; gone after {@link #close()}. */
    Path directory() {
        return directory;
    }

    /** Where the server takes values. */
    public int serverPort() {
        return serverPort;
    }

    /** The frontend; log in as {@code Admin} with {@code zabbix}. */
    public URI frontendUrl() {
        return URI.create("http://127.0.0.1:" + webPort + "/");
    }

    /** The server's log so far, all its starts together. */
    public String serverLog() {
        try {
            Path log = directory.resolve("server.log");
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks the database itself, rows as psql prints them: for counts that the API takes too long for. */
    public String sql(String statements) {
        try {
            return database.sql(statements);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the server if it is stopped, and waits until it takes values. */
    public void startServer() throws IOException {
        if (server != null) {
            return;
        }
        ZabbixProcess started = ZabbixProcess.start(
                directory.resolve("server.out"),
                "TERM",
                SERVER_PATIENCE_SECONDS,
                Map.of(),
                inside("zabbix_server", "-f", "-c", configuration().toString()));
        server = started;
        long deadline = System.nanoTime() + 160_000_000_000L;
        String port = Integer.toString(serverPort);
        // 2: an answer, and the value of an unknown host refused.
        List<String> sender = inside("zabbix_sender", "-z", "127.0.0.1", "-p", port, "-s", "x", "-k", "x", "-o", "1");
        while (Command.run(sender.toArray(String[]::new)).exitStatus() != 2) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("zabbix_server does not start:\n" + started.log() + serverLog());
            }
            sleepMillis(50);
        }
    }

    /** Stops the server in order, so that all it has accepted is in the database; nobody listens at its port then. */
    public void stopServer() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    /** Makes the server see hosts, items, macros and triggers as they are in the database now, and waits until it does. */
    public void reloadConfiguration() throws IOException {
        ProcessHandle syncer = configurationSyncer();
        long deadline = System.nanoTime() + 60_000_000_000L;
        boolean hasBegunBefore;
        do {
            String before = commandLine(syncer);
            hasBegunBefore = before.contains("syncing configuration]");
            Command.check(
                    version.command("zabbix_server", "-c", configuration().toString(), "-R", "config_cache_reload"));
            // The command returns before the work is done. The process says how long the last one took, to the
            // microsecond.
            String now = before;
            while (now.equals(before) || !now.contains(" idle ")) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("the server does not read its configuration: " + now);
                }
                sleepMillis(5);
                now = commandLine(syncer);
            }
        } while (hasBegunBefore);
    }

    /** The process whose title is {@code configuration syncer [synced configuration in 0.022871 sec, idle 1 sec]}. */
    private ProcessHandle configurationSyncer() throws IOException {
        ZabbixProcess running = server;
        if (running == null) {
            throw new IllegalStateException("the server is stopped");
        }
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (System.nanoTime() < deadline) {
            Optional<ProcessHandle> syncer = ProcessHandle.of(running.pid())
                    .flatMap(handle -> handle.children()
                            .filter(child -> commandLine(child).contains("configuration syncer [synced"))
                            .findFirst());
            if (syncer.isPresent()) {
                return syncer.get();
            }
            sleepMillis(20);
        }
        throw new IOException("the server has no configuration syncer:\n" + serverLog());
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * A value for zabbix_sender.
     *
     * @param clock Unix seconds
     */
    public record Value(String host, String key, long clock, int nanos, String value) {}

    /** How many values the server says it took and refused. */
    public record Sent(int processed, int failed) {}

    /** Sends values by zabbix_sender, with clock and ns. */
    public Sent send(List<Value> values) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Value value : values) {
            lines.append(quoted(value.host))
                    .append(' ')
                    .append(quoted(value.key))
                    .append(' ');
            lines.append(value.clock).append(' ').append(value.nanos).append(' ');
            lines.append(quoted(value.value)).append('\n');
        }
        Path file = Files.createTempFile(directory, "values-", ".txt");
        try {
            Files.writeString(file, lines);
            String port = Integer.toString(serverPort);
            List<String> sender =
                    inside("zabbix_sender", "-z", "127.0.0.1", "-p", port, "-N", "-T", "-v", "-i", file.toString());
            Command done = Command.run(sender.toArray(String[]::new));
            int processed = 0;
            int failed = 0;
            Matcher answer = ANSWER.matcher(done.output());
            while (answer.find()) {
                processed += Integer.parseInt(answer.group(1));
                failed += Integer.parseInt(answer.group(2));
            }
            if (processed + failed != values.size()) {
                throw new IOException("zabbix_sender ended with " + done.exitStatus() + ": " + done.output());
            }
            return new Sent(processed, failed);
        } finally {
            Files.delete(file);
        }
    }

    /** Sends values that all must be taken: right after a discovery the server may not know their items yet. */
    public void sendAccepted(List<Value> values) throws IOException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        for (Sent sent = send(values); sent.failed > 0; sent = send(values)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the server refuses " + sent.failed + " of " + values.size() + " values");
            }
            sleepMillis(200);
        }
    }

    @Override
    public void close() {
        try {
            if (frontend != null) {
                frontend.close();
            }
            stopServer();
            database.close();
        } finally {
            Directories.delete(directory);
        }
    }

    private List<String> inside(String... command) {
        String[] words = version.command(command);
        return namespace == null ? List.of(words) : namespace.command(words);
    }

    private Path configuration() {
        return directory.resolve("zabbix_server.conf");
    }

    private void writeServerConfiguration(List<String> settings) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "ListenIP=127.0.0.1",
                "ListenPort=" + serverPort,
                "LogType=file",
                "LogFile=" + directory.resolve("server.log"),
                "PidFile=" + directory.resolve("server.pid"),
                "SocketDir=" + Files.createDirectory(directory.resolve("sockets")),
                "DBHost="
                        + (namespace == null
                                ? "127.0.0.1"
                                : database.socketDirectory().toString()),
                "DBPort=" + database.port(),
                "DBName=zabbix",
                "DBUser=zabbix",
                "AllowRoot=1",
                "CacheUpdateFrequency=1",
                "StartPollers=1",
                "StartPollersUnreachable=1",
                "StartPreprocessors=1",
                "StartTrappers=5",
                "StartPingers=0",
                "StartDiscoverers=0",
                "StartHTTPPollers=0",
                "StartTimers=1",
                "StartEscalators=1",
                "StartAlerters=1",
                "StartLLDProcessors=1",
                "StartDBSyncers=2",
                "CacheSize=64M",
                "HistoryCacheSize=64M",
                "HistoryIndexCacheSize=16M",
                "TrendCacheSize=16M",
                "ValueCacheSize=64M",
                "HousekeepingFrequency=0"));
        // A setting may stand in the file once.
        for (String setting : settings) {
            String name = setting.substring(0, setting.indexOf('=') + 1);
            lines.removeIf(line -> line.startsWith(name));
            lines.add(setting);
        }
        Files.write(configuration(), lines);
    }

    private void startFrontend() throws IOException {
        Path web = directory.resolve("web");
        Command.check(version.command("cp", "-r", ZabbixVersion.WEB, web.toString()));
        // The place of the configuration is written into the program.
        Path file = web.resolve("include/classes/core/CConfigFile.php");
        Path configuration = directory.resolve("zabbix.conf.php");
        Files.writeString(
                file, Files.readString(file).replace("/etc/zabbix/zabbix.conf.php", configuration.toString()));
        Path font = web.resolve("assets/fonts/DejaVuSans.ttf");
        Path installedFont = version.path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
        if (Files.exists(installedFont)) {
            Files.deleteIfExists(font);
            Files.copy(installedFont, font);
        }
        Files.write(
                configuration,
                List.of(
                        "<?php",
                        "$DB = ['TYPE' => 'POSTGRESQL', 'SERVER' => '127.0.0.1', 'PORT' => '" + database.port() + "',",
                        "  'DATABASE' => 'zabbix', 'USER' => 'zabbix', 'PASSWORD' => '', 'SCHEMA' => '',",
                        "  'ENCRYPTION' => false, 'KEY_FILE' => '', 'CERT_FILE' => '', 'CA_FILE' => '',",
                        "  'VERIFY_HOST' => false, 'CIPHER_LIST' => '', 'VAULT_URL' => '', 'VAULT_DB_PATH' => '',",
                        "  'VAULT_TOKEN' => '', 'VAULT' => '', 'VAULT_PREFIX' => '', 'VAULT_CERT_FILE' => '',",
                        "  'VAULT_KEY_FILE' => '', 'VAULT_CACHE' => false, 'DOUBLE_IEEE754' => true];",
                        "$ZBX_SERVER = '127.0.0.1';",
                        "$ZBX_SERVER_PORT = '" + serverPort + "';",
                        "$ZBX_SERVER_NAME = '';",
                        "$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;"),
                StandardOpenOption.CREATE);
        // Without this locale the frontend leaves its graphs out; a file of its own, so that the machine stays as it
        // is.
        if (Files.exists(version.path("/usr/share/i18n/locales/en_US"))) {
            Command.run(version.command(
                    "localedef",
                    "-i",
                    "en_US",
                    "-f",
                    "UTF-8",
                    directory.resolve("en_US.UTF-8").toString()));
        }
        List<String> command = new ArrayList<>(
                List.of("env", "PHP_CLI_SERVER_WORKERS=4", "LOCPATH=" + directory, "LANG=en_US.UTF-8", "php"));
        for (String setting : List.of(
                "memory_limit=512M",
                "post_max_size=64M",
                "max_execution_time=300",
                "max_input_time=300",
                "date.timezone=UTC")) {
            command.addAll(List.of("-d", setting));
        }
        command.addAll(List.of("-S", "127.0.0.1:" + webPort, "-t", web.toString()));
        ZabbixProcess started = ZabbixProcess.start(
                TestLogs.newLog("zabbix-frontend"),
                "KILL",
                Map.of(),
                List.of(version.command(command.toArray(String[]::new))));
        frontend = started;
        long deadline = System.nanoTime() + 160_000_000_000L;
        while (true) {
            try {
                api.login();
                return;
            } catch (IOException e) {
                if (!started.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("the frontend does not answer:\n" + started.log(), e);
                }
            }
            sleepMillis(50);
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    static void sleepMillis(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting", e);
        }
    }
}
