package io.pingagent.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** A PostgreSQL cluster of its own with Zabbix's tables, on a loopback port, without any care for a crash. */
final class ZabbixDatabase implements AutoCloseable {

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
                            + " sysmap_shape sysmap_url sysmap_user sysmap_usrgrp"
                            // Of 7.0.
                            + " host_hgset trigger_discovery graph_discovery interface_discovery item_rtname")
                    .split(" "));

    private final ZabbixVersion version;
    private final String programs;
    private final Path directory;
    private final int port;
    private final ZabbixProcess process;

    private ZabbixDatabase(ZabbixVersion version, String programs, Path directory, int port, ZabbixProcess process) {
        this.version = version;
        this.programs = programs;
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /**
     * Creates the cluster below a directory, starts it and fills it.
     *
     * @param directory must be passable for the user postgres
     */
    static ZabbixDatabase started(ZabbixVersion version, Path directory) throws IOException {
        String programs =
                version.databasePrograms().orElseThrow(() -> new IOException("no PostgreSQL in /usr/lib/postgresql"));
        Path data = Files.createDirectory(directory.resolve("postgresql"));
        int port = ZabbixProcess.freePort();
        String[] asUser = asUser(version, data);
        Command.check(version.command(Command.join(
                asUser, programs + "/initdb", "-D", data.toString(), "-U", "zabbix", "-A", "trust", "-N")));
        List<String> command = new ArrayList<>(List.of(asUser));
        command.addAll(List.of(programs + "/postgres", "-D", data.toString(), "-p", Integer.toString(port)));
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
        ZabbixProcess process = ZabbixProcess.start(
                TestLogs.newLog("postgresql"),
                "QUIT",
                Map.of(),
                List.of(version.command(command.toArray(String[]::new))));
        ZabbixDatabase database = new ZabbixDatabase(version, programs, directory, port, process);
        try {
            database.awaitReady();
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

    private void awaitReady() throws IOException {
        long deadline = System.nanoTime() + 120_000_000_000L;
        String[] ask = version.command(programs + "/pg_isready", "-q", "-h", "127.0.0.1", "-p", Integer.toString(port));
        while (Command.run(ask).exitStatus() != 0) {
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

    private void append(Writer out, String name) throws IOException {
        try (InputStream file =
                        Files.newInputStream(version.path(ZabbixVersion.SQL).resolve(name));
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
        return Command.check(version.command(Command.join(
                new String[] {
                    programs + "/psql",
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
                arguments)));
    }

    /** PostgreSQL refuses to run as root. */
    private static String[] asUser(ZabbixVersion version, Path data) throws IOException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            return new String[0];
        }
        Command.check(version.command("chown", "postgres:", data.toString()));
        return new String[] {"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"};
    }
}
