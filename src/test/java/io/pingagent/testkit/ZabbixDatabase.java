package io.pingagent.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A PostgreSQL cluster of its own with Zabbix's tables, on a loopback port, without any care for a crash. */
final class ZabbixDatabase implements AutoCloseable {

    static final Path SQL = Path.of("/usr/share/zabbix-server-pgsql");

    /**
     * Filled by the official templates, maps and dashboards, three quarters of all rows. Nothing else refers to these, and
     * without them the import takes 1 s instead of 20.
     */
    private static final Set<String> LEFT_EMPTY =
            Set.of(("valuemap valuemap_mapping item_tag item_preproc items functions"
                            + " trigger_tag item_discovery triggers hostmacro graphs_items item_condition trigger_depends graphs"
                            + " widget_field host_tag widget hosts hosts_groups lld_macro_path item_parameter dashboard_page"
                            + " dashboard dashboard_user dashboard_usrgrp lld_override lld_override_operation"
                            + " lld_override_opdiscover lld_override_condition lld_override_opstatus lld_override_opperiod"
                            + " lld_override_ophistory lld_override_optrends lld_override_opseverity lld_override_optag"
                            + " lld_override_optemplate lld_override_opinventory item_rtdata hosts_templates interface"
                            + " interface_snmp host_inventory host_rtdata host_discovery group_prototype httptest httpstep"
                            + " httpstepitem httptestitem httptest_field httpstep_field httptest_tag sysmaps sysmaps_elements"
                            + " sysmaps_links sysmaps_link_triggers sysmap_element_trigger optemplate opcommand_hst task"
                            + " sysmap_shape sysmap_url sysmap_user sysmap_usrgrp")
                    .split(" "));

    private final Path directory;
    private final int port;
    private final ZabbixProcess process;

    private ZabbixDatabase(Path directory, int port, ZabbixProcess process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** PostgreSQL's programs, of the newest version installed. */
    static Optional<Path> programs() {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> directories = Files.list(versions)) {
            return directories
                    .filter(directory -> directory.getFileName().toString().matches("[0-9]+"))
                    .map(directory -> directory.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb"))
                            && Files.isExecutable(bin.resolve("postgres"))
                            && Files.isExecutable(bin.resolve("psql")))
                    .max(Comparator.comparingInt(bin ->
                            Integer.parseInt(bin.getParent().getFileName().toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Creates the cluster below a directory, starts it and fills it.
     *
     * @param directory must be passable for the user postgres
     */
    static ZabbixDatabase started(Path directory) throws IOException {
        Path bin = programs().orElseThrow(() -> new IOException("no PostgreSQL in /usr/lib/postgresql"));
        Path data = Files.createDirectory(directory.resolve("postgresql"));
        int port = ZabbixProcess.freePort();
        List<String> asUser = asUser(data);
        check(asUser, bin.resolve("initdb").toString(), "-D", data.toString(), "-U", "zabbix", "-A", "trust", "-N");
        List<String> command = new ArrayList<>(asUser);
        command.addAll(
                List.of(bin.resolve("postgres").toString(), "-D", data.toString(), "-p", Integer.toString(port)));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=" + data,
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "autovacuum=off",
                "max_wal_size=4GB")) {
            command.addAll(List.of("-c", setting));
        }
        ZabbixProcess process = ZabbixProcess.start(TestLogs.newLog("postgresql"), "QUIT", Map.of(), command);
        ZabbixDatabase database = new ZabbixDatabase(directory, port, process);
        try {
            database.awaitReady(bin);
            database.fill();
            return database;
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /** Where its socket is, for those who cannot reach the loopback port; only for root and PostgreSQL's own user. */
    Path socketDirectory() {
        return directory.resolve("postgresql");
    }

    /** One statement, or several; the rows as psql prints them without headings, columns parted by {@code |}. */
    String sql(String statements) throws IOException {
        return psql("zabbix", "-At", "-c", statements).strip();
    }

    @Override
    public void close() {
        process.close();
    }

    private void awaitReady(Path bin) throws IOException {
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (Command.run(bin.resolve("pg_isready").toString(), "-q", "-h", "127.0.0.1", "-p", Integer.toString(port))
                        .exitStatus()
                != 0) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("PostgreSQL does not start:\n" + process.log());
            }
            ZabbixStack.sleepMillis(20);
        }
    }

    private void fill() throws IOException {
        psql("postgres", "-c", "create database zabbix template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'");
        Path all = directory.resolve("zabbix.sql");
        try (Writer out = Files.newBufferedWriter(all)) {
            append(out, "schema.sql.gz");
            append(out, "images.sql.gz");
            append(out, "data.sql.gz");
        }
        psql("zabbix", "-1", "-o", "/dev/null", "-f", all.toString());
        Files.delete(all);
    }

    private static void append(Writer out, String name) throws IOException {
        try (InputStream file = Files.newInputStream(SQL.resolve(name));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
            boolean left = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("INSERT INTO ")) {
                    int end = line.indexOf(' ', "INSERT INTO ".length());
                    left = LEFT_EMPTY.contains(line.substring("INSERT INTO ".length(), end));
                } else if (line.equals("START TRANSACTION;") || line.equals("COMMIT;")) {
                    left = false;
                    continue;
                }
                if (!left) {
                    out.write(line);
                    out.write('\n');
                }
            }
        }
    }

    private String psql(String database, String... arguments) throws IOException {
        Path bin = programs().orElseThrow();
        return Command.check(Command.join(
                new String[] {
                    bin.resolve("psql").toString(),
                    "-X",
                    "-q",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    Integer.toString(port),
                    "-U",
                    "zabbix",
                    database
                },
                arguments));
    }

    /** PostgreSQL refuses to run as root. */
    private static List<String> asUser(Path data) throws IOException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            return List.of();
        }
        Command.check("chown", "postgres:", data.toString());
        return List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups");
    }

    private static void check(List<String> prefix, String... command) throws IOException {
        Command.check(Command.join(prefix.toArray(String[]::new), command));
    }
}
